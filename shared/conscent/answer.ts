import type { ConscentAnswer, SilenceReason } from '../lifecycle/conscent-answer.ts';
import type { RawAnswer } from './client.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { findUserId } from './user-id.ts';

type Answered = Extract<RawAnswer, { kind: 'answer' }>;

/**
 * Judges what came back; pure, and total: there is no answer it cannot place. No word of a body gets through except a user id.
 * An error's status counts even where its body broke off; a success must have arrived whole to be believed.
 * `now` is only for a `Retry-After` date in an answer that carries no `Date`.
 */
export function readAnswer(method: 'POST' | 'PATCH', raw: RawAnswer, now?: Date): ConscentAnswer {
  if (raw.kind === 'never-connected') return { kind: 'unavailable' };
  if (raw.kind === 'lost') return silence(raw.reason);
  if (raw.status >= 200 && raw.status < 300) return readSuccess(method, raw);
  if (raw.status >= 300 && raw.status < 400) return silence('redirect');
  return readError(raw, now);
}

function readError(raw: Answered, now: Date | undefined): ConscentAnswer {
  const { status } = raw;
  switch (status) {
    case 400:
    case 422:
      return saysExists(raw.body) ? { kind: 'already-exists' } : { kind: 'rejected', status };
    case 401:
    case 403:
      return { kind: 'unauthorized', status };
    case 404:
      return { kind: 'not-found' };
    case 409:
      return { kind: 'already-exists' };
    case 429:
      return { kind: 'throttled', ...waitOf(raw, now) };
    case 500:
    case 503:
      return { kind: 'unavailable', ...waitOf(raw, now) };
    case 502:
    case 504:
      return silence('bad-gateway');
    default:
      return { kind: 'unknown-answer', status };
  }
}

function readSuccess(method: 'POST' | 'PATCH', raw: Answered): ConscentAnswer {
  if (raw.cut) return silence(raw.cut);
  if (isHtml(raw)) return silence('html');
  const body = parsed(raw.body);
  if (body === CUT_SHORT) return silence('truncated');
  if (saysError(body)) return silence('error-in-2xx');
  if (method === 'PATCH') return { kind: 'updated' };
  if (raw.status !== 200 && raw.status !== 201) return { kind: 'unknown-answer', status: raw.status };
  const found = findUserId(body);
  return found ? { kind: 'created', userId: found.userId } : { kind: 'created' };
}

/**
 * A body decides, not its label alone: frameworks such as Express send plain strings as `text/html`, and the one success
 * that Conscent documents is a plain string. An empty page that calls itself HTML came from something in between.
 */
function isHtml({ contentType, body }: Answered): boolean {
  const text = body.trim();
  if (text.startsWith('<')) return true;
  return /\bx?html\b/i.test(contentType) && (text === '' || /<[a-z!/]/i.test(text));
}

const CUT_SHORT = Symbol('cut short');

/** The value of a JSON body, `undefined` for plain text, `CUT_SHORT` for what began as JSON and does not parse. */
function parsed(body: string): unknown {
  const text = body.trim();
  try {
    return JSON.parse(text);
  } catch {
    return /^[{[]/.test(text) ? CUT_SHORT : undefined;
  }
}

/** Conscent's own plugin takes a top-level `statusCode` for a failure, whatever the HTTP status says. */
function saysError(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'statusCode' in body && Number(body.statusCode) >= 400;
}

/** Addresses are left out first: validators repeat them, and `already@example.com` says nothing. */
function saysExists(body: string): boolean {
  return /\b(exists|already)\b/i.test(body.replaceAll(/\S+@\S+/g, ' '));
}

function waitOf(raw: Answered, now: Date | undefined): { retryAfterSeconds?: number } {
  const seconds = retryAfterSeconds(raw.retryAfter, raw.date, now);
  return seconds === undefined ? {} : { retryAfterSeconds: seconds };
}

function silence(reason: SilenceReason): ConscentAnswer {
  return { kind: 'silence', reason };
}
