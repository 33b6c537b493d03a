/** What Conscent is told of an account, and what it answers. */
import type { Access } from './permission.ts';

/** What one PATCH says: new access, a new address, a password that an operator asked for, or the loss of everything. */
export type AccountChange =
  | { kind: 'update'; access: Access }
  | { kind: 'rename'; email: string }
  | { kind: 'password'; password: string }
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
 *   `because` is there where it is ours: nothing was sent, for want of credentials.
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
  | { kind: 'unavailable'; retryAfterSeconds?: number; because?: 'secret-unreadable' }
  | { kind: 'silence'; reason: SilenceReason }
  | { kind: 'unknown-answer'; status: number };

/** Why nothing usable came back. A closed list, so that no word of a body can reach a log or a job. */
export type SilenceReason =
  | 'timeout'
  | 'connection-lost'
  | 'bad-gateway'
  | 'truncated'
  | 'redirect'
  | 'html'
  | 'error-in-2xx';
