// The board: one tile a site, grouped by area. State is told by colour, shape and text together.
import {age, hasWord, said, word} from './words.js';
import {millis} from './state.js';

// Worst first: the order of the legend, and of what a tile shows when several are true.
export const kinds = ['failed', 'offline', 'stale', 'late', 'trouble', 'not_ready', 'backup', 'started', 'starting', 'armed',
  'ready', 'checking', 'paused', 'waiting', 'ended', 'waived', 'never'];

const serious = new Set(['no_signal', 'no_video', 'no_audio', 'black', 'frozen', 'silence', 'corrupted', 'line_too_slow']);

function troubleOf(status) {
  const sample = (status?.health ?? []).find((one) => one.feed_id === status.active_feed_id);
  return (sample?.conditions ?? []).find((name) => serious.has(name)) ?? '';
}

// {kind, note}: what one site's tile says.
export function verdict(site, phase) {
  const status = site.status;
  const running = phase === 'live' || phase === 'paused';
  if (site.waived) return {kind: 'waived', note: ''};
  if (site.link === 'never') return {kind: 'never', note: ''};
  if (site.link === 'offline') return {kind: 'offline', note: ''};
  if (site.link === 'stale') return {kind: 'stale', note: ''};
  if (status?.phase === 'failed') return {kind: 'failed', note: said(status.problem)};
  const outcome = running ? site.outcome?.state : '';
  if (outcome === 'failed') return {kind: 'failed', note: said(site.outcome.reason)};
  if (running) return runningVerdict(site, outcome, phase);
  const readiness = status?.readiness?.verdict;
  if (phase === 'ended' || phase === 'closed') return {kind: 'ended', note: ''};
  if (readiness === 'not_ready') return {kind: 'not_ready', note: firstFault(status.readiness)};
  if (status?.phase === 'armed') return {kind: 'armed', note: ''};
  if (readiness === 'checking') return {kind: 'checking', note: ''};
  if (readiness === 'ready') return {kind: 'ready', note: ''};
  return {kind: 'waiting', note: ''};
}

function runningVerdict(site, outcome, phase) {
  const status = site.status;
  const trouble = troubleOf(status);
  const shown = status?.phase === 'started';
  if (outcome === 'late' && !shown) return {kind: 'late', note: said(site.outcome.reason)};
  if (trouble) return {kind: 'trouble', note: word(`condition.${trouble}`)};
  if (status?.active_feed_id && status.active_feed_id !== 'main' && shown) return {kind: 'backup', note: status.active_feed_id};
  if (phase === 'paused') return {kind: 'paused', note: ''};
  if (shown) return {kind: outcome === 'late' ? 'late' : 'started', note: ''};
  if (status?.phase === 'starting' || status?.phase === 'armed') return {kind: 'starting', note: ''};
  return {kind: 'waiting', note: ''};
}

function firstFault(readiness) {
  const fault = (readiness.checks ?? []).find((check) => check.verdict === 'failed');
  return fault ? `${word(`check.${fault.kind}`)}: ${said(fault.reason)}` : '';
}

const smallSizes = new Set(['m', 's', 'xs', 'xxs']);

export class Board {
  constructor(root, areas, open) {
    this.root = root;
    this.areas = areas;
    this.open = open;
    this.tiles = new Map();   // site id -> element
    this.groups = new Map();  // area id -> {box, grid, count}
    this.fitted = '';
    this.named = '';
    new ResizeObserver(() => this.fit(true)).observe(root.parentElement);
  }

  clear() {
    this.root.replaceChildren();
    this.tiles.clear();
    this.groups.clear();
    this.fitted = this.named = '';
  }

  render(state, phase) {
    if (this.tiles.size > state.sites.size) this.clear();
    const tally = {};
    const perArea = new Map();
    const ordered = this.tiles.size === state.sites.size
        ? state.sites.values()
        : [...state.sites.values()].sort((a, b) => (a.site_id < b.site_id ? -1 : 1));
    for (const site of ordered) {
      const found = verdict(site, phase);
      tally[found.kind] = (tally[found.kind] ?? 0) + 1;
      const good = ['started', 'ready', 'armed', 'starting', 'backup', 'ended', 'waived', 'paused'].includes(found.kind);
      const sum = perArea.get(site.area_id) ?? {all: 0, good: 0};
      sum.all++;
      if (good) sum.good++;
      perArea.set(site.area_id, sum);
      this.tile(site, found, state.now());
    }
    for (const [id, sum] of perArea) {
      const group = this.groups.get(id);
      group.name.textContent = this.areas.path(id) || word('unknown_area');
      group.sum.textContent = `${sum.good}/${sum.all}`;
      group.box.classList.toggle('all-good', sum.good === sum.all);
      group.box.classList.toggle('long', sum.all > 60);
    }
    this.fit(false);
    this.nameTiles(state);
    return tally;
  }

  group(id) {
    let group = this.groups.get(id);
    if (group) return group;
    this.areas.need(id);
    const box = document.createElement('section');
    box.className = 'area';
    const heading = document.createElement('h3');
    const name = document.createElement('span');
    const sum = document.createElement('span');
    sum.className = 'sum';
    heading.append(name, sum);
    const grid = document.createElement('div');
    grid.className = 'grid';
    box.append(heading, grid);
    group = {box, grid, name, sum};
    this.groups.set(id, group);
    const after = [...this.groups.keys()].sort();
    this.root.insertBefore(box, this.groups.get(after[after.indexOf(id) + 1])?.box ?? null);
    return group;
  }

  tile(site, {kind, note}, now) {
    let tile = this.tiles.get(site.site_id);
    if (!tile) {
      tile = document.createElement('button');
      tile.type = 'button';
      const shape = document.createElement('i');
      const name = document.createElement('span');
      name.append(document.createElement('span'), document.createElement('span'));
      const more = document.createElement('small');
      tile.append(shape, name, more);
      tile.addEventListener('click', () => this.open(site.site_id));
      this.tiles.set(site.site_id, tile);
      this.group(site.area_id).grid.append(tile);
    }
    const what = hasWord(`tile.${kind}`) ? word(`tile.${kind}`) : kind;
    const heard = millis(site.heard_us);
    const old = site.link === 'stale' || site.link === 'offline';
    const more = note || (old && heard ? `${what} ${age(now - heard)}` : what);
    const key = `${kind}|${site.name}|${more}`;
    if (tile.dataset.key === key) return;
    tile.dataset.key = key;
    tile.className = `tile k-${kind}`;
    tile.children[2].textContent = more;
    tile.title = `${site.name} (${site.site_id}): ${what}${note ? `: ${note}` : ''}`;
  }

  // Small tiles leave out the words that all names of an area begin with: "Hội trường UBND phường 7" is "7" there.
  // The last word, by which halls are told apart, is never cut off.
  nameTiles(state) {
    const short = smallSizes.has(this.root.dataset.size);
    const key = `${short}|${state.sites.size}`;
    if (this.named === key) return;
    this.named = key;
    const common = new Map();
    for (const site of state.sites.values()) {
      const words = (site.name || site.site_id).split(' ');
      const before = common.get(site.area_id) ?? words.slice(0, -1);
      let same = 0;
      while (same < before.length && same < words.length - 1 && before[same] === words[same]) same++;
      common.set(site.area_id, before.slice(0, same));
    }
    for (const [id, tile] of this.tiles) {
      const site = state.sites.get(id);
      if (!site) continue;
      const words = (site.name || id).split(' ');
      const shown = short ? words.slice(common.get(site.area_id).length) : words;
      const [head, last] = tile.children[1].children;
      head.textContent = shown.slice(0, -1).join(' ');
      last.textContent = (shown.length > 1 ? '\u00a0' : '') + shown.at(-1);
    }
  }

  // The roomiest of a few sizes at which all tiles are seen without scrolling; on a phone the page scrolls anyway.
  fit(force) {
    const box = this.root.parentElement;
    const key = `${this.tiles.size}|${this.groups.size}`;
    if (!force && this.fitted === key) return;
    this.fitted = key;
    const wide = window.innerWidth >= 900;
    this.root.style.removeProperty('--k');
    for (const size of wide ? ['xxl', 'xl', 'l', 'm', 's', 'xs', 'xxs'] : ['m']) {
      this.root.dataset.size = size;
      if (this.root.offsetHeight <= box.clientHeight) break;
    }
    // What is left below makes the tiles higher.
    for (const stretch of wide && this.tiles.size > 20 ? [1.9, 1.7, 1.5, 1.35, 1.2, 1.1, 1] : []) {
      this.root.style.setProperty('--k', stretch);
      if (this.root.offsetHeight <= box.clientHeight) break;
    }
  }
}
