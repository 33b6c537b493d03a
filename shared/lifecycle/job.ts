/** The job: the ledger's record of one accepted notice. */

import type { Instant } from './effective-date.ts';
import { type JobError, type JobErrorCode, jobError } from './errors.ts';
import type { CanonicalEvent, EventType } from './event.ts';
import type { Authority } from './fact.ts';
import { dueReply, type ReplyState } from './reply.ts';

/** When somebody must be looked at again, and whether they should lose access then: leavers come first. */
export interface Wake {
  at: Instant;
  isLeaver: boolean;
}

/** Where a job may stand (DESIGN: "Job"). */
export const JOB_STATUSES = [
  'queued',
  'scheduled',
  'retrying',
  'held',
  'needs-attention',
  'succeeded',
  'ignored',
  'cancelled',
] as const;

/** Where a job stands. */
export type JobStatus = (typeof JOB_STATUSES)[number];

/** What a job may come to. */
export const OUTCOMES = [
  'created',
  'updated',
  'revoked',
  'unchanged',
  'stale',
  'superseded',
  'no-access',
  'unsupported',
] as const;

/** What a finished job came to. */
export type Outcome = (typeof OUTCOMES)[number];

/** What was accepted, less the names: Conscent has no field for them, so they are not kept. */
export type StoredEvent = Omit<CanonicalEvent, 'person'> & {
  person: Omit<CanonicalEvent['person'], 'firstName' | 'lastName'>;
};

export interface Job {
  jobId: string;
  version: number;
  source: string;
  deliveryId: string;
  type: EventType | null;
  email: string | null;
  reference: string | null;
  status: JobStatus;
  outcome: Outcome | null;
  /** Calls to Conscent made on its behalf. */
  attempts: number;
  receivedAt: Instant;
  effectiveAt: Instant | null;
  nextAttemptAt?: Instant | null;
  finishedAt?: Instant | null;
  userId?: string | null;
  error?: JobError | null;
  policyHash: string | null;
  history: { at: Instant; status: JobStatus; detail: string }[];
  /** Internal from here on. */
  event: StoredEvent | null;
  /** What is to be looked up, by its vendor's id; what an unsigned sender said of it; and how often looking has failed. */
  lookup?: { id: string; said?: EventType; failures: number } | null;
  /** The ticket that it came from, by its vendor's id. */
  ticket?: string;
  /** Set where the ticket wants to hear what becomes of it. */
  reply?: ReplyState;
  /** Its offboard takes back a hire, and ends nothing that has begun. */
  withdraws?: true;
  position: number;
  authority: Authority[];
  /** Hash of the request that carried it, for `Idempotency-Key`. */
  requestHash: string;
  /** Whose fact it has become. */
  personId: string | null;
  /** It was somebody's fact before, and is, or was, to be added once more. */
  isReplayed?: true;
}

/** What a job is told when its person has been settled. */
export interface JobNews {
  status: JobStatus;
  outcome: Outcome | null;
  attempts: number;
  effectiveAt: Instant;
  nextAttemptAt: Instant | null;
  error: JobErrorCode | null;
  userId: string | null;
  detail: string;
}

/** Whether a job has come to its end. */
export function isFinished(status: JobStatus): boolean {
  return status === 'succeeded' || status === 'ignored' || status === 'cancelled';
}

/** A job's place in every list: by when it was received, and among those of the same instant by id. It never changes. */
export function listKey({ receivedAt, jobId }: Pick<Job, 'receivedAt' | 'jobId'>): string {
  return `${receivedAt}#${jobId}`;
}

/**
 * When a job must be looked at: one that has not become its person's yet, or whose ticket is to be told. A record may turn out to be a
 * leaver's, so its job goes first; no reply does.
 */
export function jobWake(job: Job): Wake | null {
  const reply = dueReply(job);
  if (reply) return { at: reply.at, isLeaver: false };
  const isWaiting = job.personId === null && !isFinished(job.status) && !isStopped(job);
  if (!isWaiting || (!job.event && !job.lookup)) return null;
  return { at: job.nextAttemptAt ?? job.receivedAt, isLeaver: mayEnd(job) };
}

/** Whether a job may be a leaver's. What is yet to be looked up may turn out to be one. */
export function mayEnd({ type }: Pick<Job, 'type'>): boolean {
  return type === 'offboard' || type === null;
}

/**
 * Whether a job that may be a leaver's has failed, for that long, before it came to its person or with them. What fails later the person has.
 * Whoever waits for an address has been looked up, and has not left.
 */
export function isLateLeavers(job: Job, before: Instant): boolean {
  const isLooking = job.status === 'retrying' && job.personId === null && job.error?.code !== 'no-work-email';
  const hasFailed = job.error?.code === 'crashed' || isLooking;
  return mayEnd(job) && hasFailed && job.receivedAt <= before && (job.effectiveAt ?? before) <= before;
}

/**
 * Whether somebody should still look at a job that needs attention: at one of a leaver who may have an account until they have; at another one
 * where it has come to need it since.
 */
export function isAskedOfSomebody({ type, lookup, email, history, receivedAt }: Job, since: Instant): boolean {
  const isLeavers = type === 'offboard' || (lookup?.said === 'offboard' && email !== null);
  return isLeavers || (history.at(-1)?.at ?? receivedAt) >= since;
}

/** Whether only a person gets a job going again. What crashes is tried again all the same: it may be a leaver's. */
export function isStopped({ status, error }: Job): boolean {
  return status === 'needs-attention' && error?.code !== 'crashed';
}

/** A job that no worker survives: a person must act. Of a finished one only its ticket is left to be told, and waits. */
export function crashed(job: Job, now: Instant, nextAt: Instant): Job {
  if (isFinished(job.status)) return untold(job, nextAt);
  const error = jobError('crashed');
  const isNews = job.error?.code !== error.code;
  const told = isNews ? noted(job, { at: now, status: 'needs-attention', detail: error.detail }) : job;
  return { ...told, error, nextAttemptAt: nextAt };
}

function untold(job: Job, nextAt: Instant): Job {
  const due = dueReply(job);
  if (!due || !job.reply) return job;
  const { standing, failures } = due;
  return { ...job, reply: { ...job.reply, trying: { standing, failures, nextAt } } };
}

const MAX_JOB_HISTORY = 50;

/** Gives a job a status, and says so in its history; the oldest entries give way. */
export function noted(job: Job, entry: Job['history'][number]): Job {
  return { ...job, status: entry.status, history: [...job.history, entry].slice(-MAX_JOB_HISTORY) };
}

/** Applies news to a job. The history grows only where something changed, so that telling twice is telling once. */
export function tell(job: Job, news: JobNews, now: Instant, policyHash: string): Job {
  if (isFinished(job.status)) return job;
  const isNew =
    job.status !== news.status || job.attempts !== news.attempts || (job.error?.code ?? null) !== news.error;
  const entry = { at: now, status: news.status, detail: news.detail };
  return {
    ...(isNew ? noted(job, entry) : job),
    outcome: news.outcome,
    attempts: news.attempts,
    effectiveAt: news.effectiveAt,
    nextAttemptAt: news.nextAttemptAt,
    finishedAt: isFinished(news.status) ? now : null,
    userId: news.userId,
    error: news.error ? jobError(news.error) : null,
    policyHash,
  };
}
