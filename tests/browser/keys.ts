// Somebody with a keyboard and nothing else: goes from one stop to the next until the wanted one, and must always see where.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const mostStops = 150;

interface Stop {
  name: string;
  isSeen: boolean;
}

function stopOf(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const here = document.activeElement;
    if (!(here instanceof HTMLElement) || here === document.body) return { name: '', isSeen: true };
    const label = 'labels' in here ? (here as HTMLInputElement).labels?.[0]?.textContent : undefined;
    const style = getComputedStyle(here);
    const isSeen = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
    return { name: (here.getAttribute('aria-label') ?? label ?? here.textContent ?? '').trim(), isSeen };
  });
}

/** Tab until the focus is on what has this name; every stop on the way shows that it has the focus. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  const matches = (found: string) => (typeof name === 'string' ? found === name : name.test(found));
  for (let n = 0; n < mostStops; ++n) {
    const stop = await stopOf(page);
    expect(stop.isSeen, `the focus is seen on "${stop.name}"`).toBe(true);
    if (matches(stop.name)) return;
    passed.push(stop.name);
    await page.keyboard.press('Tab');
  }
  throw new Error(`no stop "${String(name)}" by Tab; there are: ${[...new Set(passed)].join(' | ')}`);
}

export async function pressAt(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

/** Into the field of this name, in place of what is in it. */
export async function typeAt(page: Page, name: string | RegExp, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}
