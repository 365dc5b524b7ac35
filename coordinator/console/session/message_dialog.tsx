// A text to all sites of the session, to some areas, or to one site.
import { useSignal } from '@preact/signals';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { Field } from '@web/components/field';
import type { JsonObject } from '@bufbuild/protobuf';
import type { Session } from '@messages/session_pb';
import { defineTexts } from '@web/language';
import { toast } from '@web/components/toast';
import type { Live } from '../live/live';
import { areaPath } from '../live/roster';
import { tried } from '../live/use';
import { w } from '../words';
import { sendText } from './acts';
import { s } from './texts';

const t = defineTexts({
  to: ['Gửi tới', 'To'],
  all: ['Tất cả điểm cầu của phiên', 'All sites of the session'],
  text: ['Nội dung', 'Text'],
  hint: ['Hiện trên bàn điểm cầu; kỹ thuật viên bấm "Đã đọc" thì ở đây thấy.', 'Shown on the desk of each site; when somebody there marks it as read, it shows here.'],
  send: ['Gửi', 'Send'],
  sent: ['Đã gửi tới {n} điểm cầu.', 'Sent to {n} {n:site|sites}.'],
});

export function MessageDialog(props: { session: Session; live: Live; site?: string; onClose: () => void }) {
  const text = useSignal(''), area = useSignal('');
  const areas = new Set([...props.live.siteIds.value].map((id) => props.live.sites.get(id)?.peek().areaId ?? ''));
  const submit = async (event: Event) => {
    event.preventDefault();
    const selection: JsonObject | null = props.site !== undefined ? { site_ids: [props.site] } : area.value !== '' ? { area_ids: [area.value] } : null;
    const done = await tried(async () => {
      const reply = await sendText(props.session.id, selection, text.value.trim());
      toast(t('sent', { n: reply.sites }));
    });
    if (done) props.onClose();
  };
  const name = props.site === undefined ? '' : props.live.sites.get(props.site)?.peek().name ?? props.site;
  return (
    <Dialog title={props.site === undefined ? s('message') : `${s('message')}: ${name}`} onClose={props.onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        {props.site === undefined && (
          <div class="field"><label for="to-area">{t('to')}</label>
            <select id="to-area" value={area.value} onChange={(event) => (area.value = event.currentTarget.value)}>
              <option value="">{t('all')}</option>
              {[...areas].sort((a, b) => areaPath(a).localeCompare(areaPath(b), 'vi', { numeric: true })).map((id) => <option key={id} value={id}>{areaPath(id)}</option>)}
            </select></div>
        )}
        <Field label={t('text')} hint={t('hint')} value={text} lines={4} required />
        <div class="dialog-foot"><Button onClick={props.onClose}>{w('cancel')}</Button><Button kind="main" type="submit" disabled={text.value.trim() === ''}>{t('send')}</Button></div>
      </form>
    </Dialog>
  );
}
