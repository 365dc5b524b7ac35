// The wall's arithmetic: every site once and in order, nothing outside of the room, large tiles where there are few.
import { describe, expect, it } from 'vitest';
import { countOf, fit, gap, headHeight, leastTile, namesBelow, place, shortNames, type AreaCount } from '../../../../coordinator/console/wall/fit';

const city = (...counts: number[]): AreaCount[] => counts.map((count, at) => ({ id: `a${at}`, count }));
const even = (areas: number, each: number) => city(...Array.from({ length: areas }, () => each));

function heightOf(column: { from: number; to: number }[], perRow: number, tile: number): number {
  return column.reduce((sum, block) => sum + headHeight + 8 + Math.ceil((block.to - block.from) / perRow) * (tile + gap), -8);
}

describe.each([
  ['766 in areas of 25', even(30, 25).concat({ id: 'last', count: 16 }), 1892, 860],
  ['766 beside a column', even(30, 25).concat({ id: 'last', count: 16 }), 1450, 800],
  ['766 in uneven areas', city(300, 1, 2, 3, 120, 40, 40, 200, 60), 1892, 860],
  ['one area of 766', city(766), 1892, 860],
  ['3 sites', city(3), 1450, 800],
  ['236 sites', even(10, 23).concat({ id: 'last', count: 6 }), 1450, 800],
])('%s', (_, areas, width, height) => {
  const found = fit(areas, width, height);
  it('fits, with tiles that can be hit', () => {
    expect(found.fits).toBe(true);
    expect(found.tileWidth).toBeGreaterThanOrEqual(leastTile);
    expect(found.tileHeight).toBeGreaterThanOrEqual(leastTile);
    for (const column of found.columns) expect(heightOf(column, found.perRow, found.tileHeight)).toBeLessThanOrEqual(height);
    const across = found.columns.length * (found.perRow * (found.tileWidth + gap) - gap) + 14 * (found.columns.length - 1);
    expect(across).toBeLessThanOrEqual(width);
  });
  it('shows every site once and in order', () => {
    for (const area of areas) {
      const blocks = found.columns.flat().filter((block) => block.id === area.id);
      expect(blocks.map((block) => [block.from, block.to])).toEqual(
        blocks.map((block, at) => [at === 0 ? 0 : blocks[at - 1]?.to, block.to]),
      );
      expect(blocks.at(-1)?.to).toBe(area.count);
      expect(blocks.map((block) => block.isRest)).toEqual(blocks.map((_block, at) => at > 0));
    }
  });
});

describe('a few sites among many', () => {
  const areas = [...even(30, 25), countOf('centre', ['Điểm cầu trung tâm 1'])];
  const found = fit(areas, 1450, 800);
  const centre = found.columns.flat().find((block) => block.id === 'centre');
  it('have tiles that hold their names, within the column', () => {
    expect(found.fits).toBe(true);
    expect(found.tileWidth).toBeLessThan(60);
    expect(centre?.tileWidth).toBeGreaterThanOrEqual(108);
    expect((centre?.tileWidth ?? 0) + gap).toBeLessThanOrEqual(found.perRow * (found.tileWidth + gap));
  });
  it('leave the others as they are', () => {
    for (const block of found.columns.flat()) if (block.id !== 'centre') expect([block.perRow, block.tileWidth]).toEqual([found.perRow, found.tileWidth]);
  });
  it('are below each other where the column is narrow', () => {
    const block = place([countOf('centre', ['Sở Y tế', 'Công an', 'Mặt trận'])], 4, 30, 500, 32)[0]?.[0];
    expect([block?.perRow, block?.to]).toEqual([1, 3]);
  });
  it('need no more than the others where numbers tell them apart', () => expect(countOf('a', ['1', '2'])).toEqual({ id: 'a', count: 2 }));
});

describe('names below the name of the area', () => {
  it('leave it out', () => expect(namesBelow(['Hội trường Ba Đình 7', 'Nhà văn hóa Ba Đình 8', 'Hội trường 9'], 'Phường Ba Đình'))
    .toEqual(['Hội trường 7', 'Nhà văn hóa 8', 'Hội trường 9']));
  it('stay whole where they would be the same, and are never empty', () => {
    expect(namesBelow(['Ba Đình 1', 'Phường Ba Đình 1'], 'Phường Ba Đình')).toEqual(['Ba Đình 1', 'Phường Ba Đình 1']);
    expect(namesBelow(['Ba Đình'], 'Phường Ba Đình')).toEqual(['Ba Đình']);
    expect(namesBelow(['Hội trường Đình Công 3'], 'Phường Ba Đình')).toEqual(['Hội trường Đình Công 3']);
  });
});

describe('the wall', () => {
  it('gives few sites large tiles', () => {
    expect(fit(city(3), 1450, 800).tileWidth).toBeGreaterThan(150);
    expect(fit(city(30), 1450, 800).tileWidth).toBeGreaterThan(fit(even(31, 25), 1450, 800).tileWidth);
  });
  it('leaves room for the names of areas', () => {
    for (const height of [400, 560, 700, 860]) {
      const found = fit(even(31, 25), 1892, height);
      expect(found.perRow * (found.tileWidth + gap)).toBeGreaterThanOrEqual(128);
    }
  });
  it('puts few sites side by side', () => expect(fit(city(3), 1450, 800).perRow).toBeGreaterThanOrEqual(3));
  it('scrolls where nothing fits, and still shows all', () => {
    const found = fit(even(40, 100), 390, 400);
    expect(found.fits).toBe(false);
    expect(found.columns.flat().reduce((sum, block) => sum + block.to - block.from, 0)).toBe(4000);
  });
  it('is nothing where there is nothing', () => expect(place([], 5, 30, 500)).toEqual([[]]));
  it('does not tear an area apart that fits into a column', () => {
    for (const areas of [even(31, 25), [...even(7, 25), ...city(5)], even(8, 25)])
      for (const block of fit(areas, 1892, 860).columns.flat()) expect(block.isRest).toBe(false);
    for (const block of fit([...even(7, 25), ...city(5)], 1482, 740).columns.flat()) expect(block.isRest).toBe(false);
  });
});

describe('short names', () => {
  it('leave out what all begin with, and never everything', () => {
    expect(shortNames(['Hội trường Ba Đình 1', 'Hội trường Ba Đình 12'])).toEqual(['1', '12']);
    expect(shortNames(['Nhà văn hóa', 'Nhà văn hóa'])).toEqual(['hóa', 'hóa']);
    expect(shortNames(['Hội trường 1', 'Trường THPT 2'])).toEqual(['1', '2']);
    expect(shortNames(['Hội trường 1', 'Trường THPT 1'])).toEqual(['Hội trường 1', 'Trường THPT 1']);
    expect(shortNames(['UBND Kim Liên', 'UBND Phương Mai'])).toEqual(['Liên', 'Mai']);
    expect(shortNames(['UBND Trường Thọ', 'UBND Trường Chinh'])).toEqual(['Thọ', 'Chinh']);
    expect(shortNames(['Một mình'])).toEqual(['Một mình']);
    expect(shortNames([])).toEqual([]);
  });
});
