/** The two documented endpoints in front of the accounts: who may call them, with what, and what else is refused. */
import type { IncomingMessage } from 'node:http';
import { type Accounts, type Outcome, refusal } from './conscent-accounts.ts';

const USERS_PATH = '/api/v2/client/multi-user';
const MAX_BODY_BYTES = 100 * 1024;

/** What stands for a body that is not JSON. */
const MALFORMED = Symbol('malformed JSON');

/** What a request is about, once its body was read. */
export interface ApiRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** Does what the request asks, or says why not. */
export function serve(
  request: ApiRequest,
  accounts: Accounts,
  credentials: { apiKey: string; apiSecret: string },
): Outcome {
  const { method, path, headers, body } = request;
  const creates = method === 'POST' && path === USERS_PATH;
  const userId = method === 'PATCH' ? userIdIn(path) : undefined;
  if (!creates && userId === undefined) return refusal(404, 'Not Found', `Cannot ${method} ${path}`);
  if (!isAuthorized(headers.authorization, credentials)) return unauthorized();
  if (!isJson(headers['content-type'])) return refusal(415, 'Unsupported Media Type', 'Expected application/json');
  if (body === MALFORMED) return refusal(400, 'Bad Request', 'Malformed JSON');
  return userId === undefined ? accounts.create(body) : accounts.change(userId, body);
}

/** The address a request is about: the one its account has, else the one its body names. */
export function emailOf({ path, body }: ApiRequest, accounts: Accounts): string | undefined {
  const held = accounts.emailOf(userIdIn(path) ?? '');
  if (held !== undefined || typeof body !== 'object' || body === null || !('email' in body)) return held;
  return typeof body.email === 'string' ? body.email : undefined;
}

/** The body's JSON value, or `MALFORMED`; also where it is longer than the 100 KB that frameworks commonly take. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  try {
    return size > MAX_BODY_BYTES ? MALFORMED : JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return MALFORMED;
  }
}

function userIdIn(path: string): string | undefined {
  if (!path.startsWith(`${USERS_PATH}/`)) return undefined;
  const segment = path.slice(USERS_PATH.length + 1);
  if (segment === '' || segment.includes('/')) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function isAuthorized(
  header: string | undefined,
  { apiKey, apiSecret }: { apiKey: string; apiSecret: string },
): boolean {
  return header === `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
}

function unauthorized(): Outcome {
  return { status: 401, body: { statusCode: 401, message: 'Unauthorized' } };
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? '');
}
