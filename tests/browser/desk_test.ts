// The hall's desk in a real browser: the technician's and the clerk's day, other devices, a network that breaks.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Faults, openBrowser, press } from './browse';
import { Hall } from './hall';
import { dress, flawsOf, looks } from './looks';
import { readQr } from './read_qr';

const hall = new Hall();
let browser: Browser;
let session = '';
const patienceMs = 90_000; // the machine may be busy with other things
const opened: BrowserContext[] = [];
const faults = new Faults();

beforeAll(async () => {
  await hall.start();
  session = hall.centre('session', 'new', '--title', 'Giao ban trực tuyến', '--start', '+70m', '--everyone', '--feed', 'main=test://',
    '--feed', 'backup=test://', '--sitting', 'sang=Buổi sáng', '--sitting', 'chieu=Buổi chiều', '--no-auto-start').trim().split('\n')[0] ?? '';
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await hall.stop();
});
afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
  expect(faults.take()).toEqual([]);
});

async function open(address: string, options: BrowserContextOptions = {}, lang = 'vi'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
  context.setDefaultTimeout(patienceMs);
  opened.push(context);
  const page = await context.newPage();
  faults.watch(page);
  await page.addInitScript((word) => localStorage.setItem('diemcau.lang', word), lang);
  await page.goto(address);
  return page;
}

// As if what waits on this device had been entered so much earlier.
function ageOutbox(seconds: number): void {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith('desk.outbox.'))) {
    const item = JSON.parse(localStorage.getItem(key) ?? '') as { at_us: number };
    localStorage.setItem(key, JSON.stringify({ ...item, at_us: item.at_us - seconds * 1e6 }));
  }
}

describe('the desk', () => {
  it('shows one look: connected, the session and its countdown', async () => {
    const page = await open(hall.desk);
    await page.getByRole('heading', { name: 'Giao ban trực tuyến' }).waitFor();
    await page.getByText('Đã kết nối trung tâm').first().waitFor();
    expect(await page.getByRole('timer').innerText()).toMatch(/^1:(0\d|10):\d\d$/);
  });

  it('takes a technician through the list: test picture, rehearsal, confirmation', async () => {
    const page = await open(`${hall.desk}#/technician`, { viewport: { width: 1366, height: 768 } });
    await press(page, 'Chiếu hình thử, phát tiếng thử');
    await page.getByText(/Đang chiếu hình thử; tự tắt sau/).waitFor();
    await press(page, 'Dừng thử');
    hall.centre('session', 'rehearse', session);
    await page.getByText('1280×720').first().waitFor();
    for (const tick of [/Màn hình/, /Loa nghe rõ/, /Camera thấy/]) await page.getByLabel(tick).check();
    await press(page, /Gửi xác nhận/);
    await page.getByText('Hãy nhập họ tên của bạn trước.').waitFor();
    await page.getByLabel('Họ tên của bạn').fill('Lê Hà');
    await press(page, /Gửi xác nhận/);
    await page.getByText(/Lê Hà xác nhận lúc/).waitFor();
    expect(hall.status().sign_off?.sign_off).toMatchObject({ screen: true, camera: true, microphone: false });
  });

  it('finds names without marks, checks in, reads codes that are typed, and takes back', async () => {
    const page = await open(`${hall.desk}#/attendance`);
    await page.getByLabel('Họ tên của bạn').fill('Trần An');
    await press(page, 'Theo tên');
    const search = page.getByRole('searchbox');
    await search.fill('dong da');
    await expect.poll(() => page.locator('.delegate').count()).toBe(1);
    await search.fill('nguyen van an');
    await press(page, 'Có mặt');
    await page.getByText('Nguyễn Văn An: Có mặt').first().waitFor();
    const code = hall.status().delegates?.find((one) => one.id === 'D3')?.code ?? '';
    await search.fill('');
    await search.pressSequentially(code);
    await search.press('Enter');
    await page.getByText('Trần Bình: Có mặt').first().waitFor();
    await page.getByRole('button', { name: 'Hoàn tác: Trần Bình: Có mặt' }).click();
    await expect.poll(() => hall.status().delegates?.find((one) => one.id === 'D3')?.state).toBe('not_marked');
    expect(hall.status().delegates?.find((one) => one.id === 'D1')?.state).toBe('present');
  });

  it('calls for help and shows who is on it', async () => {
    const page = await open(`${hall.desk}#/help`);
    await press(page, 'Báo: Mất tiếng');
    await page.getByText('Đã báo: Mất tiếng').waitFor();
    await page.getByText(/trung tâm đã nhận/).waitFor();
    const alarms = JSON.parse(hall.centre('alarm', 'list', '--json')) as { alarms: { id: string; kind: string }[] };
    const alarm = alarms.alarms.find((one) => one.kind === 'help');
    hall.centre('alarm', 'ack', alarm?.id ?? '');
    await page.getByText(/quan-tri đang xử lý/).waitFor();
  });

  it('shows what the centre says first, until it was read', async () => {
    const page = await open(hall.desk, {}, 'en');
    hall.centre('site', 'message', '--session', session, '--site', 'T01', 'Kiểm tra lại loa');
    await page.getByText('Kiểm tra lại loa').waitFor();
    await press(page, 'Mark as read');
    await expect.poll(() => hall.status().texts[0]?.received).toBe(true);
  });
});

describe('other devices of the hall', () => {
  it('enter by PIN and by QR, report without a network, and lose nothing', async () => {
    if (!hall.door) return console.log('skipped: this computer has no network card that is up');
    const access = hall.pin();
    const front = await open(hall.door);
    await front.getByLabel('Mã PIN').fill('not it');
    await press(front, 'Vào bàn điểm cầu');
    await front.getByText(/Mã PIN không đúng/).waitFor();
    await front.getByLabel('Mã PIN').fill(access.pin ?? '');
    await press(front, 'Vào bàn điểm cầu');
    await front.getByRole('heading', { name: 'Giao ban trực tuyến' }).waitFor();

    await front.goto(`${hall.door}#/attendance`);
    await front.getByLabel('Họ tên của bạn').fill('An');
    await front.route('**/api/**', (route) => route.abort());
    for (let i = 0; i < 3; ++i) await press(front, '+10 Có mặt');
    await press(front, 'Gửi số người');
    await front.getByText('Giữ trên thiết bị này, sẽ tự gửi').first().waitFor();
    await front.getByText(/1 mục giữ trên thiết bị này/).waitFor();
    await front.evaluate(ageOutbox, 60);
    await front.reload();
    await front.getByText(/1 mục giữ trên thiết bị này/).waitFor();

    // Meanwhile somebody else reports; the one that was entered later counts, and both are kept.
    const back = await open(`${hall.desk}#/attendance`);
    await back.getByLabel('Họ tên của bạn').fill('Bình');
    for (let i = 0; i < 4; ++i) await press(back, '+10 Có mặt');
    await press(back, 'Gửi số người');
    await back.getByText('Đã lưu', { exact: true }).waitFor();
    await front.unroute('**/api/**');
    await front.getByText('Mọi thứ đã tới trung tâm').waitFor();
    expect(hall.status().attendance).toMatchObject({ headcount_by: 'Bình', headcount: { present: 40 } });

    const own = await open(`${hall.desk}#/more`);
    await own.locator('svg.qr').waitFor();
    const scanned = await open(await readQr(own, 'svg.qr'));
    await scanned.getByRole('heading', { name: 'Giao ban trực tuyến' }).waitFor();
    expect(scanned.url()).not.toContain('k=');

    hall.pin('--new');
    await front.getByRole('heading', { name: 'Nhập mã PIN' }).waitFor();
  });
});

describe('for everybody', () => {
  // Those of the page's own router; '/' is what it shows otherwise.
  const source = readFileSync(fileURLToPath(new URL('../../agent/desk/page/src/app.tsx', import.meta.url)), 'utf8');
  const pages = ['/', ...[...source.matchAll(/case '(\/[^']*)':/g)].map((found) => found[1] ?? '')];
  it('there are pages to look at', () => expect(pages.length).toBeGreaterThan(7));

  for (const look of looks)
    it(`${look.lang}, ${look.theme}, ${look.size}: no violation of WCAG, nothing cut off or wider than the window`, async () => {
      const page = await open(hall.desk, { bypassCSP: true }, look.lang);
      await dress(page, look);
      const found: string[] = [];
      const note = async (what: string) => found.push(...(await flawsOf(page, look)).map((one) => `${what}: ${one}`));
      for (const path of pages) {
        await page.goto(`${hall.desk}#${path}`);
        await page.locator('#content > *').first().waitFor();
        await note(path);
      }
      if (hall.door) {
        await page.context().clearCookies();
        await page.goto(hall.door);
        await page.getByLabel(look.lang === 'vi' ? 'Mã PIN' : 'PIN').first().waitFor();
        await note('PIN');
      }
      expect(found).toEqual([]);
    });

  it('is worked by keyboard alone', async () => {
    const page = await open(`${hall.desk}#/help`, { viewport: { width: 1366, height: 768 } });
    await page.getByRole('button', { name: 'Báo: Mất hình' }).waitFor();
    for (let i = 0; i < 20; ++i) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) === 'Báo: Mất hình') break;
    }
    await page.keyboard.press('Enter');
    await page.getByText('Đã báo: Mất hình').waitFor();
  });
});
