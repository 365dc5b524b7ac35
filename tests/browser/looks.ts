// A page for everybody: axe finds no violation, nothing is wider than the window or cut off, and the page says its language.
// In four looks, which hold each pair of language, theme and size.
import type { Page } from 'playwright-core';
import { Axe } from './axe';

export interface Look {
  lang: 'vi' | 'en';
  theme: 'light' | 'dark';
  size: 'desktop' | 'telephone';
}

export const sizes = { desktop: { width: 1920, height: 1080 }, telephone: { width: 390, height: 844 } } as const;

export const looks: readonly Look[] = [
  { lang: 'vi', theme: 'light', size: 'desktop' }, { lang: 'vi', theme: 'dark', size: 'telephone' },
  { lang: 'en', theme: 'light', size: 'telephone' }, { lang: 'en', theme: 'dark', size: 'desktop' },
];

/** Without loading the page anew. */
export async function dress(page: Page, look: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: look.theme });
  await page.setViewportSize(sizes[look.size]);
  // Transitions between the themes and what measures itself: two frames later all is drawn.
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    for (const one of document.getAnimations()) {
      if (one instanceof CSSTransition) one.finish();
    }
  });
}

// In the page. A text that is cut is fine where pointing at it shows the whole.
function flaws(lang: string): string[] {
  const found: string[] = [];
  const wider = document.documentElement.scrollWidth - innerWidth;
  if (wider > 0) found.push(`wider than the window by ${wider} pixels`);
  if (document.documentElement.lang !== lang) found.push(`the page says that it is in "${document.documentElement.lang}"`);
  if (document.title.trim() === '') found.push('the page has no title');
  for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
    if (element.clientWidth <= 2 || element.matches('input, select, textarea, svg *') || element.closest('[title], [aria-hidden="true"]')) continue;
    const { overflowX, overflowY } = getComputedStyle(element);
    const cut = (overflow: string, whole: number, room: number) => (overflow === 'hidden' || overflow === 'clip') && whole > room + 1;
    if (!cut(overflowX, element.scrollWidth, element.clientWidth) && !cut(overflowY, element.scrollHeight, element.clientHeight + 2)) continue;
    const text = element.innerText.trim();
    if (text !== '') found.push(`cut off: <${element.tagName.toLowerCase()} class="${element.className}"> ${text.slice(0, 60)}`);
  }
  return found;
}

export async function flawsOf(page: Page, look: Look, where = ''): Promise<string[]> {
  const found = await page.evaluate(flaws, look.lang);
  return [...found, ...(await new Axe(page).violations(where))];
}
