/** The members that several answers share, with the words that describe them. */
import * as z from 'zod/mini';
import { JOB_ERRORS, type JobErrorCode } from '../../lifecycle/errors.ts';
import { JOB_STATUSES } from '../../lifecycle/job.ts';
import { PERMISSIONS } from '../../lifecycle/permission.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** A text. */
export function text(description: string) {
  return z.string().check(z.describe(description));
}

/** An instant in UTC, to the millisecond. */
export function instant(description: string) {
  return z.string().check(z.regex(INSTANT), z.meta({ description, format: 'date-time' }));
}

/** A number of things. */
export function count(description: string) {
  return z.int().check(z.nonnegative(), z.describe(description));
}

/** Something that is so or not. */
export function flag(description: string) {
  return z.boolean().check(z.describe(description));
}

/** The codes of a closed list. */
export function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table) as K[];
}

/** What an event says of somebody. */
export const eventType = z.enum(['onboard', 'change', 'offboard']);
/** Where a job stands. */
export const status = z
  .enum(JOB_STATUSES)
  .check(
    z.describe(
      'queued: in the ledger, not yet looked at. scheduled: waits for its date. retrying: a passing failure; nextAttemptAt says when. held: stopped by the guard or a pause. needs-attention: a person must act; error says why. succeeded: done. ignored: nothing to do; outcome says why. cancelled: withdrawn by an operator.',
    ),
  );
/** A job’s id. */
export const jobId = z
  .string()
  .check(z.regex(/^[0-9a-f]{32}$/), z.describe('The id of the job: GET /jobs/{jobId} tells what becomes of it.'));
/** Which access policy. */
export const policyHash = z
  .nullable(z.string())
  .check(z.describe('The access policy that was in force, or null before any was asked.'));

/** What a job waits for, or why it needs a person. */
export const jobErrorAnswer = z.strictObject({
  code: z.enum(keysOf<JobErrorCode>(JOB_ERRORS)).check(z.describe('One of a closed list.')),
  detail: text('What to do. Fixed for each code.'),
  retryable: flag('Whether it passes by itself.'),
});

/** All 24 flags, each spelled out. */
export const permissionFlagsAnswer = z.record(z.enum(PERMISSIONS), z.boolean());

/** The role of an access. */
export const role = z
  .nullable(z.string())
  .check(z.describe('The role in Conscent; null where there is none, or none is known.'));
