// Numbers, times and names as people here write them.
import { lang } from './texts';

const defaultZone = 'Asia/Ho_Chi_Minh';

function inZone(us: number | string, zone: string | undefined, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(Number(us) / 1000);
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone || defaultZone }).format(date);
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: defaultZone }).format(date);
  }
}

export const time = (us: number | string, zone?: string): string =>
  inZone(us, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
export const timeWithSeconds = (us: number | string, zone?: string): string =>
  inZone(us, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
export const day = (us: number | string, zone?: string): string =>
  inZone(us, zone, { day: '2-digit', month: '2-digit', year: 'numeric' });

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(lang.value === 'vi' ? 'vi-VN' : 'en-GB',
    { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

// "1:05:09", "5:09".
export function span(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor(left / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
}

// For searching: marks stripped, d for đ, lower case. The agent's keys of delegates are made the same way.
export const fold = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();

// Each word has to begin some word of the key.
export function matches(key: string, wanted: string[]): boolean {
  const padded = ` ${key}`;
  return wanted.every((word) => padded.includes(` ${word}`));
}
export const wordsOf = (typed: string): string[] => fold(typed).split(/\s+/).filter(Boolean);
