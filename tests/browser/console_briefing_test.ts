// One briefing at the console from the first sign-in to the report, with real halls, a broadcast that goes black and a hall
// that loses its line. Each step of the story is a test.
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { AlarmAnswer, ReportAnswer, SessionAnswer, SiteAnswer } from './answers';
import { Faults, openBrowser, openPage, press } from './browse';
import { House, operator } from './house';
import { until } from './processes';
import { figure, inMinutes, phaseOf, Story } from './story';

const title = 'Giao ban toàn thành phố';
const patient = { timeout: 90_000, interval: 200 };

const house = new House({ sites: 200, agents: 2, delegates: 4, studio: true });
const faults = new Faults();
let browser: Browser;
let page: Page; // the operator's
let desk: Page; // of the first hall with a real agent
let id = '';
let blackAtUs = 0;
let onBackupAtMs = 0; // some moment at which the halls were seen on it
const story = new Story('briefing', faults, () => [page, desk].filter((one) => one !== undefined));
const step = story.step.bind(story);

const session = () => house.get<SessionAnswer>(`/api/v1/sessions/${id}`);
const hall = () => house.halls[0] as (typeof house.halls)[number];
const site = (which: string) => house.get<SiteAnswer>(`/api/v1/sites/${which}`);
const tab = (name: string) => page.locator('.tabs-row').getByRole('link', { name, exact: true }).click();
const attendanceRow = () => page.getByRole('region', { name: 'Theo điểm cầu' }).getByRole('row').filter({ hasText: 'Điểm cầu trung tâm 1' });
// A figure is what the coordinator says at that time, which may go on changing.
const agrees = (word: string, of: (now: SessionAnswer) => number) =>
  expect.poll(async () => [(await figure(page, word))[0], of(await session())], patient).toSatisfy(([shown, told]) => shown === told);
const goTo = (name: string) => page.locator('header.bar nav').getByRole('link', { name, exact: true }).click();
const drawer = () => page.locator('.drawer');
const dialog = () => page.getByRole('dialog');
const blackAlarm = (): Locator => page.locator('.overview-side .alarm').filter({ hasText: 'đen' });

beforeAll(async () => {
  await house.openCentre();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await house.stop();
});

describe('one briefing', () => {
  step('the operator signs in with the one-time password, and must set an own one', async () => {
    page = await openPage(browser, faults, house.url);
    await page.getByLabel('Tài khoản').fill(operator);
    await page.getByLabel('Mật khẩu', { exact: true }).fill(house.oneTimePassword);
    await press(page, 'Đăng nhập');
    await page.getByLabel('Mật khẩu mới').fill('trống đồng Ngọc Lũ 1893');
    await press(page, 'Đăng nhập');
    await page.getByRole('heading', { name: 'Phiên hội nghị' }).waitFor();
    await page.getByText('Chưa có phiên nào.').first().waitFor();

    const other = await openPage(browser, faults, house.url);
    await other.getByLabel('Tài khoản').fill(operator);
    await other.getByLabel('Mật khẩu', { exact: true }).fill(house.oneTimePassword);
    await press(other, 'Đăng nhập');
    await other.getByRole('alert').waitFor();
    expect(await other.getByLabel('Mật khẩu mới').count()).toBe(0);
    await other.context().close();
  });

  step('import shows each bad line first, and then takes the roster', async () => {
    await goTo('Danh sách điểm cầu');
    await page.getByText('Chưa có điểm cầu nào.').first().waitFor();
    await press(page, 'Nhập danh sách');
    const files = house.rosterFiles();
    const bad = house.file('sai.csv', `${house.city.sites}X1,khong-co,Hội trường lạc\n`);
    await page.getByLabel('Tệp CSV').setInputFiles([files[0] ?? '', bad]);
    await dialog().getByRole('alert').filter({ hasText: '1 lỗi: chưa nhập được.' }).waitFor();
    await dialog().getByRole('row').filter({ hasText: 'sai.csv' }).filter({ hasText: String(house.city.size + 2) }).waitFor();
    expect(await page.getByRole('button', { name: /^Nhập .* dòng$/ }).isDisabled()).toBe(true);
    expect((await house.get<{ sites?: unknown[] }>('/api/v1/roster')).sites ?? []).toEqual([]);

    await page.getByLabel('Tệp CSV').setInputFiles(files);
    await page.getByText('Không có lỗi. Có thể nhập.').first().waitFor();
    await press(page, /^Nhập 1\.010 dòng$/);
    await page.getByText('Đã nhập danh sách.').first().waitFor();
    await page.getByText('10 địa bàn, 200 điểm cầu, 800 đại biểu').first().waitFor();
    await house.openHalls();
  });

  step('a new session takes in the whole city with one click, and is scheduled', async () => {
    await goTo('Phiên hội nghị');
    await page.getByRole('link', { name: 'Phiên mới', exact: true }).click();
    await page.getByLabel('Tên phiên').fill(title);
    await page.getByLabel('Bắt đầu', { exact: true }).fill(inMinutes(120));
    await press(page, 'Thêm buổi');
    await page.getByLabel('Tên buổi').fill('Buổi sáng');
    await page.getByLabel('Địa chỉ').nth(0).fill(house.feeds.main);
    await page.getByLabel('Địa chỉ').nth(1).fill(house.feeds.backup);
    await press(page, 'Chọn tất cả 200 điểm cầu');
    await page.getByText('Đã chọn 200 trong 200 điểm cầu').first().waitFor();
    await press(page, 'Lưu và lên lịch');
    await page.getByRole('heading', { name: title }).waitFor();
    await expect.poll(() => phaseOf(page).innerText(), patient).toBe('Đã lên lịch');
    id = /session\/([^/?]+)/.exec(page.url())?.[1] ?? '';
    expect((await session()).sites).toBe(200);
    await expect.poll(() => page.locator('.wall [data-site]').count(), patient).toBe(200);
  });

  step('one hall is asked to check again before any rehearsal, and measures', async () => {
    await page.getByLabel('Tìm điểm cầu').fill('trung tam 1');
    await page.locator('.wall [data-site="T01"]').click();
    await drawer().getByRole('button', { name: 'Kiểm tra lại', exact: true }).click();
    await until('T01 has measured both feeds', async () => (await site('T01')).status?.readiness?.checks?.filter((one) => /feed/.test(one.kind) && one.verdict === 'ok').length === 2);
    expect((await session()).session.phase).toBe('scheduled');
    await drawer().locator('.check-row').filter({ hasText: 'Luồng chính' }).getByText('✓').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Tìm điểm cầu').fill('');
  });

  step('the rehearsal tells who is ready, and of the others why and whom to call', async () => {
    await press(page, 'Chạy thử');
    await expect.poll(() => phaseOf(page).innerText(), patient).toBe('Chạy thử');
    for (const one of house.halls) house.desk(one, 'confirm', '--by', 'Lê Hà', '--all');
    const truth = await until('every site is checked', async () => {
      const now = await session();
      return now.checking === 0 && now.ready + now.not_ready >= now.sites - now.offline && now;
    });
    expect(truth.not_ready).toBeGreaterThan(0); // the city is made so
    for (const one of house.halls) await until(`${one.id} is ready on the real feeds`, async () => (await site(one.id)).status?.readiness?.verdict === 'ready');
    await agrees('Sẵn sàng', (now) => now.ready);
    const waiting = page.locator('.overview-side .waiting');
    await expect.poll(() => waiting.count(), patient).toBe((await session()).not_ready);
    expect(await waiting.first().locator('.why').innerText()).toMatch(/^Chưa sẵn sàng: .+/);
    expect(await waiting.first().locator('a[href^="tel:"]').count()).toBe(1);
  });

  step('arming runs the probes of the halls', async () => {
    await press(page, 'Vào chờ lệnh');
    await expect.poll(() => phaseOf(page).innerText(), patient).toBe('Chờ lệnh');
    for (const one of house.halls) {
      await until(`${one.id} receives both feeds`, async () => {
        const { status } = await site(one.id);
        return status?.phase === 'armed' && status.health?.filter((feed) => feed.connected).length === 2;
      });
    }
  });

  step('GO by keyboard: names of the unready, a word that must be right, and the launch told live', async () => {
    const missing = (await session()).not_ready;
    await page.getByRole('button', { name: 'PHÁT LỆNH' }).focus();
    await page.keyboard.press('Enter');
    await dialog().getByText(`${(await session()).ready}/200 sẵn sàng`).waitFor();
    expect(await dialog().locator('.waiting').count()).toBe(missing);
    await page.getByLabel(/^Hoặc gõ chữ/).focus();
    await page.keyboard.type('KHONG');
    await page.keyboard.press('Enter');
    expect((await session()).session.phase).toBe('armed');
    for (let n = 0; n < 5; ++n) await page.keyboard.press('Backspace');
    await page.keyboard.type('phat');
    await page.keyboard.press('Enter');
    await dialog().getByRole('heading', { name: 'Diễn biến phát lệnh' }).waitFor();
    const truth = await until('every site has an outcome', async () => {
      const now = await session();
      return now.session.phase === 'live' && now.pending === 0 && now;
    });
    expect(truth.started).toBeGreaterThan(180);
    const bar = (word: string) => dialog().locator('.launch-bar').filter({ hasText: word }).locator('dd').innerText();
    await expect.poll(() => bar('Đã lên hình'), patient).toBe(`${truth.started}/200`);
    expect(await bar('Đã nhận lệnh')).toBe(`${truth.acked}/200`);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    await expect.poll(() => phaseOf(page).innerText(), patient).toBe('Đang phát');
    await expect.poll(() => figure(page, 'Đã lên hình'), patient).toEqual([truth.started, 200]);
  });

  step('what the halls show is seen: in the drawer with its time, and on the wall of pictures', async () => {
    const isPicture = (image: Locator) => image.evaluate((one) => one instanceof HTMLImageElement && one.complete && one.naturalWidth >= 160);
    await page.getByLabel('Tìm điểm cầu').fill('trung tam 1');
    await page.locator('.wall [data-site="T01"]').click();
    const shown = drawer().getByRole('img', { name: /^Hình mới nhất .*\d\d:\d\d:\d\d/ });
    await shown.waitFor();
    await expect.poll(() => isPicture(shown), patient).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByLabel('Tìm điểm cầu').fill('');
    await tab('Hình ảnh');
    for (const one of house.halls) {
      const image = page.getByRole('img', { name: new RegExp(`^Hình ở ${(await site(one.id)).name}, `) });
      await image.waitFor();
      await expect.poll(() => isPicture(image), patient).toBe(true);
    }
    await tab('Tổng quan');
  });

  step('the main feed goes black everywhere: one alarm, and the halls are on the backup', async () => {
    await house.studio?.ask('main black', /"cue"/);
    await house.fleet?.ask('feed main black', /"cue":"feed"/);
    await blackAlarm().first().waitFor();
    await until('the halls are on the backup feed', async () => (await session()).on_backup > 180);
    await agrees('Luồng dự phòng', (now) => now.on_backup);
    onBackupAtMs = Date.now();
    for (const one of house.halls) await until(`${one.id} is on the backup`, async () => (await page.locator(`[data-site="${one.id}"].k-backup`).count()) === 1);
    expect(await blackAlarm().count()).toBe(1);
    const { alarms } = await house.get<{ alarms: AlarmAnswer[] }>(`/api/v1/sessions/${id}/alarms`);
    const ofFeeds = alarms.filter((one) => one.kind === 'feed' && one.feed_id === 'main');
    expect(ofFeeds.length).toBe(1);
    blackAtUs = Number(ofFeeds[0]?.raised_us);
  });

  step('the alarm is taken with a name, and another window sees it', async () => {
    const other = await page.context().newPage();
    await other.goto(`${house.url}#/alarms`);
    const there = other.locator('.alarm').filter({ hasText: 'đen' });
    await there.getByRole('button', { name: 'Nhận xử lý' }).waitFor();
    await blackAlarm().getByRole('button', { name: 'Nhận xử lý' }).click();
    await dialog().getByLabel(/^Ghi chú/).fill('đã gọi đài');
    await dialog().getByRole('button', { name: 'Nhận xử lý' }).click();
    await there.getByText(/Đang xử lý: Trực ban \(truc-ban\), \d\d:\d\d: đã gọi đài/).waitFor();
    await blackAlarm().getByText(/Đang xử lý: Trực ban/).waitFor();

    await house.studio?.ask('main ok', /"cue"/);
    await house.fleet?.ask('feed main ok', /"cue":"feed"/);
    await blackAlarm().waitFor({ state: 'detached' });
    const past = other.getByRole('row').filter({ hasText: 'đen' });
    await past.filter({ hasText: 'Trực ban (truc-ban)' }).waitFor();
    expect(await past.count()).toBe(1);
    await other.close();
  });

  step('a message to one hall is on its desk, and the console sees that it was read', async () => {
    await page.getByLabel('Tìm điểm cầu').fill('trung tam 1');
    await page.locator('.wall [data-site="T01"]').click();
    const drawer = page.locator('.drawer');
    await drawer.getByRole('button', { name: 'Nhắn tin' }).click();
    await dialog().getByLabel('Nội dung').fill('Kiểm tra lại loa');
    await dialog().getByRole('button', { name: 'Gửi' }).click();
    await page.getByText('Đã gửi tới 1 điểm cầu.').first().waitFor();
    desk = await openPage(browser, faults, hall().desk, { width: 390, height: 844 });
    await desk.getByText('Kiểm tra lại loa').first().waitFor();
    await press(desk, 'Đã đọc');
    await drawer.locator('li').filter({ hasText: 'Kiểm tra lại loa' }).getByText(/✓✓ đã đọc \d\d:\d\d/).first().waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });

  step('attendance entered while the hall has no line is kept, shown as unsent, and counted once when it is back', async () => {
    hall().line.cut();
    await page.locator('.wall [data-site="T01"].k-stale, .wall [data-site="T01"].k-offline').waitFor();
    await desk.goto(`${hall().desk}#/attendance`);
    await desk.getByLabel('Họ tên của bạn').fill('Trần An');
    for (let n = 0; n < 6; ++n) await press(desk, '+10 Có mặt');
    await press(desk, 'Gửi số người');
    await desk.getByText('Đã lưu', { exact: true }).first().waitFor();
    await desk.getByText(/mục đã lưu ở máy hội trường, chờ gửi về trung tâm/).first().waitFor();
    expect((await site('T01')).attendance?.reported ?? false).toBe(false);

    hall().line.mend();
    await desk.getByText('Mọi thứ đã tới trung tâm').first().waitFor();
    await tab('Điểm danh');
    // The wall that is about to go has such a field too.
    const list = page.locator('section.card').filter({ has: page.getByRole('heading', { name: 'Theo điểm cầu' }) });
    await list.getByLabel('Tìm điểm cầu').fill('trung tam 1');
    const row = attendanceRow();
    await expect.poll(() => row.getByRole('cell').nth(1).innerText(), patient).toBe('60');
    expect(await row.innerText()).toContain('Trần An');
  });

  step('a correction needs a reason, and the old count stays on the timeline', async () => {
    const row = attendanceRow();
    await row.getByRole('button', { name: 'Nhập hoặc sửa' }).click();
    await dialog().getByLabel('Có mặt').fill('58');
    expect(await dialog().getByRole('button', { name: 'Lưu' }).isDisabled()).toBe(true);
    await dialog().getByLabel('Sửa số đã báo: Lý do').fill('đếm nhầm hàng cuối');
    await dialog().getByRole('button', { name: 'Lưu' }).click();
    await expect.poll(() => row.getByRole('cell').nth(1).innerText(), patient).toBe('58');
    expect((await site('T01')).attendance?.counted?.present).toBe(58);
    await tab('Diễn biến');
    await page.getByLabel('Tìm trong diễn biến').fill('dem nham hang cuoi');
    await expect.poll(() => page.locator('.timeline li').count(), patient).toBe(1);
  });

  step('end and close ask first; the report says what the coordinator counted', async () => {
    await house.fleet?.ask('headcounts', /"cue":"headcounts"/);
    await until('the records of all halls are at the centre', async () => {
      await house.fleet?.ask('status', /"pending_records"/);
      return house.fleet?.lines.at(-1)?.includes('"pending_records":0') ?? false;
    });
    await tab('Tổng quan');
    await press(page, 'Kết thúc');
    await dialog().getByText('Màn hình ở 200 điểm cầu sẽ ngừng chiếu.').first().waitFor();
    expect((await session()).session.phase).toBe('live');
    await dialog().getByRole('button', { name: 'Kết thúc' }).click();
    await expect.poll(() => phaseOf(page).innerText(), patient).toBe('Đã kết thúc');
    await press(page, 'Khóa sổ');
    await dialog().getByRole('button', { name: 'Khóa sổ' }).click();
    await expect.poll(() => phaseOf(page).innerText(), patient).toBe('Đã khóa sổ');

    const report = await house.get<ReportAnswer>(`/api/v1/sessions/${id}/report`);
    expect(report.final).toBe(true);
    expect(report.attendance[0]?.reported_sites).toBeGreaterThan(150);
    await tab('Báo cáo');
    await page.getByText('Báo cáo cuối cùng').first().waitFor();
    expect(await figure(page, 'Lên hình đúng giờ')).toEqual([report.launch.started, report.launch.sites]);
    const counted = page.locator('section.card').filter({ hasText: 'Điểm danh: Buổi sáng' });
    const dotted = String(report.attendance[0]?.total.present ?? 0).replace(/\B(?=(\d{3})+(?!\d))/g, '.');
    expect((await counted.innerText()).split(/\s+/)).toContain(dotted);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Điểm danh (CSV)' }).click()]);
    expect(file.suggestedFilename()).toMatch(/\.csv$/);
  });

  step('the replay shows the moment at which the feed was black, on the page of a closed session', async () => {
    await tab('Xem lại');
    const slider = page.getByLabel('Thời điểm');
    await slider.waitFor();
    await expect.poll(() => page.locator('.replay-main [data-site]').count(), patient).toBe(200);
    const alarms = page.locator('.replay-main section').filter({ hasText: 'Cảnh báo lúc đó' });
    // A range input moves by the keyboard too; here the wanted moment is set at once.
    const lookAt = (ms: number) => slider.evaluate((input: HTMLInputElement, to) => {
      input.value = String(to);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, ms);
    await lookAt(blackAtUs / 1000 + 500);
    await alarms.getByText('đen').first().waitFor();
    await lookAt(onBackupAtMs + 2000); // the recorder writes changes of about a second together
    await expect.poll(async () => (await figure(page.locator('.replay'), 'Luồng dự phòng'))[0], patient).toBeGreaterThan(180);
    await slider.focus();
    await page.keyboard.press('Home');
    await alarms.getByText('Không có.').first().waitFor();
  });
});
