/**
 * Intake: an event is recorded, then the queue is woken, then the sender is answered. In this order nothing that was answered can be lost:
 * without the record the sender tries again and makes the same job; without the wake-up the sweep finds it.
 */
import { createHash } from 'node:crypto';
import { type Instant, plusSeconds } from '../lifecycle/effective-date.ts';
import { type JobErrorCode, jobError, Problem } from '../lifecycle/errors.ts';
import type { CanonicalEvent, EventType } from '../lifecycle/event.ts';
import type { Authority } from '../lifecycle/fact.ts';
import { isFinished, type Job, jobWake } from '../lifecycle/job.ts';
import { withEvent } from '../lifecycle/job-of-event.ts';
import type { Permission } from '../lifecycle/permission.ts';
import { MAX_DELAY_SECONDS, type World } from '../lifecycle/ports.ts';
import { NOT_TOLD } from '../lifecycle/reply.ts';
import type { Notice } from '../sources/source.ts';

/** How many wrong members of an unreadable body are named. */
const MAX_POINTERS = 10;

type IntakeWorld = Pick<World, 'jobs' | 'queue' | 'monitor'>;

/** Where the events of one request came from. */
export interface Receipt {
  source: string;
  authority: readonly Authority[];
  /** The sender's name of this delivery; the same delivery is the same job. */
  deliveryId: string;
  /** Makes the job's id, with the index in the batch; secret where ids must not be guessed. */
  seed: string;
  /** Tells a re-used key with another body from a repetition; `null` where a repetition is always the same. */
  requestHash: string | null;
  receivedAt: Instant;
  /** The token's name, where a token sent it: what was sent with one that leaked must be found. */
  by?: string;
  /** SHA-256 of the body, where items of it may be unreadable. */
  bodyHash?: string;
  /** The tickets of this source want to hear what becomes of their jobs. */
  wantsReply?: boolean;
}

/** An accepted event's job, and whether it was there already. */
export interface Accepted {
  job: Job;
  isDuplicate: boolean;
}

/**
 * Accepts what one request says: each notice becomes a job.
 * @throws Problem `idempotency-key-reused` where the key came with another body before. Whatever the ledger throws goes on to the sender as 503.
 */
export async function accept(world: IntakeWorld, notices: readonly Notice[], receipt: Receipt): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  for (const [index, notice] of notices.entries()) {
    // By its own place, the same item is the same job also when what was left out beside it is not any more.
    const job = jobOf(receipt, notice.position ?? index, notice);
    accepted.push(await record(world, job, notice.isRepeatable));
  }
  await wakeQueue(world, accepted);
  return accepted;
}

/** Records a signed body that cannot be read: its hash and nothing of it, for a person to look into. */
export async function acceptUnreadable(
  world: IntakeWorld,
  receipt: Receipt,
  pointers: readonly string[],
): Promise<Accepted> {
  return record(world, unreadableJob(receipt, 0, { pointers, code: 'unreadable' }));
}

/** A job of its own: when the delivery comes again in a form that can be read, that counts. */
function unreadableJob(
  receipt: Receipt,
  index: number,
  { pointers, code }: { pointers: readonly string[]; code: JobErrorCode },
): Job {
  const { bodyHash = '', receivedAt } = receipt;
  const places = pointers.slice(0, MAX_POINTERS).map((pointer) => pointer || 'the whole body');
  const detail = `sha256 ${bodyHash}; wrong at ${places.join(', ')}`;
  const job = blankJob({ ...receipt, seed: `${receipt.seed}\nunreadable\n${bodyHash}` }, index);
  return { ...told(job, { at: receivedAt, status: 'needs-attention', detail }), error: jobError(code) };
}

async function record(world: IntakeWorld, job: Job, isRepeatable = false): Promise<Accepted> {
  const { jobs, monitor } = world;
  // Before it is recorded: once it is, a repetition says nothing new, and whoever died in between would have told nobody.
  if (job.error && (await jobs.get(job.jobId)) === null)
    monitor.alarm(job.error.code, { jobId: job.jobId, source: job.source });
  const earlier = await jobs.record(job);
  if (earlier && isRepeatable && isDealtWith(earlier, job)) return record(world, repeated(job));
  if (earlier && earlier.requestHash !== job.requestHash) {
    throw new Problem('idempotency-key-reused', 'Use a new Idempotency-Key for another request.');
  }
  if (!earlier) monitor.info('Job recorded', { jobId: job.jobId, source: job.source, status: job.status });
  monitor.count(earlier ? 'accept.duplicate' : 'accept.new');
  return { job: earlier ?? job, isDuplicate: earlier !== null };
}

/**
 * Whether a job has looked at what its delivery told of. What is told in the same words after that may be of another state of the ticket; and
 * whoever sends a hint under the id of a coming delivery must not keep that from being looked into.
 */
function isDealtWith({ status, lookup }: Job, repeating: Job): boolean {
  const hasLooked = repeating.lookup != null && (lookup == null || status === 'needs-attention');
  return isFinished(status) || hasLooked;
}

function repeated(job: Job): Job {
  return { ...job, jobId: hash(`${job.jobId}\nagain\n${job.receivedAt}`).slice(0, 32) };
}

async function wakeQueue({ queue, monitor }: IntakeWorld, accepted: readonly Accepted[]): Promise<void> {
  const fresh = accepted.filter(({ isDuplicate, job }) => !isDuplicate && jobWake(job) !== null);
  const sent = await Promise.allSettled(fresh.map(({ job }) => queue.send({ jobId: job.jobId }, delayOf(job))));
  const lost = sent.filter(({ status }) => status === 'rejected').length;
  if (lost > 0) monitor.count('queue.unavailable', lost);
}

/** Seconds until a job may be looked at first. */
function delayOf({ nextAttemptAt, receivedAt }: Job): number {
  if (!nextAttemptAt) return 0;
  return Math.min(Math.max((Date.parse(nextAttemptAt) - Date.parse(receivedAt)) / 1000, 0), MAX_DELAY_SECONDS);
}

function jobOf(receipt: Receipt, index: number, notice: Notice): Job {
  const blank = blankJob(receipt, index);
  const { receivedAt: at } = receipt;
  switch (notice.kind) {
    case 'event':
      return ofTicket(jobOfEvent(blank, notice, receipt), notice, receipt);
    case 'lookup': {
      const job = { ...about(blank, notice), nextAttemptAt: plusSeconds(at, notice.settleSeconds ?? 0) };
      return ofTicket(job, notice, receipt);
    }
    case 'review':
      return ofTicket(needsAttention(about(blank, notice), notice.code), notice, receipt);
    case 'unreadable': {
      const code = notice.ticket === undefined ? 'unreadable' : 'ticket-unreadable';
      const job = unreadableJob(receipt, index, { pointers: notice.violations.map(({ pointer }) => pointer), code });
      return ofTicket({ ...job, reference: notice.reference ?? null }, notice, receipt);
    }
    case 'skip': {
      const detail = notice.because ?? 'the event asks for nothing';
      const job = { ...told(blank, { at, status: 'ignored', detail }), reference: notice.reference ?? null };
      return { ...job, outcome: 'unsupported', finishedAt: at };
    }
  }
}

/** Until an address is known, the vendor's id is what tells a person whom the job is about. */
function about(blank: Job, { id, said, reference = id }: { id: string; said?: EventType; reference?: string }): Job {
  return { ...blank, reference, lookup: { id, failures: 0, ...(said && { said }) } };
}

function ofTicket(job: Job, { ticket }: { ticket?: string }, { wantsReply }: Receipt): Job {
  if (ticket === undefined) return job;
  return { ...job, ticket, ...(wantsReply && { reply: NOT_TOLD }) };
}

function told(job: Job, entry: Job['history'][number]): Job {
  return { ...job, status: entry.status, history: [entry] };
}

function needsAttention(job: Job, code: JobErrorCode, more = ''): Job {
  const error = jobError(code);
  return { ...told(job, { at: job.receivedAt, status: 'needs-attention', detail: error.detail + more }), error };
}

function jobOfEvent(
  blank: Job,
  { event, withdraws, isUnconfirmed }: Extract<Notice, { kind: 'event' }>,
  { by }: Receipt,
): Job {
  const { job, leftOut } = withEvent(blank, event);
  const accepted = {
    ...told(job, { at: job.receivedAt, status: 'queued', detail: `accepted${by ? `, sent by ${by}` : ''}${leftOut}` }),
    ...(withdraws && { withdraws }),
  };
  return isUnconfirmed ? needsAttention(accepted, 'unconfirmed', askedFor(event)) : accepted;
}

/** What whoever confirms an event must know; nothing of it is in a log, or told to a ticket. */
function askedFor({ type, access, effectiveAt }: CanonicalEvent): string {
  const { profile, role, permissions, until } = access ?? {};
  const granted = Object.keys(permissions ?? {}).filter((name) => permissions?.[name as Permission]);
  const words = [
    type,
    profile && `profile ${profile}`,
    role && `role ${role}`,
    granted.length > 0 && `permissions ${granted.join(', ')}`,
    until && `until ${until}`,
    effectiveAt && `from ${effectiveAt} on`,
  ];
  return ` It asks for: ${words.filter(Boolean).join(', ')}.`;
}

function blankJob({ source, deliveryId, receivedAt, seed, authority, requestHash }: Receipt, index: number): Job {
  return {
    jobId: hash(`${seed}\n${index}`).slice(0, 32),
    version: 0,
    source,
    deliveryId,
    type: null,
    email: null,
    reference: null,
    status: 'queued',
    outcome: null,
    attempts: 0,
    receivedAt,
    effectiveAt: null,
    policyHash: null,
    history: [{ at: receivedAt, status: 'queued', detail: 'accepted' }],
    event: null,
    lookup: null,
    position: index,
    authority: [...authority],
    requestHash: requestHash ?? '',
    personId: null,
  };
}

/** SHA-256 in hex. */
export function hash(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
