import { Problem } from '../shared/lifecycle/errors.ts';
import { http, requireKnownQuery } from '../shared/middleware/http.ts';
import { cursorsFrom } from '../shared/operate/cursor.ts';
import { LIST_PARAMETERS, listJobs } from '../shared/operate/list-jobs.ts';
import { showJob } from '../shared/operate/show.ts';
import { wire } from '../shared/wiring.ts';

const { world, http: shared } = wire();

const JOB_ID = /^[0-9a-f]{32}$/;

/** The audit trail: what was accepted and what became of it. */
export const handler = http(shared, {
  'GET /jobs': async (request) => {
    requireKnownQuery(request, LIST_PARAMETERS);
    return { status: 200, body: await listJobs(world, request.query, cursorsFrom(await shared.tokens())) };
  },
  'GET /jobs/{jobId}': async (request) => {
    requireKnownQuery(request);
    const jobId = request.params['jobId'] ?? '';
    const job = JOB_ID.test(jobId) ? await world.jobs.get(jobId) : null;
    if (!job) throw new Problem('not-found', 'There is no such job.');
    return { status: 200, body: showJob(job) };
  },
});
