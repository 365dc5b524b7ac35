// Attendance as it is read: the whole before its parts, and how new the counts are. Pure.
import type { SiteAttendance } from '@messages/attendance_pb';
import type { AreaNode } from '../live/roster';

export interface AreaPlace {
  /** Position in the tree, each area before what is below it. */
  at: number;
  depth: number;
}

export function areaPlaces(tree: readonly AreaNode[]): Map<string, AreaPlace> {
  const places = new Map<string, AreaPlace>();
  const walk = (nodes: readonly AreaNode[], depth: number) => {
    for (const node of nodes) {
      places.set(node.area.id, { at: places.size, depth });
      walk(node.children, depth + 1);
    }
  };
  walk(tree, 0);
  return places;
}

/** The site that reported last; undefined: nobody has. */
export function newestReport(sites: readonly SiteAttendance[]): SiteAttendance | undefined {
  return sites.reduce<SiteAttendance | undefined>((newest, one) => (one.reported && (newest === undefined || one.atUs > newest.atUs) ? one : newest), undefined);
}
