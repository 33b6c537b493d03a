/** What is said of the routes about jobs. */
import type { RouteWords } from './operation.ts';

const TAG = 'Jobs';

/** By route. */
export const JOB_ROUTES = {
  'GET /jobs': {
    operationId: 'listJobs',
    tag: TAG,
    summary: 'List jobs by address or status',
    description: 'In pages, newest first. Jobs that come meanwhile shift no page.',
    parameters: ['listEmail', 'listStatus', 'cursor', 'limit'],
    answers: { 200: { description: 'A page.', schema: 'JobList' } },
    problems: ['invalid-cursor'],
  },
  'GET /jobs/{jobId}': {
    operationId: 'getJob',
    tag: TAG,
    summary: 'See what became of a job',
    description: 'It is there as soon as it was answered.',
    answers: { 200: { description: 'The job.', schema: 'Job' } },
  },
  'POST /jobs/{jobId}/retry': {
    operationId: 'retryJob',
    tag: TAG,
    summary: 'Try a job again',
    description:
      'For a job that needs attention. Where an account may or may not exist it says: I looked in the Conscent dashboard, and there is none. It takes no body.',
    answers: { 202: { description: 'The job, queued again.', schema: 'Job' } },
    problems: ['invalid-state'],
  },
  'POST /jobs/{jobId}/cancel': {
    operationId: 'cancelJob',
    tag: TAG,
    summary: 'Withdraw what a job says',
    description: 'For a job that is scheduled: what it says will not come into force. It takes no body.',
    answers: { 202: { description: 'The job, cancelled.', schema: 'Job' } },
    problems: ['invalid-state'],
  },
} as const satisfies Readonly<Record<string, RouteWords>>;
