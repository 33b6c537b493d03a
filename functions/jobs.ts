import { http, requireKnownQuery, requireNothing } from '../shared/middleware/http.ts';
import { cancelJob, findJob, retryJob } from '../shared/operate/change-job.ts';
import { cursorsFrom } from '../shared/operate/cursor.ts';
import { LIST_PARAMETERS, listJobs } from '../shared/operate/list-jobs.ts';
import { showJob } from '../shared/operate/show.ts';
import { wire } from '../shared/wiring.ts';

const { world, http: shared } = wire();

/** The audit trail: what was accepted and what became of it; and what an operator may do about one job. */
export const handler = http(shared, {
  'GET /jobs': async (request) => {
    requireKnownQuery(request, LIST_PARAMETERS);
    return { status: 200, body: await listJobs(world, request.query, cursorsFrom(await shared.tokens())) };
  },
  'GET /jobs/{jobId}': async (request) => {
    requireKnownQuery(request);
    return { status: 200, body: showJob(await findJob(world, request.params['jobId'] ?? '')) };
  },
  'POST /jobs/{jobId}/retry': async (request, { name }) => {
    requireNothing(request);
    const job = await retryJob(world, { jobId: request.params['jobId'] ?? '', by: name });
    return { status: 202, body: showJob(job) };
  },
  'POST /jobs/{jobId}/cancel': async (request, { name }) => {
    requireNothing(request);
    const job = await cancelJob(world, { jobId: request.params['jobId'] ?? '', by: name });
    return { status: 202, body: showJob(job) };
  },
});
