// What the page knows: the agent's newest answer, how old it is, and whether this device may ask at all.
import { computed, signal } from '@preact/signals';
import { get, post } from './api';
import { heardCentre } from './centre_clock';
import { flush, items, put } from './outbox';
import { remember, remembered } from './memory';
import { both } from './texts';
import type { Act, Body, Delegate, Presence, State, Text } from './types';

export const state = signal<State | null>(null);
export const delegates = signal<Delegate[]>([]);
export const heardAt = signal(performance.now());
export const tick = signal(performance.now()); // each second: ages and countdowns follow it
export const locked = signal(false); // this device has to enter the PIN
export const sitting = signal(''); // chosen on this device; empty: the present one

const pollMs = 1000;
export const staleAfterS = 5;

// Seconds since the agent was heard.
export const age = computed(() => Math.max(0, Math.round((tick.value - heardAt.value) / 1000)));
export const stale = computed(() => age.value >= staleAfterS);

let version = '';
let asking = false;

export async function refresh(): Promise<void> {
  if (asking) return;
  asking = true;
  const answer = await get<State>(
    `/api/desk?have=${encodeURIComponent(version)}&sitting=${encodeURIComponent(sitting.value)}`);
  asking = false;
  tick.value = performance.now();
  if (answer.kind === 'refused') locked.value = answer.status === 401;
  if (answer.kind !== 'done') return;
  locked.value = false;
  const fresh = answer.value;
  if (fresh.delegates) delegates.value = fresh.delegates;
  version = fresh.delegates_version;
  heardCentre(fresh.now_us);
  heardAt.value = tick.value;
  state.value = fresh;
  if (items.value.length > 0) await flush();
}

export function start(): void {
  void refresh();
  setInterval(() => {
    tick.value = performance.now();
    void refresh();
  }, pollMs);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void refresh();
  });
}

export type Outcome = { kind: 'sent' } | { kind: 'kept' } | { kind: 'refused'; why: Text };

// Keeps it first, then sends: whatever happens to the network, the page or this device, it is not lost.
export async function enter(act: Act, body: Body, what: Text): Promise<Outcome> {
  const now = state.value;
  const about = act === 'undo' || act === 'help' ? {} : {
    ...(now?.attendance && act !== 'confirm' ? { sitting_id: now.attendance.sitting_id } : {}),
    ...(now?.session ? { session_id: now.session.id } : {}),
  };
  const item = put(act, { ...about, ...body }, what);
  const answer = await flush(item.id);
  if (answer?.kind === 'refused' && items.value.some((one) => one.id === item.id && one.refused))
    return { kind: 'refused', why: answer.why };
  if (answer?.kind === 'done') {
    void refresh();
    return { kind: 'sent' };
  }
  return items.value.some((one) => one.id === item.id) ? { kind: 'kept' } : { kind: 'sent' };
}

// What was entered here and waits counts on this device already.
export const shownStates = computed(() => {
  const over = new Map<string, Presence>();
  const attendance = state.value?.attendance;
  for (const item of items.value) {
    const checkIn = item.body.check_in;
    if (checkIn && !item.refused && item.body.sitting_id === attendance?.sitting_id)
      over.set(checkIn.delegate_id, checkIn.state);
  }
  return over;
});

export const stateOf = (one: Delegate): Presence => shownStates.value.get(one.id) ?? one.state;

// Texts that a person has read; why it could not be told is shown beside the text.
export const unreadWhy = signal<Record<string, Text>>({});
export async function received(id: string): Promise<void> {
  const answer = await post('/api/desk/received', { id });
  const why = answer.kind === 'done' ? undefined : answer.kind === 'refused' ? answer.why : both('noAnswer');
  const { [id]: _, ...others } = unreadWhy.value;
  unreadWhy.value = why ? { ...others, [id]: why } : others;
  await refresh();
}

export async function unlock(secret: { pin: string } | { key: string }): Promise<Text | null> {
  const answer = await post('/api/desk/enter', secret);
  if (answer.kind === 'done') {
    await refresh();
    return null;
  }
  if (answer.kind === 'refused') return answer.why;
  return both('noAnswer');
}

// The technician and the clerk often share a computer: each page has its own name.
export type Role = 'technician' | 'clerk';
export const names = {
  technician: signal(remembered('desk.by.technician')),
  clerk: signal(remembered('desk.by.clerk')),
};
export function rename(role: Role, name: string): void {
  names[role].value = name;
  remember(`desk.by.${role}`, name.trim());
}
