// The second factor from the first QR code until it is taken off again, with codes that the test computes as a telephone does.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator, totpCode } from './authenticator';
import { Faults, openBrowser, openPage, press, signIn } from './browse';
import { House } from './house';
import { readQr } from './read_qr';
import { Story } from './story';

const admin = 'quan-tri';
const house = new House({ sites: 1 });
const faults = new Faults();
let browser: Browser;
let page: Page;
let telephone: Authenticator;
let recovery: string[] = [];
const story = new Story('account', faults, () => (page === undefined ? [] : [page]));
const step = story.step.bind(story);

const factor = () => page.locator('form').filter({ has: page.getByRole('heading', { name: 'Xác nhận hai bước' }) });
const code = () => page.getByLabel('Mã xác nhận', { exact: true });
const isIn = () => page.getByRole('heading', { name: 'Phiên hội nghị' }).waitFor();

async function signOut(): Promise<void> {
  await press(page, 'Đăng xuất');
  await page.getByRole('heading', { name: 'Đăng nhập bảng điều hành' }).waitFor();
}

async function passwordOnly(): Promise<void> {
  await page.getByLabel('Tài khoản', { exact: true }).fill(admin);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(house.adminPassword);
  await press(page, 'Đăng nhập');
}

async function refused(word: string): Promise<void> {
  await code().fill(word);
  await press(page, 'Đăng nhập');
  await page.getByRole('alert').waitFor();
  expect((await page.getByRole('alert').innerText()).trim()).not.toBe('');
  expect(await page.getByRole('button', { name: 'Đăng xuất' }).count()).toBe(0);
  expect((await page.context().cookies()).length).toBe(0);
}

beforeAll(async () => {
  await house.openCentre();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await house.stop();
});

it('the codes are those of RFC 6238', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'; // "12345678901234567890", appendix B
  expect([59, 1_111_111_109, 20_000_000_000].map((s) => totpCode(secret, Math.floor(s / 30)))).toEqual(['287082', '081804', '353130']);
});

describe('the second factor', () => {
  step('is set up in the account page: key and QR say the same, a wrong code turns nothing on', async () => {
    page = await openPage(browser, faults, `${house.url}#/account`);
    await passwordOnly();
    await page.getByRole('button', { name: 'Bật xác nhận hai bước' }).click();
    const secret = (await factor().locator('.mono').innerText()).trim();
    const scanned = await readQr(page, 'form svg');
    expect(new URL(scanned).protocol).toBe('otpauth:');
    expect(new URL(scanned).searchParams.get('secret')).toBe(secret);

    telephone = new Authenticator(secret);
    await factor().getByLabel('Mã', { exact: true }).fill(telephone.wrong());
    await factor().getByRole('button', { name: 'Đồng ý' }).click();
    await factor().getByRole('alert').waitFor();
    expect(await page.getByText('Đang bật: mỗi lần').count()).toBe(0);

    await factor().getByLabel('Mã', { exact: true }).fill(telephone.next());
    await factor().getByRole('button', { name: 'Đồng ý' }).click();
    await page.getByText('Đang bật: mỗi lần').waitFor();
    recovery = await factor().locator('.codes li').allInnerTexts();
    expect(new Set(recovery).size).toBeGreaterThan(4);
  });

  step('the password alone lets nobody in, nor does a wrong code', async () => {
    await signOut();
    await passwordOnly();
    await code().waitFor();
    await refused(telephone.wrong());
  });

  step('the code of the telephone does, once', async () => {
    const good = telephone.next();
    await code().fill(good);
    await press(page, 'Đăng nhập');
    await page.getByRole('button', { name: 'Đăng xuất' }).waitFor();
    await signOut();
    await passwordOnly();
    await code().waitFor();
    await refused(good);
  });

  step('without the telephone a recovery code does, once', async () => {
    await code().fill(recovery[0] ?? '');
    await press(page, 'Đăng nhập');
    await page.getByRole('button', { name: 'Đăng xuất' }).waitFor();
    await signOut();
    await passwordOnly();
    await code().waitFor();
    await refused(recovery[0] ?? '');
    await code().fill(recovery[1] ?? '');
    await press(page, 'Đăng nhập');
    await page.getByRole('button', { name: 'Đăng xuất' }).waitFor();
  });

  step('a mistyped present password is told where it was typed, and throws nobody out', async () => {
    await page.goto(`${house.url}#/account`);
    await page.getByLabel('Mật khẩu hiện tại').fill('not this one');
    await page.getByLabel(/^Mật khẩu mới/).fill('trống đồng Ngọc Lũ 1893');
    const form = page.locator('form').filter({ has: page.getByRole('heading', { name: 'Đổi mật khẩu' }) });
    await press(page, 'Lưu');
    await form.getByRole('alert').waitFor();
    expect(await page.getByRole('button', { name: 'Đăng xuất' }).count()).toBe(1);
  });

  step('is taken off with a code alone, and then the password is enough', async () => {
    await page.goto(`${house.url}#/account`);
    await factor().getByLabel('Mã', { exact: true }).fill(telephone.wrong());
    await factor().getByRole('button', { name: 'Tắt xác nhận hai bước' }).click();
    await factor().getByRole('alert').waitFor();
    await page.getByText('Đang bật: mỗi lần').waitFor();
    await factor().getByLabel('Mã', { exact: true }).fill(telephone.next());
    await factor().getByRole('button', { name: 'Tắt xác nhận hai bước' }).click();
    await page.getByText('Đang tắt.').waitFor();
    await signOut();
    await page.goto(`${house.url}#/sessions`);
    await signIn(page, admin, house.adminPassword);
    await isIn();
  });

  step('a window whose sign-in ended elsewhere asks for it again', async () => {
    const other = await page.context().newPage();
    await other.goto(house.url);
    await press(other, 'Đăng xuất');
    await other.getByRole('heading', { name: 'Đăng nhập bảng điều hành' }).waitFor();
    await other.close();
    await page.goto(`${house.url}#/audit`);
    await page.getByRole('heading', { name: 'Đăng nhập bảng điều hành' }).waitFor();
  });
});
