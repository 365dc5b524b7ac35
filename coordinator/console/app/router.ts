// Addresses behind the '#': "#/sessions", "#/session/s-1/attendance?site=T01". Each view can be linked to and gone back to.
import { signal } from '@preact/signals';

export interface Place {
  parts: readonly string[];
  query: ReadonlyMap<string, string>;
}

export function readPlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2) as [string, string?];
  const decoded = (part: string) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  };
  return {
    parts: path.split('/').filter((part) => part !== '').map(decoded),
    query: new Map(new URLSearchParams(query)),
  };
}

export function hashOf(parts: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const words = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== '') words.set(key, value);
  const tail = words.toString();
  return `#/${parts.map(encodeURIComponent).join('/')}${tail === '' ? '' : `?${tail}`}`;
}

export const place = signal<Place>(readPlace(typeof location === 'undefined' ? '' : location.hash));
if (typeof window !== 'undefined')
  window.addEventListener('hashchange', () => {
    place.value = readPlace(location.hash);
  });

export function go(...parts: string[]): void {
  location.hash = hashOf(parts);
}

/** Changes what is behind the '?', without a step to go back to. */
export function setQuery(key: string, value: string | undefined): void {
  const query = Object.fromEntries(place.value.query) as Record<string, string | undefined>;
  query[key] = value;
  history.replaceState(null, '', hashOf(place.value.parts, query));
  place.value = readPlace(location.hash);
}
