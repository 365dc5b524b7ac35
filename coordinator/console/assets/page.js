// The status page: draws the state whenever it changed, and the clocks twice a second.
import {Areas, LiveState, millis} from './state.js';
import {Board, kinds, verdict} from './tiles.js';
import {ask, me, whoAmI} from './sign_in.js';
import {age, language, said, setLanguage, span, word} from './words.js';

const $ = (id) => document.getElementById(id);
const state = new LiveState(() => draw());
const areas = new Areas(() => draw());
const board = new Board($('areas'), areas, openSite);
const rail = ['draft', 'scheduled', 'rehearsing', 'armed', 'live', 'ended', 'closed'];
let sessions = [];
let shownSite = '';
let waiting = false;

function draw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    drawSession();
    drawAlarms();
    drawAttendance();
    drawTimeline();
    drawBoard();
    drawClocks();
    if (shownSite) drawSite();
  });
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// Replaces the content only when it would differ: no flicker, and a button under the mouse stays the same button.
function fill(parent, key, make) {
  if (parent.dataset.key === key) return;
  parent.dataset.key = key;
  parent.replaceChildren(...make());
}

function drawSession() {
  const view = state.view();
  const session = view?.session;
  $('title').textContent = session ? session.title : state.session || word(sessions.length ? 'all_sites' : 'no_session');
  document.title = session ? `${session.title} · Điểm cầu` : 'Điểm cầu';
  $('when').textContent = session ? `${dateTime(millis(session.scheduled_start_us), session.time_zone)}${
      session.auto_start ? ` · ${word('auto_start')}` : ''}` : '';
  const phase = session?.phase ?? '';
  $('main').dataset.phase = phase;
  fill($('rail'), `${phase}|${language}`, () => railSteps(phase));
  const facts = view ? counts(view, phase) : [];
  fill($('counts'), JSON.stringify([facts, language]), () => facts.flatMap(([key, value, tone]) => {
    const box = element('div', tone);
    box.append(element('dt', '', word(key)), element('dd', '', value));
    return [box];
  }));
}

function railSteps(phase) {
  if (!phase) return [];
  const steps = phase === 'cancelled' ? ['draft', 'cancelled'] : rail;
  const at = steps.indexOf(phase === 'paused' ? 'live' : phase);
  return steps.map((name, i) => {
    const shown = phase === 'paused' && name === 'live' ? 'paused' : name;
    const step = element('li', i < at ? 'done' : i === at ? `now p-${shown}` : '', word(`phase.${shown}`));
    if (i === at) step.setAttribute('aria-current', 'step');
    return step;
  });
}

function counts(view, phase) {
  const started = ['live', 'paused', 'ended', 'closed'].includes(phase);
  const of = (n) => `${n}`;
  const tone = (n, bad) => (n > 0 ? bad : 'quiet');
  const facts = [['online', `${view.online}/${view.sites}`, view.online === view.sites ? 'good' : 'warn']];
  if (view.offline || view.stale) facts.push(['offline', of(view.offline), tone(view.offline, 'bad')]);
  if (view.stale) facts.push(['stale', of(view.stale), 'warn']);
  if (started) {
    facts.push(['started', of(view.started), 'good'], ['late', of(view.late), tone(view.late, 'warn')],
               ['failed', of(view.failed), tone(view.failed, 'bad')]);
    if (view.pending) facts.push(['pending', of(view.pending), 'warn']);
    facts.push(['on_backup', of(view.on_backup), tone(view.on_backup, 'warn')],
               ['reported', of(view.reported_sites), view.reported_sites === view.sites ? 'good' : 'quiet']);
  } else {
    facts.push(['ready', of(view.ready), view.ready ? 'good' : 'quiet'],
               ['not_ready', of(view.not_ready), tone(view.not_ready, 'bad')]);
  }
  if (view.waived) facts.push(['waived', of(view.waived), 'quiet']);
  return facts;
}

function drawAlarms() {
  const raised = state.raised();
  $('alarm-count').textContent = raised.length || '';
  $('alarm-card').classList.toggle('alarmed', raised.some((alarm) => !alarm.acked_by));
  const key = JSON.stringify([raised.map((a) => [a.id, a.acked_by, a.site_ids.length, said(a.text)]), language]);
  fill($('alarms'), key, () => raised.length ? raised.map(alarmRow) : [element('li', 'soft', word('no_alarms'))]);
}

function alarmRow(alarm) {
  const row = element('li', alarm.acked_by ? 'acked' : 'open');
  const about = element('div', 'about');
  about.append(element('strong', '', said(alarm.text) || alarm.kind));
  about.title = said(alarm.text);
  const facts = element('span', 'soft small');
  const since = element('span', 'since');
  since.dataset.since = millis(alarm.raised_us);
  facts.append(word('sites_of', {n: alarm.site_ids.length}), ' · ', since);
  about.append(facts);
  row.append(element('i', 'shape'), about);
  if (alarm.acked_by) {
    row.append(element('span', 'by small', word('acked', {by: alarm.acked_by})));
  } else {
    const button = element('button', 'act', word('ack'));
    button.type = 'button';
    button.addEventListener('click', () => acknowledge(alarm.id, button));
    row.append(button);
  }
  return row;
}

async function acknowledge(id, button) {
  const name = await myName();
  if (!name) return;
  button.disabled = true;
  let why = '';
  try {
    const answer = await ask(`/api/v1/alarms/${encodeURIComponent(id)}/ack`, {
      method: 'POST',
      headers: {'Content-Type': 'application/json', 'X-Diemcau-Actor': encodeURIComponent(name)},
      body: '{}',
    });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      why = (language === 'en' ? problem.detail : problem.detail_vi) || `HTTP ${answer.status}`;
    }
  } catch (error) { why = String(error.message || error); }
  if (!why) return;
  button.disabled = false;
  button.after(element('span', 'small failure', word('ack_failed', {why})));
}

function myName() {
  if (!me.open) return Promise.resolve(me.name);  // the session says who it is
  const known = localStorage.getItem('diemcau.name');
  if (known) return Promise.resolve(known);
  const dialog = $('name');
  return new Promise((resolve) => {
    dialog.returnValue = '';
    dialog.addEventListener('close', () => resolve(localStorage.getItem('diemcau.name') ?? ''), {once: true});
    dialog.showModal();
  });
}

function drawAttendance() {
  const view = state.view();
  const counted = view?.attendance;
  $('reported').textContent = view ? word('reported_of', {n: view.reported_sites, m: view.sites}) : '';
  const key = JSON.stringify([counted, view?.checkins, language]);
  fill($('attendance'), key, () => counted ? attendanceBody(counted, view.checkins) : []);
}

function attendanceBody(counted, checkins) {
  const there = counted.present + counted.online;
  const total = Math.max(counted.expected, there + counted.excused + counted.absent + counted.not_marked, 1);
  const headline = element('p', 'headline');
  headline.append(element('b', '', number(there)), ` / ${number(counted.expected)} `,
                  element('span', 'soft', word('attending')));
  const bar = element('div', 'meter');
  for (const name of ['present', 'online', 'excused', 'absent']) {
    const part = element('i', `m-${name}`);
    part.style.width = `${(100 * counted[name]) / total}%`;
    bar.append(part);
  }
  const list = element('dl', 'parts');
  for (const [name, value] of [['present', counted.present], ['present_online', counted.online],
    ['excused', counted.excused], ['absent', counted.absent], ['not_marked', counted.not_marked], ['checkins', checkins]]) {
    const part = element('div', `m-${name === 'present_online' ? 'online' : name}`);
    part.append(element('dt', '', word(name)), element('dd', '', number(value)));
    list.append(part);
  }
  return [headline, bar, list];
}

function drawTimeline() {
  const newest = [...state.timeline.values()].sort((a, b) => Number(b.seq) - Number(a.seq)).slice(0, 30);
  fill($('timeline'), `${newest[0]?.seq}|${newest.length}|${language}`, () => newest.length ? newest.map((entry) => {
    const row = element('li');
    row.append(element('time', '', timeOfDay(millis(entry.at_us))), element('span', '', said(entry.text) || entry.kind));
    return row;
  }) : [element('li', 'soft', word('empty_timeline'))]);
}

function drawBoard() {
  const tally = board.render(state, state.view()?.session.phase ?? '');
  $('nothing').hidden = state.sites.size > 0 || !state.full;
  $('nothing').textContent = word('nothing');
  const shown = kinds.filter((kind) => tally[kind]);
  fill($('legend'), JSON.stringify([shown.map((kind) => [kind, tally[kind]]), language]), () => shown.map((kind) => {
    const item = element('span', `key k-${kind}`);
    item.append(element('i'), element('b', '', tally[kind]), ` ${word(`tile.${kind}`)}`);
    return item;
  }));
}

// Everything that moves by itself.
function drawClocks() {
  const now = state.now();
  const session = state.view()?.session;
  $('clock').textContent = state.heard ? timeOfDay(now, session?.time_zone) : '';
  const [key, value, tone] = session ? countdown(session, now) : ['', '', ''];
  $('count-word').textContent = key ? word(key) : '';
  $('count').textContent = value;
  $('count').className = tone;
  for (const since of document.querySelectorAll('.since')) {
    since.textContent = word('since', {t: age(now - Number(since.dataset.since))});
  }
  drawLink();
}

function countdown(session, now) {
  const planned = millis(session.scheduled_start_us);
  const start = millis(session.start_at_us);
  switch (session.phase) {
    case 'draft': case 'scheduled': case 'rehearsing': case 'armed':
      return planned >= now ? ['starts_in', span(planned - now + 999), ''] : ['start_overdue', span(now - planned), 'warn'];
    case 'live':
      return start > now ? ['go_in', span(start - now + 999), 'hot'] : ['running', span(now - start), 'good'];
    case 'paused': return ['paused_for', span(now - start), 'warn'];
    case 'ended': case 'closed': return ['ended_ago', span(now - millis(session.ended_us)), ''];
    default: return ['', '', ''];
  }
}

function drawLink() {
  const old = state.dataAge();
  const stale = state.link === 'ok' && old > 3500;
  const banner = $('banner');
  let text = '';
  if (state.link === 'lost') text = word('banner_lost', {t: timeOfDay(state.now() - old), age: age(old)});
  else if (stale) text = word('banner_stale', {age: age(old)});
  else if (state.link === 'wait' && performance.now() > 2500) text = word('banner_first');
  banner.hidden = !text;
  banner.textContent = text;
  banner.className = `banner ${state.link === 'lost' ? 'lost' : ''}`;
  document.body.classList.toggle('old', state.link === 'lost' || stale);
  const link = $('link');
  link.className = `link l-${stale ? 'lost' : state.link}`;
  link.textContent = state.link === 'ok' && stale ? age(old) : word(`link_${state.link}`);
}

function openSite(id) {
  shownSite = id;
  drawSite();
  $('site').showModal();
}

function drawSite() {
  const site = state.sites.get(shownSite);
  if (!site) return;
  const phase = state.view()?.session.phase ?? '';
  const {kind, note} = verdict(site, phase);
  const heard = millis(site.heard_us);
  const rows = [];
  const head = element('div', `verdict k-${kind}`);
  head.append(element('i'), element('strong', '', word(`tile.${kind}`)), note ? ` ${note}` : '');
  rows.push(element('h2', '', site.name), element('p', 'soft small', `${site.site_id} · ${areas.path(site.area_id)}`), head);
  const facts = element('dl', 'facts');
  const fact = (key, value, className) => {
    if (value) facts.append(element('dt', '', word(key)), element('dd', className ?? '', value));
  };
  fact('heard', heard ? word('ago', {t: age(state.now() - heard)}) : word('never'),
       site.link === 'online' ? '' : 'warn');
  if (site.technician?.name || site.technician?.phone) {
    fact('technician', `${site.technician.name} ${site.technician.phone}`.trim());
  }
  if (site.status?.clock?.known) fact('clock_error', `±${(Number(site.status.clock.error_us) / 1000).toFixed(1)} ms`);
  fact('agent', site.agent_version);
  for (const sample of site.status?.health ?? []) {
    facts.append(element('dt', '', `${word('feeds')} ${sample.feed_id}`), feedFacts(sample, site.status));
  }
  for (const check of site.status?.readiness?.checks ?? []) {
    facts.append(element('dt', '', word(`check.${check.kind}`)),
                 element('dd', check.verdict === 'failed' ? 'bad' : check.verdict === 'ok' ? 'good' : '',
                         `${word(`verdict.${check.verdict}`)} ${said(check.reason)}`.trim()));
  }
  rows.push(facts);
  $('site-body').replaceChildren(...rows);
}

function feedFacts(sample, status) {
  const parts = [];
  if (sample.video) {
    parts.push(`${sample.video.codec} ${sample.video.width}×${sample.video.height} ${sample.video.fps.toFixed(1)} fps`);
  }
  if (sample.audio) parts.push(`${sample.audio.codec} ${sample.audio.rms_dbfs.toFixed(0)} dBFS`);
  parts.push(`${number(sample.bitrate_kbps)} kbit/s`);
  for (const name of sample.conditions) parts.push(word(`condition.${name}`));
  if (sample.feed_id === status.active_feed_id) parts.push(`(${word('active')})`);
  return element('dd', sample.conditions.length ? 'bad' : 'good', parts.join(', '));
}

function number(value) { return Number(value).toLocaleString(language === 'en' ? 'en-GB' : 'vi-VN'); }

function timeOfDay(ms, zone = 'Asia/Ho_Chi_Minh') {
  return new Date(ms).toLocaleTimeString('en-GB', {timeZone: zone || 'Asia/Ho_Chi_Minh', hour12: false});
}

function dateTime(ms, zone) {
  if (!ms) return '';
  return new Date(ms).toLocaleString(language === 'en' ? 'en-GB' : 'vi-VN', {
    timeZone: zone || 'Asia/Ho_Chi_Minh', weekday: 'short', day: '2-digit', month: '2-digit', year: 'numeric',
    hour: '2-digit', minute: '2-digit'});
}

// The session that somebody who opens the page most likely wants.
function favourite() {
  const asked = new URLSearchParams(location.hash.slice(1)).get('session');
  if (sessions.some((one) => one.id === asked)) return asked;
  for (const phase of ['live', 'paused', 'armed', 'rehearsing', 'scheduled']) {
    const found = sessions.filter((one) => one.phase === phase)
        .sort((a, b) => Number(a.scheduled_start_us) - Number(b.scheduled_start_us))[0];
    if (found) return found.id;
  }
  return sessions[0]?.id ?? '';
}

async function listSessions() {
  try {
    const answer = await ask('/api/v1/sessions');
    if (!answer.ok) return;
    const first = sessions.length === 0;
    sessions = (await answer.json()).sessions;
    if (!state.socket || (first && sessions.length)) state.watch(favourite());
  } catch {
    if (!state.socket) state.watch('');
    return;
  }
  drawPick();
}

function drawPick() {
  const pick = $('pick');
  const key = JSON.stringify([sessions.map((one) => [one.id, one.title, one.phase]), language]);
  fill(pick, key, () => [
    ...sessions.map((one) => new Option(`${one.title}: ${word(`phase.${one.phase}`)}`, one.id)),
    new Option(word('all_sites'), ''),
  ]);
  pick.value = state.session;
}

function drawWords() {
  for (const one of document.querySelectorAll('[data-word]')) one.textContent = word(one.dataset.word);
  for (const one of document.querySelectorAll('[data-title]')) {
    one.title = word(one.dataset.title);
    one.setAttribute('aria-label', word(one.dataset.title));
  }
  $('lang').textContent = language === 'en' ? 'VI' : 'EN';
  $('lang').setAttribute('aria-label', language === 'en' ? 'Tiếng Việt' : 'English');
}

$('pick').addEventListener('change', (event) => {
  history.replaceState(null, '', `#session=${encodeURIComponent(event.target.value)}`);
  board.clear();
  state.watch(event.target.value);
  draw();
});
$('lang').addEventListener('click', () => {
  setLanguage(language === 'en' ? 'vi' : 'en');
  drawWords();
  drawPick();
  draw();
});
$('theme').addEventListener('click', () => {
  const dark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  localStorage.setItem('diemcau.theme', document.documentElement.dataset.theme);
});
$('name-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const name = $('name-input').value.trim();
  if (name) localStorage.setItem('diemcau.name', name);
  $('name').close();
});
for (const close of document.querySelectorAll('.close')) {
  close.addEventListener('click', () => close.closest('dialog').close());
}
$('site').addEventListener('close', () => { shownSite = ''; });

const theme = localStorage.getItem('diemcau.theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
setLanguage(language);
drawWords();
// First who looks: without that the socket would be refused again and again.
async function begin() {
  try {
    await whoAmI();
  } catch {
    setTimeout(begin, 2000);
    return;
  }
  listSessions();
  setInterval(listSessions, 5000);
}
begin();
setInterval(() => { state.silent(); drawClocks(); }, 500);
