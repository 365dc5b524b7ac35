// The frame of every page: the bar, the page of the address, and news of what was done.
import { Toasts } from '@web/components/toast';
import { language } from '@web/language';
import { me, meFailure } from '../live/me';
import { AlarmsPage } from '../pages/alarms';
import { AccountPage } from '../people/account';
import { AuditPage } from '../people/audit';
import { PeoplePage } from '../people/people';
import { RosterPage } from '../roster/roster';
import { SessionForm } from '../form/session_form';
import { Kiosk } from '../session/kiosk';
import { SessionPage } from '../session/session_page';
import { SessionsPage } from '../pages/sessions';
import { SignIn } from '../pages/sign_in';
import { Bar } from './bar';
import { place } from './router';
import { a } from './texts';

function Page() {
  const [first = 'sessions', second = '', third = ''] = place.value.parts;
  switch (first) {
    case 'session':
      return <SessionPage key={second} id={second} tab={third || 'wall'} />;
    case 'new':
      return <SessionForm key={`new ${second}`} from={second} />;
    case 'edit':
      return <SessionForm key={`edit ${second}`} edits={second} />;
    case 'alarms':
      return <AlarmsPage />;
    case 'roster':
      return <RosterPage />;
    case 'people':
      return <PeoplePage />;
    case 'audit':
      return <AuditPage />;
    case 'account':
      return <AccountPage />;
    default:
      return <SessionsPage shows={first === 'calendar' ? 'calendar' : 'list'} />;
  }
}

export function App() {
  void language.value;
  if (me.value === undefined) {
    const failure = meFailure.value;
    return <main class="alone"><p role="status">{failure === null ? a('looking') : failure.shown}</p></main>;
  }
  if (me.value === null) return <SignIn />;
  const [first, second = ''] = place.value.parts;
  if (first === 'kiosk') return <><Kiosk key={second} id={second} /><Toasts /></>;
  return (
    <div class="frame">
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault();
        document.getElementById('main')?.focus();
      }}>{a('skip')}</a>
      <Bar />
      <main id="main" tabIndex={-1}><Page /></main>
      <Toasts />
    </div>
  );
}
