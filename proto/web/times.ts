// Times of the messages: microseconds since 1970 UTC, shown in the session's time zone as dd/MM/yyyy and 24 hours.
import { language } from './language';

export type Micros = bigint | number;

export const defaultZone = 'Asia/Ho_Chi_Minh';

export const millis = (us: Micros): number => Number(us) / 1000;
export const micros = (ms: number): bigint => BigInt(Math.round(ms * 1000));

export interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (found === undefined) {
    const options: Intl.DateTimeFormatOptions = {
      year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
      hourCycle: 'h23',
    };
    try {
      found = new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone || defaultZone });
    } catch {
      // A zone that this browser does not know: better the usual one than no time at all.
      found = new Intl.DateTimeFormat('en-US', { ...options, timeZone: defaultZone });
    }
    formatters.set(zone, found);
  }
  return found;
}

export function partsIn(ms: number, zone: string): Parts {
  const parts: Parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatter(zone).formatToParts(ms)) {
    if (type in parts) parts[type as keyof Parts] = Number(value);
  }
  return parts;
}

const two = (value: number) => String(value).padStart(2, '0');

export function dateText(us: Micros, zone = defaultZone): string {
  if (Number(us) === 0) return '';
  const p = partsIn(millis(us), zone);
  return `${two(p.day)}/${two(p.month)}/${p.year}`;
}

export function minuteText(us: Micros, zone = defaultZone): string {
  if (Number(us) === 0) return '';
  const p = partsIn(millis(us), zone);
  return `${two(p.hour)}:${two(p.minute)}`;
}

export function secondText(us: Micros, zone = defaultZone): string {
  if (Number(us) === 0) return '';
  const p = partsIn(millis(us), zone);
  return `${two(p.hour)}:${two(p.minute)}:${two(p.second)}`;
}

/** "01/03/2026 08:00". */
export function dateTimeText(us: Micros, zone = defaultZone): string {
  return Number(us) === 0 ? '' : `${dateText(us, zone)} ${minuteText(us, zone)}`;
}

/** The instant that a wall clock in `zone` shows so; where a clock is put back it is the first of the two. */
export function instantOf(parts: Omit<Parts, 'second'> & { second?: number }, zone = defaultZone): number {
  const wanted = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second ?? 0);
  let guess = wanted;
  for (let turn = 0; turn < 3; ++turn) {
    const shown = partsIn(guess, zone);
    const off = Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second) - wanted;
    if (off === 0) break;
    guess -= off;
  }
  return guess;
}

/** Reads "1/3/2026 8:00" or "01/03/2026 08:00:30"; null where that is no time. */
export function readDateTime(text: string, zone = defaultZone): bigint | null {
  const found = /^\s*(\d{1,2})\/(\d{1,2})\/(\d{4})\s+(\d{1,2})[:hg](\d{2})(?::(\d{2}))?\s*$/.exec(text);
  if (found === null) return null;
  const [day, month, year, hour, minute, second] = found.slice(1).map((part) => Number(part ?? 0)) as [
    number, number, number, number, number, number,
  ];
  const ms = instantOf({ year, month, day, hour, minute, second }, zone);
  const back = partsIn(ms, zone);
  const same = back.day === day && back.month === month && back.year === year && back.hour === hour && back.minute === minute;
  return same ? micros(ms) : null;
}

/** "0:47", "12:05", "1:02:03": a clock that counts. */
export function spanText(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600), minutes = Math.floor(total / 60) % 60;
  // Nobody counts the hours of a date that is weeks ahead.
  if (hours >= 72) return `${Math.floor(hours / 24)} ${language.value === 'vi' ? 'ngày' : 'days'}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

/** How old something is, in few letters: "3 s", "5 ph", "2 giờ", "4 ngày". */
export function ageText(ms: number): string {
  const vietnamese = language.value === 'vi';
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 100) return vietnamese ? `${seconds} giây` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 100) return vietnamese ? `${minutes} phút` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return vietnamese ? `${hours} giờ` : `${hours} h`;
  return vietnamese ? `${Math.floor(hours / 24)} ngày` : `${Math.floor(hours / 24)} d`;
}
