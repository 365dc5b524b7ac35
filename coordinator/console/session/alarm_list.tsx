// The alarms of a session, newest first: what, since when, how many sites, who is on it. Those in hand are calm; those put aside
// come last.
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '@web/components/button';
import { Alarm_State, type Alarm } from '@messages/alarm_pb';
import { said } from '@web/language';
import { ageText, millis, minuteText } from '@web/times';
import { Asking } from '../app/asking';
import { ring } from '../app/sound';
import { second } from '../live/clock';
import type { Live } from '../live/live';
import { maySteer } from '../live/me';
import { tried } from '../live/use';
import { alarmWord, w } from '../words';
import { acknowledge } from './acts';
import { al } from './alarm_texts';
import { ShelveDialog, unshelve } from './shelve';
import { s } from './texts';

export function isShelved(alarm: Alarm): boolean {
  return alarm.shelvedBy !== '' && millis(alarm.shelvedUntilUs) > second.value;
}

/** What asks loudest comes first: not in hand, then in hand, then put aside; the newest first. */
export function sortAlarms(alarms: Iterable<Alarm>): Alarm[] {
  const rank = (one: Alarm) => (isShelved(one) ? 2 : one.ackedBy !== '' ? 1 : 0);
  return [...alarms].filter((one) => one.state === Alarm_State.raised)
    .sort((a, b) => rank(a) - rank(b) || Number(b.raisedUs - a.raisedUs));
}

export function AlarmCard(props: { alarm: Alarm; zone: string; onOpen?: ((id: string) => void) | undefined; onAck: (alarm: Alarm) => void; onShelve: (alarm: Alarm) => void }) {
  const { alarm } = props;
  const shelved = isShelved(alarm);
  const kind = shelved ? 'aside' : alarm.ackedBy !== '' ? 'in-hand' : 'loud';
  const only = alarm.siteIds.length === 1 ? alarm.siteIds[0] : undefined;
  return (
    <li class={`alarm ${kind}`}>
      <div class="row">
        <b class="alarm-kind"><i class="shape" aria-hidden="true" />{alarmWord(alarm.kind)}</b>
        <span class="soft small grow">{ageText(second.value - millis(alarm.raisedUs))} · {minuteText(alarm.raisedUs, props.zone)}</span>
        <span class="small">{w('nSites', { n: alarm.siteIds.length })}</span>
      </div>
      <p>{said(alarm.text)}</p>
      {alarm.ackedBy !== '' && <p class="small soft">{al('acked', { by: alarm.ackedBy, t: minuteText(alarm.ackedUs, props.zone) })}{alarm.ackNote !== '' ? `: ${alarm.ackNote}` : ''}</p>}
      {shelved && <p class="small soft">{al('aside', { by: alarm.shelvedBy, t: minuteText(alarm.shelvedUntilUs, props.zone) })}: {alarm.shelveReason}</p>}
      <div class="row">
        {maySteer.value && alarm.ackedBy === '' && <Button class="small-button" kind={shelved ? 'plain' : 'main'} onClick={() => props.onAck(alarm)}>{al('ack')}</Button>}
        {maySteer.value && !shelved && <Button class="small-button" onClick={() => props.onShelve(alarm)}>{al('shelve')}</Button>}
        {maySteer.value && shelved && <Button class="small-button" onClick={() => void tried(() => unshelve(alarm.id), w('done'))}>{al('unshelve')}</Button>}
        {only !== undefined && props.onOpen !== undefined && <Button class="small-button" kind="quiet" onClick={() => props.onOpen?.(only)}>{al('open')}</Button>}
      </div>
    </li>
  );
}

export function AlarmList(props: { live: Live; zone: string; onOpen?: (id: string) => void }) {
  const list = useComputed(() => sortAlarms(props.live.alarms.value.values()));
  const loud = useComputed(() => (props.live.full.value ? list.value.filter((one) => one.ackedBy === '' && !isShelved(one)).map((one) => one.id).join() : null));
  const known = useRef<ReadonlySet<string> | null>(null);
  // Of what was there when the page opened nobody is told anew.
  useEffect(() => {
    if (loud.value === null) return;
    const ids = loud.value === '' ? [] : loud.value.split(',');
    if (known.current !== null && ids.some((id) => known.current?.has(id) === false)) ring();
    known.current = new Set([...(known.current ?? []), ...ids]);
  }, [loud.value]);
  const acked = useSignal<Alarm | null>(null);
  const shelved = useSignal<Alarm | null>(null);
  return (
    <>
      {/* That there are none is said only when it is known. */}
      {list.value.length === 0 && <p class="soft">{props.live.full.value ? s('noAlarms') : w('loading')}</p>}
      <ul class="plain-list" aria-live="polite">
        {list.value.map((alarm) => (
          <AlarmCard key={alarm.id} alarm={alarm} zone={props.zone} onOpen={props.onOpen} onAck={(one) => (acked.value = one)} onShelve={(one) => (shelved.value = one)} />
        ))}
      </ul>
      {acked.value !== null && (
        <Asking title={al('ackTitle')} field={al('note')} act={al('ack')} onClose={() => (acked.value = null)}
          onAct={(note) => tried(() => acknowledge(acked.value?.id ?? '', note), al('ackDone'))}><p>{said(acked.value.text)}</p></Asking>
      )}
      {shelved.value !== null && <ShelveDialog alarm={shelved.value} onClose={() => (shelved.value = null)} />}
    </>
  );
}
