// Every page of the console and everything that opens over one, for everybody: before a session is scheduled, ready to start, live
// in a storm, and ended. Vietnamese and English at the same time, in windows of their own.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionAnswer } from './answers';
import { Faults, openBrowser, openPage, press, signIn } from './browse';
import { everyStage, isOf, openPlace, placesOf, routeOf, routesOfSource, type Lang, type Place, type Stage } from './console_pages';
import { House, operator } from './house';
import { dress, flawsOf, looks } from './looks';
import { until } from './processes';

const house = new House({ sites: 30 });
const faults = new Faults();
const langs: readonly Lang[] = ['vi', 'en'];
const pages = new Map<Lang, Page>();
let browser: Browser;
let id = '';
let places: Place[] = [];
const stages: readonly Stage[] = ['draft', 'ready', 'armed', 'live', 'ended'];

const session = () => house.get<SessionAnswer>(`/api/v1/sessions/${id}`);

beforeAll(async () => {
  await house.openCentre();
  house.importRoster();
  await house.openHalls();
  id = house.newSession('Giao ban tuần', true);
  places = placesOf({ session: id, site: 'D0001', badRoster: [house.file('sai.csv', `${house.city.sites}X1,khong-co,Hội trường lạc\n`)] });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await house.stop();
});

async function unwell(page: Page, lang: Lang, name: string, where = ''): Promise<string[]> {
  const found: string[] = [];
  for (const look of looks.filter((one) => one.lang === lang)) {
    await dress(page, look);
    found.push(...(await flawsOf(page, look, where)).map((one) => `${name} (${lang}, ${look.theme}, ${look.size}): ${one}`));
  }
  return found;
}

async function everyPlace(stage: Stage, lang: Lang): Promise<string[]> {
  const page = pages.get(lang);
  if (page === undefined) throw new Error('nobody is signed in');
  const found: string[] = [];
  for (const place of places.filter((one) => isOf(one, stage))) {
    await dress(page, looks[0] as (typeof looks)[number]);
    const isOver = await openPlace(page, house.url, place, lang);
    found.push(...(await unwell(page, lang, `${place.name}, ${stage}`, isOver ? '[role=dialog], dialog[open]' : '')));
  }
  return found;
}

const inBothLanguages = async (act: (lang: Lang) => Promise<string[]>) => (await Promise.all(langs.map(act))).flat();

const enter: Record<Stage, () => Promise<void>> = {
  draft: async () => undefined,
  ready: async () => {
    for (const act of ['schedule', 'rehearse']) house.cli(['session', act, id]);
    await until('every site is checked', async () => (await session()).checking === 0);
  },
  armed: async () => {
    house.cli(['session', 'arm', id]);
  },
  live: async () => {
    house.cli(['session', 'go', id]);
    await until('the launch is over', async () => (await session()).pending === 0);
    await house.fleet?.ask('headcounts', /"cue":"headcounts"/);
    await house.fleet?.ask('feed main black', /"cue":"feed"/);
    await house.fleet?.ask('area khu-02 cut', /"cue":"area"/);
    await until('the storm', async () => (await session()).alarms >= 2);
  },
  ended: async () => {
    house.cli(['session', 'end', id]);
    await until('it has ended', async () => (await session()).session.phase === 'ended');
  },
};

describe('every page', { timeout: 600_000 }, () => {
  it('is in the table: each route of the router, each tab of a session in each stage', () => {
    const routes = routesOfSource();
    expect(routes.length).toBeGreaterThan(12);
    const told = new Set(places.map(routeOf));
    expect(routes.filter((one) => !told.has(one))).toEqual([]);
    for (const tab of routes.filter((one) => one.startsWith('session/')))
      for (const stage of everyStage) expect(places.filter((one) => isOf(one, stage)).map(routeOf), stage).toContain(tab);
  });

  it('signing in, and setting an own password', async () => {
    const found = await inBothLanguages(async (lang) => {
      const page = await openPage(browser, faults, house.url, { lang }, { bypassCSP: true });
      pages.set(lang, page);
      await page.locator('form').waitFor();
      const flaws = await unwell(page, lang, 'sign-in');
      await page.getByLabel(lang === 'vi' ? 'Tài khoản' : 'Account', { exact: true }).fill(operator);
      await page.getByLabel(lang === 'vi' ? 'Mật khẩu' : 'Password', { exact: true }).fill(house.oneTimePassword);
      await press(page, lang === 'vi' ? 'Đăng nhập' : 'Sign in');
      await page.getByLabel(lang === 'vi' ? 'Mật khẩu mới' : 'New password').waitFor();
      flaws.push(...(await unwell(page, lang, 'sign-in, new password')));
      await page.reload();
      await signIn(page, 'quan-tri', house.adminPassword, lang);
      return flaws;
    });
    expect(found).toEqual([]);
  });

  for (const stage of stages)
    it(`${stage}: no violation of WCAG, nothing cut off or too wide, in vi and en, light and dark, large and small`, async () => {
      await enter[stage]();
      expect(await inBothLanguages((lang) => everyPlace(stage, lang))).toEqual([]);
      expect(faults.take()).toEqual([]);
    });
});
