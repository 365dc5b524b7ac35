// A site's history for the charts: gaps where nothing was measured, and no zeros there.
import { create } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { SiteHistorySchema } from '@messages/history_pb';
import { columnsOf } from '../../../../coordinator/console/site/columns';

it('a step without a measurement is a gap in every line', () => {
  const columns = columnsOf(create(SiteHistorySchema, {
    firstUs: 1_000_000_000n, stepMs: 5000, kbps: [1500, -1, 0], lost: [2, 0, 0], rttMs: [12, 0, 0], lufs: [-23, -120, -120],
  }));
  expect(columns.times).toEqual([1000, 1005, 1010]);
  expect(columns.kbps).toEqual([1500, null, 0]);
  expect(columns.lost).toEqual([2, null, 0]);
  expect(columns.rtt).toEqual([12, null, null]);
  expect(columns.lufs).toEqual([-23, null, -70]);
});

it('nothing at all is nothing', () => {
  expect(columnsOf(create(SiteHistorySchema)).times).toEqual([]);
});
