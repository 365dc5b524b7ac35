// Reminds the sites that have not reported, by a text on their desks.
import { useSignal } from '@preact/signals';
import { Button } from '@web/components/button';
import { toast } from '@web/components/toast';
import type { SittingAttendance } from '@messages/attendance_pb';
import type { Session } from '@messages/session_pb';
import { CommandReplySchema } from '@messages/command_pb';
import { part, send } from '../live/api';
import { tried } from '../live/use';
import { at } from './attendance_texts';

export function Remind(props: { session: Session; sitting: string; data: SittingAttendance }) {
  const busy = useSignal(false);
  const missing = props.data.sites - props.data.reportedSites;
  if (missing === 0) return null;
  const remind = async () => {
    busy.value = true;
    await tried(async () => {
      const reply = await send(CommandReplySchema, 'POST', `/api/v1/sessions/${part(props.session.id)}/attendance/remind`, { sitting_id: props.sitting });
      toast(at('reminded', { n: reply.sites }));
    });
    busy.value = false;
  };
  return <Button disabled={busy.value} onClick={() => void remind()}>{at('remind', { n: missing })}</Button>;
}
