// Areas and sites of the roster: names and the tree. Asked for once, and again when somebody imported.
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { signal } from '@preact/signals';
import { AreaSchema, SiteSchema, type Area, type Site } from '@messages/roster_pb';
import { getJson } from './api';

export interface RosterData {
  areas: ReadonlyMap<string, Area>;
  sites: readonly Site[];
  delegates: number;
}

export const roster = signal<RosterData | null>(null);
let asking: Promise<void> | null = null;

async function fetchRoster(): Promise<void> {
  const answer = (await getJson('/api/v1/roster')) as { areas: JsonValue[]; sites: JsonValue[]; delegates: number };
  const options = { ignoreUnknownFields: true };
  const areas = answer.areas.map((one) => fromJson(AreaSchema, one, options));
  roster.value = {
    areas: new Map(areas.map((area) => [area.id, area])),
    sites: answer.sites.map((one) => fromJson(SiteSchema, one, options)),
    delegates: answer.delegates,
  };
}

export function needRoster(again = false): Promise<void> {
  if (roster.value !== null && !again) return Promise.resolve();
  asking ??= fetchRoster().finally(() => {
    asking = null;
  });
  return asking;
}

export function areaName(id: string): string {
  return roster.value?.areas.get(id)?.name ?? id;
}

/** "Thành phố › Phường Ba Đình", without the root that all share. */
export function areaPath(id: string): string {
  const names: string[] = [];
  let at = roster.value?.areas.get(id);
  for (let depth = 0; at !== undefined && depth < 16; ++depth) {
    names.unshift(at.name);
    at = roster.value?.areas.get(at.parentId);
  }
  return (names.length > 1 ? names.slice(1) : names).join(' › ') || id;
}

export interface AreaNode {
  area: Area;
  children: AreaNode[];
  /** Sites that hang here or below. */
  sites: number;
}

export function areaTree(data: RosterData): AreaNode[] {
  const nodes = new Map<string, AreaNode>();
  for (const area of data.areas.values()) nodes.set(area.id, { area, children: [], sites: 0 });
  const roots: AreaNode[] = [];
  for (const node of nodes.values()) (nodes.get(node.area.parentId)?.children ?? roots).push(node);
  for (const site of data.sites) {
    let at = nodes.get(site.areaId);
    for (let depth = 0; at !== undefined && depth < 16; ++depth) {
      ++at.sites;
      at = nodes.get(at.area.parentId);
    }
  }
  const sort = (list: AreaNode[]) => {
    list.sort((a, b) => a.area.name.localeCompare(b.area.name, 'vi', { numeric: true }));
    for (const node of list) sort(node.children);
  };
  sort(roots);
  return roots;
}
