/** How jobs and people are shown to those who may see them. What is internal stays inside. */

import type { Account } from '../lifecycle/account.ts';
import type { DesiredAccess } from '../lifecycle/desired-access.ts';
import { jobError } from '../lifecycle/errors.ts';
import type { Folded } from '../lifecycle/fold.ts';
import type { Job } from '../lifecycle/job.ts';
import { type Access, permissionFlags } from '../lifecycle/permission.ts';
import { foldPerson, losesAccess, nextWake, type Person, viewAt } from '../lifecycle/person.ts';
import type { World } from '../lifecycle/ports.ts';
import { boundaries, snapshotAt } from '../lifecycle/snapshot.ts';
import type { AcceptedJobAnswer, JobAnswer, PlanAnswer } from './answers/job.ts';
import type { GrantAnswer, PersonAnswer } from './answers/person.ts';

/** A job as `GET /jobs/{jobId}` answers it. Members that say nothing yet are left out where the contract marks them optional. */
export function showJob(job: Job): JobAnswer {
  const { jobId, source, deliveryId, type, email, reference, status, outcome, attempts, receivedAt, effectiveAt } = job;
  return {
    ...{ jobId, source, deliveryId, type, email, reference, status, outcome, attempts, receivedAt, effectiveAt },
    ...(job.nextAttemptAt && { nextAttemptAt: job.nextAttemptAt }),
    ...(job.finishedAt && { finishedAt: job.finishedAt }),
    ...(job.userId && { userId: job.userId }),
    ...(job.error && { error: job.error }),
    policyHash: job.policyHash,
    history: job.history,
  };
}

/** A job in a 202: where to look and what was understood. */
export function showAccepted(job: Job, duplicate: boolean): AcceptedJobAnswer {
  const { jobId, type, email, status } = job;
  return { jobId, ...(type && { type }), ...(email && { email }), status, duplicate };
}

/** A person as `GET /people/{email}` answers them, at this moment. */
export function showPerson(
  { clock, policy, settings }: Pick<World, 'clock' | 'policy' | 'settings'>,
  person: Person,
): PersonAnswer {
  const now = clock.now();
  const folded = foldPerson(person, settings.defaultZone);
  const view = viewAt(folded, policy, now);
  // Of somebody who was imported the account is all that is known.
  const email = view.email ?? person.account?.email ?? null;
  return {
    email,
    addresses: folded.addresses.length === 0 && email !== null ? [email] : folded.addresses,
    externalIds: person.externalIds,
    employment: { ...view.employment, periods: periodsOf(folded) },
    attributes: view.attributes,
    grants: grantsFrom(folded, now),
    account: person.account && showAccount(person.account),
    desiredAccess: showDesired(view.desired),
    losesAccess: losesAccess(person, view.desired),
    waitsFor: person.attempt && { ...jobError(person.attempt.error), nextAttemptAt: person.attempt.nextAt },
    nextWake: nextWake(person, policy, settings.defaultZone, now)?.at ?? null,
    openJobs: person.open.map(({ jobId, status }) => ({ jobId, status })),
    history: person.history,
    policyHash: person.policyHash,
  };
}

/** Without the empty one that remembers who cancelled the only hire there was. */
function periodsOf({ employments }: Pick<Folded, 'employments'>) {
  return employments.periods.filter(({ start, end }) => start !== end).map(({ start, end }) => ({ start, end }));
}

/** What one event of a dry run would do. `access` is what the person should hold then; `null` where nothing is known of that. */
export function showPlan({ desired, ...plan }: Omit<PlanAnswer, 'access'> & { desired: DesiredAccess }): PlanAnswer {
  return { ...plan, access: desired === 'unknown' ? null : showAccess(desired === 'none' ? NOTHING : desired) };
}

/** The grants that count now, and those that will. */
function grantsFrom(folded: ReturnType<typeof foldPerson>, now: string): GrantAnswer[] {
  const instants = [now, ...boundaries(folded, now)];
  const all = instants.flatMap((at) => snapshotAt(folded, at).grants);
  return [...new Set(all)].map(({ source, key, profile, role, permissions, until }) => ({
    ...{ source, key, until },
    ...(profile === undefined ? { role, permissions } : { profile }),
  }));
}

function showAccount({ state, userId, email, access, intent, revocation }: Account): PersonAnswer['account'] {
  const held = access === null ? { role: null, permissions: null } : showAccess(access === 'none' ? NOTHING : access);
  return {
    ...{ state, userId, email },
    ...held,
    unansweredCall: intent?.kind ?? null,
    revokedAt: revocation?.at ?? null,
  };
}

const NOTHING = { role: null, permissions: [] };

function showAccess({ role, permissions }: { role: string | null; permissions: Access['permissions'] }) {
  // Of an import that named none.
  return { role: role || null, permissions: permissionFlags(permissions) };
}

function showDesired(desired: DesiredAccess): PersonAnswer['desiredAccess'] {
  if (typeof desired === 'string') return { access: desired, role: null, permissions: permissionFlags([]) };
  return { access: 'granted', ...showAccess(desired) };
}
