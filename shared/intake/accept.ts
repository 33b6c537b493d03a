/**
 * Intake: an event is recorded, then the queue is woken, then the sender is answered. In this order nothing that was answered can be lost:
 * without the record the sender tries again and makes the same job; without the wake-up the sweep finds it.
 */
import { createHash } from 'node:crypto';
import { occurredInstant } from '../lifecycle/effective-date.ts';
import { jobError, Problem } from '../lifecycle/errors.ts';
import type { CanonicalEvent } from '../lifecycle/event.ts';
import { type Authority, factOf } from '../lifecycle/fact.ts';
import type { Job, StoredEvent } from '../lifecycle/job.ts';
import type { Instant, World } from '../lifecycle/ports.ts';

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
 * Accepts the events of one request.
 * @throws Problem `idempotency-key-reused` where the key came with another body before. Whatever the ledger throws goes on to the sender as 503.
 */
export async function accept(
  world: IntakeWorld,
  events: readonly CanonicalEvent[],
  receipt: Receipt,
): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  for (const [index, event] of events.entries()) {
    accepted.push(await record(world, newJob(receipt, index, event)));
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
  const job = newJob(receipt, 0, null);
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
  if (!accepted.isDuplicate) world.monitor.alarm('unreadable', { jobId: job.jobId, source: receipt.source });
  return accepted;
}

async function record({ jobs, monitor }: IntakeWorld, job: Job): Promise<Accepted> {
  const earlier = await jobs.record(job);
  if (earlier && earlier.requestHash !== job.requestHash) {
    throw new Problem('idempotency-key-reused', 'Use a new Idempotency-Key for another request.');
  }
  if (!earlier) monitor.info('Job recorded', { jobId: job.jobId, source: job.source, status: job.status });
  monitor.count(earlier ? 'accept.duplicate' : 'accept.new');
  return { job: earlier ?? job, isDuplicate: earlier !== null };
}

async function wakeQueue({ queue, monitor }: IntakeWorld, accepted: readonly Accepted[]): Promise<void> {
  const fresh = accepted.filter(({ isDuplicate }) => !isDuplicate);
  const sent = await Promise.allSettled(fresh.map(({ job }) => queue.send({ jobId: job.jobId })));
  const lost = sent.filter(({ status }) => status === 'rejected').length;
  if (lost > 0) monitor.count('queue.unavailable', lost);
}

function newJob(receipt: Receipt, index: number, event: CanonicalEvent | null): Job {
  const { source, deliveryId, receivedAt, seed } = receipt;
  const jobId = hash(`${seed}\n${index}`).slice(0, 32);
  const leftOut = event ? factOf(event, { ...receipt, jobId, position: index }).leftOut : [];
  const without =
    leftOut.length > 0 ? `; left out, because ${source} has no authority over them: ${leftOut.join(', ')}` : '';
  return {
    jobId,
    version: 0,
    source,
    deliveryId,
    type: event?.type ?? null,
    email: event?.person.email ?? null,
    reference: event?.reference ?? null,
    status: 'queued',
    outcome: null,
    attempts: 0,
    receivedAt,
    effectiveAt:
      event && !event.effectiveAt ? occurredInstant(event.occurredAt, event.type === 'offboard', receivedAt) : null,
    policyHash: null,
    history: [{ at: receivedAt, status: 'queued', detail: `accepted${without}` }],
    event: event && storedEvent(event),
    position: index,
    authority: [...receipt.authority],
    requestHash: receipt.requestHash ?? '',
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
