/** The real handlers in this process, called as the gateway and the queue call them. */
import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import { startWakePump } from '../../../infra/local/wakes.ts';
import { gatewayEvent, lambdaContext, type RequestLine } from '../../middleware/request.ts';
import { type Services, SIGNING_SECRET, TOKEN } from './services.ts';

type Handler<Event> = (event: Event, context: unknown) => Promise<unknown>;
type HttpHandler = Handler<APIGatewayProxyEventV2>;

const bearer = { authorization: `Bearer ${TOKEN}` };
const json = { 'content-type': 'application/json' };
const context = { ...lambdaContext('load'), getRemainingTimeInMillis: () => 60_000 };

/** What a load run does to the system. */
export interface Handlers {
  importFile(csv: string): Promise<void>;
  /** Answers the ids of the jobs. */
  postEvents(events: object[]): Promise<string[]>;
  /** One signed delivery; answers the id of its job. */
  deliver(id: string, event: object): Promise<string>;
  sweep(): Promise<void>;
  /** Works on one wake-up now, past the queue. @throws where it has failed. */
  work(wakeUp: { jobId: string }): Promise<void>;
  /** Takes no further message. */
  stop(): Promise<void>;
}

/** Loads the handlers and lets so many of them work on the queue, as SQS's maximum concurrency does. */
export async function loadHandlers({ environment }: Services, concurrency: number): Promise<Handlers> {
  const quiet = { LOG_LEVEL: 'ERROR', POWERTOOLS_DEV: 'false', POWERTOOLS_METRICS_DISABLED: 'true' };
  Object.assign(process.env, environment, quiet, { CONSCENT_MAX_CONCURRENCY: String(concurrency) });
  const reconcile = await load<SQSEvent>('reconcile');
  const work = (event: SQSEvent) => reconcile(event, context);
  const sweep = await load<object>('sweep');
  const routes = routesOf(await load('people'), await load('events'), await load('webhooks'));
  const pump = startWakePump({ aws: queueOf(environment), concurrency, reconcile: work });
  return {
    ...routes,
    sweep: async () => void (await sweep({}, context)),
    work: async (wakeUp) => requireDone(await work(recordOf(wakeUp))),
    stop: pump.stop,
  };
}

function recordOf(wakeUp: object): SQSEvent {
  return { Records: [{ messageId: 'past-the-queue', body: JSON.stringify(wakeUp) }] } as SQSEvent;
}

function requireDone(answer: unknown): void {
  const { batchItemFailures } = answer as { batchItemFailures: unknown[] };
  if (batchItemFailures.length > 0) throw new Error('A wake-up has failed');
}

async function load<Event = APIGatewayProxyEventV2>(name: string): Promise<Handler<Event>> {
  const module = (await import(`../../../functions/${name}.ts`)) as { handler: Handler<Event> };
  return module.handler;
}

function routesOf(people: HttpHandler, events: HttpHandler, webhooks: HttpHandler) {
  return {
    importFile: async (body: string) => {
      const headers = { ...bearer, 'content-type': 'text/csv' };
      const { lines } = await send(people, { route: 'POST /people/import', headers, body }, 200);
      if (lines?.some((line) => line.status !== 'linked')) throw new Error('Not every line was linked');
    },
    postEvents: async (all: object[]) => {
      const headers = { ...bearer, ...json };
      const { jobs = [] } = await send(events, { route: 'POST /events', headers, body: JSON.stringify(all) }, 202);
      return jobs.map(({ jobId }) => jobId);
    },
    deliver: async (id: string, event: object) => {
      const { jobs = [] } = await send(webhooks, delivery(id, JSON.stringify(event)), 202);
      return jobs[0]?.jobId ?? '';
    },
  };
}

async function send(handler: HttpHandler, line: RequestLine, status: number): Promise<Answered> {
  return answerOf(await handler(gatewayEvent(line), context), status);
}

interface Answered {
  jobs?: { jobId: string }[];
  lines?: { status: string }[];
}

function answerOf(answer: unknown, expected: number): Answered {
  const { statusCode, body } = answer as { statusCode: number; body: string };
  if (statusCode !== expected) throw new Error(`A request was answered ${statusCode}: ${body.slice(0, 200)}`);
  return JSON.parse(body) as Answered;
}

function queueOf(environment: Services['environment']) {
  const credentials = {
    accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
  };
  const [endpoint = '', region = ''] = [environment['AWS_ENDPOINT_URL'], environment['AWS_REGION']];
  return { client: { endpoint, region, credentials }, queueUrl: environment['QUEUE_URL'] ?? '' };
}

function delivery(id: string, body: string): RequestLine {
  const at = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(SIGNING_SECRET.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  const headers = { ...json, 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` };
  return { route: 'POST /webhooks/{source}', params: { source: 'standard-webhooks' }, headers, body };
}
