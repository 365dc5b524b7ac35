// The bar at the top: pages, language, theme, who is signed in.
import { language, setLanguage } from '@web/language';
import { nextTheme, theme } from '@web/theme';
import { Button } from '@web/components/button';
import icon from '../icon.svg';
import { mayAudit, mayManage, me, signOut } from '../live/me';
import { useCurrentInView } from '../parts/in_view';
import { hashOf, place } from './router';
import { a } from './texts';

export function Settings() {
  const shown = theme.value;
  const word = shown === 'auto' ? a('themeAuto') : shown === 'dark' ? a('themeDark') : a('themeLight');
  return (
    <>
      <Button kind="quiet" onClick={nextTheme} label={word} title={word}>{shown === 'auto' ? '◐' : shown === 'dark' ? '●' : '○'}</Button>
      <button type="button" class="button quiet" lang={language.value === 'vi' ? 'en' : 'vi'}
        onClick={() => setLanguage(language.value === 'vi' ? 'en' : 'vi')}>{a('otherLanguage')}</button>
    </>
  );
}

export function Bar() {
  const here = place.value.parts[0] ?? 'sessions';
  const group = here === 'calendar' || here === 'session' || here === 'new' || here === 'edit' ? 'sessions' : here;
  const pages: [string, string][] = [['sessions', a('sessions')], ['alarms', a('alarms')], ['roster', a('roster')]];
  if (mayManage.value) pages.push(['people', a('people')]);
  if (mayAudit.value) pages.push(['audit', a('audit')]);
  const who = me.value;
  const row = useCurrentInView<HTMLElement>(group);
  return (
    <header class="bar" ref={row}>
      <a class="brand" href={hashOf(['sessions'])} aria-label={a('brand')}><img src={icon} alt="" width="24" height="24" /><span>{a('brand')}</span></a>
      <nav aria-label={a('nav')}>
        {pages.map(([page, title]) => (
          <a key={page} href={hashOf([page])} aria-current={page === group ? 'page' : undefined}>{title}</a>
        ))}
      </nav>
      <span class="grow" />
      <Settings />
      {who && !who.open && (
        <>
          <a class="who" href={hashOf(['account'])} title={a('account')}>{who.shown || who.name}</a>
          <Button kind="quiet" onClick={() => void signOut()}>{a('signOut')}</Button>
        </>
      )}
      {who?.open && <span class="soft small open-note">{a('open')}</span>}
    </header>
  );
}
