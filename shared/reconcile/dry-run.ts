/** The dry run: what accepted events would do, from the real ledger and policy, with nothing written and nobody called. */
import { type Account, acknowledge, intend, nextReassertion } from '../lifecycle/account.ts';
import type { DesiredAccess } from '../lifecycle/desired-access.ts';
import type { Instant } from '../lifecycle/effective-date.ts';
import { jobError } from '../lifecycle/errors.ts';
import { explainAccess, explainStep } from '../lifecycle/explain.ts';
import type { FoldResult } from '../lifecycle/fold.ts';
import type { Job } from '../lifecycle/job.ts';
import { isOperators } from '../lifecycle/pause.ts';
import { foldPerson, letGo, type Person, viewAt } from '../lifecycle/person.ts';
import { plan } from '../lifecycle/plan.ts';
import type { World } from '../lifecycle/ports.ts';
import { boundaries, endOf } from '../lifecycle/snapshot.ts';
import type { Step } from '../lifecycle/step.ts';
import { isStoppedByGuard } from './guard.ts';
import { mergeJob } from './merge.ts';

/** What one event would do. */
export interface DryPlan {
  email: string | null;
  step: 'create' | 'update' | 'revoke' | 'nothing';
  effectiveAt: Instant;
  /** What the person should hold then. */
  desired: DesiredAccess;
  reason: string;
}

/** More than one step at an instant is an update and a rename. */
const MAX_STEPS = 3;

/**
 * Plans the jobs in their order, each as if those before it had been done.
 * @param world a pretended one; what it is told stays in it.
 */
export async function planJobs(world: World, jobs: readonly Job[]): Promise<DryPlan[]> {
  const plans: DryPlan[] = [];
  for (const job of jobs) plans.push(await planJob(world, job));
  return plans;
}

async function planJob(world: World, asked: Job): Promise<DryPlan> {
  const { jobId } = asked;
  const merged = await mergeJob(world, asked);
  const job = await world.jobs.get(jobId);
  if (!merged || !job) return unplanned(job, world.clock.now());
  const person = letGo(merged.person, world.settings.refusesDuplicates);
  const folded = foldPerson(person, world.settings.defaultZone);
  const effectiveAt = folded.effectiveAt[jobId] ?? job.receivedAt;
  const isLater = effectiveAt > world.clock.now();
  const at = isLater ? effectiveAt : world.clock.now();
  const account = isLater ? accountBy(world, person, folded, at) : person.account;
  const view = viewAt(folded, world.policy, at);
  const step = plan({ account, desired: view.desired, email: view.email, endedAt: endOf(view.employment), now: at });
  const attention = folded.attention[jobId];
  const reasons = [
    ...(attention ? [`needs attention: ${jobError(attention).detail.replace(/\.$/, '')}`] : []),
    ...(isLater ? [`in force from ${at} on`] : []),
    explainAccess(view, world.policy),
    explainStep(step, account !== null),
    ...(isLater ? [] : await hindrances(world, person, step)),
  ];
  if (!isLater) await pretend(world, person, step);
  return { email: view.email, step: nameOf(step), effectiveAt, desired: view.desired, reason: reasons.join('; ') };
}

function unplanned(job: Job | null, now: Instant): DryPlan {
  const reason = job?.error?.detail ?? 'older than everything that is kept of this person';
  return {
    email: job?.email ?? null,
    step: 'nothing',
    effectiveAt: job?.effectiveAt ?? now,
    desired: 'unknown',
    reason,
  };
}

/** The account as it will be by then, if everything that comes due before is done. */
function accountBy(world: World, person: Person, folded: FoldResult, at: Instant): Account | null {
  let { account } = person;
  for (let now: Instant | null = world.clock.now(); now !== null && now < at; ) {
    const { desired, email, employment } = viewAt(folded, world.policy, now);
    const endedAt = endOf(employment);
    for (let steps = 0; steps < MAX_STEPS; steps += 1)
      account = done(account, plan({ account, desired, email, endedAt, now }), now);
    now =
      [boundaries(folded, now)[0], desired === 'none' ? nextReassertion(account, endedAt) : null]
        .filter((next): next is Instant => next != null)
        .sort()
        .find((next) => next > (now ?? at)) ?? null;
  }
  return account;
}

function done(account: Account | null, step: Step, now: Instant): Account | null {
  if (step.kind === 'nothing' || step.kind === 'stuck') return account;
  const answer =
    step.kind === 'create' ? { kind: 'created' as const, userId: 'to come' } : { kind: 'updated' as const };
  return acknowledge(intend(account, step), step, answer, { now, repeatsCreate: false }).account;
}

/** What would keep the step from being taken now. */
async function hindrances(world: World, person: Person, step: Step): Promise<string[]> {
  if (step.kind === 'nothing' || step.kind === 'stuck') return [];
  const { limit, percent, windowSeconds } = world.settings.guard;
  const pause = await world.pause.get();
  const paused = pause && isOperators(pause) ? ['writes to Conscent are stopped by an operator'] : [];
  if (!(await isStoppedByGuard(world, person, step))) return paused;
  const rule = `more than ${limit} people and ${percent} % would lose their access within ${windowSeconds} seconds`;
  return [...paused, `the guard would hold it: ${rule}`];
}

/** Lets later jobs of the dry run see what this one did. */
async function pretend(world: World, person: Person, step: Step): Promise<void> {
  await world.people.save({ ...person, account: done(person.account, step, world.clock.now()) }, null);
}

function nameOf({ kind }: Step): DryPlan['step'] {
  if (kind === 'rename') return 'update';
  return kind === 'stuck' ? 'nothing' : kind;
}
