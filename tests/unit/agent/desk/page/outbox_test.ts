// What is entered on a device is kept until the agent has it, over broken networks and reloads, and counts once.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { agent, Store } from './browser';

const count = { by: 'An', headcount: { present: 5, online: 0, excused: 0, absent: 0, note: '' } };
const what = { vi: 'số người', en: 'headcount' };
let store: Store;

// The page as it is after a reload.
async function page(): Promise<typeof import('../../../../../agent/desk/page/src/outbox')> {
  vi.resetModules();
  return import('../../../../../agent/desk/page/src/outbox');
}

beforeEach(() => {
  store = new Store();
  vi.stubGlobal('localStorage', store);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('outbox', () => {
  it('keeps an entry over a broken network and a reload, and sends it with the same id and moment', async () => {
    const broken = agent(() => null);
    const before = await page();
    const item = before.put('headcount', count, what);
    expect(await before.flush(item.id)).toEqual({ kind: 'silent' });
    expect(before.waiting()).toHaveLength(1);
    expect(broken[0]?.body['id']).toBe(item.id);

    const well = agent(() => [200, { id: item.id }]);
    const after = await page();
    expect(after.waiting().map((one) => one.id)).toEqual([item.id]);
    await after.flush();
    expect(after.waiting()).toHaveLength(0);
    expect(store.map.size).toBe(0);
    expect(well[0]?.path).toBe('/api/desk/headcount');
    expect(well[0]?.body).toMatchObject({ id: item.id, by: 'An', at_us: String(Math.round(item.at_us)) });
  });

  it('sends in the order of entry and stops where the network breaks', async () => {
    const outbox = await page();
    const ids = ['a', 'b', 'c'].map((by) => outbox.put('headcount', { ...count, by }, what).id);
    let answers = 1;
    const heard = agent(({ body }) => (answers-- > 0 ? [200, { id: body['id'] }] : null));
    await outbox.flush();
    expect(heard.map((one) => one.body['by'])).toEqual(['a', 'b']);
    expect(outbox.waiting().map((one) => one.id)).toEqual(ids.slice(1));
  });

  it('keeps what is refused, with the reason, and goes on with the rest', async () => {
    const outbox = await page();
    const bad = outbox.put('undo', { by: 'An', corrects_id: 'x' }, what);
    outbox.put('headcount', count, what);
    agent(({ path, body }) => path.endsWith('undo') ? [409, { detail: 'changed', detail_vi: 'đã sửa' }] : [200, { id: body['id'] }]);
    await outbox.flush();
    expect(outbox.waiting()).toHaveLength(0);
    expect(outbox.refused()).toMatchObject([{ id: bad.id, refused: { vi: 'đã sửa', en: 'changed' } }]);
    expect((await page()).refused()).toHaveLength(1);
    outbox.drop(bad.id);
    expect((await page()).items.value).toHaveLength(0);
  });

  it('waits where the device has to enter the PIN, and where the agent is busy', async () => {
    for (const status of [401, 429, 503]) {
      const outbox = await page();
      outbox.put('headcount', count, what);
      agent(() => [status, {}]);
      await outbox.flush();
      expect(outbox.waiting().length, String(status)).toBeGreaterThan(0);
      expect(outbox.refused(), String(status)).toHaveLength(0);
    }
  });

  it('never sends one item twice at the same time', async () => {
    const outbox = await page();
    const item = outbox.put('headcount', count, what);
    const heard = agent(() => [200, { id: item.id }]);
    await Promise.all([outbox.flush(), outbox.flush(item.id), outbox.flush()]);
    expect(heard).toHaveLength(1);
  });

  it('says so where the browser keeps nothing', async () => {
    const outbox = await page();
    store.full = true;
    outbox.put('headcount', count, what);
    expect(outbox.kept.value).toBe(false);
    expect(outbox.waiting()).toHaveLength(1);
  });

  it('gives every entry an id as the agent takes it', async () => {
    const outbox = await page();
    const ids = new Set(Array.from({ length: 100 }, () => outbox.newId()));
    expect(ids.size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('the centre’s clock on a device', () => {
  it('is as the agent told it, also after a reload', async () => {
    vi.resetModules();
    const clock = await import('../../../../../agent/desk/page/src/centre_clock');
    clock.heardCentre(5_000_000_000, 1_000);
    expect(clock.centreNowUs(2_000)).toBe(5_001_000_000);
    vi.resetModules();
    const again = await import('../../../../../agent/desk/page/src/centre_clock');
    expect(again.centreNowUs(2_000)).toBe(5_001_000_000);
  });
});
