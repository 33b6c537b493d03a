/** Jobs whose person was restored from before them: what they said is added once more, and what they know of the account is known again. */
import { type Account, foundAccount, type LostBy, lostAccount } from './account.ts';
import type { Instant } from './effective-date.ts';
import type { IdentityKey } from './identity.ts';
import { isFinished, type Job, noted } from './job.ts';
import { dueReply } from './reply.ts';

/** Of an account that exists, or may, and whose id nobody knows. */
const LOST: readonly LostBy[] = ['account-exists', 'account-not-found', 'account-unlinked'];

/** The job at its beginning, and nobody's. What was cancelled, or never was anybody's, stays as it is. */
export function replayed(stored: Job, now: Instant): Job {
  if (stored.status === 'cancelled' || (stored.personId === null && !stored.isReplayed)) return stored;
  const job = isFinished(stored.status) && dueReply(stored) === null ? withoutReply(stored) : stored;
  return {
    ...noted(job, { at: now, status: 'queued', detail: 'replayed: its person was restored from before it' }),
    ...NOBODYS,
    outcome: null,
    error: null,
    finishedAt: null,
    nextAttemptAt: null,
    ...(job.lookup && { lookup: { ...job.lookup, failures: 0 } }),
  };
}

/** A ticket that has heard how its job ended need not hear it in other words. */
function withoutReply({ reply, ...job }: Job): Job {
  return job;
}

/** What makes a job be added to its person once more; until it is, it has a wake of its own. */
export const NOBODYS = { personId: null, isReplayed: true } as const;

/**
 * The account of a job's person, as the job knows it. What Conscent has acknowledged is not known: the person's own word for it is from before.
 * @param known the person's account, from before the job.
 */
export function accountKnownBy({ userId, email, outcome, error }: Job, known: Account | null): Account | null {
  if (userId) return foundAccount(known, { userId, email: known ? known.email : email });
  const lostBy = outcome === 'created' ? 'account-unlinked' : LOST.find((code) => code === error?.code);
  return known === null && lostBy ? lostAccount(email, lostBy) : known;
}

/** What a job names its person by: the vendor's id first. */
export function keysOfJob({ source, event, lookup, email }: Job): IdentityKey[] {
  const externalId = event?.person.externalId ?? lookup?.id;
  const address = event?.person.email ?? email;
  const keys: IdentityKey[] = [];
  if (externalId !== undefined) keys.push({ kind: 'externalId', source, externalId });
  if (address !== null) keys.push({ kind: 'email', email: address });
  return keys;
}
