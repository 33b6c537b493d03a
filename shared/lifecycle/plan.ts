/** The plan: the one step that brings Conscent from what it last acknowledged to what the person should hold. */
import { type Account, nextReassertion } from './account.ts';
import { type DesiredAccess, sameAccess } from './desired-access.ts';
import type { Instant } from './effective-date.ts';
import type { Access } from './permission.ts';
import type { Step } from './step.ts';

/** What a plan is made from. */
export interface Situation {
  account: Account | null;
  desired: DesiredAccess;
  email: string | null;
  /** When the employment ended, if it has. */
  endedAt: Instant | null;
  now: Instant;
}

/** Plans one step. Access first, the address after it; a leaver is never renamed; while unsure the plan is never `nothing`. */
export function plan({ account, desired, email, endedAt, now }: Situation): Step {
  if (desired === 'unknown') return { kind: 'nothing' };
  if (account === null) return planFirst(desired, email);
  if (account.userId === null) return planUnlinked(account, desired, email);
  if (desired === 'none') return planLeaver(account, endedAt, now);
  if (account.intent?.kind === 'rename' && email !== null && holds(account, desired)) return { kind: 'rename', email };
  if (account.state === 'unsure' || !holds(account, desired)) return { kind: 'update', access: desired };
  return email === null || account.email === email ? { kind: 'nothing' } : { kind: 'rename', email };
}

function planFirst(desired: Access | 'none', email: string | null): Step {
  if (desired === 'none') return { kind: 'nothing' };
  return email === null ? { kind: 'stuck', code: 'no-email' } : { kind: 'create', email, access: desired };
}

/** No id, no call; unless the account is the very one that Conscent acknowledged, or a create that may be sent again. */
function planUnlinked(account: Account, desired: Access | 'none', email: string | null): Step {
  const repeatable = account.state === 'unsure' && account.intent?.kind === 'create';
  // With the very address it was sent with before: another one would make another account.
  if (repeatable && desired !== 'none' && account.email !== null) {
    return { kind: 'create', email: account.email, access: desired };
  }
  const isSure = account.state !== 'unsure' && account.email === email;
  const asCreated = desired !== 'none' && isSure && holds(account, desired);
  return asCreated ? { kind: 'nothing' } : { kind: 'stuck', code: account.lostBy ?? 'account-unlinked' };
}

function planLeaver(account: Account, endedAt: Instant | null, now: Instant): Step {
  const due = nextReassertion(account, endedAt);
  const isRevoked = account.state === 'linked' && account.access === 'none';
  return isRevoked && (due === null || due > now) ? { kind: 'nothing' } : { kind: 'revoke' };
}

function holds(account: Account, desired: Access): boolean {
  return account.access !== null && sameAccess(account.access, desired);
}
