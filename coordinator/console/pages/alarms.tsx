// All alarms: those raised now with their sound, and what was.
import { useComputed, useSignal } from '@preact/signals';
import { Button } from '@web/components/button';
import { Table } from '@web/components/table';
import { Alarm_State, type Alarm } from '@messages/alarm_pb';
import { AlarmListSchema } from '@messages/view_pb';
import { said } from '@web/language';
import { number } from '@web/numbers';
import { dateTimeText, millis, spanText } from '@web/times';
import { hashOf } from '../app/router';
import { SoundButton } from '../app/sound_button';
import { get } from '../live/api';
import { useAsked, useLive } from '../live/use';
import { AlarmList, isShelved } from '../session/alarm_list';
import { AlarmSteps } from '../session/alarm_steps';
import { al } from '../session/alarm_texts';
import { LinkBanner } from '../session/link_state';
import { alarmWord, w } from '../words';

export function AlarmsPage() {
  const live = useLive('');
  const asked = useAsked(() => get(AlarmListSchema, '/api/v1/alarms?all=1'), []);
  const past = useComputed(() => {
    const all = new Map((asked.value.value?.alarms ?? []).map((one) => [one.id, one]));
    for (const [id, alarm] of live.alarms.value) all.set(id, alarm);
    return [...all.values()].filter((one) => one.state === Alarm_State.cleared || isShelved(one)).sort((a, b) => Number(b.raisedUs - a.raisedUs));
  });
  const told = useSignal<Alarm | null>(null);
  return (
    <div class="page">
      <LinkBanner live={live} />
      <div class="row wrap"><h1 class="grow">{al('title')}</h1>
        <SoundButton /></div>
      <section class="card stack" aria-label={al('now')}><h2>{al('now')}</h2><AlarmList live={live} zone="" /></section>
      <section class="card stack"><h2>{al('history')}</h2>
        <Table caption={al('history')} rows={past.value.slice(0, 300)} rowKey={(row) => row.id} empty={asked.value.value === null ? asked.failure.value || w('loading') : al('none')} columns={[
          { key: 'raised', title: al('raised'), cell: (row) => dateTimeText(row.raisedUs), order: (row) => Number(row.raisedUs) },
          { key: 'kind', title: al('kind'), cell: (row) => alarmWord(row.kind), order: (row) => row.kind },
          { key: 'what', title: al('what'), cell: (row) => <div class="cell-text">{row.sessionId === '' ? said(row.text) : <a href={hashOf(['session', row.sessionId, 'timeline'])}>{said(row.text)}</a>}</div> },
          { key: 'most', title: al('most'), end: true, cell: (row) => number(row.sitesPeak), order: (row) => row.sitesPeak },
          { key: 'lasted', title: al('lasted'), end: true, cell: (row) => (row.clearedUs === 0n ? '' : spanText(millis(row.clearedUs - row.raisedUs))) },
          { key: 'by', title: al('by'), cell: (row) => row.ackedBy },
          { key: 'steps', title: '', cell: (row) => <Button class="small-button" onClick={() => (told.value = row)}>{al('steps')}</Button> },
        ]} />
      </section>
      {told.value !== null && <AlarmSteps live={live} alarm={told.value} zone="" onClose={() => (told.value = null)} />}
    </div>
  );
}
