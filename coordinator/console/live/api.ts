// Requests to the coordinator: protobuf's JSON both ways, a problem as an error that speaks both languages, and the word
// that a browser's changes need.
import { fromJson, toJson, type DescMessage, type JsonObject, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import { signal } from '@preact/signals';
import { language } from '@web/language';

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly vi: string,
    readonly en: string,
    readonly body: JsonObject = {},
  ) {
    super(en);
  }
  get shown(): string {
    return language.value === 'vi' ? this.vi || this.en : this.en || this.vi;
  }
}

/** Counts the answers that said: sign in first. Whoever shows the page looks again at who is signed in. */
export const signedOut = signal(0);

let csrf = '';
export function setCsrf(word: string): void {
  csrf = word;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const text = (value: JsonValue | undefined) => (typeof value === 'string' ? value : '');

async function problemOf(answer: Response): Promise<Problem> {
  const body: unknown = await answer.json().catch(() => null);
  if (!isObject(body)) return new Problem(answer.status, 'unknown', `Máy chủ trả lời ${answer.status}`, `HTTP ${answer.status}`);
  return new Problem(answer.status, text(body.code), text(body.detail_vi), text(body.detail) || text(body.title), body);
}

async function request(method: string, path: string, body?: JsonValue): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (csrf !== '') headers['X-Diemcau-Csrf'] = csrf;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(path, {
      method, headers, credentials: 'same-origin', ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Problem(0, 'no_answer', 'Máy chủ điều hành không trả lời. Hãy thử lại.', 'The coordinator does not answer. Try again.');
  }
  if (answer.ok) return answer;
  if (answer.status === 401) ++signedOut.value;
  throw await problemOf(answer);
}

async function read<D extends DescMessage>(schema: D, answer: Response): Promise<MessageShape<D>> {
  return fromJson(schema, (await answer.json()) as JsonValue, { ignoreUnknownFields: true });
}

export async function get<D extends DescMessage>(schema: D, path: string): Promise<MessageShape<D>> {
  return read(schema, await request('GET', path));
}

export async function getJson(path: string): Promise<JsonValue> {
  return (await (await request('GET', path)).json()) as JsonValue;
}

export interface FoundPicture {
  jpeg: Blob;
  arrivedUs: bigint;
}

/** A picture with the moment at which the coordinator got it; null: there is none. */
export async function getPicture(path: string): Promise<FoundPicture | null> {
  try {
    const answer = await request('GET', path);
    return { jpeg: await answer.blob(), arrivedUs: BigInt(answer.headers.get('X-Diemcau-Arrived') ?? '0') };
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/** A change; the body is plain JSON with the field names of the messages. */
export async function send<D extends DescMessage>(
  schema: D, method: 'POST' | 'PUT' | 'DELETE', path: string, body: JsonValue = {},
): Promise<MessageShape<D>> {
  return read(schema, await request(method, path, method === 'DELETE' ? undefined : body));
}

/** A message as the coordinator's JSON. */
export function jsonOf<D extends DescMessage>(schema: D, message: MessageShape<D>): JsonObject {
  return toJson(schema, message, { useProtoFieldName: true }) as JsonObject;
}

export function saying(error: unknown): string {
  return error instanceof Problem ? error.shown : String(error instanceof Error ? error.message : error);
}

export const part = encodeURIComponent;
