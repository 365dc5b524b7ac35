// The whole launch with the keyboard alone, in English: from the first sign-in to the end. No pointer is ever used.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { SessionAnswer } from './answers';
import { Faults, openBrowser, openPage } from './browse';
import { House, operator } from './house';
import { pressAt, tabTo, typeAt } from './keys';
import { until } from './processes';
import { figure, inMinutes, phaseOf, Story } from './story';

const patient = { timeout: 90_000, interval: 200 };
const house = new House({ sites: 60 });
const faults = new Faults();
let browser: Browser;
let page: Page;
let id = '';
const story = new Story('keyboard', faults, () => (page === undefined ? [] : [page]));
const step = story.step.bind(story);

const session = () => house.get<SessionAnswer>(`/api/v1/sessions/${id}`);
const phaseIs = (word: string) => expect.poll(() => phaseOf(page).innerText(), patient).toBe(word);
const dialog = () => page.getByRole('dialog');

beforeAll(async () => {
  await house.openCentre();
  house.importRoster();
  await house.openHalls();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await house.stop();
});

describe('the launch by keyboard', () => {
  step('sign in, with a new password', async () => {
    page = await openPage(browser, faults, house.url, { lang: 'en', theme: 'dark' });
    await page.getByRole('heading', { name: 'Sign in to the console' }).waitFor();
    await typeAt(page, 'Account', operator);
    await typeAt(page, 'Password', house.oneTimePassword);
    await page.keyboard.press('Enter');
    await page.getByLabel('New password').waitFor();
    await typeAt(page, 'New password', 'bronze drum of Ngoc Lu');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  });

  step('a new session with all sites', async () => {
    await pressAt(page, 'New session');
    await page.getByLabel('Title', { exact: true }).waitFor();
    await typeAt(page, 'Title', 'Morning briefing');
    await typeAt(page, 'Start', inMinutes(120));
    for (let n = 0; n < 2; ++n) {
      await typeAt(page, 'Address', 'test://');
      await page.keyboard.press('Tab');
    }
    await pressAt(page, 'Pick all 60 sites');
    await pressAt(page, 'Save and schedule');
    await page.getByRole('heading', { name: 'Morning briefing' }).waitFor();
    await phaseIs('Scheduled');
    id = /session\/([^/?]+)/.exec(page.url())?.[1] ?? '';
    expect((await session()).sites).toBe(60);
  });

  step('rehearse, and look at a site of the wall', async () => {
    await pressAt(page, 'Rehearse');
    await phaseIs('Rehearsal');
    await until('every site is checked', async () => {
      const now = await session();
      return now.checking === 0 && now.ready + now.not_ready === now.sites;
    });
    await expect.poll(() => figure(page, 'Ready'), patient).toEqual([(await session()).ready, 60]);
    const first = await page.locator('.wall [data-site]').first().getAttribute('aria-label');
    await tabTo(page, first ?? 'the first tile');
    await page.keyboard.press('ArrowRight');
    const second = await page.evaluate(() => document.activeElement?.getAttribute('data-site') ?? '');
    expect(second).not.toBe('');
    await page.keyboard.press('Enter');
    await page.locator('.drawer').getByText(second).first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.drawer').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-site'))).toBe(second);
  });

  step('arm, and GO by holding Space; let go too early it does nothing', async () => {
    await pressAt(page, 'Arm');
    await phaseIs('Armed');
    await pressAt(page, 'GO');
    await tabTo(page, 'Hold to give GO');
    await page.keyboard.press(' ');
    expect((await session()).session.phase).toBe('armed');
    await page.keyboard.down(' ');
    await dialog().getByRole('heading', { name: 'Launch' }).waitFor();
    await page.keyboard.up(' ');
    await until('every site has an outcome', async () => (await session()).pending === 0);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    await phaseIs('Live');
    await expect.poll(() => figure(page, 'Started'), patient).toEqual([(await session()).started, 60]);
  });

  step('take an alarm', async () => {
    await house.fleet?.ask('feed main black', /"cue":"feed"/);
    const alarm = page.locator('.overview-side .alarm').filter({ hasText: 'black' });
    await alarm.waitFor();
    await pressAt(page, 'I take it');
    await dialog().waitFor();
    await typeAt(page, 'Note (optional)', 'calling the studio');
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await alarm.getByText(/In hand: .*calling the studio/).waitFor();
    await house.fleet?.ask('feed main ok', /"cue":"feed"/);
    await alarm.waitFor({ state: 'detached' });
  });

  step('pause, go on, end and close', async () => {
    await pressAt(page, 'Pause');
    await phaseIs('Paused');
    await pressAt(page, 'Resume');
    await phaseIs('Live');
    await pressAt(page, 'End');
    await dialog().waitFor();
    await tabTo(page, 'Cancel');
    await pressAt(page, 'End');
    await phaseIs('Ended');
    await pressAt(page, 'Close');
    await dialog().waitFor();
    await tabTo(page, 'Cancel');
    await tabTo(page, 'Close');
    await page.keyboard.press('Enter');
    await phaseIs('Closed');
  });
});
