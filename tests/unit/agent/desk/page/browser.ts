// What the page's parts need of a browser: a store, and an agent that answers as a test says.
import { vi } from 'vitest';

export class Store implements Storage {
  readonly map = new Map<string, string>();
  full = false;
  get length(): number {
    return this.map.size;
  }
  clear(): void {
    this.map.clear();
  }
  getItem(key: string): string | null {
    return this.map.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.map.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.map.delete(key);
  }
  setItem(key: string, value: string): void {
    if (this.full) throw new Error('QuotaExceededError');
    this.map.set(key, value);
  }
}

export interface Posted { path: string; body: Record<string, unknown> }

// `answer`: status and body, or null for a network that is broken.
export function agent(answer: (posted: Posted) => [status: number, body: unknown] | null): Posted[] {
  const heard: Posted[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const posted = { path, body: JSON.parse(String(init.body ?? '{}')) as Record<string, unknown> };
    heard.push(posted);
    const said = answer(posted);
    if (said === null) throw new TypeError('network');
    return { ok: said[0] === 200, status: said[0], json: async () => said[1] };
  });
  return heard;
}
