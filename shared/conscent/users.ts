import type { AccountChange, ConscentAnswer } from '../lifecycle/conscent-answer.ts';
import { permissionFlags } from '../lifecycle/permission.ts';
import type { ConscentUsers } from '../lifecycle/ports.ts';
import { readAnswer } from './answer.ts';
import { type ConscentCall, type Credentials, conscentRequest } from './client.ts';
import { freshPassword } from './password.ts';

/** What the adapter needs to know; nothing is read from the environment. */
export interface ConscentSettings {
  /** With or without a trailing slash. */
  baseUrl: string;
  /** Of one call, from connecting to the last byte of its answer; 10,000 is what Conscent's own plugin waits. */
  timeoutMs: number;
  /** The pair in use. Where it throws, nothing is sent, the answer says so, and the call is repeated like any other. */
  credentials(): Promise<Credentials>;
  /** Reads the pair anew, past any cache. Asked at most once a call, and only after a 401 or 403. */
  refreshCredentials(): Promise<Credentials>;
  /** Told of each exchange the HTTP status; `null` where none came. */
  onStatus?(status: number | null): void;
  /** For a `Retry-After` date in an answer without a `Date` of its own; without a clock such a date is ignored. */
  now?(): Date;
}

/**
 * Conscent's dashboard users over HTTP. A call that is answered 401 or 403 is made a second time where the credentials turn
 * out to have been rotated meanwhile; both together are one attempt. Throws `TypeError` for a user id that cannot stand in a path.
 */
export function conscentUsers(settings: ConscentSettings): ConscentUsers {
  return {
    create: (email, access) =>
      exchange(settings, {
        method: 'POST',
        body: { email, password: freshPassword(), role: access.role, permissions: permissionFlags(access.permissions) },
      }),
    update: (userId, change) => exchange(settings, { method: 'PATCH', userId, body: bodyOf(change) }),
  };
}

function bodyOf(change: AccountChange): object {
  switch (change.kind) {
    case 'update':
      return { role: change.access.role, permissions: permissionFlags(change.access.permissions) };
    case 'rename':
      return { email: change.email };
    case 'password':
      return { password: change.password };
    case 'revoke':
      return { permissions: permissionFlags([]), password: freshPassword() };
  }
}

async function exchange(settings: ConscentSettings, call: ConscentCall): Promise<ConscentAnswer> {
  const used = await settings.credentials().catch(() => null);
  if (used === null) return { kind: 'unavailable', because: 'secret-unreadable' };
  const answer = await attempt(settings, used, call);
  if (answer.kind !== 'unauthorized') return answer;
  const rotated = await rotatedCredentials(settings, used);
  return rotated ? attempt(settings, rotated, call) : answer;
}

async function attempt(settings: ConscentSettings, credentials: Credentials, call: ConscentCall) {
  const raw = await conscentRequest(settings, credentials, call);
  settings.onStatus?.(raw.kind === 'answer' ? raw.status : null);
  return readAnswer(call.method, raw, settings.now?.());
}

/** A secret that cannot be read again counts as unchanged: Conscent's refusal is the answer to report. */
async function rotatedCredentials(settings: ConscentSettings, used: Credentials): Promise<Credentials | undefined> {
  const fresh = await settings.refreshCredentials().catch(() => used);
  return fresh.apiKey === used.apiKey && fresh.apiSecret === used.apiSecret ? undefined : fresh;
}
