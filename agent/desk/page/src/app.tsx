// The frame around the pages: who and where this is, connection and countdown on every page, and the way between them.
import { signal } from '@preact/signals';
import { type JSX } from 'preact';
import { AttendancePage } from './attendance';
import { Codes } from './codes';
import { EnterPin } from './devices';
import { GuidePage } from './guide';
import { Help } from './help';
import { Overview } from './look';
import { More } from './more';
import { waiting } from './outbox';
import { Mark } from './parts';
import { age, locked, stale, state } from './store';
import { type Key, lang, say, setLang } from './texts';
import { Technician } from './technician';
import type { State } from './types';
import { Unsent } from './unsent';
import { countdown, linkLook } from './verdicts';

export const path = signal(location.hash.replace(/^#/, '') || '/');

const tabs: { path: string; key: Key; icon: JSX.Element }[] = [
  { path: '/', key: 'overview', icon: <path d="M4 11l8-7 8 7v9h-5v-6H9v6H4z" /> },
  { path: '/technician', key: 'technician', icon: <path d="M5 6l1.5 1.5L9 5M5 12l1.5 1.5L9 11M5 18l1.5 1.5L9 17M12 6h8M12 12h8M12 18h8" /> },
  { path: '/attendance', key: 'attendance', icon: <path d="M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 11l2 2 4-4" /> },
  { path: '/help', key: 'help', icon: <path d="M12 4l9 16H3zM12 10v5M12 17.5v.5" /> },
  { path: '/more', key: 'more', icon: <path d="M5 12v.1M12 12v.1M19 12v.1" /> },
];

function Page({ now }: { now: State }): JSX.Element {
  switch (path.value) {
    case '/technician':
      return <Technician now={now} />;
    case '/attendance':
      return <AttendancePage now={now} />;
    case '/help':
      return <Help now={now} />;
    case '/more':
      return <More now={now} />;
    case '/codes':
      return <Codes now={now} />;
    case '/guide/technician':
      return <GuidePage who="technician" />;
    case '/guide/clerk':
      return <GuidePage who="clerk" />;
    default:
      return <Overview now={now} />;
  }
}

function badge(key: Key, now: State): number {
  if (key === 'overview') return now.texts.filter((text) => !text.received).length;
  if (key === 'attendance') return waiting().length;
  return 0;
}

function Header({ now }: { now: State }): JSX.Element {
  const link = stale.value ? null : linkLook(now);
  const left = path.value === '/' ? null : countdown(now, age.value);
  const other = lang.value === 'vi' ? 'en' : 'vi';
  return (
    <header class="top">
      <div class="site">
        <h1>{now.site.name || now.site.id}</h1>
        {now.site.area && <p>{now.site.area}</p>}
      </div>
      {left && <p class={`mini${left.soon ? ' soon' : ''}`}><span>{left.label}</span> <b>{left.value}</b></p>}
      {link && <p class={`pill ${link.tone}`} role="status"><Mark tone={link.tone} /> <span>{link.word}</span></p>}
      <button type="button" class="lang" lang={other} onClick={() => setLang(other)}><abbr aria-hidden="true">{other.toUpperCase()}</abbr><span>{other === 'en' ? 'English' : 'Tiếng Việt'}</span></button>
    </header>
  );
}

export function App(): JSX.Element {
  const now = state.value;
  if (locked.value) return <EnterPin />;
  if (!now)
    return (
      <main id="content" class="enter">
        <p class="soft" role="status">{age.value > 3 ? say('gone', { age: age.value }) : say('asking')}</p>
        {waiting().length > 0 && <Unsent />}
      </main>
    );
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => {
        event.preventDefault();
        document.getElementById('content')?.focus();
      }}>{say('skip')}</a>
      <Header now={now} />
      {stale.value && (
        <div class="banner" role="alert">
          <Mark tone="bad" />
          <p><b>{say('gone', { age: age.value })}</b> {say('goneKept')}</p>
        </div>
      )}
      {!stale.value && !now.link.connected && (
        <div class="banner warn-ground"><Mark tone="warn" /><p><b>{say('away')}.</b> {say('onItsOwn')}</p></div>
      )}
      <nav class="tabs" aria-label={say('tabs')}>
        {tabs.map((tab) => {
          const count = badge(tab.key, now);
          return (
            <a key={tab.path} href={`#${tab.path}`} aria-current={path.value === tab.path ? 'page' : undefined}>
              <svg viewBox="0 0 24 24" aria-hidden="true">{tab.icon}</svg>
              <span>{say(tab.key)}</span>
              {count > 0 && <b class="badge">{count}</b>}
            </a>
          );
        })}
      </nav>
      <main id="content" tabIndex={-1} class={stale.value ? 'stale' : ''}>
        <Page now={now} />
      </main>
    </>
  );
}
