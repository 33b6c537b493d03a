/** Asks a vendor's API for a record, or tells it something, from the worker: no redirects, no repetition of its own. */
import { parseJson } from '../lifecycle/json.ts';
import type { Lookup } from '../lifecycle/lookup.ts';
import type { ReplyAnswer } from '../lifecycle/reply.ts';

const TIMEOUT_MS = 10_000;
/** Nobody's access waits for what a vendor is told, but others' work waits for the worker. */
const TELL_TIMEOUT_MS = 5_000;
/** Longer than any employee's record; whatever sends more is not the API. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A request to a vendor. The body is sent as JSON, unless it is a form. */
export interface VendorRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH';
  url: string;
  headers: Record<string, string>;
  json?: object;
  form?: Record<string, string>;
}

/** A record in JSON, or why there is none. `failed` says nothing about anybody: it is asked again. */
export type VendorAnswer = { kind: 'json'; value: unknown } | Extract<Lookup, { kind: 'not-found' | 'failed' }>;

/** Asks once. Never throws; whatever is not a whole JSON answer is `failed`, and only a 404 is `not-found`. */
export async function askVendor(request: VendorRequest): Promise<VendorAnswer> {
  try {
    return await readAnswer(await send(request, TIMEOUT_MS));
  } catch {
    return { kind: 'failed', reason: 'vendor-unavailable' };
  }
}

/** Tells once. Never throws. A 2xx is heard, whatever its body; a 400, 404, 410 or 422 will be the same next time. */
export async function tellVendor(request: VendorRequest): Promise<ReplyAnswer> {
  try {
    const response = await send(request, TELL_TIMEOUT_MS);
    await response.body?.cancel();
    if (response.ok) return { kind: 'told' };
    return [400, 404, 410, 422].includes(response.status) ? { kind: 'refused' } : failureOf(response);
  } catch {
    return { kind: 'failed', reason: 'vendor-unavailable' };
  }
}

async function send({ url, method = 'GET', headers, json, form }: VendorRequest, timeoutMs: number): Promise<Response> {
  // Loading ky makes Node load its fetch, which costs a cold start some 20 ms; most functions never ask a vendor.
  const { default: ky } = await import('ky');
  return ky(url, {
    method,
    headers: { accept: 'application/json', 'user-agent': 'conscent-lifecycle', ...headers },
    ...(json && { json }),
    ...(form && { body: new URLSearchParams(form) }),
    timeout: false,
    signal: AbortSignal.timeout(timeoutMs),
    retry: 0,
    redirect: 'manual',
    throwHttpErrors: false,
  });
}

async function readAnswer(response: Response): Promise<VendorAnswer> {
  const { status } = response;
  if (status >= 200 && status < 300) return readBody(response);
  await response.body?.cancel();
  return status === 404 ? { kind: 'not-found' } : failureOf(response);
}

function failureOf({ status, headers }: Response): Extract<ReplyAnswer, { kind: 'failed' }> {
  if (status === 401 || status === 403) return { kind: 'failed', reason: 'vendor-unauthorized' };
  const retryAfterSeconds = waitOf(headers.get('retry-after'));
  return { kind: 'failed', reason: 'vendor-unavailable', ...(retryAfterSeconds && { retryAfterSeconds }) };
}

async function readBody(response: Response): Promise<VendorAnswer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return { kind: 'failed', reason: 'vendor-unavailable' };
    chunks.push(chunk);
  }
  return { kind: 'json', value: parseJson(Buffer.concat(chunks)) };
}

/** `Retry-After` in seconds, be it a number or a date (RFC 9110 §10.2.3). */
function waitOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d{1,9}$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return seconds > 0 ? Math.ceil(seconds) : undefined;
}
