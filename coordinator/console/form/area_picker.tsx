// The tree of areas with counts: a box picks an area with all below it, and unfolds to its sites.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Site } from '@messages/roster_pb';
import { Button } from '@web/components/button';
import { finds, fold } from '@web/fold';
import { number } from '@web/numbers';
import { areaTree, type AreaNode, type RosterData } from '../live/roster';
import { sitesBelow, sitesByArea, withAll, type Picked } from './selection';
import { f } from './texts';

interface BranchProps {
  node: AreaNode;
  depth: number;
  byArea: ReadonlyMap<string, readonly string[]>;
  sites: ReadonlyMap<string, Site>;
  picked: Picked;
  query: string;
  isDisabled: boolean;
  onChange: (picked: Picked) => void;
}

function ThirdStateBox(props: { label: string; isAll: boolean; isSome: boolean; isDisabled: boolean; onChange: (isIn: boolean) => void }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = props.isSome && !props.isAll;
  }, [props.isSome, props.isAll]);
  return <input ref={box} type="checkbox" aria-label={props.label} checked={props.isAll} disabled={props.isDisabled} onChange={(event) => props.onChange(event.currentTarget.checked)} />;
}

function isFound(props: BranchProps): boolean {
  const { node, query, byArea, sites } = props;
  if (query === '' || finds(fold(node.area.name), query)) return true;
  if ((byArea.get(node.area.id) ?? []).some((id) => finds(fold(sites.get(id)?.name ?? ''), query))) return true;
  return node.children.some((child) => isFound({ ...props, node: child }));
}

function Branch(props: BranchProps) {
  const { node, byArea, sites, picked, query } = props;
  const [isUnfolded, setUnfolded] = useState(props.depth === 0);
  const below = useMemo(() => sitesBelow(node, byArea), [node, byArea]);
  if (!isFound(props)) return null;
  const count = below.reduce((sum, id) => sum + (picked.has(id) ? 1 : 0), 0);
  const isAreaFound = query !== '' && finds(fold(node.area.name), query);
  const shows = isUnfolded || query !== '';
  const own = (byArea.get(node.area.id) ?? []).filter((id) => query === '' || isAreaFound || finds(fold(sites.get(id)?.name ?? ''), query));
  return (
    <li>
      <div class="branch">
        <button type="button" class="unfold" aria-expanded={shows} aria-label={f(shows ? 'fold' : 'unfold', { name: node.area.name })} onClick={() => setUnfolded(!isUnfolded)}>{shows ? '▾' : '▸'}</button>
        <ThirdStateBox label={node.area.name} isAll={below.length > 0 && count === below.length} isSome={count > 0} isDisabled={props.isDisabled || below.length === 0}
          onChange={(isIn) => props.onChange(withAll(picked, below, isIn))} />
        <span>{node.area.name}</span>
        <span class="soft small">{number(count)}/{number(below.length)}</span>
      </div>
      {shows && (
        <ul>
          {node.children.map((child) => <Branch {...props} key={child.area.id} node={child} depth={props.depth + 1} query={isAreaFound ? '' : query} />)}
          {own.map((id) => (
            <li key={id}>
              <label class="check"><input type="checkbox" checked={picked.has(id)} disabled={props.isDisabled} onChange={(event) => props.onChange(withAll(picked, [id], event.currentTarget.checked))} />{sites.get(id)?.name ?? id}</label>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

export function AreaPicker(props: { roster: RosterData; picked: Picked; isDisabled: boolean; onChange: (picked: Picked) => void }) {
  const [query, setQuery] = useState('');
  const { roster, picked } = props;
  const tree = useMemo(() => areaTree(roster), [roster]);
  const byArea = useMemo(() => sitesByArea(roster.sites), [roster]);
  const sites = useMemo(() => new Map(roster.sites.map((site) => [site.id, site])), [roster]);
  const all = roster.sites.map((site) => site.id);
  return (
    <div class="picker">
      <div class="picker-head">
        <strong role="status">{f('picked', { n: number(picked.size), m: number(all.length) })}</strong>
        <Button kind="main" disabled={props.isDisabled || picked.size === all.length} onClick={() => props.onChange(new Set(all))}>{f('all', { n: number(all.length) })}</Button>
        <Button disabled={props.isDisabled || picked.size === 0} onClick={() => props.onChange(new Set())}>{f('none')}</Button>
      </div>
      <input type="search" aria-label={f('findSite')} placeholder={f('findSite')} value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
      <ul class="tree" tabIndex={0} aria-label={f('sites')}>
        {tree.map((node) => (
          <Branch key={node.area.id} node={node} depth={0} byArea={byArea} sites={sites} picked={picked} query={fold(query)} isDisabled={props.isDisabled} onChange={props.onChange} />
        ))}
      </ul>
    </div>
  );
}
