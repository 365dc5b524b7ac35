// Pictures of every page for somebody to look at: desktop and telephone, light and dark, vi and en, calm and in a storm.
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { SessionAnswer } from './answers';
import { Faults, openBrowser, openPage, signIn } from './browse';
import { isOf, openPlace, placesOf, type Lang, type Stage } from './console_pages';
import { House } from './house';
import { Options } from './options';
import { until } from './processes';

const usage = 'usage: tests/browser/shots DIR [--sites 200] [--states rehearsal,armed,calm,storm] [--sizes desktop,telephone] [--themes light,dark] [--langs vi,en] [--pages NAME,...]';
const options = new Options(['sites', 'states', 'sizes', 'themes', 'langs', 'pages'], usage);
const dir = options.words[0];
if (dir === undefined) {
  console.error(usage);
  process.exit(64);
}
mkdirSync(dir, { recursive: true });
const states = options.list('states', ['calm', 'storm']), wanted = options.list('pages', []);
const sizes = { desktop: { width: 1920, height: 1080 }, telephone: { width: 390, height: 844 } } as const;
const house = new House({ sites: options.number('sites', 200), agents: 1, delegates: 10, studio: true });
/** As the pictures are named: "session-GO". */
const fileName = (name: string) => name.replaceAll(/,? /g, '-');
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(fileName(name));

interface Window {
  page: Page;
  lang: Lang;
  label: string;
}

async function openAll(browser: Browser): Promise<Window[]> {
  const windows: Window[] = [];
  for (const size of options.list('sizes', Object.keys(sizes)) as (keyof typeof sizes)[])
    for (const theme of options.list('themes', ['light', 'dark']) as ('light' | 'dark')[])
      for (const lang of options.list('langs', ['vi', 'en']) as ('vi' | 'en')[]) {
        const page = await openPage(browser, new Faults(), house.url, { lang, theme, ...sizes[size] });
        const label = `${size}-${theme}-${lang}`;
        await page.locator('form').waitFor();
        if (isWanted('sign-in')) await page.screenshot({ path: `${dir}/sign-in-${label}.png` });
        await signIn(page, 'quan-tri', house.adminPassword, lang);
        windows.push({ page, lang, label });
      }
  return windows;
}

/** `state`: as the pictures are named. */
async function take(windows: readonly Window[], id: string, state: string, stage: Stage, site: string): Promise<void> {
  const world = { session: id, site, badRoster: [house.file('sai.csv', `${house.city.sites}X1,khong-co,Hội trường lạc\n`)] };
  for (const { page, lang, label } of windows)
    for (const place of placesOf(world)) {
      if (!isWanted(place.name) || !isOf(place, stage)) continue;
      await openPlace(page, house.url, place, lang).catch((error: unknown) => console.error(`${place.name}: ${String(error)}`));
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      await page.screenshot({ path: `${dir}/${fileName(place.name)}-${state}-${label}.png` });
    }
}

await house.openCentre();
const browser = await openBrowser();
try {
  house.importRoster();
  await house.openHalls();
  const id = house.newSession('Hội nghị trực tuyến toàn thành phố');
  const now = () => house.get<SessionAnswer>(`/api/v1/sessions/${id}`);
  const windows = await openAll(browser);
  house.cli(['session', 'rehearse', id]);
  for (const hall of house.halls) house.desk(hall, 'confirm', '--by', 'Lê Hà', '--all');
  await until('every site is checked', async () => (await now()).checking === 0);
  if (states.includes('rehearsal')) await take(windows, id, 'rehearsal', 'ready', 'T01');
  house.cli(['session', 'arm', id]);
  if (states.includes('armed')) await take(windows, id, 'armed', 'armed', 'T01');
  house.cli(['session', 'go', id]);
  await until('the launch is over', async () => (await now()).pending === 0);
  await house.fleet?.ask('headcounts', /"cue"/);
  if (states.includes('calm')) await take(windows, id, 'calm', 'live', 'T01');
  if (states.includes('storm')) {
    await house.studio?.ask('main black', /"cue"/);
    await house.fleet?.ask('feed main black', /"cue"/);
    await house.fleet?.ask('area khu-02 cut', /"cue"/);
    await until('the storm', async () => (await now()).alarms >= 3); // not started, black, link lost
    await take(windows, id, 'storm', 'live', 'D0030');
  }
} finally {
  await browser.close();
  await house.stop();
}
