// What the bench reads of a page: frames, memory, and when a tile of the wall became something.
import { readFileSync, readdirSync } from 'node:fs';
import type { Browser, CDPSession, Page } from 'playwright-core';

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export interface Frames {
  perSecond: number;
  longestMs: number;
  p99Ms: number;
}

export async function frames(page: Page, seconds: number): Promise<Frames> {
  const at = await page.evaluate((ms) => new Promise<number[]>((resolve) => {
    const seen: number[] = [];
    const end = performance.now() + ms;
    const step = (now: number) => {
      seen.push(now);
      if (now < end) requestAnimationFrame(step);
      else resolve(seen);
    };
    requestAnimationFrame(step);
  }), seconds * 1000);
  const gaps = at.slice(1).map((now, n) => now - (at[n] ?? now)).sort((a, b) => a - b);
  const whole = ((at.at(-1) ?? 0) - (at[0] ?? 0)) / 1000;
  return { perSecond: (at.length - 1) / whole, longestMs: gaps.at(-1) ?? NaN, p99Ms: quantile(gaps, 0.99) };
}

export interface Memory {
  heapMB: number;
  /** Of the process that draws the page, its share of what is shared counted in. */
  rendererMB: number;
  nodes: number;
  listeners: number;
  documents: number;
}

export interface ProcessNow {
  rssMB: number;
  descriptors: number;
}

export function processNow(pid: number): ProcessNow {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { rssMB: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? NaN) / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

export async function memory(browser: Browser, protocol: CDPSession): Promise<Memory> {
  await protocol.send('Performance.enable');
  await protocol.send('HeapProfiler.collectGarbage');
  const { metrics } = await protocol.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? NaN;
  const all = await browser.newBrowserCDPSession();
  const { processInfo } = await all.send('SystemInfo.getProcessInfo');
  await all.detach();
  const sizes = processInfo.filter((one) => one.type === 'renderer').map((one) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one.id}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      return 0; // it has ended meanwhile
    }
  });
  return {
    heapMB: metric('JSHeapUsedSize') / 1e6, rendererMB: Math.max(0, ...sizes), nodes: metric('Nodes'), listeners: metric('JSEventListeners'),
    documents: metric('Documents'),
  };
}

// In the page: what has become of its tiles, in the order of the frames that showed it.
interface TileLog {
  entries: { site: string; kinds: string[]; at: number }[];
  waiters: Set<() => void>;
}
type WithLog = { tileLog: TileLog };

/** From now on notes the frame in which each tile of the wall gets other classes. */
export async function watchTiles(page: Page): Promise<void> {
  await page.evaluate(() => {
    const log: TileLog = { entries: [], waiters: new Set() };
    Object.assign(globalThis, { tileLog: log });
    let changed: { site: string; kinds: string[] }[] = [];
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        if (target instanceof HTMLElement && target.dataset.site !== undefined) changed.push({ site: target.dataset.site, kinds: [...target.classList] });
      }
      // The next frame draws what has changed now; when the one after it begins, that has been handed to the screen.
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const at = Date.now();
        log.entries.push(...changed.map((one) => ({ ...one, at })));
        changed = [];
        for (const look of log.waiters) look();
      }));
    }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['class'] });
  });
}

/** Waits for the first frame since then that shows the tile so: milliseconds since 1970. */
export function frameOf(page: Page, site: string, kind: string, sinceMs: number): Promise<number> {
  return page.evaluate((wanted) => new Promise<number>((resolve) => {
    const log = (globalThis as unknown as WithLog).tileLog;
    const look = () => {
      const found = log.entries.find((one) => one.at >= wanted.sinceMs && one.site === wanted.site && one.kinds.includes(wanted.kind));
      if (found === undefined) return;
      log.waiters.delete(look);
      resolve(found.at);
    };
    log.waiters.add(look);
    look();
  }), { site, kind, sinceMs });
}

/** The first frame of each tile that showed it so. */
export function framesOf(page: Page, kind: string): Promise<Record<string, number>> {
  return page.evaluate((wanted) => {
    const first: Record<string, number> = {};
    for (const one of (globalThis as unknown as WithLog).tileLog.entries) if (one.kinds.includes(wanted)) first[one.site] ??= one.at;
    return first;
  }, kind);
}

/** The sites whose tiles are so now. */
export function tilesOf(page: Page, kind: string): Promise<string[]> {
  return page.evaluate((wanted) => [...document.querySelectorAll<HTMLElement>(`.wall .${wanted}[data-site]`)].map((one) => one.dataset.site ?? ''), kind);
}
