// One alarm from its raising to its end: each step with its time and who did it. Asked for when it is opened; what happens
// meanwhile comes with the live view.
import { useComputed } from '@preact/signals';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { Alarm_State, type Alarm } from '@messages/alarm_pb';
import { AlarmHistorySchema } from '@messages/history_pb';
import type { TimelineEntry } from '@messages/timeline_pb';
import { defineTexts, said } from '@web/language';
import { dateText, millis, secondText, spanText } from '@web/times';
import { second } from '../live/clock';
import { get, part } from '../live/api';
import type { Live } from '../live/live';
import { useAsked } from '../live/use';
import { alarmWord, w } from '../words';
import { storyOf, type StepKind } from './alarm_story';

const t = defineTexts({
  raised: ['Phát sinh', 'Raised'],
  acked: ['Nhận xử lý', 'Taken'],
  shelved: ['Gác lại', 'Shelved'],
  unshelved: ['Thôi gác', 'Unshelved'],
  cleared: ['Đã hết', 'Cleared'],
  other: ['Ghi chú', 'Note'],
  open: ['Chưa hết, đã {t}', 'Not over, for {t} so far'],
  lasted: ['Kéo dài {t}', 'Lasted {t}'],
  atWorst: ['nhiều nhất {n}', '{n} at worst'],
  system: ['hệ thống', 'system'],
});

async function eventsOf(alarm: Alarm): Promise<TimelineEntry[]> {
  if (alarm.sessionId === '') return [];
  const history = await get(AlarmHistorySchema, `/api/v1/sessions/${part(alarm.sessionId)}/alarms/history`);
  return history.stories.find((one) => one.alarm?.id === alarm.id)?.events ?? [];
}

const shapes: Record<StepKind, string> = { raised: 'bad', acked: 'accent', shelved: 'idle', unshelved: 'idle', cleared: 'good', other: 'idle' };

// What the alarm is about stands above; these say more: until when, why, what was noted.
const telling: ReadonlySet<StepKind> = new Set(['shelved', 'unshelved', 'other']);

export function AlarmSteps(props: { live: Live; alarm: Alarm; zone: string; onClose: () => void }) {
  // The newest that is known of it: it may be taken or end while this is open.
  const alarm = props.live.alarms.value.get(props.alarm.id) ?? props.alarm;
  const asked = useAsked(() => eventsOf(props.alarm), [props.alarm.id]);
  const story = useComputed(() => storyOf(props.live.alarms.value.get(props.alarm.id) ?? props.alarm, [...(asked.value.value ?? []), ...props.live.timeline.value]));
  const { zone } = props;
  const isOpen = alarm.state === Alarm_State.raised;
  const lasted = spanText((isOpen ? second.value : millis(alarm.clearedUs)) - millis(alarm.raisedUs));
  return (
    <Dialog title={alarmWord(alarm.kind)} onClose={props.onClose}>
      <p class="strong">{said(alarm.text)}</p>
      <p class="soft">{isOpen ? t('open', { t: lasted }) : t('lasted', { t: lasted })}{!isOpen && alarm.sitesPeak > 0 && `, ${t('atWorst', { n: w('nSites', { n: alarm.sitesPeak }) })}`} · {dateText(alarm.raisedUs, zone)}</p>
      {asked.failure.value !== '' && <p class="wrong" role="alert">{asked.failure.value}</p>}
      <ol class="steps">
        {story.value.map((step, at) => (
          <li key={at} class={`step ${shapes[step.kind]}`}>
            <time>{secondText(step.atUs, zone)}</time>
            <div>
              <p><b>{t(step.kind)}</b> <span class="soft">{step.by === '' ? t('system') : step.by}</span></p>
              {step.note !== '' && <p class="small">{step.note}</p>}
              {telling.has(step.kind) && step.entry !== undefined && <p class="small">{said(step.entry.text)}</p>}
            </div>
          </li>
        ))}
      </ol>
      <div class="dialog-foot"><Button kind="main" onClick={props.onClose}>{w('ok')}</Button></div>
    </Dialog>
  );
}
