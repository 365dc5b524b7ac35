// What an operator is shown first in a storm.
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { Alarm_Kind, Alarm_State, AlarmSchema, type Alarm } from '@messages/alarm_pb';
import { Condition_Name } from '@messages/health_pb';
import { sortAlarms } from '../../../../coordinator/console/session/alarm_order';

const now = 1_000_000;
const halls = (count: number) => Array.from({ length: count }, (_, at) => `D${at}`);
const alarm = (id: string, kind: Alarm_Kind, sites: number, more: Partial<Alarm> = {}): Alarm =>
  ({ ...create(AlarmSchema, { id, kind, siteIds: halls(sites), raisedUs: 5n }), ...more });
const black = { condition: Condition_Name.black };
const order = (...alarms: Alarm[]) => sortAlarms(alarms, now).map((one) => one.id);

describe('the order of alarms', () => {
  it('puts the graver first, however many halls the other has', () => expect(order(
    alarm('clock', Alarm_Kind.clock, 300), alarm('loss', Alarm_Kind.feed, 200, { condition: Condition_Name.packet_loss }),
    alarm('black', Alarm_Kind.feed, 1, black),
  )).toEqual(['black', 'loss', 'clock']));

  it('puts more halls before fewer, and a call before what else is of one hall', () => expect(order(
    alarm('one', Alarm_Kind.feed, 1, { ...black, raisedUs: 9n }), alarm('call', Alarm_Kind.help, 1), alarm('ward', Alarm_Kind.link_lost, 25),
    alarm('all', Alarm_Kind.feed, 766, black),
  )).toEqual(['all', 'ward', 'call', 'one']));

  it('puts what nobody has in hand first, and what was put aside last', () => expect(order(
    alarm('aside', Alarm_Kind.feed, 766, { ...black, shelvedBy: 'x', shelvedUntilUs: BigInt(now + 1) * 1000n }),
    alarm('taken', Alarm_Kind.feed, 700, { ...black, ackedBy: 'x' }), alarm('loud', Alarm_Kind.clock, 1),
    alarm('back', Alarm_Kind.clock, 2, { shelvedBy: 'x', shelvedUntilUs: BigInt(now - 1) * 1000n }),
  )).toEqual(['back', 'loud', 'taken', 'aside']));

  it('of the same weight the newest is first; what is over is not there', () => expect(order(
    alarm('old', Alarm_Kind.help, 1), alarm('new', Alarm_Kind.help, 1, { raisedUs: 6n }), alarm('over', Alarm_Kind.help, 9, { state: Alarm_State.cleared }),
  )).toEqual(['new', 'old']));
});
