// The desk: asks the agent on this computer for its state each second and shows it. Text is only ever set as text.
'use strict';

const $ = (id) => document.getElementById(id);
const words = {
  vi: {
    page: 'Bàn điểm cầu', other: 'English', connected: 'Đã kết nối trung tâm', away: 'Mất kết nối trung tâm',
    goneText: 'Chương trình điểm cầu trên máy này không trả lời. Số liệu dưới đây đã cũ {age} giây.',
    none: 'Chưa có phiên hội nghị', left: 'còn lại', running: 'đã bắt đầu', startsAt: 'Bắt đầu lúc {t}', shownAt: 'Lên hình lúc {t}',
    auto: 'tự động bắt đầu', waived: 'trung tâm cho phép vắng', unsent: 'Chưa gửi được về trung tâm: {n} mục (đã lưu trên máy này, sẽ tự gửi).',
    sentAll: 'Mọi thứ đã gửi về trung tâm.', notProbed: 'Chưa đo: luồng phát chỉ được đo khi chạy thử và khi hội nghị diễn ra.',
    main: 'Luồng chính', backup: 'Luồng dự phòng', feed: 'Luồng {id}', onScreen: 'đang chiếu', good: 'Tốt', notMeasured: 'Chưa đo',
    waiting: 'Đang chờ tín hiệu', sound: 'âm thanh', noTexts: 'Chưa có tin nhắn.', got: 'Đã đọc ✓', gotIt: 'Báo đã đọc', picture: 'Hình và tiếng: {how}',
    noChecks: 'Chưa chạy thử.', by: '{by}, {t}', saved: 'Đã lưu.', needName: 'Hãy nhập họ tên của bạn ở ô “Người nhập”.',
    failed: 'Chưa lưu được: {why}', noAnswer: 'chương trình không trả lời', helpSaved: 'Đã ghi nhận: {topic}.', toldAt: 'gửi lúc {t}',
    helpWaits: 'chờ gửi', helpSent: 'trung tâm đã nhận', helpSeen: 'trung tâm đang xử lý', lastConfirmed: '{by} xác nhận lúc {t}.',
    lastCount: 'Lần báo gần nhất: {by}, {t}.', more: 'Còn {n} người nữa: gõ tên để tìm.', noDelegates: 'Điểm cầu này không có danh sách đại biểu.',
    nobody: 'Không có ai tên như vậy.', totals: '{p} có mặt · {o} trực tuyến · {e} vắng có lý do · {a} vắng · {n} chưa điểm danh / {x}',
    clock: 'đồng hồ ±{ms} ms', noClock: 'chưa so được đồng hồ', checkedIn: '{name}: {state}.', lower: 'Bớt: ', higher: 'Thêm: ',
  },
  en: {
    page: 'Site desk', other: 'Tiếng Việt', connected: 'Connected to the centre', away: 'Not connected to the centre',
    goneText: 'The program on this computer does not answer. What you see below is {age} seconds old.',
    none: 'No session yet', left: 'left', running: 'since the start', startsAt: 'Starts at {t}', shownAt: 'Shown since {t}',
    auto: 'starts by itself', waived: 'the centre starts without this site', unsent: 'Not yet at the centre: {n} (saved on this computer, will be sent).',
    sentAll: 'Everything is at the centre.', notProbed: 'Not measured: feeds are measured in a rehearsal and during the session.',
    main: 'Main feed', backup: 'Backup feed', feed: 'Feed {id}', onScreen: 'on the screen', good: 'Good', notMeasured: 'Not measured',
    waiting: 'Waiting for a signal', sound: 'sound', noTexts: 'No messages yet.', got: 'Read ✓', gotIt: 'Mark as read', picture: 'Picture and sound: {how}',
    noChecks: 'No rehearsal yet.', by: '{by}, {t}', saved: 'Saved.', needName: 'Enter your name under “Who you are” first.',
    failed: 'Not saved: {why}', noAnswer: 'the program does not answer', helpSaved: 'Noted: {topic}.', toldAt: 'sent {t}',
    helpWaits: 'waiting to be sent', helpSent: 'received at the centre', helpSeen: 'the centre is on it', lastConfirmed: 'Confirmed by {by} at {t}.',
    lastCount: 'Last count: {by}, {t}.', more: '{n} more: type a name to search.', noDelegates: 'This site has no list of delegates.',
    nobody: 'Nobody of that name.', totals: '{p} present · {o} online · {e} excused · {a} absent · {n} not marked / {x}',
    clock: 'clock ±{ms} ms', noClock: 'clock not compared yet', checkedIn: '{name}: {state}.', lower: 'Less: ', higher: 'More: ',
  },
};
const phases = {
  vi: { idle: 'Không có phiên', waiting: 'Đã lên lịch', rehearsing: 'Đang chạy thử', armed: 'Chờ phát lệnh', starting: 'Sắp bắt đầu',
    started: 'Đang diễn ra', paused: 'Tạm nghỉ', ended: 'Đã kết thúc', failed: 'Không lên hình được' },
  en: { idle: 'No session', waiting: 'Scheduled', rehearsing: 'Rehearsal', armed: 'Waiting for GO', starting: 'About to start',
    started: 'Live', paused: 'Break', ended: 'Ended', failed: 'Cannot show the picture' },
};
const verdicts = {
  vi: { not_checked: 'Chưa kiểm tra', checking: 'Đang kiểm tra', ready: 'Sẵn sàng', not_ready: 'Chưa sẵn sàng' },
  en: { not_checked: 'Not checked', checking: 'Checking', ready: 'Ready', not_ready: 'Not ready' },
};
const checks = {
  vi: { link: 'Kết nối trung tâm', clock: 'Đồng hồ', main_feed: 'Luồng chính', backup_feed: 'Luồng dự phòng', disk: 'Ổ đĩa', cpu: 'Máy tính',
    version: 'Phiên bản', screen: 'Màn hình', loudspeaker: 'Loa', camera: 'Camera', microphone: 'Micrô' },
  en: { link: 'Connection', clock: 'Clock', main_feed: 'Main feed', backup_feed: 'Backup feed', disk: 'Disk', cpu: 'Computer',
    version: 'Version', screen: 'Screen', loudspeaker: 'Loudspeakers', camera: 'Camera', microphone: 'Microphone' },
};
const topics = {
  vi: { no_picture: 'Mất hình', no_sound: 'Mất tiếng', no_connection: 'Mất kết nối', other: 'Việc khác' },
  en: { no_picture: 'No picture', no_sound: 'No sound', no_connection: 'No connection', other: 'Other' },
};
const presence = {
  vi: { present: 'Có mặt', online: 'Trực tuyến', excused: 'Có lý do', absent: 'Vắng', not_marked: 'chưa điểm danh' },
  en: { present: 'Present', online: 'Online', excused: 'Excused', absent: 'Absent', not_marked: 'not marked' },
};
const shownStates = ['present', 'online', 'excused', 'absent'];
const marks = { ok: '✓', failed: '✗', running: '…', not_run: '–' };
const mostRows = 60;

let lang = 'vi';
let state = null;
let delegates = [];
let delegatesVersion = '';
let heardAt = 0;
const drawn = {};  // what each part shows, so that only what changed is built again

function remembered(key) { try { return localStorage.getItem(key) || ''; } catch { return ''; } }
function remember(key, value) { try { localStorage.setItem(key, value); } catch { /* private window: asked again next time */ } }

const say = (key, values = {}) => words[lang][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
const both = (text) => (lang === 'vi' ? text.vi || text.en : text.en || text.vi) || '';
const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();

function el(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === 'text') made.textContent = value;
    else if (name === 'class') made.className = value;
    else if (name === 'click') made.addEventListener('click', value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function put(id, text, kind) {
  const target = $(id);
  if (target.textContent !== text) target.textContent = text;
  if (kind !== undefined) {
    target.classList.remove('good', 'bad', 'warn');
    if (kind) target.classList.add(kind);
  }
  target.hidden = !text;
}

function changed(part, ...facts) {
  const now = JSON.stringify([lang, facts]);
  if (drawn[part] === now) return false;
  drawn[part] = now;
  return true;
}

function clock(us, zone, seconds = true) {
  const options = { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone || 'Asia/Ho_Chi_Minh' };
  if (seconds) options.second = '2-digit';
  return new Intl.DateTimeFormat('vi-VN', options).format(new Date(Number(us) / 1000));
}
function day(us, zone) {
  return new Intl.DateTimeFormat('vi-VN', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: zone })
    .format(new Date(Number(us) / 1000));
}
function span(seconds) {
  const left = Math.floor(Math.abs(seconds));
  const two = (n) => String(n).padStart(2, '0');
  const hours = Math.floor(left / 3600), minutes = Math.floor(left / 60) % 60;
  if (hours >= 48) return `${Math.floor(hours / 24)}${lang === 'vi' ? ' ngày' : ' days'}`;
  return hours ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
}
const zone = () => state.session?.time_zone;

function drawNow() {
  const session = state.session;
  put('site-name', state.site.name || state.site.id);
  put('site-area', state.site.area || '');
  put('link', say(state.link.connected ? 'connected' : 'away'), state.link.connected ? 'good' : 'bad');
  $('link').title = state.link.connected ? '' : both(state.link.problem);
  put('session-title', session ? session.title || session.id : say('none'));
  put('session-phase', session ? phases[lang][state.phase] + (session.waived ? ` · ${say('waived')}` : '') : '');
  drawCountdown(session);
  const times = [];
  if (session) {
    const start = session.start_at_us || session.scheduled_start_us;
    times.push(`${say('startsAt', { t: clock(start, zone(), session.start_at_us !== 0) })}, ${day(start, zone())}`);
    if (session.started_us) times.push(say('shownAt', { t: clock(session.started_us, zone()) }));
    if (session.auto_start && !session.start_at_us) times.push(say('auto'));
  }
  put('session-times', times.join(' · '));
  const verdict = state.readiness?.verdict || 'not_checked';
  const kinds = { ready: 'good', not_ready: 'bad', checking: 'warn', not_checked: '' };
  const over = ['started', 'paused', 'ended'].includes(state.phase);
  put('verdict', session && !over ? verdicts[lang][verdict] : '', kinds[verdict]);
  drawPicture();
  const why = [both(state.problem)];
  if (!state.link.connected) why.push(both(state.link.problem));
  if (!over)
    for (const check of state.readiness?.checks || [])
      if (check.verdict === 'failed' && check.kind !== 'link') why.push(`${checks[lang][check.kind]}: ${both(check.reason)}`);
  put('problem', why.filter(Boolean).join('\n'));
  put('unsent', state.unsent ? say('unsent', { n: state.unsent }) : say('sentAll'));
  put('foot', `${state.site.id} · ${state.version} · ` +
    (state.clock.known ? say('clock', { ms: state.clock.error_ms.toFixed(1) }) : say('noClock')));
}

// How the feed is that the hall sees, or would see.
function drawPicture() {
  const feed = state.feeds.find((one) => one.active);
  if (!feed?.sample) return put('picture', '');
  const trouble = both(feed.trouble);
  const kind = feed.good ? 'good' : trouble ? 'bad' : 'warn';
  put('picture', say('picture', { how: (feed.good ? say('good') : trouble || say('waiting')).toLowerCase() }), kind);
}

function drawCountdown(session) {
  const target = $('countdown');
  target.hidden = !session || state.phase === 'ended';
  if (target.hidden) return;
  const seconds = session.starts_in_us / 1e6;
  const live = ['starting', 'started', 'paused', 'failed'].includes(state.phase);
  const late = seconds <= 0 && !live;
  target.replaceChildren(el('small', { text: say(seconds > 0 ? 'left' : live ? 'running' : 'left') }),
    late ? '0:00' : span(seconds > 0 ? Math.ceil(seconds) : seconds));
}

function feedName(id) { return id === 'main' || id === 'backup' ? say(id) : say('feed', { id }); }

function figures(sample) {
  const parts = [];
  if (sample.video) parts.push(`${sample.video.codec} ${sample.video.width}×${sample.video.height}`, `${sample.video.fps.toFixed(0)} fps`);
  if (sample.bitrate_kbps) parts.push(`${sample.bitrate_kbps} kbit/s`);
  if (sample.audio) parts.push(`${say('sound')} ${sample.audio.codec} ${sample.audio.lufs > -100 ? sample.audio.lufs.toFixed(0) + ' LUFS' : '—'}`);
  return parts.join(' · ');
}

function drawFeeds() {
  if (!changed('feeds', state.feeds)) return;
  const rows = state.feeds.map((feed) => {
    const trouble = both(feed.trouble);
    const kind = !feed.sample ? '' : feed.good ? 'good' : trouble ? 'bad' : 'warn';
    const text = !feed.sample ? say('notMeasured') : feed.good ? say('good') : trouble || say('waiting');
    const name = feedName(feed.id) + (feed.shown ? ` (${say('onScreen')})` : '');
    const row = el('div', { class: 'feed' }, el('div', { class: 'top' }, el('b', { text: name }), el('span', { class: `pill ${kind}`, text })));
    if (feed.sample) row.append(el('p', { class: 'figures', text: figures(feed.sample) }));
    return row;
  });
  if (!state.feeds.some((feed) => feed.sample)) rows.push(el('p', { class: 'note', text: say('notProbed') }));
  $('feed-list').replaceChildren(...rows);
}

function drawChecks() {
  if (!changed('checks', state.readiness)) return;
  const list = state.readiness?.checks || [];
  const kinds = { ok: 'good', failed: 'bad', running: 'warn', not_run: '' };
  const rows = list.map((check) => {
    const row = el('li', { class: 'check' }, el('span', { class: `mark ${kinds[check.verdict]}`, text: marks[check.verdict] }),
      el('span', { text: checks[lang][check.kind] || check.kind }));
    const why = check.reason ? both(check.reason) : check.by;
    if (why) row.append(el('span', { class: `why ${check.verdict === 'failed' ? 'bad' : 'note'}`, text: why }));
    return row;
  });
  $('check-list').replaceChildren(...(rows.length ? rows : [el('li', { class: 'note', text: say('noChecks') })]));
}

function drawTexts() {
  if (!changed('texts', state.texts)) return;
  const rows = state.texts.map((text) => {
    const body = el('div', {}, el('p', { text: text.text }),
      el('small', { class: 'note', text: say('by', { by: text.by, t: clock(text.at_us, zone()) }) }));
    const end = text.received ? el('span', { class: 'good', text: say('got') })
      : el('button', { type: 'button', text: say('gotIt'), click: () => post('received', { id: text.id }) });
    return el('li', { class: 'text-row' }, body, end);
  });
  $('text-list').replaceChildren(...(rows.length ? rows : [el('li', { class: 'note', text: say('noTexts') })]));
}

function drawHelp() {
  if (!changed('help', state.help)) return;
  $('help-list').replaceChildren(...state.help.slice(0, 5).map((call) => {
    const where = call.seen ? ['good', 'helpSeen'] : call.sent ? ['good', 'helpSent'] : ['warn', 'helpWaits'];
    const what = topics[lang][call.topic] + (call.text ? `: ${call.text}` : '');
    return el('li', {}, el('p', { text: what }), el('small', { class: where[0], text: `${clock(call.at_us, zone())} · ${say(where[1])}` }));
  }));
}

function drawForms() {
  const sign = state.sign_off;
  put('confirmed', sign ? say('lastConfirmed', { by: sign.by, t: clock(sign.at_us, zone()) }) : '');
  if (sign && changed('sign', sign))
    for (const name of ['screen', 'loudspeaker', 'camera', 'microphone']) $('confirm-form').elements[name].checked = sign.sign_off[name];
  const here = state.attendance;
  put('counted', here?.headcount ? say('lastCount', { by: here.headcount_by, t: clock(here.headcount_at_us, zone()) }) : '');
  if (here?.headcount && changed('headcount', here.headcount))
    for (const name of shownStates) $('headcount-form').elements[name].value = here.headcount[name];
  for (const form of [$('confirm-form'), $('headcount-form')]) form.querySelector('[type=submit]').disabled = !state.session;
}

function drawDelegates() {
  const wanted = fold($('search').value).split(/\s+/).filter(Boolean);
  if (!changed('delegates', delegatesVersion, wanted, state.attendance?.by_name)) return;
  const c = state.attendance?.by_name;
  put('by-name', c && delegates.length ? say('totals', { p: c.present, o: c.online, e: c.excused, a: c.absent, n: c.not_marked, x: c.expected }) : '');
  const found = delegates.filter((one) => wanted.every((word) => one.key.includes(word)));
  const rows = found.slice(0, mostRows).map((one) => {
    const states = shownStates.map((name) => el('button', { type: 'button', text: presence[lang][name], 'aria-pressed': String(one.state === name),
      'aria-label': `${one.name}: ${presence[lang][name]}`, click: () => checkIn(one, one.state === name ? 'not_marked' : name) }));
    const person = el('div', {}, el('b', { text: one.name }),
      el('small', { text: [one.title, one.unit, one.reason].filter(Boolean).join(' · ') }));
    return el('li', { class: 'delegate' }, person, el('div', { class: 'states' }, ...states));
  });
  if (!rows.length) rows.push(el('li', { class: 'note', text: say(delegates.length ? 'nobody' : 'noDelegates') }));
  $('delegate-list').replaceChildren(...rows);
  put('more', found.length > mostRows ? say('more', { n: found.length - mostRows }) : '');
}

function draw() {
  if (!state) return;
  drawNow(); drawFeeds(); drawChecks(); drawTexts(); drawHelp(); drawForms(); drawDelegates();
}

function translate() {
  document.documentElement.lang = lang;
  document.title = say('page');
  for (const each of document.querySelectorAll('[data-vi]')) each.textContent = each.dataset[lang];
  for (const each of document.querySelectorAll('[data-vi-label]')) each.setAttribute('aria-label', each.dataset[`${lang}Label`]);
  for (const button of document.querySelectorAll('[data-step]')) {
    const label = button.closest('.count').querySelector('label').textContent;
    button.setAttribute('aria-label', say(button.dataset.step < 0 ? 'lower' : 'higher') + label);
  }
  $('lang').textContent = say('other');
  $('lang').lang = lang === 'vi' ? 'en' : 'vi';
  draw();
}

async function post(act, body) {
  let answer;
  try {
    answer = await fetch(`/api/desk/${act}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  } catch {
    return say('noAnswer');
  }
  if (answer.ok) {
    await poll();
    return '';
  }
  const problem = await answer.json().catch(() => ({}));
  return (lang === 'vi' ? problem.detail_vi : problem.detail) || `HTTP ${answer.status}`;
}

function tell(target, why, done) {
  target.textContent = why ? say('failed', { why }) : done;
  target.className = `answer ${why ? 'bad' : 'good'}`;
}

// The name that goes with an act, or '' and a request to enter it.
function byWhom(target) {
  const by = $('by').value.trim();
  if (!by) {
    tell(target, '', '');
    target.textContent = say('needName');
    target.className = 'answer bad';
    $('by').focus();
  }
  return by;
}

async function send(act, body, target, done) {
  const by = byWhom(target);
  if (!by) return;
  tell(target, await post(act, { by, ...body }), done);
}

async function checkIn(one, name) {
  const done = say('checkedIn', { name: one.name, state: presence[lang][name].toLowerCase() });
  await send('checkin', { check_in: { delegate_id: one.id, state: name } }, $('checkin-done'), done);
}

let polling = false;
async function poll() {
  if (polling) return;
  polling = true;
  try {
    const answer = await fetch(`/api/desk?have=${encodeURIComponent(delegatesVersion)}`, { signal: AbortSignal.timeout(4000) });
    if (answer.ok) {
      state = await answer.json();
      if (state.delegates) delegates = state.delegates;
      delegatesVersion = state.delegates_version;
      heardAt = performance.now();
      draw();
    }
  } catch { /* the banner tells how old everything is */ }
  polling = false;
  const age = Math.round((performance.now() - heardAt) / 1000);
  put('gone', age >= 4 ? say('goneText', { age }) : '');
}

$('lang').addEventListener('click', () => {
  lang = lang === 'vi' ? 'en' : 'vi';
  remember('lang', lang);
  translate();
});
$('by').addEventListener('change', () => remember('by', $('by').value.trim()));
$('search').addEventListener('input', () => state && drawDelegates());
$('confirm-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target.elements;
  const ticks = Object.fromEntries(['screen', 'loudspeaker', 'camera', 'microphone'].map((name) => [name, form[name].checked]));
  send('confirm', { sign_off: { ...ticks, note: form.note.value } }, event.target.querySelector('.answer'), say('saved'));
});
$('headcount-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target.elements;
  const counts = Object.fromEntries(shownStates.map((name) => [name, Number.parseInt(form[name].value, 10) || 0]));
  send('headcount', { headcount: { ...counts, note: form.note.value } }, event.target.querySelector('.answer'), say('saved'));
});
for (const button of document.querySelectorAll('[data-step]')) {
  button.addEventListener('click', () => {
    const input = button.parentElement.querySelector('input');
    input.value = Math.min(100000, Math.max(0, (Number.parseInt(input.value, 10) || 0) + Number(button.dataset.step)));
  });
}
for (const button of document.querySelectorAll('[data-topic]')) {
  button.addEventListener('click', async () => {
    const body = { by: $('by').value.trim(), help: { topic: button.dataset.topic, text: $('help-text').value } };
    const why = await post('help', body);
    tell($('help-done'), why, say('helpSaved', { topic: topics[lang][button.dataset.topic] }));
    if (!why) $('help-text').value = '';
  });
}

lang = remembered('lang') === 'en' ? 'en' : 'vi';
$('by').value = remembered('by');
heardAt = performance.now();
translate();
poll();
setInterval(poll, 1000);
