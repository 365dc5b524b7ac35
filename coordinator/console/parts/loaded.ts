// What a page asks of the coordinator once, and again when its address changes or something was done: the newest answer
// counts, and an answer that nobody waits for any more is dropped.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { saying } from '../live/api';

export interface Loaded<T> {
  data: T | undefined;
  failure: string;
  again: () => void;
}

export function useLoaded<T>(ask: () => Promise<T>, keys: readonly unknown[], everyMs = 0): Loaded<T> {
  const [data, setData] = useState<T>();
  const [failure, setFailure] = useState('');
  const turn = useRef(0);
  const again = useCallback(() => {
    const mine = ++turn.current;
    ask().then(
      (found) => {
        if (mine !== turn.current) return;
        setData(() => found);
        setFailure('');
      },
      (error: unknown) => {
        if (mine === turn.current) setFailure(saying(error));
      },
    );
  }, keys);
  useEffect(() => {
    again();
    const timer = everyMs > 0 ? window.setInterval(again, everyMs) : 0;
    return () => {
      ++turn.current;
      clearInterval(timer);
    };
  }, [again, everyMs]);
  return { data, failure, again };
}
