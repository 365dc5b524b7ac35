// Languages, numbers, times and folding: what both pages say alike.
import { afterEach, describe, expect, it } from 'vitest';
import { finds, fold } from '@web/fold';
import { defineTexts, said, setLanguage } from '@web/language';
import { bitRate, number, percent } from '@web/numbers';
import { ageText, dateText, dateTimeText, instantOf, micros, readDateTime, secondText, spanText } from '@web/times';

afterEach(() => setLanguage('vi'));

describe('language', () => {
  const t = defineTexts({ sites: ['{n} điểm cầu', '{n} sites'], plain: ['Đóng', 'Close'] });
  it('is Vietnamese first and English when asked', () => {
    expect(t('sites', { n: 3 })).toBe('3 điểm cầu');
    setLanguage('en');
    expect(t('sites', { n: 3 })).toBe('3 sites');
    expect(t('plain')).toBe('Close');
  });
  it('has a word for one and a word for more', () => {
    const many = defineTexts({ left: ['còn {n}', '{n} {n:site is|sites are} left'] });
    setLanguage('en');
    expect([0, 1, 2, '1', '1.234'].map((n) => many('left', { n }))).toEqual(['0 sites are left', '1 site is left', '2 sites are left', '1 site is left', '1.234 sites are left']);
    expect(many('left', {})).toBe('{n} {n:site is|sites are} left');
  });
  it('leaves a value that is not given visible', () => expect(t('sites', {})).toBe('{n} điểm cầu'));
  it('says a sentence that came in one language only', () => {
    expect(said({ vi: 'có', en: 'yes' })).toBe('có');
    setLanguage('en');
    expect(said({ vi: 'có', en: '' })).toBe('có');
    expect(said(undefined)).toBe('');
  });
});

describe('numbers', () => {
  it.each([
    [1234.5, 1, '1.234,5'], [0, 0, '0'], [999, 0, '999'], [1000, 0, '1.000'], [1234567, 0, '1.234.567'], [-0.04, 1, '0,0'],
    [-1234.56, 1, '-1.234,6'], [Number.NaN, 0, '–'],
  ])('%d with %d digits is %s', (value, digits, text) => expect(number(value, digits)).toBe(text));
  it('is English in English', () => {
    setLanguage('en');
    expect(number(1234.5, 1)).toBe('1,234.5');
  });
  it('says 100% only when it is all', () => {
    expect(percent(765, 766)).toBe('99%');
    expect(percent(766, 766)).toBe('100%');
    expect(percent(1, 766)).toBe('1%');
    expect(percent(0, 766)).toBe('0%');
    expect(percent(0, 0)).toBe('–');
  });
  it('says bit rates', () => {
    expect(bitRate(850)).toBe('850 kbit/s');
    expect(bitRate(2400)).toBe('2,4 Mbit/s');
  });
});

describe('times', () => {
  const us = micros(Date.UTC(2026, 2, 1, 1, 0, 5));
  it('are shown in the zone of the session', () => {
    expect(dateTimeText(us)).toBe('01/03/2026 08:00');
    expect(secondText(us)).toBe('08:00:05');
    expect(dateTimeText(us, 'Europe/Berlin')).toBe('01/03/2026 02:00');
    expect(dateText(micros(Date.UTC(2026, 1, 28, 17, 30)))).toBe('01/03/2026');
    expect(dateTimeText(0n)).toBe('');
    expect(dateTimeText(us, 'Not/AZone')).toBe('01/03/2026 08:00');
  });
  it('show midnight as 00', () => expect(secondText(micros(Date.UTC(2026, 0, 1, 17, 0)))).toBe('00:00:00'));
  it.each([
    ['1/3/2026 8:00', 'Asia/Ho_Chi_Minh', Date.UTC(2026, 2, 1, 1)],
    ['01/03/2026 08h00', 'Asia/Ho_Chi_Minh', Date.UTC(2026, 2, 1, 1)],
    ['29/03/2026 03:30', 'Europe/Berlin', Date.UTC(2026, 2, 29, 1, 30)],
    ['01/07/2026 12:00', 'America/New_York', Date.UTC(2026, 6, 1, 16)],
  ])('reads %s in %s', (text, zone, ms) => expect(readDateTime(text, zone)).toBe(micros(ms)));
  it.each(['', '31/02/2026 08:00', '1/13/2026 08:00', '1/3/2026', '1/3/2026 25:00', '2026-03-01 08:00'])('refuses "%s"', (text) =>
    expect(readDateTime(text)).toBeNull());
  it('refuses an hour that a clock jumps over', () => expect(readDateTime('29/03/2026 02:30', 'Europe/Berlin')).toBeNull());
  it('goes there and back', () => {
    for (const zone of ['Asia/Ho_Chi_Minh', 'Europe/Berlin', 'America/St_Johns'])
      expect(instantOf({ year: 2026, month: 8, day: 15, hour: 23, minute: 59 }, zone) % 60_000).toBe(0);
  });
  it('counts', () => {
    expect(spanText(47_900)).toBe('0:47');
    expect(spanText(3_723_000)).toBe('1:02:03');
    expect(spanText(-5)).toBe('0:00');
    expect(spanText(71 * 3_600_000)).toBe('71:00:00');
    expect(spanText(35.5 * 86_400_000)).toBe('35 ngày');
    expect(ageText(99_000)).toBe('99 giây');
    expect(ageText(100_000)).toBe('1 phút');
    expect(ageText(7_200_000)).toBe('2 giờ');
    setLanguage('en');
    expect(ageText(4 * 86_400_000)).toBe('4 d');
  });
});

describe('search', () => {
  it.each([['Đống Đa', 'dong da'], ['Nguyễn Văn Ân', 'nguyen van an'], ['ỨNG HÒA', 'ung hoa']])('folds %s', (text, folded) =>
    expect(fold(text)).toBe(folded));
  it('is the same however the letters are composed', () => expect(fold('Huế'.normalize('NFD'))).toBe(fold('Huế'.normalize('NFC'))));
  it('finds words in any order', () => {
    expect(finds(fold('Hội trường Đống Đa 3'), 'đa hoi')).toBe(true);
    expect(finds(fold('Hội trường Đống Đa 3'), 'dong anh')).toBe(false);
    expect(finds('x', '  ')).toBe(true);
  });
});
