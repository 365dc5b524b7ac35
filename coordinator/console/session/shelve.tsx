// Putting an alarm aside: for how long, and why. It comes back by itself.
import { useSignal } from '@preact/signals';
import { Field } from '@web/components/field';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { CommandReplySchema } from '@messages/command_pb';
import type { Alarm } from '@messages/alarm_pb';
import { said } from '@web/language';
import { micros } from '@web/times';
import { part, send } from '../live/api';
import { nowMs } from '../live/clock';
import { tried } from '../live/use';
import { w } from '../words';
import { al } from './alarm_texts';

export function unshelve(alarm: string): Promise<unknown> {
  return send(CommandReplySchema, 'POST', `/api/v1/alarms/${part(alarm)}/unshelve`, {});
}

const spans = [5, 15, 30, 60, 240];

export function ShelveDialog(props: { alarm: Alarm; onClose: () => void }) {
  const reason = useSignal(''), minutes = useSignal(15);
  const submit = async (event: Event) => {
    event.preventDefault();
    const until = micros(nowMs() + minutes.value * 60_000).toString();
    const body = { reason: reason.value.trim(), until_us: until };
    if (await tried(() => send(CommandReplySchema, 'POST', `/api/v1/alarms/${part(props.alarm.id)}/shelve`, body), w('done'))) props.onClose();
  };
  return (
    <Dialog title={al('shelveTitle')} onClose={props.onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p>{said(props.alarm.text)}</p>
        <fieldset class="choices"><legend>{al('shelveFor')}</legend>
          {spans.map((span) => (
            <label key={span} class="check"><input type="radio" name="span" checked={minutes.value === span} onChange={() => (minutes.value = span)} />{al('minutes', { n: span })}</label>
          ))}
        </fieldset>
        <Field label={w('reason')} value={reason} required autofocus />
        <div class="dialog-foot">
          <Button onClick={props.onClose}>{w('cancel')}</Button>
          <Button kind="main" type="submit" disabled={reason.value.trim() === ''}>{al('shelve')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
