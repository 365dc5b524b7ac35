// Hooks that pages share: a live view for as long as a page is shown, and a request with its state.
import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { toast } from '@web/components/toast';
import { saying } from './api';
import { Live } from './live';
import { needRoster } from './roster';

export function useLive(session: string): Live {
  const live = useMemo(() => new Live(session), [session]);
  useEffect(() => {
    void needRoster().catch(() => undefined);
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
