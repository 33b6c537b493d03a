import { type AcceptedEvents, acceptEvents } from '../shared/intake/accept-events.ts';
import { waitForJobs, waitPreference } from '../shared/intake/wait.ts';
import type { World } from '../shared/lifecycle/ports.ts';
import type { Caller } from '../shared/middleware/authenticate.ts';
import { type HttpRequest, http, isAsked, requireJson, requireKnownQuery } from '../shared/middleware/http.ts';
import { showAccepted, showJob, showPlan } from '../shared/operate/show.ts';
import { planJobs } from '../shared/reconcile/dry-run.ts';
import { pretendWorld } from '../shared/reconcile/pretend.ts';
import { wire } from '../shared/wiring.ts';

const { config, world, http: shared } = wire();

/** People and scripts post events here. An event is recorded and answered; the worker does the rest. */
export const handler = http(shared, {
  'POST /events': async (request, caller) => {
    requireJson(request);
    requireKnownQuery(request, ['dryRun']);
    if (isAsked(request, 'dryRun')) return dryRun(request, caller);
    const accepted = await acceptIn(world, request, caller, request.headers['idempotency-key']);
    const wait = waitPreference(request.headers['prefer']);
    return wait === null ? answerNow(accepted) : answerAfter(wait, accepted);
  },
});

function acceptIn(into: World, { body }: HttpRequest, caller: Caller, idempotencyKey: string | undefined) {
  return acceptEvents(into, config.allowedEmailDomains, { body, idempotencyKey, caller });
}

async function dryRun(request: HttpRequest, caller: Caller) {
  const pretended = pretendWorld(world);
  const { accepted } = await acceptIn(pretended, request, caller, undefined);
  const plans = await planJobs(
    pretended,
    accepted.map(({ job }) => job),
  );
  return { status: 200, body: { plans: plans.map(showPlan) } };
}

/** At once: where to look. */
function answerNow({ accepted, isArray }: AcceptedEvents) {
  const jobs = accepted.map(({ job, isDuplicate }) => showAccepted(job, isDuplicate));
  return { status: 202, headers: locationOf({ accepted, isArray }), body: { jobs } };
}

/** When nothing moves by itself any more, or the wait is over. */
async function answerAfter(seconds: number, { accepted, isArray }: AcceptedEvents) {
  const { jobs, areSettled } = await waitForJobs(
    world,
    accepted.map(({ job }) => job),
    seconds,
  );
  const headers = { ...locationOf({ accepted, isArray }), 'preference-applied': `wait=${seconds}` };
  const shown = jobs.map((job, index) => ({ ...showJob(job), duplicate: accepted[index]?.isDuplicate ?? false }));
  return { status: areSettled ? 200 : 202, headers, body: { jobs: shown } };
}

function locationOf({ accepted: [first], isArray }: AcceptedEvents): Record<string, string> {
  return isArray || !first ? {} : { location: `/jobs/${first.job.jobId}` };
}
