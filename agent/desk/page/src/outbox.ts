// What people entered on this device and the agent has not confirmed: kept in the browser, in order, each with the id
// that makes it count once, however often it is sent. Only an answer takes an item out: done, or refused with a reason,
// which stays to be read.
import { signal } from '@preact/signals';
import { type Answer, post } from './api';
import { centreNowUs } from './centre_clock';
import { forget, keysThatBegin, remember, remembered } from './memory';
import type { Act, Body, Text } from './types';

export interface Item {
  key: string; // where it is kept; sorts by the order of entry
  id: string;
  act: Act;
  body: Body;
  at_us: number;
  what: Text; // as the person will know it again
  refused?: Text;
}

const prefix = 'desk.outbox.';
export const items = signal<Item[]>(restore());
// False once something could be held in this page's memory only.
export const kept = signal(true);
export const sending = signal(false);

function restore(): Item[] {
  const found: Item[] = [];
  for (const key of keysThatBegin(prefix)) {
    try {
      found.push(JSON.parse(remembered(key)) as Item);
    } catch {
      forget(key);
    }
  }
  return found;
}

function store(item: Item): void {
  if (!remember(item.key, JSON.stringify(item))) kept.value = false;
}

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

let serial = 0;

export function put(act: Act, body: Body, what: Text): Item {
  const id = newId();
  const order = `${String(Date.now()).padStart(15, '0')}.${String(serial++).padStart(6, '0')}`;
  const item: Item = { key: `${prefix}${order}.${id}`, id, act, body, at_us: centreNowUs(), what };
  store(item);
  items.value = [...items.value, item];
  return item;
}

export function drop(id: string): void {
  for (const item of items.value) if (item.id === id) forget(item.key);
  items.value = items.value.filter((item) => item.id !== id);
}

export const waiting = (): Item[] => items.value.filter((item) => item.refused === undefined);
export const refused = (): Item[] => items.value.filter((item) => item.refused !== undefined);

type Sent = Answer<{ id: string }>;

// 401, 429 and 5xx may be otherwise later; every other refusal is about the item itself.
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 429;
}

let running: Promise<unknown> = Promise.resolve();

// In order, one after the other; stops at the first that could not be delivered. Tells what became of `wanted`.
export async function flush(wanted?: string): Promise<Sent | undefined> {
  const mine = running.then(() => deliver(wanted));
  running = mine.catch(() => undefined);
  return mine;
}

async function deliver(wanted?: string): Promise<Sent | undefined> {
  let about: Sent | undefined;
  sending.value = true;
  for (const item of waiting()) {
    const body = { ...item.body, id: item.id, at_us: String(Math.round(item.at_us)) };
    const answer: Sent = await post(`/api/desk/${item.act}`, body);
    if (item.id === wanted) about = answer;
    if (answer.kind === 'done') {
      drop(item.id);
    } else if (answer.kind === 'refused' && isFinal(answer.status)) {
      const now: Item = { ...item, refused: answer.why };
      store(now);
      items.value = items.value.map((one) => (one.id === item.id ? now : one));
    } else {
      break;
    }
  }
  sending.value = false;
  return about;
}
