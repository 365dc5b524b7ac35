// Attendance as it is read: the whole first, parts below what they belong to, and the age of the newest count.
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { SiteAttendanceSchema } from '@messages/attendance_pb';
import { AreaSchema, SiteSchema } from '@messages/roster_pb';
import { areaTree } from '../../../../coordinator/console/live/roster';
import { areaPlaces, newestReport } from '../../../../coordinator/console/session/attendance_order';

const area = (id: string, parentId: string, name: string) => [id, create(AreaSchema, { id, parentId, name })] as const;

describe('areas', () => {
  it('come before what is below them, by name', () => {
    const tree = areaTree({
      areas: new Map([area('b', 'tp', 'Phường Ba Đình'), area('b2', 'b', 'Tổ 2'), area('tp', '', 'Thành phố'), area('a', 'tp', 'Khối trung tâm')]),
      sites: [create(SiteSchema, { id: 'D1', areaId: 'b2' })], delegates: 0,
    });
    expect([...areaPlaces(tree)].map(([id, { at, depth }]) => [id, at, depth])).toEqual([['tp', 0, 0], ['a', 1, 1], ['b', 2, 1], ['b2', 3, 2]]);
  });
});

describe('the newest report', () => {
  const site = (siteId: string, reported: boolean, atUs: bigint) => create(SiteAttendanceSchema, { siteId, reported, atUs });
  it('is of those that have reported', () => {
    expect(newestReport([site('a', true, 5n), site('b', false, 9n), site('c', true, 7n)])?.siteId).toBe('c');
    expect(newestReport([site('b', false, 9n)])).toBeUndefined();
  });
});
