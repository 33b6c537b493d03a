import { fetchOnFreshConnection, NeverConnected } from './fresh-connection.ts';
import { isUserId } from './user-id.ts';

/** Longer than any answer seen or documented; whatever sends more is not the API. */
const MAX_BODY_BYTES = 64 * 1024;

/** The pair that Conscent's dashboard hands out; key is the user name of Basic authentication, secret its password. */
export interface Credentials {
  apiKey: string;
  apiSecret: string;
}

/** Where Conscent is and how long a whole exchange may take, from connecting to the last byte of the body. */
export interface Endpoint {
  /** With or without a trailing slash, as in `https://api.conscent.in/api/`. */
  baseUrl: string;
  timeoutMs: number;
}

/** One call of the IAM System API: POST creates, PATCH changes the user it names. */
export type ConscentCall = { method: 'POST'; body: object } | { method: 'PATCH'; userId: string; body: object };

/** What came over the wire, before anybody judged it. `body` is not to be logged or stored: it may repeat what was sent. */
export type RawAnswer =
  | { kind: 'never-connected' }
  | { kind: 'lost'; reason: 'timeout' | 'connection-lost' }
  | {
      kind: 'answer';
      status: number;
      contentType: string;
      retryAfter: string | undefined;
      /** The answer's own `Date`, by which its `Retry-After` is to be read. */
      date: string | undefined;
      body: string;
      /** The status arrived, the body did not, or not all of it. */
      cut: 'timeout' | 'truncated' | undefined;
    };

/**
 * Makes one call on a connection of its own and reports what came back, as it came. Never repeats, never follows a redirect.
 * Throws `TypeError`, before anything is sent, for a base URL that is none or a user id that cannot stand in a path; nothing else.
 */
export async function conscentRequest(
  endpoint: Endpoint,
  credentials: Credentials,
  call: ConscentCall,
): Promise<RawAnswer> {
  const url = urlOf(endpoint.baseUrl, call);
  const signal = AbortSignal.timeout(endpoint.timeoutMs);
  try {
    return await receive(await send(url, credentials, call, signal), signal);
  } catch (error) {
    if (error instanceof NeverConnected) return { kind: 'never-connected' };
    return { kind: 'lost', reason: signal.aborted ? 'timeout' : 'connection-lost' };
  }
}

function urlOf(baseUrl: string, call: ConscentCall): string {
  const users = new URL(`${baseUrl.replace(/\/+$/, '')}/v2/client/multi-user`).href;
  if (call.method === 'POST') return users;
  if (!isUserId(call.userId)) throw new TypeError('not a Conscent user id');
  return `${users}/${encodeURIComponent(call.userId)}`;
}

async function send(url: string, credentials: Credentials, call: ConscentCall, signal: AbortSignal): Promise<Response> {
  // Loading ky makes Node load its fetch, which costs a cold start some 20 ms; most functions never call Conscent.
  const { default: ky } = await import('ky');
  return ky(url, {
    method: call.method,
    json: call.body,
    headers: {
      authorization: basic(credentials),
      accept: 'application/json',
      'accept-encoding': 'identity',
      // Web application firewalls refuse requests without one.
      'user-agent': 'conscent-lifecycle',
    },
    signal,
    timeout: false,
    retry: 0,
    redirect: 'manual',
    throwHttpErrors: false,
    fetch: (input) => fetchOnFreshConnection(input instanceof Request ? input : new Request(input)),
  });
}

function basic({ apiKey, apiSecret }: Credentials): string {
  return `Basic ${Buffer.from(`${apiKey}:${apiSecret}`, 'utf8').toString('base64')}`;
}

async function receive(response: Response, signal: AbortSignal): Promise<RawAnswer> {
  const { body, whole } = await readBounded(response);
  const header = (name: string) => response.headers.get(name) ?? undefined;
  return {
    kind: 'answer',
    status: response.status,
    contentType: header('content-type') ?? '',
    retryAfter: header('retry-after'),
    date: header('date'),
    body,
    cut: whole ? undefined : signal.aborted ? 'timeout' : 'truncated',
  };
}

/** Never throws: a body that breaks off, or goes on for too long, is what arrived of it, and not whole. */
async function readBounded(response: Response): Promise<{ body: string; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let whole = true;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > MAX_BODY_BYTES) return { body: '', whole: false };
      chunks.push(chunk);
    }
  } catch {
    whole = false;
  }
  return { body: new TextDecoder().decode(Buffer.concat(chunks)), whole };
}
