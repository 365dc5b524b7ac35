// The largest tiles at which every site is on the screen without scrolling: areas in columns, in order, none torn apart
// unless it is longer than a column. Pure: the same counts and the same room give the same wall.
export interface AreaCount {
  id: string;
  count: number;
  /** A few sites whose names say nothing when they are cut short: their tiles are as wide as this, where the column is. */
  least?: number;
}

export interface Block {
  id: string;
  /** Of the area's sites, in order. */
  from: number;
  to: number;
  /** It began in the column before. */
  isRest: boolean;
  perRow: number;
  tileWidth: number;
}

export interface Fit {
  tileWidth: number;
  tileHeight: number;
  perRow: number;
  columns: Block[][];
  /** False: even the smallest tiles do not fit, so the wall scrolls. */
  fits: boolean;
}

export const gap = 3;
export const headHeight = 22;
const blockGap = 8;
const columnGap = 14;
/** Below it a tile cannot be hit: WCAG 2.2 asks for 24. */
export const leastTile = 24;
/** Of a tile: three halls fill no screen. */
const most = 360, highest = 120;
/** Of a column: the name of its area must be legible. */
const leastColumn = 128;

function rowOf(area: AreaCount, perRow: number, tileWidth: number): { perRow: number; tileWidth: number } {
  if (area.least === undefined || tileWidth >= area.least) return { perRow, tileWidth };
  const room = perRow * (tileWidth + gap);
  const wide = Math.max(1, Math.min(area.count, Math.floor(room / (area.least + gap))));
  return { perRow: wide, tileWidth: Math.min(most, Math.floor(room / wide) - gap) };
}

export function place(areas: readonly AreaCount[], columnPerRow: number, tileHeight: number, height: number, columnTile = leastTile): Block[][] {
  const columns: Block[][] = [[]];
  let used = 0;
  const rowHeight = tileHeight + gap;
  const open = () => {
    columns.push([]);
    used = 0;
  };
  for (const area of areas) {
    const { perRow, tileWidth } = rowOf(area, columnPerRow, columnTile);
    let from = 0;
    while (from < area.count) {
      const rows = Math.ceil((area.count - from) / perRow);
      const head = headHeight + (used > 0 ? blockGap : 0);
      const room = Math.floor((height - used - head) / rowHeight);
      const isLonger = rows > Math.floor((height - headHeight) / rowHeight);
      if (room < rows && used > 0 && (!isLonger || room < 2)) {
        open();
        continue;
      }
      const taken = Math.max(1, Math.min(rows, room));
      const to = Math.min(area.count, from + taken * perRow);
      columns.at(-1)?.push({ id: area.id, from, to, isRest: from > 0, perRow, tileWidth });
      used += head + taken * rowHeight;
      from = to;
      if (from < area.count) open();
    }
  }
  return columns;
}

/** The highest tile at which these columns hold all; 0: not even the least. */
function heightThatFits(areas: readonly AreaCount[], perRow: number, columns: number, width: number, height: number): number {
  const holds = (tile: number) => place(areas, perRow, tile, height, width).length <= columns;
  let low = leastTile, high = Math.max(leastTile, Math.min(highest, width));
  if (!holds(low)) return 0;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** An area that goes on in the next column is harder to find than one with smaller tiles. */
const tornWorth = 0.75;

/** Large tiles are good, very flat or very high ones are not. */
const worth = (width: number, height: number): number => Math.min(width, 2.4 * height) * Math.min(height, width);

export function fit(areas: readonly AreaCount[], width: number, height: number): Fit {
  const longest = Math.max(1, ...areas.map((area) => area.count));
  let best: Fit | null = null, bestWorth = 0, bestColumns = 0;
  for (let columns = 1; columns <= 16; ++columns) {
    const columnWidth = (width - columnGap * (columns - 1)) / columns;
    for (let perRow = 1; ; ++perRow) {
      const tileWidth = Math.min(most, Math.floor((columnWidth + gap) / perRow) - gap);
      if (tileWidth < leastTile) break;
      if (worth(tileWidth, highest) < bestWorth) break;
      if (perRow * (tileWidth + gap) - gap < Math.min(leastColumn, width)) continue;
      const highestFound = heightThatFits(areas, perRow, columns, tileWidth, height);
      if (highestFound === 0) continue;
      // As high as it goes, or as high as leaves the longest area in one column.
      const whole = Math.floor((height - headHeight) / Math.ceil(longest / perRow)) - gap;
      for (const tileHeight of new Set([highestFound, Math.max(leastTile, Math.min(highestFound, whole))])) {
        const placed = place(areas, perRow, tileHeight, height, tileWidth);
        const isTorn = placed.some((column) => column.some((block) => block.isRest));
        const found = worth(tileWidth, tileHeight) * (isTorn ? tornWorth : 1);
        // Of the same size, side by side rather than below each other.
        if (placed.length > columns || found < bestWorth || (found === bestWorth && columns !== bestColumns)) continue;
        bestWorth = found;
        bestColumns = columns;
        best = { tileWidth, tileHeight, perRow, columns: placed, fits: true };
      }
    }
  }
  if (best !== null) return best;
  const perRow = Math.max(1, Math.floor((width + gap) / (leastTile + 18 + gap)));
  const tileWidth = Math.floor((width - gap * (perRow - 1)) / perRow);
  return { tileWidth, tileHeight: leastTile + 8, perRow, columns: place(areas, perRow, leastTile + 8, Infinity, tileWidth), fits: false };
}

const few = 6;
/** Some twelve letters. */
const leastName = 108;

/** How an area's tiles must be for the names that stand on them. */
export function countOf(id: string, short: readonly string[]): AreaCount {
  const isWordy = short.length <= few && short.some((name) => name.length > 4);
  return isWordy ? { id, count: short.length, least: leastName } : { id, count: short.length };
}

/**
 * Names for tiles below the name of their area: "Hội trường Ba Đình 7" in "Phường Ba Đình" is "Hội trường 7". Where two would
 * be the same then, all keep what they have.
 */
export function namesBelow(names: readonly string[], area: string): string[] {
  const of = area.trim().split(/\s+/);
  const shorter = names.map((name) => {
    const words = name.trim().split(/\s+/);
    // All of it, or without the word that says what kind of place it is. A single word out of its middle may mean another place.
    for (const part of [of, of.slice(1)]) {
      if (part.length === 0) break;
      const at = words.findIndex((_, n) => part.every((word, k) => words[n + k] === word));
      if (at >= 0) return [...words.slice(0, at), ...words.slice(at + part.length)].join(' ') || name;
    }
    return name;
  });
  return new Set(shorter).size === names.length ? shorter : [...names];
}

/**
 * Names for small tiles. Halls of an area are mostly told apart by their last word, a number: "19". Where they are not, the
 * words that all begin with are left out.
 */
export function shortNames(names: readonly string[]): string[] {
  const words = names.map((name) => name.trim().split(/\s+/));
  const last = words.map((one) => one.at(-1) ?? '');
  if (words.length > 1 && new Set(last).size === last.length && last.every((one) => one.length <= 4)) return last;
  let same = words.length < 2 ? 0 : (words[0]?.length ?? 1) - 1;
  for (const one of words) {
    let at = 0;
    while (at < same && at < one.length - 1 && one[at] === words[0]?.[at]) ++at;
    same = at;
  }
  return words.map((one) => one.slice(same).join(' '));
}
