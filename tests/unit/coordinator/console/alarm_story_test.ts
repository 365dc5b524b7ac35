// The steps of one alarm, from the timeline and from what the alarm says of itself.
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { AlarmSchema } from '@messages/alarm_pb';
import { TimelineEntrySchema } from '@messages/timeline_pb';
import { storyOf } from '../../../../coordinator/console/session/alarm_story';

const entry = (seq: number, kind: string, actor: string, alarmId = 'a-1') =>
  create(TimelineEntrySchema, { seq: BigInt(seq), atUs: BigInt(seq) * 10n, kind, actor, alarmId });
const alarm = create(AlarmSchema, { id: 'a-1', raisedUs: 10n, ackedBy: 'Hà', ackedUs: 20n, ackNote: 'gọi đài', clearedUs: 90n });
const told = (entries: ReturnType<typeof entry>[]) => storyOf(alarm, entries).map((step) => `${step.atUs} ${step.kind} ${step.by}`);

describe('the story of an alarm', () => {
  it('is told by the timeline, each entry once and in order, and of this alarm only', () => expect(told([
    entry(3, 'alarm.note', 'Hà'), entry(1, 'alarm.raised', 'system'), entry(2, 'alarm.acked', 'Hà'), entry(2, 'alarm.acked', 'Hà'),
    entry(4, 'alarm.raised', 'system', 'a-2'), entry(5, 'alarm.shelved', 'Hà'), entry(7, 'alarm.unshelved', 'system'), entry(9, 'alarm.cleared', 'system'),
  ])).toEqual(['10 raised ', '20 acked Hà', '30 other Hà', '50 shelved Hà', '70 unshelved ', '90 cleared ']));

  it('is what the alarm knows where the timeline is not at hand', () => {
    expect(told([])).toEqual(['10 raised ', '20 acked Hà', '90 cleared ']);
    expect(storyOf(alarm, [])[1]?.note).toBe('gọi đài');
  });

  it('adds what the timeline has not told yet', () => expect(told([entry(1, 'alarm.raised', 'system')])).toEqual(['10 raised ', '20 acked Hà', '90 cleared ']));
});
