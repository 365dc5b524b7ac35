// Which alarm is looked at first. Pure.
import { Alarm_Kind, Alarm_State, type Alarm } from '@messages/alarm_pb';
import { Condition_Name } from '@messages/health_pb';
import { millis } from '@web/times';

/** Put aside until later. */
export function isShelvedAt(alarm: Alarm, nowMs: number): boolean {
  return alarm.shelvedBy !== '' && millis(alarm.shelvedUntilUs) > nowMs;
}

// People hear or see it; what is not in here is measured, and the briefing goes on.
const felt: ReadonlySet<Condition_Name> = new Set([
  Condition_Name.no_signal, Condition_Name.no_video, Condition_Name.no_audio, Condition_Name.black, Condition_Name.frozen, Condition_Name.silence,
  Condition_Name.corrupted, Condition_Name.line_too_slow, Condition_Name.wrong_feed,
]);

/** 3: a hall does not have the briefing, or calls; 2: it may lose it; 1: good to know. */
export function gravity(alarm: Alarm): 1 | 2 | 3 {
  switch (alarm.kind) {
    case Alarm_Kind.not_started:
    case Alarm_Kind.link_lost:
    case Alarm_Kind.help:
      return 3;
    case Alarm_Kind.feed:
      return felt.has(alarm.condition) ? 3 : 2;
    case Alarm_Kind.not_ready:
    case Alarm_Kind.duplicate_site:
    case Alarm_Kind.slow_centre:
      return 2;
    default:
      return 1;
  }
}

/** Raised ones: first what nobody has in hand, last what was put aside; among them the gravest, then of most halls, then the newest. */
export function sortAlarms(alarms: Iterable<Alarm>, nowMs: number): Alarm[] {
  const rank = (one: Alarm) => (isShelvedAt(one, nowMs) ? 2 : one.ackedBy !== '' ? 1 : 0);
  // Somebody who calls waits for a person; of the same size it goes before what a machine has noticed.
  const calls = (one: Alarm) => (one.kind === Alarm_Kind.help ? 0 : 1);
  return [...alarms].filter((one) => one.state === Alarm_State.raised).sort((a, b) =>
    rank(a) - rank(b) || gravity(b) - gravity(a) || b.siteIds.length - a.siteIds.length || calls(a) - calls(b) || Number(b.raisedUs - a.raisedUs));
}
