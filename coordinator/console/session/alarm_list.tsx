// The alarms of a session, the gravest and widest first: what, since when, how many sites, who is on it. Those in hand are calm;
// those put aside come last.
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '@web/components/button';
import type { Alarm } from '@messages/alarm_pb';
import { said } from '@web/language';
import { number } from '@web/numbers';
import { ageText, millis, minuteText } from '@web/times';
import { Asking } from '../app/asking';
import { ring } from '../app/sound';
import { second } from '../live/clock';
import type { Live } from '../live/live';
import { maySteer } from '../live/me';
import { tried } from '../live/use';
import { alarmWord, w } from '../words';
import { acknowledge } from './acts';
import { isShelvedAt, sortAlarms } from './alarm_order';
import { AlarmSteps } from './alarm_steps';
import { al } from './alarm_texts';
import { ShelveDialog, unshelve } from './shelve';
import { s } from './texts';

export const isShelved = (alarm: Alarm): boolean => isShelvedAt(alarm, second.value);

interface CardProps {
  alarm: Alarm;
  zone: string;
  onOpen?: ((id: string) => void) | undefined;
  onAck: (alarm: Alarm) => void;
  onShelve: (alarm: Alarm) => void;
  onSteps: (alarm: Alarm) => void;
}

export function AlarmCard(props: CardProps) {
  const { alarm } = props;
  const shelved = isShelved(alarm);
  const kind = shelved ? 'aside' : alarm.ackedBy !== '' ? 'in-hand' : 'loud';
  const only = alarm.siteIds.length === 1 ? alarm.siteIds[0] : undefined;
  return (
    <li class={`alarm ${kind}`}>
      <div class="alarm-head">
        <b class="alarm-kind"><i class="shape" aria-hidden="true" />{alarmWord(alarm.kind)}</b>
        {alarm.siteIds.length > 0 && <b class="alarm-size">{w('nSites', { n: number(alarm.siteIds.length) })}</b>}
        <span class="alarm-age soft small">{ageText(second.value - millis(alarm.raisedUs))} · {minuteText(alarm.raisedUs, props.zone)}</span>
      </div>
      <p>{said(alarm.text)}</p>
      {alarm.ackedBy !== '' && <p class="small soft">{al('acked', { by: alarm.ackedBy, t: minuteText(alarm.ackedUs, props.zone) })}{alarm.ackNote !== '' ? `: ${alarm.ackNote}` : ''}</p>}
      {shelved && <p class="small soft">{al('aside', { by: alarm.shelvedBy, t: minuteText(alarm.shelvedUntilUs, props.zone) })}: {alarm.shelveReason}</p>}
      <div class="row wrap">
        {maySteer.value && alarm.ackedBy === '' && <Button class="small-button" kind={shelved ? 'plain' : 'main'} onClick={() => props.onAck(alarm)}>{al('ack')}</Button>}
        {maySteer.value && !shelved && <Button class="small-button" onClick={() => props.onShelve(alarm)}>{al('shelve')}</Button>}
        {maySteer.value && shelved && <Button class="small-button" onClick={() => void tried(() => unshelve(alarm.id), w('done'))}>{al('unshelve')}</Button>}
        {only !== undefined && props.onOpen !== undefined && <Button class="small-button" kind="quiet" onClick={() => props.onOpen?.(only)}>{al('open')}</Button>}
        <Button class="small-button" kind="quiet" onClick={() => props.onSteps(alarm)}>{al('steps')}</Button>
      </div>
    </li>
  );
}

export function AlarmList(props: { live: Live; zone: string; onOpen?: (id: string) => void }) {
  const list = useComputed(() => sortAlarms(props.live.alarms.value.values(), second.value));
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
  const told = useSignal<Alarm | null>(null);
  return (
    <>
      {/* That there are none is said only when it is known. */}
      {list.value.length === 0 && <p class="soft">{props.live.full.value ? s('noAlarms') : w('loading')}</p>}
      <ul class="plain-list" aria-live="polite">
        {list.value.map((alarm) => (
          <AlarmCard key={alarm.id} alarm={alarm} zone={props.zone} onOpen={props.onOpen} onAck={(one) => (acked.value = one)} onShelve={(one) => (shelved.value = one)}
            onSteps={(one) => (told.value = one)} />
        ))}
      </ul>
      {acked.value !== null && (
        <Asking title={al('ackTitle')} field={al('note')} act={al('ack')} onClose={() => (acked.value = null)}
          onAct={(note) => tried(() => acknowledge(acked.value?.id ?? '', note), al('ackDone'))}><p>{said(acked.value.text)}</p></Asking>
      )}
      {told.value !== null && <AlarmSteps live={props.live} alarm={told.value} zone={props.zone} onClose={() => (told.value = null)} />}
      {shelved.value !== null && <ShelveDialog alarm={shelved.value} onClose={() => (shelved.value = null)} />}
    </>
  );
}
