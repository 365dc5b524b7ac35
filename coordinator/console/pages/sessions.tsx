// The sessions: those that run first, then those to come, then the past; as a list or as a month.
import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Table } from '@web/components/table';
import { Phase_Name, type Session } from '@messages/session_pb';
import type { SessionView } from '@messages/view_pb';
import { defineTexts } from '@web/language';
import { number } from '@web/numbers';
import { dateTimeText } from '@web/times';
import { hashOf } from '../app/router';
import { a } from '../app/texts';
import { maySteer } from '../live/me';
import { useLive } from '../live/use';
import { isLaunched } from '../session/figures';
import { LinkBanner } from '../session/link_state';
import { s } from '../session/texts';
import { phaseWord, w } from '../words';
import { counting } from '../session/rail';
import { second } from '../live/clock';
import { Calendar } from './calendar';

export const p = defineTexts({
  title: ['Phiên hội nghị', 'Sessions'],
  list: ['Các phiên', 'All sessions'],
  calendar: ['Lịch tháng', 'Month'],
  fresh: ['Phiên mới', 'New session'],
  name: ['Tên phiên', 'Title'],
  start: ['Bắt đầu', 'Start'],
  phase: ['Bước', 'Phase'],
  sites: ['Điểm cầu', 'Sites'],
  none: ['Chưa có phiên nào. Tạo phiên đầu tiên bằng nút "Phiên mới".', 'No session yet. Make the first with "New session".'],
  now: ['Đang diễn ra', 'Running now'],
});

const running: ReadonlySet<Phase_Name> = new Set([Phase_Name.live, Phase_Name.paused, Phase_Name.armed, Phase_Name.rehearsing]);
const over: ReadonlySet<Phase_Name> = new Set([Phase_Name.ended, Phase_Name.closed, Phase_Name.cancelled]);

/** Running ones, then those to come with the nearest first, then the past with the newest first. */
export function sortSessions(views: readonly SessionView[]): SessionView[] {
  const rank = (view: SessionView) => (running.has(view.session?.phase ?? 0) ? 0 : over.has(view.session?.phase ?? 0) ? 2 : 1);
  const start = (view: SessionView) => Number(view.session?.scheduledStartUs ?? 0n);
  return [...views].sort((x, y) => rank(x) - rank(y) || (rank(x) === 2 ? start(y) - start(x) : start(x) - start(y)));
}

export function PhaseTag(props: { phase: Phase_Name }) {
  const kind = props.phase === Phase_Name.live ? 'bad' : running.has(props.phase) ? 'accent' : over.has(props.phase) ? 'plain' : 'good';
  return <span class={`tag ${kind}`}>{phaseWord(props.phase)}</span>;
}

function RunningCard(props: { view: SessionView; session: Session }) {
  const { view, session } = props;
  const clock = counting(session, second.value);
  const goes = isLaunched(session.phase) ? [s('started'), view.started] as const : [s('ready'), view.ready] as const;
  const figures = [w('nSites', { n: number(view.sites) }), ...[[s('online'), view.online] as const, goes, [s('alarms'), view.alarms] as const].map(([word, n]) => `${word} ${number(n)}`)];
  return (
    <a class="card running" href={hashOf(['session', session.id])}>
      <div class="row"><h2 class="grow">{session.title}</h2><PhaseTag phase={session.phase} /></div>
      <p class="running-clock"><span class="soft">{clock.word}</span> <b>{clock.span}</b></p>
      <p class="soft">{figures.map((one) => one.replaceAll(' ', '\u00a0')).join(' · ')}</p>
    </a>
  );
}

export function SessionsPage(props: { shows: 'list' | 'calendar' }) {
  const live = useLive('');
  useEffect(() => {
    document.title = a('brand');
  }, []);
  const views = useComputed(() => sortSessions(live.sessionIds.value.map((id) => live.sessions.get(id)?.value).filter((one) => one !== undefined)));
  const now = views.value.filter((view) => running.has(view.session?.phase ?? 0));
  return (
    <div class="page">
      <LinkBanner live={live} />
      <div class="row wrap">
        <h1 class="grow">{p('title')}</h1>
        <nav class="tabs" aria-label={p('title')}>
          <a href={hashOf(['sessions'])} aria-current={props.shows === 'list' ? 'page' : undefined}>{p('list')}</a>
          <a href={hashOf(['calendar'])} aria-current={props.shows === 'calendar' ? 'page' : undefined}>{p('calendar')}</a>
        </nav>
        {maySteer.value && <a class="button main" href={hashOf(['new'])}>{p('fresh')}</a>}
      </div>
      {now.length > 0 && <div class="running-row">{now.map((view) => view.session !== undefined && <RunningCard key={view.session.id} view={view} session={view.session} />)}</div>}
      {props.shows === 'calendar' ? <Calendar views={views.value} /> : (
        <section class="card">
          {!live.full.value ? <p class="soft">{w('loading')}</p> : (
            <Table caption={p('title')} rows={views.value} rowKey={(row) => row.session?.id ?? ''} empty={p('none')} columns={[
              { key: 'name', title: p('name'), cell: (row) => <a class="strong" href={hashOf(['session', row.session?.id ?? ''])}>{row.session?.title}</a>, order: (row) => row.session?.title ?? '' },
              { key: 'start', title: p('start'), cell: (row) => dateTimeText(row.session?.scheduledStartUs ?? 0n, row.session?.timeZone), order: (row) => Number(row.session?.scheduledStartUs ?? 0n) },
              { key: 'phase', title: p('phase'), cell: (row) => <PhaseTag phase={row.session?.phase ?? 0} />, order: (row) => row.session?.phase ?? 0 },
              { key: 'sites', title: p('sites'), end: true, cell: (row) => number(row.sites), order: (row) => row.sites },
              { key: 'present', title: s('present'), end: true, cell: (row) => number((row.attendance?.present ?? 0) + (row.attendance?.online ?? 0)) },
              { key: 'acts', title: '', cell: (row) => maySteer.value && <a href={hashOf(['new', row.session?.id ?? ''])}>{s('copy')}</a> },
            ]} />
          )}
        </section>
      )}
    </div>
  );
}
