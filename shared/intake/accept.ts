/**
 * Intake: an event is recorded, then the queue is woken, then the sender is answered. In this order nothing that was answered can be lost:
 * without the record the sender tries again and makes the same job; without the wake-up the sweep finds it.
 */
import { createHash } from 'node:crypto';
import { occurredInstant, plusSeconds } from '../lifecycle/effective-date.ts';
import { jobError, Problem } from '../lifecycle/errors.ts';
import type { CanonicalEvent } from '../lifecycle/event.ts';
import { type Authority, factOf } from '../lifecycle/fact.ts';
import { type Job, jobWake, type StoredEvent } from '../lifecycle/job.ts';
import { type Instant, MAX_DELAY_SECONDS, type World } from '../lifecycle/ports.ts';
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
    const position = notice.kind === 'event' ? (notice.position ?? index) : index;
    accepted.push(await record(world, jobOf(receipt, position, notice)));
  }
  await wakeQueue(world, accepted);
  return accepted;
}

/** Records a signed body that cannot be read: its hash and nothing of it, for a person to look into. */
export async function acceptUnreadable(
  world: IntakeWorld,
  receipt: Receipt,
  body: Uint8Array,
  pointers: readonly string[],
): Promise<Accepted> {
  const job = blankJob(receipt, 0);
  const detail = `sha256 ${hash(body)}; wrong at ${pointers
    .slice(0, MAX_POINTERS)
    .map((pointer) => pointer || 'the whole body')
    .join(', ')}`;
  const accepted = await record(world, {
    ...job,
    status: 'needs-attention',
    error: jobError('unreadable'),
    history: [{ at: receipt.receivedAt, status: 'needs-attention', detail }],
  });
  return accepted;
}

async function record({ jobs, monitor }: IntakeWorld, job: Job): Promise<Accepted> {
  const earlier = await jobs.record(job);
  if (earlier && earlier.requestHash !== job.requestHash) {
    throw new Problem('idempotency-key-reused', 'Use a new Idempotency-Key for another request.');
  }
  if (!earlier) monitor.info('Job recorded', { jobId: job.jobId, source: job.source, status: job.status });
  if (!earlier && job.error) monitor.alarm(job.error.code, { jobId: job.jobId, source: job.source });
  monitor.count(earlier ? 'accept.duplicate' : 'accept.new');
  return { job: earlier ?? job, isDuplicate: earlier !== null };
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
  const { receivedAt } = receipt;
  switch (notice.kind) {
    case 'event':
      return { ...jobOfEvent(blank, receipt, notice.event), ...(notice.withdraws && { withdraws: true }) };
    case 'lookup':
      return { ...about(blank, notice), nextAttemptAt: plusSeconds(receivedAt, notice.settleSeconds ?? 0) };
    case 'review': {
      const error = jobError(notice.code);
      return told(
        { ...about(blank, notice), error },
        { at: receivedAt, status: 'needs-attention', detail: error.detail },
      );
    }
    case 'skip':
      return {
        ...told(blank, { at: receivedAt, status: 'ignored', detail: 'the event asks for nothing' }),
        outcome: 'unsupported',
        finishedAt: receivedAt,
      };
  }
}

/** Until an address is known, the vendor's id is what tells a person whom the job is about. */
function about(blank: Job, { id }: { id: string }): Job {
  return { ...blank, reference: id, lookup: { id, failures: 0 } };
}

function told(job: Job, entry: Job['history'][number]): Job {
  return { ...job, status: entry.status, history: [entry] };
}

function jobOfEvent(blank: Job, receipt: Receipt, event: CanonicalEvent): Job {
  const { source, receivedAt } = receipt;
  const { leftOut } = factOf(event, { ...receipt, jobId: blank.jobId, position: blank.position });
  const without =
    leftOut.length > 0 ? `; left out, because ${source} has no authority over them: ${leftOut.join(', ')}` : '';
  return {
    ...blank,
    type: event.type,
    email: event.person.email ?? null,
    reference: event.reference ?? null,
    effectiveAt: event.effectiveAt ? null : occurredInstant(event.occurredAt, event.type === 'offboard', receivedAt),
    history: [{ at: receivedAt, status: 'queued', detail: `accepted${without}` }],
    event: storedEvent(event),
  };
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

/** Names are dropped: Conscent has no field for them, so nobody needs to keep them. */
function storedEvent({ person: { firstName, lastName, ...person }, ...event }: CanonicalEvent): StoredEvent {
  return { ...event, person };
}

/** SHA-256 in hex. */
export function hash(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
