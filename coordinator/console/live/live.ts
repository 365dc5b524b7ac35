// What the coordinator tells: the live view's socket, merged into signals, one for each object, so that an update redraws
// what it is about and nothing else. Reconnects by itself with jitter, and keeps what it had until there is newer.
import { create, fromBinary } from '@bufbuild/protobuf';
import { batch, signal, type Signal } from '@preact/signals';
import { Alarm_State, type Alarm } from '@messages/alarm_pb';
import { StatusSchema } from '@messages/status_pb';
import type { TimelineEntry } from '@messages/timeline_pb';
import { ViewUpdateSchema, type SessionView, type SiteView, type ViewUpdate } from '@messages/view_pb';
import { tell } from './clock';
import { lookWhoIAm } from './me';
import { withoutSites } from './slim';

export type Link = 'wait' | 'ok' | 'lost';

const mostEntries = 400;
// Of alarms that are over; the page of alarms asks for all of them.
const mostOver = 200;
// An update comes at least every few seconds; without one the line is dead even if nobody said so.
const silenceMs = 15_000;

export class Live {
  readonly link = signal<Link>('wait');
  /** performance.now() of the last update. */
  readonly heard = signal(0);
  readonly sessions = new Map<string, Signal<SessionView>>();
  readonly sites = new Map<string, Signal<SiteView>>();
  /** Change with the set of ids, or where a site hangs; not with what is told of one. */
  readonly sessionIds = signal<readonly string[]>([]);
  readonly siteIds = signal<readonly string[]>([]);
  readonly alarms = signal<ReadonlyMap<string, Alarm>>(new Map());
  readonly timeline = signal<readonly TimelineEntry[]>([]);
  readonly full = signal(false);
  private socket: WebSocket | null = null;
  private tries = 0;
  private timer = 0;
  private watchdog = 0;
  /** performance.now() when this socket was opened: until its first update it has as long as between two. */
  private opened = 0;
  private closed = false;

  /** `session`: only that one; empty: all there is. `of`: "sessions" leaves out the sites, "past" shows what it is given and asks nobody. */
  constructor(readonly session: string, private readonly of: 'all' | 'sessions' | 'past' = 'all') {
    if (of === 'past') return;
    this.connect();
    this.watchdog = window.setInterval(() => this.watch(), 3000);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    clearInterval(this.watchdog);
    this.drop();
  }

  private drop(): void {
    if (this.socket === null) return;
    this.socket.onmessage = this.socket.onclose = this.socket.onopen = null;
    this.socket.close();
    this.socket = null;
  }

  private connect(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const query = this.session === '' ? '' : `?session=${encodeURIComponent(this.session)}`;
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/view${query}`, 'diemcau.view.v1');
    socket.binaryType = 'arraybuffer';
    this.opened = performance.now();
    socket.onmessage = (event: MessageEvent<ArrayBuffer>) => {
      this.tries = 0;
      const bytes = new Uint8Array(event.data);
      this.apply(fromBinary(ViewUpdateSchema, this.of === 'sessions' ? withoutSites(bytes) : bytes));
    };
    socket.onclose = (event) => this.lost(event.code);
    this.socket = socket;
  }

  private lost(code: number): void {
    this.socket = null;
    if (this.closed) return;
    this.link.value = this.full.value ? 'lost' : 'wait';
    // Signed out, or with other roles: who am I is asked first, and a sign-in takes this page's place.
    if (code === 4401 || code === 4403 || (code === 1006 && this.tries === 1)) void lookWhoIAm();
    const wait = Math.min(10_000, 300 * 2 ** this.tries) * (0.5 + Math.random());
    ++this.tries;
    this.timer = window.setTimeout(() => this.connect(), wait);
  }

  private watch(): void {
    if (this.socket === null || performance.now() - Math.max(this.opened, this.heard.value) < silenceMs) return;
    this.drop();
    this.lost(1006);
  }

  /** Of the past: whole, and its clock is not ours. */
  show(update: ViewUpdate): void {
    this.merge({ ...update, full: true });
  }

  private apply(update: ViewUpdate): void {
    tell(update.nowUs);
    this.merge(update);
  }

  private merge(update: ViewUpdate): void {
    batch(() => {
      this.heard.value = performance.now();
      this.link.value = 'ok';
      if (update.full) {
        keepOnly(this.sessions, new Set(update.sessions.map((one) => one.session?.id ?? '')));
        keepOnly(this.sites, new Set(update.sites.map((one) => one.siteId)));
      }
      this.applySessions(update);
      this.applySites(update);
      this.applyAlarms(update);
      this.applyTimeline(update);
      if (update.full) this.full.value = true;
    });
  }

  private applySessions(update: ViewUpdate): void {
    for (const view of update.sessions) put(this.sessions, view.session?.id ?? '', view);
    if (update.full || this.sessions.size !== this.sessionIds.value.length) this.sessionIds.value = [...this.sessions.keys()];
  }

  private applySites(update: ViewUpdate): void {
    let moved = update.full;
    for (const site of update.sites) {
      const before = this.sites.get(site.siteId)?.peek();
      if (before !== undefined) keep(site, before);
      moved ||= before === undefined || before.areaId !== site.areaId || before.name !== site.name;
      put(this.sites, site.siteId, site);
    }
    if (moved) this.siteIds.value = [...this.sites.keys()].sort();
  }

  private applyAlarms(update: ViewUpdate): void {
    if (!update.full && update.alarms.length === 0) return;
    const next = update.full ? new Map<string, Alarm>() : new Map(this.alarms.value);
    for (const alarm of update.alarms) next.set(alarm.id, alarm);
    forgetOld(next);
    this.alarms.value = next;
  }

  private applyTimeline(update: ViewUpdate): void {
    if (!update.full && update.timeline.length === 0) return;
    const known = update.full ? [] : this.timeline.value;
    const newest = known.at(-1)?.seq ?? 0n;
    this.timeline.value = [...known, ...update.timeline.filter((one) => one.seq > newest)].slice(-mostEntries);
  }
}

/** Puts back what an update left out because it stands as it did. */
function keep(site: SiteView, before: SiteView): void {
  if (site.readinessKept && before.status?.readiness !== undefined) {
    site.status ??= create(StatusSchema);
    site.status.readiness = before.status.readiness;
  }
  if (!site.restKept) return;
  site.name = before.name;
  site.agentVersion = before.agentVersion;
  site.waived = before.waived;
  if (before.technician !== undefined) site.technician = before.technician;
  if (before.outcome !== undefined) site.outcome = before.outcome;
  if (before.attendance !== undefined) site.attendance = before.attendance;
}

function forgetOld(alarms: Map<string, Alarm>): void {
  const over = [...alarms.values()].filter((one) => one.state === Alarm_State.cleared);
  if (over.length <= mostOver) return;
  over.sort((a, b) => Number(a.clearedUs - b.clearedUs));
  for (const one of over.slice(0, over.length - mostOver)) alarms.delete(one.id);
}

function put<T>(map: Map<string, Signal<T>>, id: string, value: T): void {
  const found = map.get(id);
  if (found === undefined) map.set(id, signal(value));
  else found.value = value;
}

function keepOnly<T>(map: Map<string, T>, ids: ReadonlySet<string>): void {
  for (const id of [...map.keys()]) if (!ids.has(id)) map.delete(id);
}
