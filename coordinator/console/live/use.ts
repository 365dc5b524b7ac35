// Hooks that pages share: a live view for as long as a page is shown, and a request with its state.
import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { toast } from '@web/components/toast';
import { place } from '../app/router';
import { saying } from './api';
import { Live } from './live';
import { needRoster } from './roster';

let warm: Live | null = null;

/** Opens the live view that the page of this address will ask for, while it is still being asked who signed in. */
export function warmUp(): void {
  const [page = 'sessions', id = ''] = place.value.parts;
  if (page === 'session' || page === 'kiosk') warm ??= new Live(id);
  else if (page === 'sessions' || page === 'calendar' || page === 'alarms') warm ??= new Live('', 'sessions');
}

function opened(session: string): Live {
  const ready = warm;
  warm = null;
  if (ready !== null && ready.session === session) return ready;
  ready?.close();
  return new Live(session, session === '' ? 'sessions' : 'all');
}

/** Of one session, or of all: then without their sites. */
export function useLive(session: string): Live {
  const live = useMemo(() => opened(session), [session]);
  useEffect(() => {
    // Names of areas are shown with the sites of a session; a list of sessions does without.
    if (session !== '') void needRoster().catch(() => undefined);
    return () => live.close();
  }, [live]);
  return live;
}

export interface Asked<T> {
  value: Signal<T | null>;
  failure: Signal<string>;
  again: () => Promise<void>;
}

/** Asks when the page opens and whenever `keys` change; an answer that comes too late is dropped. */
export function useAsked<T>(ask: () => Promise<T>, keys: readonly unknown[]): Asked<T> {
  const value = useSignal<T | null>(null);
  const failure = useSignal('');
  const turn = useSignal(0);
  const again = async () => {
    const mine = ++turn.value;
    try {
      const answer = await ask();
      if (turn.peek() !== mine) return;
      value.value = answer;
      failure.value = '';
    } catch (error) {
      if (turn.peek() === mine) failure.value = saying(error);
    }
  };
  useEffect(() => {
    void again();
    return () => {
      ++turn.value;
    };
  }, keys);
  return { value, failure, again };
}

/** Does something that can fail, says so at the edge of the page; true: it was done. */
export async function tried(act: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await act();
    if (done !== undefined) toast(done);
    return true;
  } catch (error) {
    toast(saying(error), 'bad');
    return false;
  }
}
