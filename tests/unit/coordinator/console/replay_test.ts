// Jumping from event to event in a replay.
import { create } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { TimelineEntrySchema } from '@messages/timeline_pb';
import { eventNear } from '../../../../coordinator/console/session/event_near';

const at = (seconds: number) => create(TimelineEntrySchema, { seq: BigInt(seconds), atUs: BigInt(seconds) * 1_000_000n });
const entries = [at(30), at(10), at(20)];

it.each([
  [15_000, 1, 20_000],
  [15_000, -1, 10_000],
  [20_500, 1, 30_000],
  [20_500, -1, 10_000], // the one that is being looked at is not gone back to
  [9_000, -1, NaN],
  [31_000, 1, NaN],
] as const)('from %d by %d to %d', (from, step, expected) => {
  expect(eventNear(entries, from, step)).toBe(expected);
});
