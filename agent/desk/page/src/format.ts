// Numbers and times as people here write them, and how names are looked for.
import { fold } from '@web/fold';
import { number } from '@web/numbers';
import { dateText, minuteText, secondText, spanText } from '@web/times';

export { number };

export const time = (us: number | string, zone?: string): string => minuteText(Number(us), zone);
export const timeWithSeconds = (us: number | string, zone?: string): string => secondText(Number(us), zone);
export const day = (us: number | string, zone?: string): string => dateText(Number(us), zone);
export const span = (seconds: number): string => spanText(seconds * 1000);

// Each word has to begin some word of the key: "an" finds An and not Lan.
export function matches(key: string, wanted: string[]): boolean {
  const padded = ` ${key}`;
  return wanted.every((word) => padded.includes(` ${word}`));
}
export const wordsOf = (typed: string): string[] => fold(typed).split(/\s+/).filter(Boolean);
