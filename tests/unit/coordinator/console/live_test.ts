// The live view's updates merged into one state, over a socket of the test's own: what changed changes, what is whole replaces,
// and a lost line keeps what it had and comes back.
import { create, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Alarm_State } from '@messages/alarm_pb';
import { LinkState_Name, ViewUpdateSchema } from '@messages/view_pb';

class Socket {
  static all: Socket[] = [];
  onmessage: ((event: { data: ArrayBufferLike }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  binaryType = '';
  closed = false;
  constructor(readonly url: string, readonly protocol: string) {
    Socket.all.push(this);
  }
  close(): void {
    this.closed = true;
  }
  say(update: Parameters<typeof create<typeof ViewUpdateSchema>>[1]): void {
    const bytes = toBinary(ViewUpdateSchema, create(ViewUpdateSchema, update));
    this.onmessage?.({ data: bytes.slice().buffer });
  }
}
const newest = (): Socket => {
  const found = Socket.all.at(-1);
  if (found === undefined) throw new Error('no socket was opened');
  return found;
};

beforeEach(() => {
  vi.useFakeTimers();
  Socket.all = [];
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('location', { protocol: 'https:', host: 'centre.example', hash: '' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function opened() {
  const { Live } = await import('../../../../coordinator/console/live/live');
  return new Live('s 1');
}
const site = (siteId: string, link = LinkState_Name.online) => ({ siteId, name: siteId, link });

it('asks for its session, in binary', async () => {
  const live = await opened();
  expect(newest().url).toBe('wss://centre.example/api/v1/view?session=s%201');
  expect([newest().protocol, newest().binaryType]).toEqual(['diemcau.view.v1', 'arraybuffer']);
  expect(live.link.value).toBe('wait');
  live.close();
  expect(newest().closed).toBe(true);
});

it('what changed changes, and nothing else is told to have', async () => {
  const live = await opened();
  newest().say({ full: true, version: 1n, sites: [site('B'), site('A')], sessions: [{ session: { id: 's 1' } }] });
  expect(live.siteIds.value).toEqual(['A', 'B']);
  const ids = live.siteIds.value, a = live.sites.get('A')?.value;
  newest().say({ version: 2n, sites: [site('B', LinkState_Name.offline)] });
  expect(live.sites.get('B')?.value.link).toBe(LinkState_Name.offline);
  expect(live.sites.get('A')?.value).toBe(a);
  expect(live.siteIds.value).toBe(ids);
  live.close();
});

it('a whole update replaces all', async () => {
  const live = await opened();
  newest().say({ full: true, sites: [site('A'), site('B')], alarms: [{ id: 'x', state: Alarm_State.raised }], timeline: [{ seq: 1n }] });
  newest().say({ full: true, sites: [site('C')], timeline: [{ seq: 5n }] });
  expect(live.siteIds.value).toEqual(['C']);
  expect(live.alarms.value.size).toBe(0);
  expect(live.timeline.value.map((one) => one.seq)).toEqual([5n]);
  live.close();
});

it('an entry of the timeline that comes twice is there once', async () => {
  const live = await opened();
  newest().say({ full: true, timeline: [{ seq: 1n }, { seq: 2n }] });
  newest().say({ timeline: [{ seq: 2n }, { seq: 3n }] });
  expect(live.timeline.value.map((one) => one.seq)).toEqual([1n, 2n, 3n]);
  live.close();
});

it('a lost line keeps what it had, says so, and comes back by itself', async () => {
  const live = await opened();
  newest().say({ full: true, sites: [site('A')] });
  newest().onclose?.({ code: 1012 });
  expect(live.link.value).toBe('lost');
  expect(live.siteIds.value).toEqual(['A']);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(Socket.all.length).toBe(2);
  newest().say({ full: true, sites: [site('A'), site('B')] });
  expect(live.link.value).toBe('ok');
  expect(live.siteIds.value).toEqual(['A', 'B']);
  live.close();
});

it('the past is shown without a socket', async () => {
  const { Live } = await import('../../../../coordinator/console/live/live');
  const live = new Live('s', true);
  live.show(create(ViewUpdateSchema, { sites: [site('A')] }));
  expect(live.siteIds.value).toEqual(['A']);
  live.show(create(ViewUpdateSchema, { sites: [site('B')] }));
  expect(live.siteIds.value).toEqual(['B']);
  expect(Socket.all.length).toBe(0);
});
