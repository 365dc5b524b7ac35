// The coordinator is killed and comes back: pages that were open say so at once, and are right again without being loaded anew.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { SessionAnswer } from './answers';
import { Faults, openBrowser, openPage, signIn } from './browse';
import { House } from './house';
import { until } from './processes';
import { figure, phaseOf, Story } from './story';

const patient = { timeout: 90_000, interval: 200 };
const house = new House({ sites: 40 });
const faults = new Faults();
let browser: Browser;
let id = '';
const pages: Page[] = [];
const story = new Story('restart', faults, () => pages);
const step = story.step.bind(story);

const session = () => house.get<SessionAnswer>(`/api/v1/sessions/${id}`);
const drawerOf = (page: Page) => page.locator('.drawer');
const textIn = (page: Page) => page.getByRole('dialog').getByLabel('Nội dung');
const marked = (page: Page) => page.evaluate(() => (globalThis as { wasHere?: boolean }).wasHere === true);

beforeAll(async () => {
  await house.openCentre();
  house.importRoster();
  await house.openHalls();
  id = house.newSession('Giao ban sáng');
  for (const act of ['rehearse', 'arm', 'go']) house.cli(['session', act, id]);
  await until('the launch is over', async () => (await session()).pending === 0);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await house.stop();
});

describe('the coordinator is killed and started again', () => {
  step('four open pages say that what they show is old', async () => {
    const first = await openPage(browser, faults, house.url);
    await signIn(first, 'quan-tri', house.adminPassword);
    pages.push(first, await first.context().newPage(), await first.context().newPage());
    for (const [n, hash] of [`#/session/${id}`, `#/kiosk/${id}`, '#/sessions'].entries()) {
      const page = pages[n] as Page;
      await page.goto(`${house.url}${hash}`);
      await page.getByText('Giao ban sáng').first().waitFor();
      await page.evaluate(() => Object.assign(globalThis, { wasHere: true }));
      expect(await page.locator('.banner.bad').count()).toBe(0);
    }
    const writing = await first.context().newPage();
    await writing.goto(`${house.url}#/session/${id}/wall?site=D0003`);
    await drawerOf(writing).getByRole('button', { name: 'Nhắn tin' }).click();
    await textIn(writing).fill('Kiểm tra lại');
    await writing.evaluate(() => Object.assign(globalThis, { wasHere: true }));
    pages.push(writing);
    await house.killCoordinator();
    for (const page of pages) await page.getByRole('alert').filter({ hasText: 'MẤT KẾT NỐI' }).waitFor();
    // What was known stays to be seen.
    expect(await (pages[0] as Page).locator('.wall [data-site]').count()).toBe(40);
  });

  step('a message that was half typed is still there, and cannot be sent without saying why', async () => {
    const writing = pages[3] as Page;
    expect(await drawerOf(writing).count()).toBe(1);
    expect(await textIn(writing).inputValue()).toBe('Kiểm tra lại');
    await writing.getByRole('dialog').getByRole('button', { name: 'Gửi', exact: true }).click();
    await writing.getByText('Máy chủ điều hành không trả lời. Hãy thử lại.').first().waitFor();
    expect(await textIn(writing).inputValue()).toBe('Kiểm tra lại');
  });

  step('they are right again by themselves', async () => {
    await house.startCoordinator();
    for (const page of pages) await page.locator('.banner').waitFor({ state: 'detached' });
    await until('all sites are back', async () => (await session()).online === 40);
    const [wall, kiosk, list] = pages as [Page, Page, Page];
    for (const page of [wall, kiosk]) await expect.poll(() => figure(page, 'Trực tuyến'), patient).toEqual([40, 40]);
    house.cli(['session', 'pause', id]);
    for (const page of [wall, kiosk]) await expect.poll(() => phaseOf(page).innerText(), patient).toBe('Tạm nghỉ');
    await list.locator('.table').getByText('Tạm nghỉ').waitFor();
    for (const page of pages) expect(await marked(page)).toBe(true);
  });

  step('the message is typed on and sent', async () => {
    const writing = pages[3] as Page;
    expect(await textIn(writing).inputValue()).toBe('Kiểm tra lại');
    await textIn(writing).press('End');
    await textIn(writing).pressSequentially(' loa');
    await writing.getByRole('dialog').getByRole('button', { name: 'Gửi', exact: true }).click();
    await writing.getByText('Đã gửi tới 1 điểm cầu.').first().waitFor();
    await drawerOf(writing).getByText('Kiểm tra lại loa').first().waitFor();
  });

  step('and steer: what is pressed there is done', async () => {
    const wall = pages[0] as Page;
    await wall.getByRole('button', { name: 'Phát tiếp' }).click();
    await expect.poll(() => phaseOf(wall).innerText(), patient).toBe('Đang phát');
    expect((await session()).session.phase).toBe('live');
  });
});
