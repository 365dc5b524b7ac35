// What happened, newest first: who did it and why. The whole of it is fetched once, and the live view goes on from there.
import { useComputed, useSignal } from '@preact/signals';
import type { Session } from '@messages/session_pb';
import type { TimelineEntry } from '@messages/timeline_pb';
import { TimelineSchema } from '@messages/view_pb';
import { finds, fold } from '@web/fold';
import { defineTexts, said } from '@web/language';
import { dateText, secondText } from '@web/times';
import { get, part } from '../live/api';
import type { Live } from '../live/live';
import { useAsked } from '../live/use';
import { w } from '../words';

const t = defineTexts({
  find: ['Tìm trong diễn biến', 'Find in the timeline'],
  all: ['Mọi loại', 'All kinds'],
  session: ['Phiên', 'Session'],
  alarm: ['Cảnh báo', 'Alarms'],
  site: ['Điểm cầu', 'Sites'],
  text: ['Tin nhắn', 'Messages'],
  record: ['Điểm danh, xác nhận', 'Attendance, sign-offs'],
  system: ['hệ thống', 'system'],
  none: ['Chưa có gì.', 'Nothing yet.'],
  older: ['Xem thêm {n} mục cũ hơn', 'Show {n} older ones'],
});

const groups = ['session', 'alarm', 'site', 'text'] as const;
const step = 200;

export function TimelineTab(props: { live: Live; session: Session; onOpen: (id: string) => void }) {
  const { session, live } = props;
  const asked = useAsked(() => get(TimelineSchema, `/api/v1/sessions/${part(session.id)}/timeline`), [session.id]);
  const text = useSignal(''), group = useSignal(''), shown = useSignal(step);
  const all = useComputed(() => {
    const fetched = asked.value.value?.entries ?? [];
    const newest = fetched.at(-1)?.seq ?? 0n;
    return [...fetched, ...live.timeline.value.filter((one) => one.seq > newest)].reverse();
  });
  const found = useComputed(() => all.value.filter((one) =>
    (group.value === '' || one.kind.startsWith(`${group.value}.`)) && finds(fold(`${said(one.text)} ${one.actor} ${one.siteId}`), text.value)));
  const name = (entry: TimelineEntry) => live.sites.get(entry.siteId)?.peek().name ?? entry.siteId;
  return (
    <section class="card stack">
      <div class="row wrap">
        <input type="search" class="find" aria-label={t('find')} placeholder={`${t('find')}…`} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        <select class="find" aria-label={t('all')} value={group.value} onChange={(event) => (group.value = event.currentTarget.value)}>
          <option value="">{t('all')}</option>
          {groups.map((one) => <option key={one} value={one}>{t(one)}</option>)}
        </select>
      </div>
      {asked.failure.value !== '' && <p class="wrong" role="alert">{asked.failure.value}</p>}
      {asked.value.value === null && asked.failure.value === '' && <p class="soft">{w('loading')}</p>}
      {asked.value.value !== null && found.value.length === 0 && <p class="soft">{t('none')}</p>}
      <ol class="timeline">
        {found.value.slice(0, shown.value).map((one) => (
          <li key={String(one.seq)} class={`event ${one.kind.split('.')[0]}`}>
            <time title={dateText(one.atUs, session.timeZone)}>{secondText(one.atUs, session.timeZone)}</time>
            <div>
              <p>{said(one.text)}</p>
              <p class="soft small">{one.actor === 'system' ? t('system') : one.actor}
                {one.siteId !== '' && <> · <button type="button" class="link-button" onClick={() => props.onOpen(one.siteId)}>{name(one)}</button></>}</p>
            </div>
          </li>
        ))}
      </ol>
      {found.value.length > shown.value && (
        <button type="button" class="button" onClick={() => (shown.value += step)}>{t('older', { n: found.value.length - shown.value })}</button>
      )}
    </section>
  );
}
