// Which sites take part, as the page edits it (a set of sites) and as a session stores it (everyone, whole areas, single
// sites). Pure. Whole areas are stored as areas: a site that is added to one later takes part too.
import { create } from '@bufbuild/protobuf';
import { SelectionSchema, type Selection } from '@messages/session_pb';
import type { Site } from '@messages/roster_pb';
import { fold } from '@web/fold';
import type { AreaNode } from '../live/roster';

export type Picked = ReadonlySet<string>;

export function sitesByArea(sites: readonly Site[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const site of sites) {
    const list = found.get(site.areaId);
    if (list === undefined) found.set(site.areaId, [site.id]);
    else list.push(site.id);
  }
  return found;
}

/** All sites of an area and of those below it. */
export function sitesBelow(node: AreaNode, byArea: ReadonlyMap<string, readonly string[]>): string[] {
  return [...(byArea.get(node.area.id) ?? []), ...node.children.flatMap((child) => sitesBelow(child, byArea))];
}

/** The sites that a stored selection names now. */
export function pickedOf(selection: Selection | undefined, tree: readonly AreaNode[], sites: readonly Site[]): Picked {
  if (selection === undefined) return new Set();
  if (selection.everyone) return new Set(sites.map((site) => site.id));
  const picked = new Set(selection.siteIds);
  const byArea = sitesByArea(sites);
  const areas = new Set(selection.areaIds);
  const walk = (node: AreaNode) => {
    if (areas.has(node.area.id)) for (const id of sitesBelow(node, byArea)) picked.add(id);
    else node.children.forEach(walk);
  };
  tree.forEach(walk);
  const tags = new Set(selection.tags), names = new Set(selection.names.map(fold));
  for (const site of sites) {
    if (site.tags.some((tag) => tags.has(tag)) || names.has(fold(site.name))) picked.add(site.id);
  }
  return picked;
}

/** The shortest way to say which sites are picked. */
export function selectionOf(picked: Picked, tree: readonly AreaNode[], sites: readonly Site[]): Selection {
  const selection = create(SelectionSchema);
  if (sites.length > 0 && sites.every((site) => picked.has(site.id))) {
    selection.everyone = true;
    return selection;
  }
  const byArea = sitesByArea(sites);
  const left = new Set(picked);
  const walk = (node: AreaNode) => {
    const below = sitesBelow(node, byArea);
    if (below.length > 0 && below.every((id) => picked.has(id))) {
      selection.areaIds.push(node.area.id);
      for (const id of below) left.delete(id);
    } else {
      node.children.forEach(walk);
    }
  };
  tree.forEach(walk);
  selection.siteIds.push(...[...left].sort());
  return selection;
}

export function withAll(picked: Picked, ids: readonly string[], isIn: boolean): Picked {
  const next = new Set(picked);
  for (const id of ids) {
    if (isIn) next.add(id);
    else next.delete(id);
  }
  return next;
}
