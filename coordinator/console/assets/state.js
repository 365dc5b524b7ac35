// What the coordinator told: the live view's socket, merged into one state. The socket reconnects by itself with jitter.

import {ask} from './sign_in.js';

// int64 fields come as strings of microseconds.
export const millis = (us) => Number(us || 0) / 1000;

// Updates leave out what is at its default.
const filled = (defaults, given) => ({...defaults, ...given});
const noText = {vi: '', en: ''};
const noCounts = {expected: 0, present: 0, online: 0, excused: 0, absent: 0, not_marked: 0};
const noSession = {id: '', title: '', phase: 'draft', time_zone: '', scheduled_start_us: '0', start_at_us: '0', ended_us: '0',
  auto_start: false};
const noView = {sites: 0, online: 0, stale: 0, offline: 0, ready: 0, not_ready: 0, started: 0, late: 0, failed: 0, pending: 0,
  waived: 0, on_backup: 0, reported_sites: 0, checkins: 0};
const noSite = {site_id: '', name: '', area_id: '', link: 'never', heard_us: '0', waived: false, agent_version: ''};
const noAlarm = {id: '', kind: 'unknown', state: 'raised', site_ids: [], acked_by: '', raised_us: '0', text: noText};

function sessionOf(view) {
  return {...noView, ...view, session: filled(noSession, view.session), attendance: filled(noCounts, view.attendance)};
}

function sampleOf(given) {
  const sample = filled({feed_id: '', bitrate_kbps: 0, conditions: []}, given);
  if (sample.video) sample.video = filled({codec: '', width: 0, height: 0, fps: 0}, sample.video);
  if (sample.audio) sample.audio = filled({codec: '', rms_dbfs: 0}, sample.audio);
  return sample;
}

function siteOf(given) {
  const site = filled(noSite, given);
  if (site.technician) site.technician = filled({name: '', phone: ''}, site.technician);
  if (site.outcome) site.outcome = filled({state: 'pending', reason: noText}, site.outcome);
  if (!site.status) return site;
  const status = filled({phase: 'idle', problem: noText, active_feed_id: ''}, site.status);
  status.health = (status.health ?? []).map(sampleOf);
  if (status.clock) status.clock = filled({known: false, error_us: '0'}, status.clock);
  if (status.readiness) {
    status.readiness = filled({verdict: 'not_checked'}, status.readiness);
    status.readiness.checks = (status.readiness.checks ?? [])
        .map((check) => filled({kind: 'unknown', verdict: 'not_run', reason: noText}, check));
  }
  return {...site, status};
}

export class LiveState {
  constructor(changed) {
    this.changed = changed;
    this.session = '';
    this.clear();
    this.link = 'wait';       // wait, ok, lost
    this.heard = 0;           // performance.now() of the last update
    this.offset = 0;          // coordinator's clock minus this browser's, ms
    this.socket = null;
    this.tries = 0;
    this.timer = 0;
  }

  clear() {
    this.sessions = new Map();
    this.sites = new Map();
    this.alarms = new Map();
    this.timeline = new Map();
    this.full = false;
  }

  now() { return Date.now() + this.offset; }
  dataAge() { return this.heard ? performance.now() - this.heard : Infinity; }

  watch(session) {
    this.session = session;
    this.clear();
    this.tries = 0;
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    if (this.socket) {
      this.socket.onclose = this.socket.onmessage = null;
      this.socket.close();
    }
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const query = this.session ? `?session=${encodeURIComponent(this.session)}` : '';
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/view${query}`, 'diemcau.view.v1+json');
    this.socket = socket;
    socket.onmessage = (event) => this.apply(JSON.parse(event.data));
    socket.onclose = () => {
      this.link = this.heard ? 'lost' : 'wait';
      this.again();
      this.changed();
    };
  }

  // Full jitter over a window that doubles, so that a wall of screens does not return as one.
  again() {
    const window = Math.min(10000, 500 * 2 ** Math.min(this.tries++, 6));
    this.timer = setTimeout(() => this.connect(), 100 + Math.random() * window);
  }

  apply(update) {
    if (update.full) {
      this.clear();
      this.full = true;
    }
    this.tries = 0;
    this.link = 'ok';
    this.heard = performance.now();
    this.offset = millis(update.now_us) - Date.now();
    for (const view of update.sessions ?? []) this.sessions.set(view.session.id, sessionOf(view));
    for (const site of update.sites ?? []) this.sites.set(site.site_id, siteOf(site));
    for (const alarm of update.alarms ?? []) this.alarms.set(alarm.id, filled(noAlarm, alarm));
    for (const entry of update.timeline ?? []) this.timeline.set(Number(entry.seq), entry);
    while (this.timeline.size > 200) this.timeline.delete(this.timeline.keys().next().value);
    this.changed();
  }

  // No socket may be open, yet silent: the page asks for a new one.
  silent() {
    if (this.link === 'ok' && this.dataAge() > 10000) {
      this.link = 'lost';
      this.connect();
    }
  }

  view() { return this.sessions.get(this.session); }

  raised() {
    return [...this.alarms.values()].filter((alarm) => alarm.state === 'raised')
        .sort((a, b) => Number(!!a.acked_by) - Number(!!b.acked_by) || Number(b.raised_us) - Number(a.raised_us));
  }
}

// Names and order of areas; asked for again when a site names one that is not known.
export class Areas {
  constructor(changed) {
    this.changed = changed;
    this.byId = new Map();
    this.asked = 0;
  }

  async need(id) {
    if (this.byId.has(id) || Date.now() - this.asked < 5000) return;
    this.asked = Date.now();
    try {
      const answer = await ask('/api/v1/roster');
      if (!answer.ok) return;
      for (const area of (await answer.json()).areas) this.byId.set(area.id, area);
      this.changed();
    } catch { /* the banner already says that the coordinator is gone */ }
  }

  name(id) { return this.byId.get(id)?.name ?? id; }

  // "City / District", without the one root that all share.
  path(id) {
    const names = [];
    for (let at = id, depth = 0; at && depth < 8; depth++) {
      names.unshift(this.name(at));
      at = this.byId.get(at)?.parent_id;
    }
    return names.length > 2 ? names.slice(1).join(' › ') : names[names.length - 1] ?? id;
  }
}
