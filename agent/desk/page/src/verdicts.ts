// One look: what is well, what is not, from the agent's state. Pure, so that it is tested on states alone.
import { number, span, time } from './format';
import type { Tone } from './parts';
import type { Check, Feed, State } from './types';
import { checkWord, phaseWord, read, say, verdictWord } from './texts';

export interface Look { tone: Tone; word: string; more: string }

export const isOver = (state: State): boolean => ['started', 'paused', 'ended'].includes(state.phase);
export const isLive = (state: State): boolean => ['starting', 'started', 'paused', 'failed'].includes(state.phase);

// The feed that the hall sees, or would see.
export const activeFeed = (state: State): Feed | undefined => state.feeds.find((feed) => feed.active);

export function feedName(id: string): string {
  if (id === 'main') return say('mainFeed');
  if (id === 'backup') return say('backupFeed');
  return say('feed', { id });
}

export function linkLook(state: State): Look {
  const since = state.link.since_us ? say('since', { t: time(state.link.since_us, state.session?.time_zone) }) : '';
  if (state.link.connected) return { tone: 'good', word: say('connected'), more: since };
  return { tone: 'bad', word: say('away'), more: read(state.link.problem) || since };
}

export const failedChecks = (state: State): Check[] =>
  (state.readiness?.checks ?? []).filter((check) => check.verdict === 'failed');

export function readyLook(state: State): Look {
  if (!state.session) return { tone: 'calm', word: say('noSession'), more: '' };
  const verdict = state.readiness?.verdict ?? 'not_checked';
  const failed = failedChecks(state);
  const signed = state.sign_off ? say('signedBy', { by: state.sign_off.by }) : say('notSigned');
  if (verdict === 'not_ready') {
    const first = failed[0];
    const why = first ? `${checkWord(first.kind)}: ${read(first.reason)}` : '';
    return { tone: 'bad', word: verdictWord(verdict), more: failed.length > 1 ? say('missing', { n: failed.length }) : why };
  }
  if (verdict === 'ready') return { tone: state.sign_off ? 'good' : 'warn', word: verdictWord(verdict), more: signed };
  if (verdict === 'checking') return { tone: 'warn', word: verdictWord(verdict), more: signed };
  return { tone: 'calm', word: verdictWord(verdict), more: say('whenRehearsed') };
}

// Nothing is shown as well on old data.
export const aged = (look: Look, age: number): Look =>
  ({ tone: 'calm', word: say('unknownNow'), more: say('lastKnown', { age, word: look.word }) });

const aboutSound = ['no_audio', 'silence', 'too_quiet', 'clipping'];
const unmeasured = (): Look => ({ tone: 'calm', word: say('notMeasured'), more: say('measuredWhen') });

export function pictureLook(state: State): Look {
  const feed = activeFeed(state);
  if (state.phase === 'failed') return { tone: 'bad', word: phaseWord('failed'), more: read(state.problem) };
  if (!feed?.sample) return unmeasured();
  const other = state.feeds[0] !== feed ? say('usesBackup') : '';
  const bad = feed.sample.conditions.filter((name) => !aboutSound.includes(name));
  if (bad.length > 0) return { tone: 'bad', word: read(feed.trouble), more: other };
  if (feed.sample.connected && feed.sample.sound_alone)
    return { tone: 'calm', word: say('soundAlone'), more: other || feedName(feed.id) };
  if (!feed.sample.connected || !feed.sample.video)
    return { tone: 'warn', word: read(feed.trouble) || say('waitingSignal'), more: other };
  return { tone: other ? 'warn' : 'good', word: say('good'), more: other || feedName(feed.id) };
}

export const silentLufs = -60;

export function soundLook(state: State): Look {
  const sample = activeFeed(state)?.sample;
  if (!sample) return unmeasured();
  const level = sample.audio && sample.audio.lufs > -100 ? say('loudness', { n: number(sample.audio.lufs) }) : '';
  if (sample.connected && sample.picture_alone) return { tone: 'calm', word: say('pictureAlone'), more: '' };
  if (sample.conditions.includes('no_audio') || (sample.connected && !sample.audio))
    return { tone: 'bad', word: say('noSound'), more: '' };
  if (!sample.connected || !sample.audio) return { tone: 'warn', word: say('waitingSignal'), more: '' };
  if (sample.conditions.includes('silence')) return { tone: 'warn', word: say('noSound'), more: level };
  if (sample.conditions.includes('too_quiet')) return { tone: 'warn', word: say('tooQuiet'), more: level };
  if (sample.conditions.includes('clipping')) return { tone: 'warn', word: say('tooLoud'), more: level };
  if (sample.audio.lufs < silentLufs) return { tone: 'calm', word: say('quiet'), more: level };
  return { tone: 'good', word: say('heard'), more: level };
}

export function attendanceLook(state: State): Look {
  const here = state.attendance;
  if (!here) return { tone: 'calm', word: say('noSession'), more: '' };
  const names = here.by_name.expected > 0
    ? say('marked', { n: number(here.by_name.expected - here.by_name.not_marked), x: number(here.by_name.expected) }) : '';
  if (!here.headcount) return { tone: 'warn', word: say('noCount'), more: names };
  return { tone: 'good', word: say('presentCount', { n: number(here.headcount.present + here.headcount.online) }), more: names };
}

export function figures(feed: Feed): string {
  const sample = feed.sample;
  if (!sample) return '';
  const parts: string[] = [];
  if (sample.video) parts.push(`${sample.video.width}×${sample.video.height}`, say('fps', { n: number(sample.video.fps) }));
  if (sample.bitrate_kbps) parts.push(`${number(sample.bitrate_kbps / 1000, 1)} Mbit/s`);
  if (sample.audio && sample.audio.lufs > -100) parts.push(say('loudness', { n: number(sample.audio.lufs) }));
  if (sample.lost_packets) parts.push(say('lost', { n: number(sample.lost_packets) }));
  return parts.join(' · ');
}

// "còn 12:05", and what it counts to. `passed`: seconds since the state was heard.
export function countdown(state: State, passed: number): { label: string; value: string; soon: boolean } | null {
  const session = state.session;
  if (!session || state.phase === 'ended') return null;
  const seconds = session.starts_in_us / 1e6 - passed;
  if (seconds > 0) {
    const whole = Math.ceil(seconds);
    const days = Math.floor(whole / 86400);
    return { label: say('leftLong'), value: days >= 2 ? say('days', { n: days }) : span(whole), soon: whole <= 300 };
  }
  if (isLive(state)) return { label: say('runningFor'), value: span(-seconds), soon: false };
  return { label: say('due'), value: '0:00', soon: true };
}
