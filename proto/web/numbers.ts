// Numbers as people here write them: 1.234,5 in Vietnamese, 1,234.5 in English.
import { language } from './language';

export function number(value: number | bigint, digits = 0): string {
  const plain = Number(value);
  if (!Number.isFinite(plain)) return '–';
  const [whole = '0', part] = Math.abs(plain).toFixed(digits).split('.');
  const vietnamese = language.value === 'vi';
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, vietnamese ? '.' : ',');
  const sign = plain < 0 && Number(plain.toFixed(digits)) !== 0 ? '-' : '';
  return sign + grouped + (part === undefined ? '' : (vietnamese ? ',' : '.') + part);
}

/** A share in whole percent that says 0 or 100 only where it is. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return '–';
  const exact = (part / whole) * 100;
  const shown = exact > 0 && exact < 1 ? 1 : exact < 100 && exact > 99 ? 99 : Math.round(exact);
  return `${number(shown)}%`;
}

/** "2,4 Mbit/s", "850 kbit/s". */
export function bitRate(kbps: number): string {
  return kbps >= 1000 ? `${number(kbps / 1000, 1)} Mbit/s` : `${number(kbps)} kbit/s`;
}
