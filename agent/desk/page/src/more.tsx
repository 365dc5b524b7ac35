// Other devices, guides, language and colours.
import { type Theme, setTheme, theme } from '@web/theme';
import { type JSX } from 'preact';
import { Devices } from './devices';
import { Card } from './parts';
import { type Key, lang, say, setLang } from './texts';
import type { State } from './types';

const themes: [Theme, Key][] = [['auto', 'themeAuto'], ['light', 'themeLight'], ['dark', 'themeDark']];

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
