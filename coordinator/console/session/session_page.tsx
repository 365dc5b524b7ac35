// One session on one page: where are we, are we ready, is it well, who is there, what happened.
import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Phase_Name } from '@messages/session_pb';
import { hashOf, place, setQuery } from '../app/router';
import { useLive } from '../live/use';
import { useCurrentInView } from '../parts/in_view';
import { SiteDrawer } from '../site/site_drawer';
import { w } from '../words';
import { Acts } from './acts_bar';
import { AttendanceTab } from './attendance_tab';
import { Figures } from './figures';
import { isOld, LinkBanner, LinkSign } from './link_state';
import { Overview } from './overview';
import { PicturesTab } from './pictures_tab';
import { Rail, SessionClock } from './rail';
import { ReplayTab } from './replay_tab';
import { ReportTab } from './report_tab';
import { s } from './texts';
import { TimelineTab } from './timeline_tab';

const tabs = ['wall', 'attendance', 'timeline', 'pictures', 'replay', 'report'] as const;

function Tabs(props: { id: string; title: string; tab: string }) {
  const row = useCurrentInView<HTMLElement>(props.tab);
  return (
    <nav class="tabs" aria-label={props.title} ref={row}>
      {tabs.map((one) => (
        <a key={one} href={hashOf(['session', props.id, one])} aria-current={one === props.tab ? 'page' : undefined}>{s(one)}</a>
      ))}
      <a href={hashOf(['kiosk', props.id])}>{s('kiosk')}</a>
    </nav>
  );
}

// One function for all drawings: the wall is not drawn again because the page is.
const open = (id: string): void => setQuery('site', id);
const shut = (): void => setQuery('site', undefined);

export function SessionPage(props: { id: string; tab: string }) {
  const live = useLive(props.id);
  const phase = useComputed(() => {
    void live.sessionIds.value;
    return live.sessions.get(props.id)?.value.session?.phase ?? Phase_Name.draft;
  });
  // A verdict and not the age: the page is drawn again when it changes, and not each second.
  const old = useComputed(() => isOld(live));
  void live.sessionIds.value;
  const view = live.sessions.get(props.id)?.value;
  const session = view?.session;
  const title = session?.title ?? '';
  useEffect(() => {
    if (title !== '') document.title = title;
  }, [title]);

  if (view === undefined || session === undefined) {
    return <div class="page"><LinkBanner live={live} /><p>{live.full.value ? s('noSession') : w('loading')}</p></div>;
  }
  const tab = tabs.find((one) => one === props.tab) ?? 'wall';
  const site = place.value.query.get('site') ?? '';
  return (
    <div class={`page session${old.value ? ' is-old' : ''}`}>
      <LinkBanner live={live} />
      <div class="session-head">
        <h1>{session.title}</h1>
        <Rail phase={session.phase} />
        <SessionClock session={session} />
        <Acts view={view} live={live} />
      </div>
      <Figures view={view} />
      <div class="tabs-row">
        <Tabs id={props.id} title={session.title} tab={tab} />
        <span class="grow" />
        <LinkSign live={live} />
      </div>
      {/* The drawer lies over this part alone: what steers the session stays in reach. */}
      <div class="session-body">
        <div class="session-part">
          {tab === 'wall' && <Overview live={live} view={view} phase={phase} site={site} onOpen={open} />}
          {tab === 'attendance' && <AttendanceTab live={live} view={view} onOpen={open} />}
          {tab === 'timeline' && <TimelineTab live={live} session={session} onOpen={open} />}
          {tab === 'pictures' && <PicturesTab live={live} phase={phase} onOpen={open} />}
          {tab === 'replay' && <ReplayTab session={session} />}
          {tab === 'report' && <ReportTab session={session} />}
        </div>
        {site !== '' && <SiteDrawer key={site} live={live} session={session} id={site} onClose={shut} />}
      </div>
    </div>
  );
}
