/** The audit trail in pages, by address or by status. */
import * as z from 'zod/mini';
import { Problem, type Violation } from '../lifecycle/errors.ts';
import { emailSchema, violations } from '../lifecycle/event.ts';
import { JOB_STATUSES } from '../lifecycle/job.ts';
import type { JobQuery, World } from '../lifecycle/ports.ts';
import type { JobListAnswer } from './answers/job.ts';
import type { Cursors } from './cursor.ts';
import { showJob } from './show.ts';

/** The query parameters of `GET /jobs`. */
export const LIST_PARAMETERS = ['email', 'status', 'cursor', 'limit'] as const;

const DEFAULT_LIMIT = 50;

/** What they may hold. That either `email` or `status` must be given is said apart. */
export const listSchema = z.object({
  email: z.optional(emailSchema),
  status: z.optional(z.enum(JOB_STATUSES, `must be one of ${JOB_STATUSES.join(', ')}`)),
  cursor: z.optional(z.string()),
  limit: z.optional(z.string().check(z.regex(/^(?:[1-9]\d?|100)$/, 'must be a whole number from 1 to 100'))),
});

type Parameters = z.output<typeof listSchema>;

/**
 * Lists jobs, newest first. Pages neither repeat nor skip a job that was there when the first was asked for and still answers the query,
 * however many are added meanwhile; one that changes its status moves from list to list.
 * @throws Problem `invalid-request` or `invalid-cursor`.
 */
export async function listJobs(
  { jobs }: Pick<World, 'jobs'>,
  parameters: Readonly<Record<string, string>>,
  cursors: Cursors,
): Promise<JobListAnswer> {
  const { cursor, limit = DEFAULT_LIMIT, ...asked } = readParameters(parameters);
  const query = queryOf(asked);
  const name = JSON.stringify(query);
  const after = cursor === undefined ? null : cursors.open(name, cursor);
  const page = await jobs.list(query, { after, limit: Number(limit) });
  return { jobs: page.jobs.map(showJob), ...(page.next !== null && { cursor: cursors.seal(name, page.next) }) };
}

function readParameters(parameters: Readonly<Record<string, string>>): Parameters {
  const read = listSchema.safeParse(parameters, { reportInput: true });
  if (read.success) return read.data;
  const found = violations(read.error.issues);
  throw invalid(found.map(({ pointer, detail }) => ({ pointer: pointer.replace('/', '?'), detail })));
}

function queryOf({ email, status }: Pick<Parameters, 'email' | 'status'>): JobQuery {
  if (email !== undefined && status === undefined) return { email };
  if (status !== undefined && email === undefined) return { status };
  const detail = email === undefined ? 'is required unless status is given' : 'must not be given together with status';
  throw invalid([{ pointer: '?email', detail }]);
}

function invalid(found: Violation[]): Problem {
  return new Problem('invalid-request', 'Correct the parameters listed in errors and ask again.', {
    violations: found,
  });
}
