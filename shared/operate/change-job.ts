/** What an operator may do about one job: have it tried again, or withdraw what it says while that has not come into force. */
import { Problem } from '../lifecycle/errors.ts';
import { jobIdOf } from '../lifecycle/fact.ts';
import { type Job, noted } from '../lifecycle/job.ts';
import { type OpenJob, type Person, record } from '../lifecycle/person.ts';
import type { World } from '../lifecycle/ports.ts';
import { personBehind, saveAndWake, undisturbed } from './find-person.ts';

/** Which job, and the token's name for the audit. */
export interface JobAction {
  jobId: string;
  by: string;
}

const JOB_ID = /^[0-9a-f]{32}$/;

/** @throws Problem `not-found` for an id that is malformed or that no job has. */
export async function findJob({ jobs }: Pick<World, 'jobs'>, jobId: string): Promise<Job> {
  const job = JOB_ID.test(jobId) ? await jobs.get(jobId) : null;
  if (!job) throw new Problem('not-found', 'There is no such job.');
  return job;
}

/**
 * Tries a job again that needs attention. Where an account may or may not exist, it says that somebody has looked and there is none.
 * @throws Problem `not-found`, `invalid-state`, or `unavailable` while a call for its person is under way.
 */
export async function retryJob(world: World, { jobId, by }: JobAction): Promise<Job> {
  const job = await findJob(world, jobId);
  if (job.status !== 'needs-attention') throw wrongState(job, 'Only a job that needs attention can be tried again');
  if (!job.event && !job.lookup) {
    throw new Problem('invalid-state', 'Nothing was kept of a body that cannot be read. Let the sender send it again.');
  }
  const person = job.personId === null ? null : await personBehind(world.people, job.personId);
  if (person) await undisturbed(world, person, () => saveAndWake(world, retried(person, world.clock.now(), by)));
  const queued = await changed(world, jobId, (stored, at) => ({
    ...noted(stored, { at, status: 'queued', detail: `tried again by ${by}` }),
    error: null,
    nextAttemptAt: null,
    ...(stored.lookup && { lookup: { ...stored.lookup, failures: 0 } }),
  }));
  await world.queue.send({ jobId }).catch(() => world.monitor.count('queue.unavailable'));
  return queued;
}

function retried(person: Person, now: string, by: string): Person {
  const account = person.account?.state === 'unlinked' ? null : person.account;
  return record({ ...person, account, attempt: null, claims: 0 }, { at: now, what: 'tried again', by });
}

/**
 * Withdraws the fact of a job that waits for its date. The person first: should this be cut short then, the worker tells the job.
 * @throws Problem `not-found`, `invalid-state`, or `unavailable` while a call for its person is under way.
 */
export async function cancelJob(world: World, { jobId, by }: JobAction): Promise<Job> {
  const job = await findJob(world, jobId);
  const person = job.personId === null ? null : await personBehind(world.people, job.personId);
  const open = person?.open.find((one) => one.jobId === jobId);
  if (job.status !== 'scheduled' || !person || !open || open.folded)
    throw wrongState(job, 'Only a scheduled job can be cancelled');
  await undisturbed(world, person, () => saveAndWake(world, withdrawn(person, open, world.clock.now(), by)));
  return changed(world, jobId, (stored, at) => ({
    ...noted(stored, { at, status: 'cancelled', detail: `withdrawn by ${by}` }),
    finishedAt: at,
  }));
}

function withdrawn(person: Person, { jobId }: OpenJob, now: string, by: string): Person {
  const facts = person.facts.filter((fact) => jobIdOf(fact) !== jobId);
  const open = person.open.map((one) => (one.jobId === jobId ? { ...one, isCancelled: true as const } : one));
  return record({ ...person, facts, open }, { at: now, what: `withdrew job ${jobId}`, by });
}

async function changed(world: World, jobId: string, change: (job: Job, at: string) => Job): Promise<Job> {
  const job = await world.jobs.change(jobId, (stored) => change(stored, world.clock.now()));
  if (!job) throw new Problem('not-found', 'There is no such job.');
  return job;
}

function wrongState({ status }: Job, rule: string): Problem {
  return new Problem('invalid-state', `${rule}; this one is ${status}.`);
}
