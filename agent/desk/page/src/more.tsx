// Other devices, guides, language and colours.
import { signal } from '@preact/signals';
import { type JSX } from 'preact';
import { Devices } from './devices';
import { remember, remembered } from './memory';
import { Card } from './parts';
import { type Key, lang, say, setLang } from './texts';
import type { State } from './types';

type Theme = 'auto' | 'light' | 'dark';
const themes: [Theme, Key][] = [['auto', 'themeAuto'], ['light', 'themeLight'], ['dark', 'themeDark']];
const theme = signal<Theme>('auto');

export function setTheme(next: Theme): void {
  theme.value = next;
  remember('desk.theme', next);
  if (next === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
}

export function restoreTheme(): void {
  const kept = remembered('desk.theme');
  setTheme(kept === 'light' || kept === 'dark' ? kept : 'auto');
}

export function More({ now }: { now: State }): JSX.Element {
  return (
    <div class="columns">
      <Devices now={now} />
      <Card title={say('guides')}>
        <ul class="links">
          <li><a href="#/guide/technician">{say('guideTechnician')}</a></li>
          <li><a href="#/guide/clerk">{say('guideClerk')}</a></li>
          <li><a href="#/codes">{say('printCodes')}</a></li>
        </ul>
      </Card>
      <Card title={say('language')}>
        <div class="switch" role="group" aria-label={say('language')}>
          <button type="button" lang="vi" aria-pressed={lang.value === 'vi'} onClick={() => setLang('vi')}>Tiếng Việt</button>
          <button type="button" lang="en" aria-pressed={lang.value === 'en'} onClick={() => setLang('en')}>English</button>
        </div>
      </Card>
      <Card title={say('theme')}>
        <div class="switch" role="group" aria-label={say('theme')}>
          {themes.map(([name, key]) => (
            <button key={name} type="button" aria-pressed={theme.value === name} onClick={() => setTheme(name)}>{say(key)}</button>
          ))}
        </div>
      </Card>
    </div>
  );
}
