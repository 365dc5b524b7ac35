// Entering a headcount at the centre, or correcting one that was reported: with the reason, and the old one stays on the ledger.
import { useSignal } from '@preact/signals';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { Field } from '@web/components/field';
import type { JsonObject } from '@bufbuild/protobuf';
import type { SiteAttendance } from '@messages/attendance_pb';
import { CommandReplySchema } from '@messages/command_pb';
import { part, send } from '../live/api';
import { tried } from '../live/use';
import { w } from '../words';
import { at } from './attendance_texts';

const whole = (text: string): number => Math.max(0, Math.min(100_000, Math.floor(Number(text) || 0)));

export function EnterAttendance(props: { session: string; sitting: string; row: SiteAttendance; name: string; onClose: () => void }) {
  const { row } = props;
  const counted = row.headcount;
  const present = useSignal(String(counted?.present ?? 0)), online = useSignal(String(counted?.online ?? 0));
  const excused = useSignal(String(counted?.excused ?? 0)), absent = useSignal(String(counted?.absent ?? 0));
  const note = useSignal(counted?.note ?? ''), reason = useSignal('');
  const isCorrection = row.headcountId !== '';
  const submit = async (event: Event) => {
    event.preventDefault();
    const body: JsonObject = {
      sitting_id: props.sitting, site_id: row.siteId,
      headcount: { present: whole(present.value), online: whole(online.value), excused: whole(excused.value), absent: whole(absent.value), note: note.value.trim() },
    };
    if (isCorrection) Object.assign(body, { corrects_id: row.headcountId, reason: reason.value.trim() });
    if (await tried(() => send(CommandReplySchema, 'POST', `/api/v1/sessions/${part(props.session)}/attendance`, body), w('done'))) props.onClose();
  };
  return (
    <Dialog title={at('enterTitle', { name: props.name })} onClose={props.onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <div class="columns-4">
          <Field label={at('present')} value={present} type="number" autofocus /><Field label={at('online')} value={online} type="number" />
          <Field label={at('excused')} value={excused} type="number" /><Field label={at('absent')} value={absent} type="number" />
        </div>
        <Field label={at('note')} value={note} />
        {isCorrection && <Field label={`${at('correct')}: ${w('reason')}`} value={reason} required />}
        <div class="dialog-foot"><Button onClick={props.onClose}>{w('cancel')}</Button>
          <Button kind="main" type="submit" disabled={isCorrection && reason.value.trim() === ''}>{w('save')}</Button></div>
      </form>
    </Dialog>
  );
}
