// Which event of a timeline is next to a moment.
import type { TimelineEntry } from '@messages/timeline_pb';
import { millis } from '@web/times';

/** The nearest event before or after a moment; NaN: there is none. */
export function eventNear(entries: readonly TimelineEntry[], ms: number, step: -1 | 1): number {
  const times = entries.map((one) => millis(one.atUs)).sort((a, b) => a - b);
  const found = step > 0 ? times.find((one) => one > ms + 999) : times.filter((one) => one < ms - 999).at(-1);
  return found ?? NaN;
}
