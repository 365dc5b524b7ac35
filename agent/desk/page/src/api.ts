// Questions to the agent. Each ends: answered, refused with a sentence, or without an answer.
import type { Text } from './types';

export type Answer<T> =
  | { kind: 'done'; value: T }
  | { kind: 'refused'; status: number; why: Text }
  | { kind: 'silent' };

const patienceMs = 6000;

export async function ask<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer<T>> {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), patienceMs);
  try {
    const init: RequestInit = { method, signal: control.signal, credentials: 'same-origin' };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { 'content-type': 'application/json' };
    }
    const answer = await fetch(path, init);
    const value: unknown = await answer.json();
    if (answer.ok) return { kind: 'done', value: value as T };
    const problem = value as { detail?: string; detail_vi?: string };
    const en = problem.detail ?? String(answer.status);
    return { kind: 'refused', status: answer.status, why: { vi: problem.detail_vi ?? en, en } };
  } catch {
    return { kind: 'silent' };
  } finally {
    clearTimeout(timer);
  }
}

export const get = <T>(path: string): Promise<Answer<T>> => ask<T>('GET', path);
export const post = <T>(path: string, body: unknown): Promise<Answer<T>> => ask<T>('POST', path, body);
