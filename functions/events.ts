import { acceptEvents } from '../shared/intake/accept-events.ts';
import { waitForJobs, waitPreference } from '../shared/intake/wait.ts';
import { http, requireJson, requireKnownQuery } from '../shared/middleware/http.ts';
import { showAccepted, showJob } from '../shared/operate/show.ts';
import { wire } from '../shared/wiring.ts';

const { config, world, http: shared } = wire();

/** People and scripts post events here. An event is recorded and answered; the worker does the rest. */
export const handler = http(shared, {
  'POST /events': async (request, caller) => {
    requireJson(request);
    requireKnownQuery(request);
    const idempotencyKey = request.headers['idempotency-key'];
    const { accepted, isArray } = await acceptEvents(world, config.allowedEmailDomains, {
      body: request.body,
      idempotencyKey,
      caller,
    });
    const [first] = accepted;
    const headers = isArray || !first ? {} : { location: `/jobs/${first.job.jobId}` };
    const wait = waitPreference(request.headers['prefer']);
    if (wait === null) {
      return {
        status: 202,
        headers,
        body: { jobs: accepted.map(({ job, isDuplicate }) => showAccepted(job, isDuplicate)) },
      };
    }
    const { jobs, areSettled } = await waitForJobs(
      world,
      accepted.map(({ job }) => job),
      wait,
    );
    const shown = jobs.map((job, index) => ({ ...showJob(job), duplicate: accepted[index]?.isDuplicate ?? false }));
    return {
      status: areSettled ? 200 : 202,
      headers: { ...headers, 'preference-applied': `wait=${wait}` },
      body: { jobs: shown },
    };
  },
});
