/** The exported handlers, in this process. They read the environment when they load, so they are loaded after it was set. */
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { gatewayEvent, lambdaContext, type RequestLine } from '../middleware/request.ts';
import { BEARER } from './secrets.ts';

type Http = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Every handler that a run needs. */
export interface Handlers {
  http: Record<'events' | 'webhooks' | 'people' | 'guard' | 'jobs', Http>;
  reconcile(event: SQSEvent, context: Context): Promise<SQSBatchResponse>;
  sweep(event: unknown, context: Context): Promise<unknown>;
}

/** Loads the handlers and uses each once, on tables that hold nothing. */
export async function loadHandlers(environment: Record<string, string>): Promise<Handlers> {
  Object.assign(process.env, environment);
  await import('ky');
  const [events, webhooks, people, guard, jobs, reconcile, sweep] = await Promise.all([
    import('../../functions/events.ts'),
    import('../../functions/webhooks.ts'),
    import('../../functions/people.ts'),
    import('../../functions/guard.ts'),
    import('../../functions/jobs.ts'),
    import('../../functions/reconcile.ts'),
    import('../../functions/sweep.ts'),
  ]);
  const http = {
    ...{ events: events.handler, webhooks: webhooks.handler, people: people.handler },
    ...{ guard: guard.handler, jobs: jobs.handler },
  };
  const handlers = { http, reconcile: reconcile.handler, sweep: sweep.handler } as unknown as Handlers;
  await warmUp(handlers);
  return handlers;
}

async function warmUp({ http, reconcile, sweep }: Handlers): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const ask = (handler: Http, line: RequestLine) =>
    handler(gatewayEvent({ ...line, headers: { ...BEARER, ...json } }), lambdaContext());
  await ask(http.events, { route: 'POST /events', query: { dryRun: 'true' }, body: WARM_EVENT });
  await ask(http.webhooks, { route: 'POST /webhooks/{source}', params: { source: 'bamboohr' }, body: '{}' });
  await ask(http.people, { route: 'GET /people/{email}', params: { email: 'nobody@paper.example' } });
  await ask(http.jobs, { route: 'GET /jobs', query: { status: 'needs-attention' } });
  await ask(http.guard, { route: 'POST /guard/release' });
  await reconcile(messageEvent('{"jobId":"none"}'), lambdaContext());
  await sweep({}, lambdaContext());
}

const WARM_EVENT = JSON.stringify({ type: 'onboard', person: { email: 'nobody@paper.example' } });

/** What SQS hands to the worker. */
export function messageEvent(body: string): SQSEvent {
  const record = {
    ...{ messageId: 'message', receiptHandle: 'receipt', body, attributes: {}, messageAttributes: {} },
    ...{ md5OfBody: '', eventSource: 'aws:sqs', eventSourceARN: 'arn', awsRegion: 'none' },
  };
  return { Records: [record] } as unknown as SQSEvent;
}
