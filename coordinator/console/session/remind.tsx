// Reminds the sites that have not reported, by a text on their desks.
import { useSignal } from '@preact/signals';
import { Button } from '@web/components/button';
import { toast } from '@web/components/toast';
import type { SittingAttendance } from '@messages/attendance_pb';
import type { Session } from '@messages/session_pb';
import { tried } from '../live/use';
import { sendText } from './acts';
import { at } from './attendance_texts';

export function Remind(props: { session: Session; sitting: string; data: SittingAttendance }) {
  const busy = useSignal(false);
  const missing = props.data.bySite.filter((row) => !row.reported).map((row) => row.siteId);
  if (missing.length === 0) return null;
  const remind = async () => {
    busy.value = true;
    await tried(async () => {
      const reply = await sendText(props.session.id, { site_ids: missing }, at('remindText'));
      toast(at('reminded', { n: reply.sites }));
    });
    busy.value = false;
  };
  return <Button disabled={busy.value} onClick={() => void remind()}>{at('remind', { n: missing.length })}</Button>;
}
