// Every page of the console for everybody: axe finds no violation of WCAG 2.2 AA, and nothing is wider than the window; while
// all is well, and in a storm.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Axe } from './axe';
import type { SessionAnswer } from './answers';
import { Faults, openBrowser, openPage, press, signIn } from './browse';
import { placesOf } from './console_pages';
import { House } from './house';
import { until } from './processes';

const house = new House({ sites: 50 });
const faults = new Faults();
let browser: Browser;
let id = '';

beforeAll(async () => {
  await house.openCentre();
  house.importRoster();
  await house.openHalls();
  id = house.newSession('Giao ban tuần');
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await house.stop();
});

async function unwell(page: Page, what: string): Promise<string[]> {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  const found = await new Axe(page).violations();
  if (wider > 0) found.push(`wider than the window by ${wider} pixels`);
  return found.map((one) => `${what}: ${one}`);
}

async function everyPage(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const place of placesOf(id, 'D0001')) {
    await page.goto(`${house.url}${place.hash}`);
    await page.locator(place.shows).first().waitFor();
    found.push(...(await unwell(page, place.name)));
  }
  return found;
}

// Seventeen pages, each read by axe: minutes on a busy machine.
describe('every page', { timeout: 600_000 }, () => {
  it('signing in', async () => {
    const page = await openPage(browser, faults, house.url, { width: 390, height: 844 }, { bypassCSP: true });
    await page.getByLabel('Tài khoản').waitFor();
    expect(await unwell(page, 'sign-in')).toEqual([]);
    await page.context().close();
  });

  it('vi, light, a telephone, before the launch', async () => {
    const page = await openPage(browser, faults, house.url, { width: 390, height: 844 }, { bypassCSP: true });
    await signIn(page, 'quan-tri', house.adminPassword);
    expect(await everyPage(page)).toEqual([]);
    await page.context().close();
  });

  it('vi, light: what opens over the pages', async () => {
    const page = await openPage(browser, faults, house.url, {}, { bypassCSP: true });
    await signIn(page, 'quan-tri', house.adminPassword);
    const opens: [string, string | RegExp][] = [
      ['#/roster', 'Nhập danh sách'], ['#/roster', /^Cấp mã đăng ký/], ['#/people', 'Thêm tài khoản'], ['#/people', 'Thêm khóa'],
      [`#/session/${id}`, 'Nhắn điểm cầu'], [`#/session/${id}`, 'Hủy phiên'],
    ];
    const found: string[] = [];
    for (const [hash, button] of opens) {
      await page.goto(`${house.url}${hash}`);
      await page.getByRole('button', { name: button }).first().click();
      await page.getByRole('dialog').waitFor();
      found.push(...(await unwell(page, String(button))));
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    expect(found).toEqual([]);
    await page.context().close();
  });

  it('en, dark, a desktop, in a storm; GO as well', async () => {
    const page = await openPage(browser, faults, house.url, { lang: 'en', theme: 'dark' }, { bypassCSP: true });
    await signIn(page, 'quan-tri', house.adminPassword, 'en');
    house.cli(['session', 'rehearse', id]);
    house.cli(['session', 'arm', id]);
    await page.goto(`${house.url}#/session/${id}`);
    await press(page, 'GO');
    await page.getByRole('dialog').waitFor();
    const found = await unwell(page, 'GO');
    await page.keyboard.press('Escape');
    house.cli(['session', 'go', id]);
    await until('the launch is over', async () => (await house.get<SessionAnswer>(`/api/v1/sessions/${id}`)).pending === 0);
    await house.fleet?.ask('feed main black', /"cue":"feed"/);
    await house.fleet?.ask('area khu-01 cut', /"cue":"area"/);
    await until('the area is an alarm', async () => (await house.get<SessionAnswer>(`/api/v1/sessions/${id}`)).alarms >= 2);
    found.push(...(await everyPage(page)));
    expect(found).toEqual([]);
    expect(faults.take()).toEqual([]);
    await page.context().close();
  });
});
