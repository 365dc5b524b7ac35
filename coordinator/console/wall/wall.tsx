// The wall: every site a tile, grouped by area, all on one screen. Each tile hangs on its own signal, and is drawn again only
// when what it says changes. One tab stop; arrow keys move between tiles.
import { computed, useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Phase_Name } from '@messages/session_pb';
import { LinkState_Name } from '@messages/view_pb';
import { finds, fold } from '@web/fold';
import { defineTexts, language } from '@web/language';
import { ageText, millis } from '@web/times';
import { second } from '../live/clock';
import type { Live } from '../live/live';
import { areaName, roster } from '../live/roster';
import { countOf, fit, gap, namesBelow, shortNames, type AreaCount, type Fit } from './fit';
import { isTrouble, kindWord, type Kind } from './verdict';
import { verdictAt } from './verdict_at';

const t = defineTexts({
  wall: ['Tường điểm cầu', 'The wall of sites'],
  continued: ['{name} (tiếp)', '{name} (continued)'],
  notYet: ['Các điểm cầu hiện ra khi phiên được lên lịch.', 'The sites appear once the session is scheduled.'],
  none: ['Không có điểm cầu nào theo bộ lọc này.', 'No site matches this filter.'],
  hint: ['Dùng phím mũi tên để đi giữa các điểm cầu, Enter để mở.', 'Arrow keys move between sites, Enter opens one.'],
});

export interface WallFilter {
  text: string;
  area: string;
  kind: Kind | '';
}
export const noFilter: WallFilter = { text: '', area: '', kind: '' };

export interface WallProps {
  live: Live;
  phase: ReadonlySignal<Phase_Name>;
  filter: WallFilter;
  chosen: string;
  onOpen: (siteId: string) => void;
  /** Of the room that the wall has; measured where it is not given. */
  scrolls?: boolean;
}

/** Wide enough for a whole name. */
const roomy = 150;

interface Group {
  id: string;
  sites: { id: string; name: string; below: string; short: string }[];
}

/** Areas in the order of their names, their sites in the order of ids. */
function groupsOf(live: Live, filter: WallFilter, phase: ReadonlySignal<Phase_Name>): Group[] {
  const byArea = new Map<string, string[]>();
  for (const id of live.siteIds.value) {
    const cell = live.sites.get(id);
    if (cell === undefined) continue;
    const site = cell.peek();
    if (filter.area !== '' && site.areaId !== filter.area) continue;
    if (filter.text !== '' && !finds(fold(`${site.name} ${id}`), filter.text)) continue;
    if (filter.kind !== '' && verdictAt(live, id, phase)?.kind !== filter.kind) continue;
    const list = byArea.get(site.areaId);
    if (list === undefined) byArea.set(site.areaId, [id]);
    else list.push(id);
  }
  const ids = [...byArea.keys()].sort((a, b) => areaName(a).localeCompare(areaName(b), 'vi', { numeric: true }));
  return ids.map((id) => {
    const sites = byArea.get(id) ?? [];
    const names = sites.map((site) => live.sites.get(site)?.peek().name || site);
    const short = shortNames(names), below = namesBelow(names, areaName(id));
    return { id, sites: sites.map((site, at) => ({ id: site, name: names[at] ?? site, below: below[at] ?? site, short: short[at] ?? site })) };
  });
}

interface Look {
  kind: Kind;
  note: string;
  name: string;
}

function lookOf(live: Live, id: string, phase: ReadonlySignal<Phase_Name>): Look {
  const verdict = verdictAt(live, id, phase);
  const site = live.sites.get(id)?.value;
  if (site === undefined || verdict === undefined) return { kind: 'never', note: '', name: id };
  const { kind, note } = verdict;
  const isOld = site.link === LinkState_Name.stale || site.link === LinkState_Name.offline;
  const age = isOld && site.heardUs !== 0n ? ageText(second.value - millis(site.heardUs)) : '';
  return { kind, note: note || age, name: site.name || id };
}

interface TileProps {
  live: Live;
  id: string;
  text: string;
  isOneLine: boolean;
  phase: ReadonlySignal<Phase_Name>;
  isChosen: boolean;
  isStop: boolean;
  showsNote: boolean;
}

// The last word is what halls of one kind are told apart by: on one line it is never cut off.
function TileName({ text }: { text: string }) {
  const at = text.lastIndexOf(' ') + 1;
  return <span class="tile-name">{at > 0 && <span class="tile-head">{text.slice(0, at)}</span>}<span class="tile-last">{text.slice(at)}</span></span>;
}

// A name on some lines, cut off where they end; the number that it ends with is below the mark, where it never is.
function TileLines({ text }: { text: string }) {
  const at = text.lastIndexOf(' ') + 1;
  const hasNumber = at > 0 && text.length - at <= 3;
  return (
    <>
      <i class={hasNumber ? 'shape above' : 'shape'} aria-hidden="true" />
      <span class="tile-lines">{hasNumber ? text.slice(0, at) : text}</span>
      {hasNumber && <b class="tile-number">{text.slice(at)}</b>}
    </>
  );
}

function Tile(props: TileProps) {
  // As one string, so that an update which changes nothing to be seen ends here.
  const look = useComputed(() => {
    const { kind, note, name } = lookOf(props.live, props.id, props.phase);
    return `${kind}\n${note}\n${name}\n${language.value}`;
  });
  const [kind, note, name] = look.value.split('\n') as [Kind, string, string];
  const word = kindWord(kind);
  // What is read on the tile comes first, in the same order: for those who say aloud what they press.
  const seen = isTrouble(kind) || kind === 'backup' ? note || word : word;
  const rest = seen === word ? note : word;
  const what = seen.toLowerCase().includes(rest.toLowerCase()) ? seen : `${seen}, ${rest}`;
  return (
    <button type="button" class={`tile k-${kind}${props.isChosen ? ' chosen' : ''}`} data-site={props.id} title={`${name}\n${what}`}
      aria-label={name.endsWith(props.text) ? `${name}: ${what}` : `${props.text}: ${what} (${name})`} tabIndex={props.isStop ? 0 : -1} aria-pressed={props.isChosen}>
      {props.isOneLine ? <><i class="shape" aria-hidden="true" /><TileName text={props.text} /></> : <TileLines text={props.text} />}{' '}
      {props.showsNote && <small class="tile-note">{seen}</small>}
    </button>
  );
}

function AreaSum(props: { live: Live; ids: readonly string[]; phase: ReadonlySignal<Phase_Name> }) {
  const sum = useComputed(() => {
    let good = 0;
    for (const id of props.ids) {
      const kind = verdictAt(props.live, id, props.phase)?.kind;
      if (kind !== undefined && !isTrouble(kind)) ++good;
    }
    return good;
  });
  const isAll = sum.value === props.ids.length;
  return <span class={isAll ? 'sum' : 'sum partly'}>{sum.value}/{props.ids.length}</span>;
}

export function Wall(props: WallProps) {
  const { live, phase } = props;
  const box = useRef<HTMLDivElement>(null);
  const room = useSignal({ width: 0, height: 0 });
  const stop = useSignal('');
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      const now = room.peek();
      if (width !== now.width || height !== now.height) room.value = { width, height };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  const filter = props.filter;
  const groups = useMemo(() => computed(() => {
    void roster.value;
    return groupsOf(live, filter, phase);
  }), [live, filter.text, filter.area, filter.kind, phase]);
  const counts: AreaCount[] = groups.value.map((group) => countOf(group.id, group.sites.map((site) => site.short)));
  const { width, height } = room.value;
  const shape = counts.map((one) => `${one.id}:${one.count}:${one.least ?? ''}`).join();
  const found: Fit | null = useMemo(
    () => (width === 0 || counts.length === 0 ? null : fit(counts, width, props.scrolls ? 1 : Math.max(height, 60))),
    [shape, width, height, props.scrolls],
  );
  const byId = new Map(groups.value.map((group) => [group.id, group]));
  const first = groups.value[0]?.sites[0]?.id ?? '';
  const isThere = groups.value.some((group) => group.sites.some((site) => site.id === stop.value));
  const stopAt = isThere ? stop.value : first;

  const open = (event: Event) => {
    const tile = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-site]') : null;
    if (tile?.dataset.site === undefined) return;
    stop.value = tile.dataset.site;
    props.onOpen(tile.dataset.site);
  };
  const move = (event: KeyboardEvent) => {
    const next = found === null ? null : neighbour(event, box.current, found.perRow);
    if (next === null) return;
    event.preventDefault();
    stop.value = next.dataset.site ?? '';
    next.tabIndex = 0;
    next.focus();
  };
  const tile = { width: found?.tileWidth ?? 0, height: found?.tileHeight ?? 0 };
  // A name has no room beside the mark, but below it.
  const stacked = tile.width < 76 && tile.width >= 60 && tile.height >= 54;
  const small = !stacked && (tile.height < 40 || tile.width < 76);
  // Too low for the mark above the name, and wide enough for both side by side.
  const flat = small && tile.height < 32 && tile.width >= 36;
  // What a name takes goes before words that the mark says too.
  const showsNote = !small && (tile.width >= roomy || (tile.width >= 110 && tile.height >= 62));
  const large = tile.height >= 84 && tile.width >= 200;
  const lines = Math.max(1, Math.floor((tile.height - 4 - (showsNote ? 15 : 0) - (stacked ? 17 : 0)) / 14));
  return (
    <div ref={box} class={`wall${small ? ' small' : ''}${flat ? ' flat' : ''}${large ? ' large' : ''}${stacked ? ' stacked' : ''}${found?.fits === false ? ' scrolls' : ''}`} role="group" aria-label={`${t('wall')}. ${t('hint')}`}
      onClick={open} onKeyDown={move}
      style={found === null ? undefined : { '--tile-w': `${found.tileWidth}px`, '--tile-h': `${found.tileHeight}px`, '--gap': `${gap}px`, '--lines': lines }}>
      {counts.length === 0 && live.full.value && <p class="soft wall-none">{t(filter.text === '' && filter.area === '' && filter.kind === '' ? 'notYet' : 'none')}</p>}
      {found?.columns.map((column, at) => (
        <div class="wall-column" key={at} style={{ width: `${found.perRow * (found.tileWidth + gap) - gap}px` }}>
          {column.map((block) => {
            const group = byId.get(block.id);
            if (group === undefined) return null;
            const name = areaName(block.id);
            return (
              <section class="wall-area" key={`${block.id}/${block.from}`} aria-label={name}>
                <h3><span class="wall-area-name">{block.isRest ? t('continued', { name }) : name}</span>
                  {!block.isRest && <AreaSum live={live} ids={group.sites.map((site) => site.id)} phase={phase} />}</h3>
                <div class={block.tileWidth > found.tileWidth ? 'wall-tiles wide' : 'wall-tiles'} style={{ gridTemplateColumns: `repeat(${block.perRow}, ${block.tileWidth}px)`, '--tile-w': `${block.tileWidth}px` }}>
                  {group.sites.slice(block.from, block.to).map((site) => (
                    <Tile key={site.id} live={live} id={site.id} text={small && block.tileWidth === found.tileWidth ? site.short : block.tileWidth >= roomy ? site.name : site.below}
                      isOneLine={small || lines === 1 || block.tileWidth >= roomy} phase={phase} isChosen={site.id === props.chosen}
                      isStop={site.id === stopAt} showsNote={showsNote} />
                  ))}
                </div>
              </section>
            );
          })}
        </div>
      ))}
    </div>
  );
}

function neighbour(event: KeyboardEvent, box: HTMLElement | null, perRow: number): HTMLElement | null {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow };
  const here = document.activeElement;
  if (box === null || !(here instanceof HTMLElement) || here.dataset.site === undefined) return null;
  const tiles = [...box.querySelectorAll<HTMLElement>('[data-site]')];
  if (event.key === 'Home') return tiles[0] ?? null;
  if (event.key === 'End') return tiles.at(-1) ?? null;
  const step = steps[event.key];
  if (step === undefined) return null;
  const at = tiles.indexOf(here) + step;
  return tiles[Math.min(Math.max(at, 0), tiles.length - 1)] ?? null;
}
