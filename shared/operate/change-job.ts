/** What an operator may do about one job: have it tried again, or withdraw what it says while that has not come into force. */
import { Problem } from '../lifecycle/errors.ts';
import { type Fact, jobIdOf } from '../lifecycle/fact.ts';
import { type Job, noted } from '../lifecycle/job.ts';
import { foldPerson, type Person, record } from '../lifecycle/person.ts';
import type { World } from '../lifecycle/ports.ts';
import { ticketKey, wordsOf } from '../lifecycle/repetition.ts';
import { keysOfJob, NOBODYS } from '../lifecycle/replay.ts';
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
  if (person) await undisturbed(world, person, () => saveAndWake(world, retried(person, job, world.clock.now(), by)));
  const queued = await changed(world, job, (at) => ({
    ...noted(job, { at, status: 'queued', detail: `tried again by ${by}` }),
    error: null,
    nextAttemptAt: null,
    // Whoever was restored from before it does not know of it.
    ...(person && !person.open.some((open) => open.jobId === jobId) && NOBODYS),
    ...(job.lookup && { lookup: { ...job.lookup, failures: 0 } }),
  }));
  await world.queue.send({ jobId }).catch(() => world.monitor.count('queue.unavailable'));
  return queued;
}

/** Whoever tries a job again whose account may exist says that there is none. Of any other job that says nothing. */
function retried(person: Person, { error }: Job, now: string, by: string): Person {
  const saysThereIsNone = person.account?.state === 'unlinked' && person.account.lostBy === error?.code;
  const account = saysThereIsNone ? null : person.account;
  return record({ ...person, account, attempt: null, claims: 0 }, { at: now, what: 'tried again', by });
}

/**
 * Withdraws the fact of a job that waits for its date. The person first: should this be cut short then, the worker tells the job.
 * @throws Problem `not-found`, `invalid-state`, or `unavailable` while a call for its person is under way.
 */
export async function cancelJob(world: World, { jobId, by }: JobAction): Promise<Job> {
  const job = await findJob(world, jobId);
  const person = job.personId === null ? null : await personBehind(world.people, job.personId);
  if (job.status !== 'scheduled' || !person || !isAhead(world, person, jobId))
    throw wrongState(job, 'Only a scheduled job whose date has not come can be cancelled');
  await withdrawFrom(world, person, { jobId, by });
  return changed(world, job, (at) => ({
    ...noted(job, { at, status: 'cancelled', detail: `withdrawn by ${by}` }),
    finishedAt: at,
  }));
}

/**
 * Withdraws the fact of a cancelled job once more, from whoever has it: its person, or who had its keys before they turned out to be the same.
 * @throws Problem `unavailable` while a call for its person is under way.
 */
export async function withdrawFact(world: World, job: Job, by: string): Promise<void> {
  const ids = new Set([job.personId, ...(await world.people.find(keysOfJob(job)))]);
  for (const id of ids) {
    const person = id === null ? null : await personBehind(world.people, id);
    if (person && factsOf(person, job.jobId).length > 0) await withdrawFrom(world, person, { jobId: job.jobId, by });
  }
}

async function withdrawFrom(world: World, person: Person, { jobId, by }: JobAction): Promise<void> {
  await undisturbed(world, person, async () => {
    const left = await saveAndWake(world, withdrawn(person, jobId, world.clock.now(), by));
    await freeKeys(world, left, factsOf(person, jobId)[0]?.email);
  });
}

function factsOf({ facts }: Person, jobId: string): Fact[] {
  return facts.filter((fact) => jobIdOf(fact) === jobId);
}

function isAhead({ settings, clock }: World, person: Person, jobId: string): boolean {
  const { effectiveAt } = foldPerson(person, settings.defaultZone);
  const isDone = person.open.find((one) => one.jobId === jobId)?.outcome !== undefined;
  return !isDone && factsOf(person, jobId).some(({ id }) => (effectiveAt[id] ?? '') > clock.now());
}

/** What a ticket said is remembered as withdrawn: its next edit says it again. */
function withdrawn(person: Person, jobId: string, now: string, by: string): Person {
  const own = factsOf(person, jobId);
  const facts = person.facts.filter((fact) => !own.includes(fact));
  const words = own.flatMap((fact) => {
    const key = ticketKey(fact);
    return key === null ? [] : [[key, wordsOf(fact)] as const];
  });
  const open = person.open.map((one) => (one.jobId === jobId ? { ...one, isCancelled: true as const } : one));
  const after = { ...person, facts, open, withdrawn: { ...person.withdrawn, ...Object.fromEntries(words) } };
  return record(after, { at: now, what: `withdrew job ${jobId}`, by });
}

/** An address that only the withdrawn fact named may turn out to be somebody else's; unless it is all that the person has. */
async function freeKeys({ people, settings }: World, person: Person, email: string | undefined): Promise<void> {
  const { addresses } = foldPerson(person, settings.defaultZone);
  const isNamed = email === undefined || addresses.includes(email) || person.account?.email === email;
  if (isNamed || addresses.length === 0) return;
  await people.point({ kind: 'email', email }, null, person.id).catch(() => {});
}

/** Changes a job, unless the worker has told it something since it was read: that is newer. */
async function changed(world: World, job: Job, change: (at: string) => Job): Promise<Job> {
  const now = world.clock.now();
  const stored = await world.jobs.change(job.jobId, (one) => (one.version === job.version ? change(now) : one));
  return stored ?? job;
}

function wrongState({ status }: Job, rule: string): Problem {
  return new Problem('invalid-state', `${rule}; this one is ${status}.`);
}
