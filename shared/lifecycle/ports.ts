/**
 * What the domain needs from the world. The adapters live in `conscent/`, `stores/` and `platform/`; only `wiring.ts` joins the two.
 */
import type { Permission } from './permission.ts';

/** An instant in UTC with millisecond precision, `2026-11-24T09:30:00.000Z`. Fixed width, so instants compare as strings. */
export type Instant = string;

/** Where "now" comes from. */
export interface Clock {
  now(): Instant;
}

/** A role and the permissions held with it. */
export interface Access {
  role: string;
  permissions: Permission[];
}

/** What one PATCH says: new access, a new address, or the loss of everything. */
export type AccountChange =
  | { kind: 'update'; access: Access }
  | { kind: 'rename'; email: string }
  /** 24 × false and a fresh random password that nobody sees. */
  | { kind: 'revoke' };

/**
 * What Conscent answered, as a closed list.
 * - `created`: 201; `userId` is missing where the body carried none.
 * - `updated`: 2xx to a PATCH.
 * - `rejected`: 400 or 422: this request will never be accepted.
 * - `unauthorized`: 401 or 403.
 * - `not-found`: 404 · `already-exists`: 409, or a 400/422 that says "exists".
 * - `throttled`: 429 · `unavailable`: 500, 503, or a connection that was never made. Both are known not to have worked.
 * - `silence`: a time-out, a reset, 502, 504, a truncated answer, a redirect, HTML, or a 2xx whose JSON says `statusCode` ≥ 400. It may have worked.
 * - `unknown-answer`: any other status. Whether it worked stays unknown, so it is treated like silence.
 */
export type ConscentAnswer =
  | { kind: 'created'; userId?: string }
  | { kind: 'updated' }
  | { kind: 'rejected'; status: number }
  | { kind: 'unauthorized'; status: number }
  | { kind: 'not-found' }
  | { kind: 'already-exists' }
  | { kind: 'throttled'; retryAfterSeconds?: number }
  | { kind: 'unavailable'; retryAfterSeconds?: number }
  | { kind: 'silence'; reason: SilenceReason }
  | { kind: 'unknown-answer'; status: number };

/** Why nothing usable came back. A closed list, so that no word of a body can reach a log or a job. */
export type SilenceReason = 'timeout' | 'connection-lost' | 'bad-gateway' | 'truncated' | 'redirect' | 'html' | 'error-in-2xx';

/** Conscent's dashboard users. Never throws for an answer, however strange; never repeats a call. */
export interface ConscentUsers {
  /** Creates the account with a random password. */
  create(email: string, access: Access): Promise<ConscentAnswer>;
  update(userId: string, change: AccountChange): Promise<ConscentAnswer>;
}
