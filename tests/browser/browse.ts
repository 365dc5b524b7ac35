// Pages in Debian's Chromium. What a page's code throws, or its policy refuses, is kept and fails the test.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';

export const chromiumPath = process.env['DIEMCAU_CHROMIUM'] ?? '/usr/bin/chromium';

export async function openBrowser(extra: readonly string[] = []): Promise<Browser> {
  if (!existsSync(chromiumPath)) throw new Error(`${chromiumPath} is not there: apt-get install chromium`);
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: chromiumPath, args: [...(isRoot ? ['--no-sandbox'] : []), ...extra] });
}

export interface Look {
  lang?: 'vi' | 'en';
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
}

export class Faults {
  private readonly seen: string[] = [];
  watch(page: Page): void {
    page.on('pageerror', (error) => this.seen.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && message.text().includes('Content Security Policy')) this.seen.push(message.text());
    });
  }
  /** Those since the last time. */
  take(): string[] {
    return this.seen.splice(0);
  }
}

/** A window of its own, signed in as nobody. */
export async function openPage(browser: Browser, faults: Faults, address: string, look: Look = {}, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1920, height: look.height ?? 1080 }, colorScheme: look.theme ?? 'light', ...options,
  });
  await context.addInitScript((lang) => localStorage.setItem('diemcau.lang', lang), look.lang ?? 'vi');
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  faults.watch(page);
  await page.goto(address);
  return page;
}

export const press = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name, exact: true }).click();

const signInWords = { vi: ['Tài khoản', 'Mật khẩu', 'Đăng nhập', 'Đăng xuất'], en: ['Account', 'Password', 'Sign in', 'Sign out'] } as const;

export async function signIn(page: Page, name: string, password: string, lang: 'vi' | 'en' = 'vi'): Promise<void> {
  const [account, word, act, out] = signInWords[lang];
  await page.getByLabel(account, { exact: true }).fill(name);
  await page.getByLabel(word, { exact: true }).fill(password);
  await press(page, act);
  await page.getByRole('button', { name: out }).waitFor();
}
