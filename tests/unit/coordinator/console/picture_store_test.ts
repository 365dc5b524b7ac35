// Pictures of sites: the newest counts, and none is held longer than it is shown.
import { create } from '@bufbuild/protobuf';
import { afterEach, expect, it, vi } from 'vitest';
import { SiteThumbnailSchema } from '@messages/history_pb';
import { Pictures } from '../../../../coordinator/console/session/picture_store';

const picture = (siteId: string, arrivedUs: bigint, bytes = [255, 216]) =>
  create(SiteThumbnailSchema, { siteId, arrivedUs, thumbnail: { jpeg: new Uint8Array(bytes) } });

afterEach(() => vi.restoreAllMocks());

it('keeps the newest of each site, and gives back what it replaced', () => {
  const given = vi.spyOn(URL, 'revokeObjectURL');
  const pictures = new Pictures();
  pictures.take([picture('A', 1_000n), picture('B', 2_000n)], 2_000n);
  const first = pictures.bySite.get('A')?.url;
  pictures.take([picture('A', 3_000n)], 3_000n);
  expect([...pictures.bySite.keys()].sort()).toEqual(['A', 'B']);
  expect(pictures.bySite.get('A')?.arrivedMs).toBe(3);
  expect(given.mock.calls).toEqual([[first]]);
  pictures.clear();
  expect(given).toHaveBeenCalledTimes(3);
  expect(pictures.bySite.size).toBe(0);
});

it('an empty picture changes nothing, and the mark never goes back', () => {
  const pictures = new Pictures();
  pictures.take([picture('A', 5_000n)], 5_000n);
  pictures.take([picture('A', 6_000n, [])], 4_000n);
  expect(pictures.bySite.get('A')?.arrivedMs).toBe(5);
  expect(pictures.newestUs).toBe(5_000n);
});
