// A story told in steps, each a test: when one fails, the later ones say so at once, and what the page looked like is kept.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Faults } from './browse';

const keptIn = fileURLToPath(new URL('../../build/browser/', import.meta.url));

export class Story {
  private broken = '';
  constructor(private readonly name: string, private readonly faults: Faults, private readonly pages: () => readonly Page[]) {}

  step(title: string, act: () => Promise<void>): void {
    it(title, async () => {
      if (this.broken !== '') throw new Error(`not reached, because this failed before: ${this.broken}`);
      try {
        await act();
        expect(this.faults.take()).toEqual([]);
      } catch (error) {
        this.broken = title;
        await this.keep();
        throw error;
      }
    });
  }

  private async keep(): Promise<void> {
    mkdirSync(keptIn, { recursive: true });
    for (const [n, page] of this.pages().entries()) {
      await page.screenshot({ path: `${keptIn}${this.name}-${n}.png` }).catch(() => undefined);
    }
  }
}

/** The number in one of the figures at the head of a session: "748/766" as [748, 766]. */
export async function figure(page: Page | Locator, word: string): Promise<number[]> {
  const box = page.locator(`.figure:has(dt:text-is("${word}"))`);
  const text = await box.first().locator('dd').evaluate((dd) => (dd.querySelector('b')?.textContent ?? '') + (dd.querySelector('.of')?.textContent ?? ''));
  return text.replace(/[.,\s]/g, '').split('/').map(Number);
}

/** The phase that the rail marks as the present one. */
export const phaseOf = (page: Page): Locator => page.locator('.rail [aria-current="step"]');

/** The wall clock of the session's zone in so many minutes, as people write it. */
export function inMinutes(minutes: number, zone = 'Asia/Ho_Chi_Minh'): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).formatToParts(Date.now() + minutes * 60_000);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('day')}/${part('month')}/${part('year')} ${part('hour')}:${part('minute')}`;
}
