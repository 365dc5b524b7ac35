// axe over a page: the rules of WCAG 2.2 A and AA.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Found { violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }
type WithAxe = { axe?: { run(where: string | Document, how: unknown): Promise<Found> } };

// The page needs `bypassCSP`: its own policy lets nothing in.
export class Axe {
  constructor(private readonly page: Page) {}
  /** `where`: a part of the page alone, as a selector. */
  async violations(where = ''): Promise<string[]> {
    if (!(await this.page.evaluate(() => (globalThis as unknown as WithAxe).axe !== undefined))) await this.page.evaluate(source);
    const found = await this.page.evaluate(async ({ runOnly, part }) => {
      const { axe } = globalThis as unknown as Required<WithAxe>;
      return axe.run(part === '' ? document : part, { runOnly, resultTypes: ['violations'] });
    }, { runOnly: rules, part: where });
    return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  }
}
