// axe over a page: the rules of WCAG 2.2 A and AA.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Found { violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }

// The page needs `bypassCSP`: its own policy lets nothing in.
export class Axe {
  constructor(private readonly page: Page) {}
  async violations(): Promise<string[]> {
    await this.page.evaluate(source);
    const found = await this.page.evaluate(async (runOnly) => {
      const axe = (globalThis as unknown as { axe: { run(where: Document, how: unknown): Promise<Found> } }).axe;
      return axe.run(document, { runOnly });
    }, rules);
    return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  }
}
