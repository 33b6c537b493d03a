/** The look-up of an employee, a user or a ticket, in the worker: what is found becomes facts; whatever is not whole changes nothing. */
import { effectiveInstant, type Instant, plusSeconds } from '../lifecycle/effective-date.ts';
import { type JobErrorCode, jobError } from '../lifecycle/errors.ts';
import type { CanonicalEvent } from '../lifecycle/event.ts';
import { type Fact, factOf } from '../lifecycle/fact.ts';
import { isFinished, type Job, noted, type Outcome } from '../lifecycle/job.ts';
import { withEvent } from '../lifecycle/job-of-event.ts';
import type { EmployeeRecord } from '../lifecycle/lookup.ts';
import { foldPerson, type Person } from '../lifecycle/person.ts';
import { MAX_DELAY_SECONDS, type World } from '../lifecycle/ports.ts';
import { factsOfRecord } from '../lifecycle/record.ts';
import { lastIntervalSeconds, retryDelaySeconds } from '../lifecycle/retry.ts';
import { snapshotAt } from '../lifecycle/snapshot.ts';
import { follow } from './correlate.ts';
import { wakeForReply } from './reply.ts';

type LookupJob = Job & { lookup: NonNullable<Job['lookup']> };

/** Whether a job's facts are yet to be looked up. */
export function isLookup(job: Job): job is LookupJob {
  return job.lookup != null;
}

/** A job as it was last read or written, and the facts that it states. */
export interface Stated {
  job: Job;
  facts: Fact[];
}

/** What a job's look-up states, or `null` where that is nothing now: it is not time yet, or the job says what is to be done. */
export async function lookUpFacts(world: World, job: LookupJob): Promise<Stated | null> {
  const lookedUpAt = world.clock.now();
  // Whoever brings back what crashed has it tried at once.
  if (job.nextAttemptAt && job.nextAttemptAt > lookedUpAt && job.error?.code !== 'crashed') return null;
  const found = await world.lookUp(job.source, job.lookup.id, job.lookup.said);
  world.monitor.count(`lookup.${found.kind}`);
  switch (found.kind) {
    case 'record':
      if (!(await isWaitingForAddress(world, job, found.record, lookedUpAt)))
        return { job, facts: factsOfRecord(found.record, { ...job, lookedUpAt }) };
      return again(world, job, { code: 'no-work-email', ...emailWait(world, job, found.record, lookedUpAt) });
    case 'event':
      return confirmed(world, job, { ...found, event: { ...found.event, occurredAt: lookedUpAt } });
    case 'nothing':
      return askNothing(world, job, found.because);
    case 'unreadable':
      return attend(world, job, 'ticket-unreadable', ` Wrong: ${found.pointers.join(', ') || 'the whole of it'}.`);
    case 'review':
      return attend(world, job, found.code);
    case 'not-found':
      if (await hasLeft(world, job)) return ignore(world, job, 'superseded', 'not found, and has left already');
      return attend(world, job, job.ticket === undefined ? 'employee-not-found' : 'ticket-not-found');
    case 'failed':
      return again(world, job, { code: found.reason, ...nextTry(world, job, lookedUpAt, found.retryAfterSeconds) });
  }
}

type Confirmed = { event: CanonicalEvent; ticket?: string };

/** From here on the job is an event's: what is kept is what the vendor said, and what was sent no longer counts. */
async function confirmed(world: World, { jobId }: Job, found: Confirmed): Promise<Stated | null> {
  const { event } = found;
  const stored = await world.jobs.change(jobId, (job) => {
    if (isFinished(job.status) || job.personId !== null || !isLookup(job)) return job;
    const { job: next, leftOut } = withEvent(job, event);
    const entry = { at: world.clock.now(), status: 'queued' as const, detail: `looked up: ${event.type}${leftOut}` };
    const ticket = found.ticket ?? job.ticket;
    return {
      ...noted(next, entry),
      reference: event.reference ?? job.reference,
      lookup: null,
      error: null,
      ...(ticket !== undefined && { ticket }),
    };
  });
  if (!stored?.event || isFinished(stored.status)) return null;
  return { job: stored, facts: [factOf(stored.event, stored).fact] };
}

/** What is noted where nothing is asked, and what a person is told who was asked about it before. */
const NOTHING = {
  'not-approved': { detail: 'looked up: it is not approved', code: 'ticket-not-approved' },
  'other-request': {
    detail: 'looked up: its type is none of the words that are configured',
    code: 'ticket-other-request',
  },
  'not-active': { detail: 'looked up: the user is not active yet', code: 'user-not-active' },
} as const;

/** What a person was asked about is not dropped without a word: retried, it may have lost its approval over our own answer. */
async function askNothing(world: World, job: LookupJob, because: keyof typeof NOTHING): Promise<null> {
  const { detail, code } = NOTHING[because];
  if (job.history.some(({ status }) => status === 'needs-attention')) return attend(world, job, code);
  world.monitor.count(`lookup.${because}`);
  return ignore(world, job, 'unsupported', detail);
}

async function ignore(world: World, job: LookupJob, outcome: Outcome, detail: string): Promise<null> {
  const at = world.clock.now();
  await changeUnread(world, job, (stored) => ({
    ...noted(stored, { at, status: 'ignored', detail }),
    outcome,
    finishedAt: at,
    nextAttemptAt: null,
    error: null,
  }));
  return null;
}

/** Whether an employee whom nobody can be asked about any more has left, as somebody has said in another way. */
async function hasLeft(world: World, { source, lookup, ticket }: LookupJob): Promise<boolean> {
  const person = ticket === undefined ? await employee(world, source, lookup.id) : null;
  if (!person) return false;
  const folded = foldPerson(person, world.settings.defaultZone);
  return snapshotAt(folded, world.clock.now()).employment.state === 'ended';
}

/** A joiner whom nobody knows by an address cannot have an account yet. A leaver waits for none. */
async function isWaitingForAddress(world: World, job: Job, record: EmployeeRecord, now: Instant): Promise<boolean> {
  if (record.email !== null) return false;
  if (record.end !== null && endOfRecord(world, record, record.end) <= now) return false;
  return (await lastAddress(world, job.source, record.employeeId)) === null;
}

/** The address of an employee whom the ledger knows by id. */
async function lastAddress(world: World, source: string, externalId: string): Promise<string | null> {
  const person = await employee(world, source, externalId);
  return person && (foldPerson(person, world.settings.defaultZone).email.at(-1)?.value ?? null);
}

async function employee(world: World, source: string, externalId: string): Promise<Person | null> {
  const [id] = await world.people.find([{ kind: 'externalId', source, externalId }]);
  return id ? follow(world, id) : null;
}

function endOfRecord({ settings }: World, { timeZone }: EmployeeRecord, end: string): Instant {
  return effectiveInstant(end, timeZone ?? settings.defaultZone, 'end');
}

/** When a record is asked for again, and how many failures that makes. */
interface Wait {
  at: Instant;
  failures: number;
}

/** Before the first day, when an address is no failure yet, it is asked for now and then; from the first day on as any other failure. */
function emailWait(world: World, job: LookupJob, { start, timeZone }: EmployeeRecord, now: Instant): Wait {
  const { settings } = world;
  const begins = start === null ? now : effectiveInstant(start, timeZone ?? settings.defaultZone, 'start');
  if (begins <= now) return nextTry(world, job, now);
  const later = plusSeconds(now, lastIntervalSeconds(settings.retrySchedule, { failures: 1, random: world.random() }));
  return { at: [later, begins].sort()[0] ?? begins, failures: job.lookup.failures };
}

/** On the retry schedule, and when that is used up at its last interval for ever: the employee may be a leaver. */
function nextTry(world: World, { lookup }: LookupJob, now: Instant, retryAfterSeconds?: number): Wait {
  const { retrySchedule } = world.settings;
  const failure = { failures: lookup.failures + 1, retryAfterSeconds, random: world.random() };
  const seconds = retryDelaySeconds(retrySchedule, failure) ?? lastIntervalSeconds(retrySchedule, failure);
  return { at: plusSeconds(now, seconds), failures: failure.failures };
}

async function again(
  world: World,
  job: LookupJob,
  { code, at, failures }: Wait & { code: JobErrorCode },
): Promise<null> {
  const { jobId, source } = job;
  const error = jobError(code);
  const isWaiting = await changeUnread(world, job, (stored) => ({
    // Every try would fill the history; what matters is why.
    ...(stored.error?.code === code
      ? stored
      : noted(stored, { at: world.clock.now(), status: 'retrying', detail: error.detail })),
    error,
    nextAttemptAt: at,
    lookup: { ...job.lookup, failures },
  }));
  if (!isWaiting) return null;
  if (failures > world.settings.retrySchedule.length)
    world.monitor.alarm('lookup-failing', { jobId, source, attempts: failures });
  const seconds = (Date.parse(at) - Date.parse(world.clock.now())) / 1000;
  if (seconds <= MAX_DELAY_SECONDS)
    await world.queue
      .send({ jobId }, Math.max(Math.ceil(seconds), 1))
      .catch(() => world.monitor.count('queue.unavailable'));
  return null;
}

/** Changes a job, unless a faster worker has read the record meanwhile. */
async function changeUnread(world: World, { jobId }: Job, change: (job: Job) => Job): Promise<boolean> {
  let isUnread = false;
  const stored = await world.jobs.change(jobId, (job) => {
    isUnread = !isFinished(job.status) && job.personId === null;
    return isUnread ? change(job) : job;
  });
  if (stored && isUnread) await wakeForReply(world, stored);
  return isUnread;
}

/** @param more where it is wrong: by what is configured, and nothing of what was found. */
async function attend(world: World, job: LookupJob, code: JobErrorCode, more = ''): Promise<null> {
  const error = { ...jobError(code), detail: `${jobError(code).detail}${more}` };
  const email = await lastAddress(world, job.source, job.lookup.id);
  await changeUnread(world, job, (stored) => {
    // Before it is written: nothing wakes anybody for it after that.
    world.monitor.alarm(code, { jobId: job.jobId, source: job.source });
    return {
      ...noted(stored, { at: world.clock.now(), status: 'needs-attention', detail: error.detail }),
      email: stored.email ?? email,
      error,
      nextAttemptAt: null,
    };
  });
  return null;
}
