// Where a row of links scrolls, the one of this page is in sight.
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export function useCurrentInView<T extends HTMLElement>(key: string): RefObject<T> {
  const row = useRef<T>(null);
  useEffect(() => {
    const here = row.current?.querySelector<HTMLElement>('[aria-current="page"]');
    // The row alone: the page itself stays where it is.
    if (row.current && here) row.current.scrollLeft = here.offsetLeft - row.current.offsetLeft - (row.current.clientWidth - here.offsetWidth) / 2;
  }, [key]);
  return row;
}
