// A console that is left open: each minute what it holds, at the end how much of that grows. In between a hall's area loses its
// line and gets it back, as in a real briefing.
import type { Browser, CDPSession, Page } from 'playwright-core';
import { memory, processNow } from './gauges';
import type { House } from './house';
import { until } from './processes';

/** Left out of the fit: what fills up once (caches, compiled code, the kept timeline) is no growth. */
const warmUpMinutes = 10;

interface Reading {
  minute: number;
  values: Record<string, number>;
}

const units: Record<string, string> = {
  heap: 'MB of heap after a forced collection', nodes: 'DOM nodes', listeners: 'listeners', documents: 'documents', renderer: 'MB of the renderer (PSS)',
  coordinator: 'MB of the coordinator (RSS)', descriptors: 'descriptors of the coordinator',
};

async function read(minute: number, browser: Browser, protocol: CDPSession, house: House): Promise<Reading> {
  const page = await memory(browser, protocol);
  const centre = processNow(house.coordinatorPid);
  return {
    minute,
    values: {
      heap: page.heapMB, nodes: page.nodes, listeners: page.listeners, documents: page.documents, renderer: page.rendererMB,
      coordinator: centre.rssMB, descriptors: centre.descriptors,
    },
  };
}

/** Least squares: growth an hour, and the standard error of it. */
export function growth(points: readonly (readonly [number, number])[]): { perHour: number; error: number } {
  const n = points.length;
  const mean = (of: (point: readonly [number, number]) => number) => points.reduce((sum, one) => sum + of(one), 0) / n;
  const midX = mean(([x]) => x), midY = mean(([, y]) => y);
  const spread = points.reduce((sum, [x]) => sum + (x - midX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - midX) * (y - midY), 0) / spread;
  const rest = points.reduce((sum, [x, y]) => sum + (y - midY - slope * (x - midX)) ** 2, 0);
  return { perHour: slope * 60, error: n > 2 ? Math.sqrt(rest / (n - 2) / spread) * 60 : NaN };
}

function conclude(readings: readonly Reading[]): void {
  const last = readings.at(-1)?.minute ?? 0;
  const from = last > warmUpMinutes + 2 ? warmUpMinutes : 0;
  const fitted = readings.filter((one) => one.minute >= from);
  if (fitted.length < 3) return console.log('figure: too few minutes for a growth');
  for (const [name, unit] of Object.entries(units)) {
    const { perHour, error } = growth(fitted.map((one) => [one.minute, one.values[name] ?? NaN] as const));
    const [first, end] = [fitted[0]?.values[name] ?? NaN, fitted.at(-1)?.values[name] ?? NaN];
    console.log(`figure: growth in an hour, minutes ${from.toFixed(0)} to ${last.toFixed(0)}: ${perHour >= 0 ? '+' : ''}${perHour.toFixed(2)} ± ${error.toFixed(2)} ${unit} `
      + `(${first.toFixed(1)} at first, ${end.toFixed(1)} at the end)`);
  }
}

// Asked of the page itself: a locator looks at what it finds, and leaves nodes there for each attribute.
const lostTiles = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('.wall .k-offline, .wall .k-stale').length);

async function oneEvent(house: House, page: Page, area: string): Promise<void> {
  await house.fleet?.ask(`area ${area} cut`, /"cue":"area"/);
  await until(`${area} is lost`, async () => (await lostTiles(page)) > 0, 120_000);
  await house.fleet?.ask(`area ${area} back`, /"cue":"area"/);
  await until(`${area} is back`, async () => (await lostTiles(page)) === 0, 120_000);
}

/** `events`: one area a minute loses its line and has it again, before the reading. */
export async function leftOpen(browser: Browser, page: Page, house: House, minutes: number, events: boolean): Promise<void> {
  const protocol = await page.context().newCDPSession(page);
  const readings: Reading[] = [];
  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 60_000;
  const areas = house.simulatedAreas;
  console.log(`the wall stays open for ${minutes} minutes, ${events ? 'with an area cut off and back each minute' : 'and nothing happens'}`);
  for (let turn = 0; ; ++turn) {
    const one = await read(elapsed(), browser, protocol, house);
    readings.push(one);
    console.log(`minute ${one.minute.toFixed(1)}: ${Object.entries(one.values).map(([name, value]) => `${value.toFixed(name === 'heap' ? 2 : 0)} ${units[name] ?? name}`).join(', ')}`);
    if (elapsed() >= minutes) break;
    if (events) await oneEvent(house, page, areas[turn % areas.length] ?? '');
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, (turn + 1) * 60_000 - (performance.now() - begun))));
  }
  conclude(readings);
}
