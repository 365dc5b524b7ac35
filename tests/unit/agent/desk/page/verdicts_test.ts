// One look at a hall: from states to verdicts, in both languages.
import { beforeEach, describe, expect, it } from 'vitest';
import { matches, number, span, time, wordsOf } from '../../../../../agent/desk/page/src/format';
import { lang } from '../../../../../agent/desk/page/src/texts';
import type { Feed, State } from '../../../../../agent/desk/page/src/types';
import {
  aged, attendanceLook, countdown, figures, linkLook, pictureLook, readyLook, soundLook,
} from '../../../../../agent/desk/page/src/verdicts';

const none = { vi: '', en: '' };

function feed(id: string, change: Partial<Feed> = {}, conditions: string[] = []): Feed {
  return {
    id, active: id === 'main', shown: false, good: conditions.length === 0, trouble: none,
    sample: {
      connected: true, bitrate_kbps: 4100, lost_packets: 0, rtt_ms: 0, conditions,
      video: { codec: 'h264', width: 1920, height: 1080, fps: 25 },
      audio: { codec: 'aac', channels: 2, lufs: -23, rms_dbfs: -25 },
    },
    ...change,
  };
}

function hall(change: Partial<State> = {}): State {
  return {
    now_us: 1_772_326_800_000_000, version: '1', site: { id: 'T01', name: 'Đống Đa', area: '' }, here: true,
    link: { connected: true, since_us: 1_772_326_800_000_000, problem: none },
    clock: { known: true, error_ms: 1, rtt_ms: 2 }, machine: null, phase: 'armed', problem: none,
    session: {
      id: 's1', title: 'Giao ban', phase: 'armed', time_zone: 'Asia/Ho_Chi_Minh', scheduled_start_us: 0, start_at_us: 0,
      starts_in_us: 600e6, started_us: 0, auto_start: false, waived: false, current_sitting_id: 'sang', sittings: [],
    },
    sessions: [], readiness: { verdict: 'ready', checks: [] }, feeds: [feed('main'), feed('backup')], texts: [], help: [],
    sign_off: null, test: { on: false, shown: false, left_s: 0, allowed: true, screen: true, problem: none, sample: null },
    attendance: null, delegates_version: '', unsent: 0, ...change,
  };
}

beforeEach(() => {
  lang.value = 'vi';
});

describe('verdicts', () => {
  it('a hall that is well', () => {
    const now = hall({ sign_off: { by: 'Lê Hà', at_us: 1, sign_off: { screen: true, loudspeaker: true, camera: true, microphone: true, note: '' } } });
    for (const look of [linkLook(now), readyLook(now), pictureLook(now), soundLook(now)]) expect(look.tone).toBe('good');
    expect(linkLook(now).more).toBe('từ 08:00');
    expect(readyLook(now).more).toBe('Lê Hà đã xác nhận');
  });

  it('ready, but nobody has confirmed', () => {
    expect(readyLook(hall())).toMatchObject({ tone: 'warn', word: 'Sẵn sàng', more: 'kỹ thuật chưa xác nhận' });
  });

  it('not ready says why, in the reader’s language', () => {
    const check = { kind: 'backup_feed' as const, verdict: 'failed' as const, at_us: '0', by: '', reason: { vi: 'Hình đen', en: 'The picture is black' } };
    const now = hall({ readiness: { verdict: 'not_ready', checks: [check] } });
    expect(readyLook(now)).toMatchObject({ tone: 'bad', more: 'Luồng dự phòng: Hình đen' });
    lang.value = 'en';
    expect(readyLook(now)).toMatchObject({ word: 'Not ready', more: 'Backup feed: The picture is black' });
    const two = hall({ readiness: { verdict: 'not_ready', checks: [check, { ...check, kind: 'disk' }] } });
    expect(readyLook(two).more).toBe('2 things to mend');
  });

  it('a black picture is the picture’s fault alone, silence is the sound’s alone', () => {
    const black = hall({ feeds: [feed('main', { trouble: { vi: 'Hình đen', en: 'black' } }, ['black'])] });
    expect(pictureLook(black)).toMatchObject({ tone: 'bad', word: 'Hình đen' });
    expect(soundLook(black).tone).toBe('good');
    const silent = hall({ feeds: [feed('main', {}, ['silence'])] });
    expect(pictureLook(silent).tone).toBe('good');
    expect(soundLook(silent).tone).toBe('warn');
    const mute = hall({ feeds: [feed('main', {}, ['no_audio'])] });
    expect(soundLook(mute)).toMatchObject({ tone: 'bad', word: 'Không có tiếng' });
  });

  it('what a feed is not expected to have is not missed', () => {
    const sound = feed('main');
    sound.sample = { ...sound.sample!, video: null, sound_alone: true };
    expect(pictureLook(hall({ feeds: [sound] }))).toMatchObject({ tone: 'calm', word: 'Luồng chỉ có tiếng' });
    expect(soundLook(hall({ feeds: [sound] })).tone).toBe('good');
    const picture = feed('main');
    picture.sample = { ...picture.sample!, audio: null, picture_alone: true };
    expect(soundLook(hall({ feeds: [picture] }))).toMatchObject({ tone: 'calm', word: 'Luồng chỉ có hình' });
    expect(pictureLook(hall({ feeds: [picture] })).tone).toBe('good');
  });

  it('the backup feed is no calm state', () => {
    const now = hall({ feeds: [feed('main', { active: false }, ['black']), feed('backup', { active: true })] });
    expect(pictureLook(now)).toMatchObject({ tone: 'warn', more: 'đang dùng luồng dự phòng' });
  });

  it('what is not measured is not called good, and neither is what is old', () => {
    expect(pictureLook(hall({ feeds: [feed('main', { sample: null })] })).tone).toBe('calm');
    expect(soundLook(hall({ feeds: [] })).tone).toBe('calm');
    expect(aged(linkLook(hall()), 9)).toEqual({ tone: 'calm', word: 'Không rõ', more: '9 giây trước: Đã kết nối trung tâm' });
  });

  it('a picture that could not be shown is said before everything', () => {
    const now = hall({ phase: 'failed', problem: { vi: 'Không có tín hiệu', en: 'No signal' } });
    expect(pictureLook(now)).toMatchObject({ tone: 'bad', word: 'Không lên hình được', more: 'Không có tín hiệu' });
  });

  it('attendance that nobody reported asks for it', () => {
    const by_name = { expected: 68, present: 3, online: 0, excused: 0, absent: 0, not_marked: 65 };
    const here = { session_id: 's1', sitting_id: 'sang', headcount: null, headcount_by: '', headcount_at_us: 0, by_name, recent: [] };
    expect(attendanceLook(hall({ attendance: here }))).toMatchObject({ tone: 'warn', more: '3/68 đã điểm danh' });
    const counted = { ...here, headcount: { present: 57, online: 4, excused: 0, absent: 0, note: '' } };
    expect(attendanceLook(hall({ attendance: counted }))).toMatchObject({ tone: 'good', word: '61 người dự' });
  });

  it('counts down while nobody answers, and up once it runs', () => {
    expect(countdown(hall(), 0)?.value).toBe('10:00');
    expect(countdown(hall(), 30)?.value).toBe('9:30');
    expect(countdown(hall(), 601)).toMatchObject({ label: 'Đã đến giờ', value: '0:00' });
    expect(countdown(hall({ phase: 'started' }), 660)).toMatchObject({ label: 'Đã diễn ra', value: '1:00' });
    expect(countdown(hall({ phase: 'ended' }), 0)).toBeNull();
    expect(countdown(hall({ session: null }), 0)).toBeNull();
  });

  it('figures of a feed', () => {
    expect(figures(feed('main'))).toBe('1920×1080 · 25 hình/giây · 4,1 Mbit/s · âm lượng -23 LUFS');
    lang.value = 'en';
    expect(figures(feed('main'))).toContain('4.1 Mbit/s');
  });
});

describe('format', () => {
  it('searches without marks and from the beginning of words', () => {
    expect(wordsOf('  Đống ĐA ')).toEqual(['dong', 'da']);
    const key = 'do thi ha uy ban phuong dong da';
    for (const typed of ['dong da', 'Đỗ Hà', 'ha dong', 'UY ban', '']) expect(matches(key, wordsOf(typed)), typed).toBe(true);
    for (const typed of ['ong', 'dang', 'ha x']) expect(matches(key, wordsOf(typed)), typed).toBe(false);
    expect(matches('nguyen van an ubnd', wordsOf('nguyen van an'))).toBe(true);
  });

  it('numbers, times and spans', () => {
    expect(number(1234.5, 1)).toBe('1.234,5');
    expect(time(1_772_326_800_000_000, 'Asia/Ho_Chi_Minh')).toBe('08:00');
    expect(time(1_772_326_800_000_000)).toBe('08:00');
    expect(span(3909)).toBe('1:05:09');
    expect(span(309.9)).toBe('5:09');
  });
});
