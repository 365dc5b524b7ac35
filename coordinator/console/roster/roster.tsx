// The roster: every site with its area, contact, link, version and key; import and enrolment start here.
import './roster.css';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { SiteIdentity_State } from '@messages/enrolment_pb';
import { LinkState_Name, SiteListSchema, type SiteView } from '@messages/view_pb';
import { Button } from '@web/components/button';
import { Table } from '@web/components/table';
import { finds, fold } from '@web/fold';
import { number } from '@web/numbers';
import { ageText, millis } from '@web/times';
import { get } from '../live/api';
import { nowMs } from '../live/clock';
import { mayEnrol, maySteer } from '../live/me';
import { areaName, areaPath, areaTree, needRoster, roster, type AreaNode } from '../live/roster';
import { useLoaded } from '../parts/loaded';
import { identityWord, linkWord, w } from '../words';
import { ImportDialog } from './import_dialog';
import { SiteDialog } from './site_dialog';
import { r } from './texts';
import { TokensDialog } from './tokens_dialog';

const firstRows = 200;

function areasBelow(nodes: readonly AreaNode[], id: string, isInside = false): string[] {
  return nodes.flatMap((node) => {
    const inside = isInside || node.area.id === id;
    return [...(inside ? [node.area.id] : []), ...areasBelow(node.children, id, inside)];
  });
}

function options(nodes: readonly AreaNode[], depth = 0): { id: string; name: string }[] {
  return nodes.flatMap((node) => [
    { id: node.area.id, name: `${'\u2003'.repeat(depth)}${node.area.name} (${number(node.sites)})` },
    ...options(node.children, depth + 1),
  ]);
}

export function LinkCell({ site }: { site: SiteView }) {
  return <span class={`link-sign ${LinkState_Name[site.link] ?? ''}`}><i aria-hidden="true" />{linkWord(site.link)}</span>;
}

export const heardText = (site: SiteView): string =>
  site.heardUs === 0n ? w('never') : w('ago', { t: ageText(nowMs() - millis(site.heardUs)) });

function SitesTable(props: { sites: readonly SiteView[]; onOpen: (id: string) => void }) {
  return (
    <Table caption={r('title')} rows={props.sites} rowKey={(one) => one.siteId} empty={r('empty')}
      columns={[
        {
          key: 'site', title: r('site'), order: (one) => one.name,
          cell: (one) => <><button type="button" class="as-link" aria-label={r('open', { name: one.name })} onClick={() => props.onOpen(one.siteId)}>{one.name}</button> <span class="soft small">{one.siteId}</span></>,
        },
        { key: 'area', title: r('area'), order: (one) => areaName(one.areaId), cell: (one) => areaPath(one.areaId) },
        {
          key: 'contact', title: r('contact'), order: (one) => one.technician?.name ?? '',
          cell: (one) => <>{one.technician?.name} {one.technician?.phone && <a href={`tel:${one.technician.phone}`}>{one.technician.phone}</a>}</>,
        },
        { key: 'link', title: r('link'), order: (one) => one.link, cell: (one) => <LinkCell site={one} /> },
        { key: 'heard', title: r('heard'), order: (one) => -Number(one.heardUs), cell: heardText },
        { key: 'version', title: r('version'), order: (one) => one.agentVersion, cell: (one) => one.agentVersion || '–' },
        { key: 'key', title: r('key'), order: (one) => one.identity?.state ?? 0, cell: (one) => identityWord(one.identity?.state ?? SiteIdentity_State.never) },
      ]} />
  );
}

type Open = { kind: 'import' } | { kind: 'tokens'; ids: readonly string[] } | { kind: 'site'; id: string } | null;

export function RosterPage() {
  const [query, setQuery] = useState('');
  const [area, setArea] = useState('');
  const [isAll, setAll] = useState(false);
  const [open, setOpen] = useState<Open>(null);
  const { data, failure, again } = useLoaded(() => get(SiteListSchema, '/api/v1/sites'), [], 15_000);
  useEffect(() => {
    // Without names of areas their ids are shown.
    needRoster(true).catch(() => undefined);
  }, []);
  const known = roster.value;
  const tree = useMemo(() => (known === null ? [] : areaTree(known)), [known]);
  const inside = useMemo(() => new Set(area === '' ? [] : areasBelow(tree, area)), [tree, area]);
  const found = (data?.sites ?? []).filter((site) =>
    (area === '' || inside.has(site.areaId)) &&
    finds(fold(`${site.name} ${site.siteId} ${site.technician?.name ?? ''} ${site.technician?.phone ?? ''}`), query));
  const close = () => {
    setOpen(null);
    again();
  };
  const chosen = open?.kind === 'site' ? data?.sites.find((site) => site.siteId === open.id) : undefined;
  return (
    <div class="roster-page">
      <header class="head">
        <h1>{r('title')}</h1>
        {mayEnrol.value && <Button onClick={() => setOpen({ kind: 'tokens', ids: [] })}>{r('enrolAll')}</Button>}
        {maySteer.value && <Button kind="main" onClick={() => setOpen({ kind: 'import' })}>{r('import')}</Button>}
      </header>
      {known && <p class="soft">{r('counts', { areas: number(known.areas.size), sites: number(known.sites.length), delegates: number(known.delegates) })}</p>}
      {failure && <p class="told bad" role="alert">{failure}</p>}
      <div class="tools">
        <input type="search" aria-label={r('find')} placeholder={r('find')} value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
        <select aria-label={r('area')} value={area} onChange={(event) => setArea(event.currentTarget.value)}>
          <option value="">{r('everyArea')}</option>
          {options(tree).map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
        </select>
        <span class="soft small" role="status">{r('shown', { n: number(found.length) })}</span>
        {(['areas', 'sites', 'delegates'] as const).map((kind) => (
          <a key={kind} class="button" href={`/api/v1/roster/${kind}.csv`} download={`${kind}.csv`}>{r(`${kind}File`)}</a>
        ))}
      </div>
      {data === undefined ? <p class="soft">{failure ? '' : w('loading')}</p> : (
        <SitesTable sites={isAll ? found : found.slice(0, firstRows)} onOpen={(id) => setOpen({ kind: 'site', id })} />
      )}
      {!isAll && found.length > firstRows && <div><Button onClick={() => setAll(true)}>{r('more', { n: number(found.length) })}</Button></div>}
      {open?.kind === 'import' && <ImportDialog onClose={close} />}
      {open?.kind === 'tokens' && <TokensDialog siteIds={open.ids} onClose={close} />}
      {chosen && <SiteDialog site={chosen} onClose={close} onTokens={() => setOpen({ kind: 'tokens', ids: [chosen.siteId] })} />}
    </div>
  );
}
