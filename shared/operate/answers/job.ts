/**
 * Jobs and plans as they are shown. The types of what is shown are the schemas' and the document of the API is generated from them, so that
 * neither can drift from the other. Values of this folder are for the document alone; everything else imports types and stays small.
 */
import * as z from 'zod/mini';
import { OUTCOMES } from '../../lifecycle/job.ts';
import {
  count,
  eventType,
  flag,
  instant,
  jobErrorAnswer,
  jobId,
  permissionFlagsAnswer,
  policyHash,
  role,
  status,
  text,
} from './members.ts';

const job = {
  jobId,
  source: text('Who sent it; "api" for /events.'),
  deliveryId: text('The sender’s name of the delivery: the Idempotency-Key, where one was sent.'),
  type: z.nullable(eventType).check(z.describe('null where the body could not be read.')),
  email: z.nullable(z.string()).check(z.describe('The address that the event named.')),
  reference: z.nullable(z.string()).check(z.describe('The event’s reference.')),
  status,
  outcome: z
    .nullable(z.enum(OUTCOMES))
    .check(
      z.describe(
        'What it came to, once it has finished. Of one that succeeded: created, updated, revoked, or unchanged where Conscent already held exactly this. Of one that was ignored: stale (something newer was known), superseded (something newer made it void), no-access (nothing gives access and there is no account), unsupported (it asks for nothing, or says again what its ticket had said).',
      ),
    ),
  attempts: count('Calls to Conscent made on its behalf.'),
  receivedAt: instant('When it was accepted.'),
  effectiveAt: z.nullable(instant('When what it says comes into force, once that is known.')),
  nextAttemptAt: z.optional(instant('When it is tried again.')),
  finishedAt: z.optional(instant('When it finished.')),
  userId: z.optional(text('The Conscent account it was about.')),
  error: z.optional(jobErrorAnswer),
  policyHash,
  history: z
    .array(z.strictObject({ at: instant('When.'), status, detail: text('What happened.') }))
    .check(z.describe('Everything that happened to it, oldest first.')),
};
const duplicate = flag('Whether the very same request had been accepted before: this is its job.');

/** One job in full. */
export const jobAnswer = z.strictObject(job);

/** One job in full. */
export type JobAnswer = z.output<typeof jobAnswer>;

/** One page of jobs. */
export const jobListAnswer = z.strictObject({
  jobs: z.array(jobAnswer).check(z.describe('Newest first.')),
  cursor: z.optional(text('Send it with the same query for the next page. Missing on the last one.')),
});

/** One page of jobs. */
export type JobListAnswer = z.output<typeof jobListAnswer>;

/** A job in a 202. */
export const acceptedJobAnswer = z.strictObject({
  jobId,
  type: z.optional(eventType),
  email: z.optional(z.string()),
  status,
  duplicate,
});

/** A job in a 202. */
export type AcceptedJobAnswer = z.output<typeof acceptedJobAnswer>;

/** What was accepted. */
export const acceptedAnswer = z.strictObject({
  jobs: z.array(acceptedJobAnswer).check(z.describe('One for each event, in their order.')),
});

/** A job that somebody waited for. */
export const waitedJobAnswer = z.strictObject({ ...job, duplicate });

/** What was waited for. */
export const waitedAnswer = z.strictObject({
  jobs: z.array(waitedJobAnswer).check(z.describe('One for each event, in their order.')),
});

const heldAccess = z.strictObject({ role, permissions: permissionFlagsAnswer });

/** What one event of a dry run would do. */
export const planAnswer = z.strictObject({
  email: z.nullable(z.string()).check(z.describe('The person’s address then.')),
  step: z.enum(['create', 'update', 'revoke', 'nothing']).check(z.describe('The call to Conscent that would be made.')),
  effectiveAt: instant('When it would be made.'),
  access: z.nullable(heldAccess).check(z.describe('What the person should hold then; null where that is not known.')),
  reason: text('Which rules, grants and dates decide, and what would keep it from being done.'),
});

/** What one event of a dry run would do. */
export type PlanAnswer = z.output<typeof planAnswer>;

/** A dry run. */
export const plansAnswer = z.strictObject({
  plans: z
    .array(planAnswer)
    .check(z.describe('One for each event, in their order, each as if those before had been done.')),
});
