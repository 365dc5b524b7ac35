// The live view's socket: merged into signals, reconnected when it is lost, and given its time when the answer is slow.
import { type MessageInitShape, create, toBinary } from '@bufbuild/protobuf';
import { effect } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Alarm_State } from '@messages/alarm_pb';
import { LinkState_Name, SiteViewSchema, ViewUpdateSchema } from '@messages/view_pb';
import { Live } from '../../../../coordinator/console/live/live';

class FakeSocket {
  static all: FakeSocket[] = [];
  binaryType = '';
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onopen: (() => void) | null = null;
  isClosed = false;
  constructor(readonly url: string, readonly protocol: string) {
    FakeSocket.all.push(this);
  }
  close() {
    this.isClosed = true;
  }
  tell(version: number, isFull: boolean, sites: Record<string, LinkState_Name>) {
    const update = create(ViewUpdateSchema, {
      version: BigInt(version), nowUs: BigInt(Date.now()) * 1000n, full: isFull,
      sites: Object.entries(sites).map(([siteId, link]) => ({ siteId, link, name: siteId })),
    });
    const bytes = toBinary(ViewUpdateSchema, update);
    this.onmessage?.({ data: bytes.slice().buffer });
  }
}

const last = (): FakeSocket => {
  const socket = FakeSocket.all.at(-1);
  if (socket === undefined) throw new Error('no socket');
  return socket;
};

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('location', { protocol: 'https:', host: 'centre:1' });
  vi.stubGlobal('fetch', () => Promise.reject(new Error('nobody there')));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the live view', () => {
  it('asks for one session over its protocol', () => {
    new Live('s 1').close();
    expect(last().url).toBe('wss://centre:1/api/v1/view?session=s%201');
    expect(last().protocol).toBe('diemcau.view.v1');
  });

  it('of the sessions alone reads all but the sites', () => {
    const live = new Live('', 'sessions');
    const update = create(ViewUpdateSchema, {
      version: 3n, nowUs: BigInt(Date.now()) * 1000n, full: true, sites: [{ siteId: 'a' }, { siteId: 'b' }],
      sessions: [{ session: { id: 's-1', title: 'Giao ban' }, sites: 2 }, { session: { id: 's-2' } }], alarms: [{ id: 'a-1' }], timeline: [{ seq: 7n }],
    });
    last().onmessage?.({ data: toBinary(ViewUpdateSchema, update).slice().buffer });
    expect(live.sessions.get('s-1')?.value.session?.title).toBe('Giao ban');
    expect([live.sessionIds.value, [...live.alarms.value.keys()], live.timeline.value.map((one) => one.seq)]).toEqual([['s-1', 's-2'], ['a-1'], [7n]]);
    expect([live.siteIds.value, live.full.value]).toEqual([[], true]);
    live.close();
  });

  it('keeps every alarm that is open, and of those that are over the newest 200', () => {
    const live = new Live('s-1');
    const over = Array.from({ length: 250 }, (_, n) => ({ id: `over-${n}`, state: Alarm_State.cleared, clearedUs: BigInt(1000 + n) }));
    const open = Array.from({ length: 300 }, (_, n) => ({ id: `open-${n}`, state: Alarm_State.raised }));
    const update = create(ViewUpdateSchema, { version: 3n, nowUs: BigInt(Date.now()) * 1000n, full: true, alarms: [...over, ...open] });
    last().onmessage?.({ data: toBinary(ViewUpdateSchema, update).slice().buffer });
    const ids = [...live.alarms.value.keys()];
    expect(ids.filter((id) => id.startsWith('open-')).length).toBe(300);
    expect(ids.filter((id) => id.startsWith('over-'))).toEqual(over.slice(50).map((one) => one.id));
    live.close();
  });

  it('keeps what an update leaves out because it stands as it did', () => {
    const live = new Live('s-1');
    const tell = (isFull: boolean, site: MessageInitShape<typeof SiteViewSchema>) => {
      const update = create(ViewUpdateSchema, { version: 3n, nowUs: BigInt(Date.now()) * 1000n, full: isFull, sites: [{ siteId: 'a', ...site }] });
      last().onmessage?.({ data: toBinary(ViewUpdateSchema, update).slice().buffer });
      return live.sites.get('a')?.value;
    };
    tell(true, { name: 'Hội trường A', waived: true, agentVersion: '1.0', technician: { name: 'An' }, outcome: { siteId: 'a' }, attendance: { checkins: 3 },
      status: { activeFeedId: 'main', readiness: { rehearsal: 2 } } });
    const figures = tell(false, { readinessKept: true, restKept: true, status: { activeFeedId: 'backup' } });
    expect([figures?.name, figures?.waived, figures?.agentVersion, figures?.technician?.name, figures?.outcome?.siteId, figures?.attendance?.checkins])
      .toEqual(['Hội trường A', true, '1.0', 'An', 'a', 3]);
    expect([figures?.status?.activeFeedId, figures?.status?.readiness?.rehearsal]).toEqual(['backup', 2]);
    const renamed = tell(false, { readinessKept: true, name: 'Hội trường B', status: { activeFeedId: 'main' } });
    expect([renamed?.name, renamed?.waived, renamed?.technician, renamed?.status?.readiness?.rehearsal]).toEqual(['Hội trường B', false, undefined, 2]);
    expect(tell(false, { restKept: true })?.status?.readiness).toBeUndefined();
    live.close();
  });

  it('touches only the sites that an update names', () => {
    const live = new Live('');
    last().tell(1, true, { a: LinkState_Name.online, b: LinkState_Name.online });
    let drawn = 0;
    const stop = effect(() => {
      void live.sites.get('a')?.value;
      ++drawn;
    });
    const before = live.siteIds.value;
    last().tell(2, false, { b: LinkState_Name.offline });
    expect(drawn).toBe(1);
    expect(live.siteIds.value).toBe(before);
    expect(live.sites.get('b')?.value.link).toBe(LinkState_Name.offline);
    last().tell(3, false, { a: LinkState_Name.stale });
    expect(drawn).toBe(2);
    stop();
    live.close();
  });

  it('forgets at a full update what is not in it', () => {
    const live = new Live('');
    last().tell(1, true, { a: LinkState_Name.online, b: LinkState_Name.online });
    last().tell(2, true, { b: LinkState_Name.online });
    expect(live.siteIds.value).toEqual(['b']);
    live.close();
  });

  it('keeps what it had while the line is gone, and connects again by itself', () => {
    const live = new Live('');
    last().tell(1, true, { a: LinkState_Name.online });
    last().onclose?.({ code: 1006 });
    expect(live.link.value).toBe('lost');
    expect(live.siteIds.value).toEqual(['a']);
    vi.advanceTimersByTime(1000);
    expect(FakeSocket.all.length).toBe(2);
    last().tell(9, true, { a: LinkState_Name.online });
    expect(live.link.value).toBe('ok');
    live.close();
  });

  it('gives a new line its time, however old the data is', () => {
    const live = new Live('');
    last().tell(1, true, { a: LinkState_Name.online });
    vi.advanceTimersByTime(14_000);
    last().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(1000);
    const second = last();
    expect(FakeSocket.all.length).toBe(2);
    vi.advanceTimersByTime(12_000);
    expect(second.isClosed).toBe(false);
    second.tell(2, true, { a: LinkState_Name.online });
    expect(live.link.value).toBe('ok');
    live.close();
  });

  it('gives up a line that says nothing', () => {
    const live = new Live('');
    last().tell(1, true, { a: LinkState_Name.online });
    const first = last();
    vi.advanceTimersByTime(20_000);
    expect(first.isClosed).toBe(true);
    expect(FakeSocket.all.length).toBe(2);
    live.close();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all.length).toBe(2);
  });
});
