// What happened to one alarm, step by step: who and when. Pure.
import type { Alarm } from '@messages/alarm_pb';
import type { TimelineEntry } from '@messages/timeline_pb';

export const steps = ['raised', 'acked', 'shelved', 'unshelved', 'cleared'] as const;
export type StepKind = (typeof steps)[number] | 'other';

export interface Step {
  kind: StepKind;
  atUs: bigint;
  /** Empty: the coordinator itself. */
  by: string;
  /** As the timeline tells it; undefined: only the alarm itself is known. */
  entry?: TimelineEntry;
  note: string;
}

const kindOf = (word: string): StepKind => {
  const last = word.split('.').at(-1) ?? '';
  return steps.find((one) => one === last) ?? 'other';
};

/** Of what an alarm says of itself: where its timeline is not at hand, this much is certain. */
function known(alarm: Alarm): Step[] {
  const found: Step[] = [{ kind: 'raised', atUs: alarm.raisedUs, by: '', note: '' }];
  if (alarm.ackedUs !== 0n) found.push({ kind: 'acked', atUs: alarm.ackedUs, by: alarm.ackedBy, note: alarm.ackNote });
  if (alarm.shelvedUs !== 0n) found.push({ kind: 'shelved', atUs: alarm.shelvedUs, by: alarm.shelvedBy, note: alarm.shelveReason });
  if (alarm.clearedUs !== 0n) found.push({ kind: 'cleared', atUs: alarm.clearedUs, by: '', note: '' });
  return found;
}

/** Oldest first. A step that both the timeline and the alarm tell of is there once. */
export function storyOf(alarm: Alarm, entries: Iterable<TimelineEntry>): Step[] {
  const bySeq = new Map<bigint, TimelineEntry>();
  for (const one of entries) if (one.alarmId === alarm.id) bySeq.set(one.seq, one);
  const told: Step[] = [...bySeq.values()].sort((a, b) => (a.seq < b.seq ? -1 : 1))
    .map((entry) => ({ kind: kindOf(entry.kind), atUs: entry.atUs, by: entry.actor === 'system' ? '' : entry.actor, note: '', entry }));
  const has = (kind: StepKind) => told.some((one) => one.kind === kind);
  return [...told, ...known(alarm).filter((one) => !has(one.kind))].sort((a, b) => Number(a.atUs - b.atUs));
}
