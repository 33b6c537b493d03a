/**
 * Every vendor's full sample, through the webhooks handler and the worker as they deploy, on embedded AWS services. Bank, salary, address,
 * telephone and identity numbers, personal addresses and names are canaries; none may be in the ledger, the queue, the logs or an answer.
 */
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type LocalAws, startAws } from '../../infra/local/aws.ts';
import { listenOnLoopback, portOf } from '../../infra/local/ports.ts';
import { FAKES } from '../fakes/vendors/index.ts';
import { type VendorFake, vendorFake } from '../fakes/vendors/vendor.ts';
import { type Canaries, newCanaries, type Sample } from '../fixtures/sample.ts';
import { SAMPLES } from '../fixtures/samples.ts';
import { gatewayEvent, lambdaContext } from '../middleware/request.ts';
import { type Served, serve } from './stage.ts';

// A look-up that failed is tried again after a second at the earliest.
const WAIT = { timeout: 30_000, interval: 200 };

type Handler = (event: unknown, context: unknown) => Promise<{ statusCode?: number; body?: string }>;
const handlers: Record<string, Handler> = {};
const seen = { logs: '', messages: '', answers: '', conscent: '' };
const vendors = new Map<string, { fake: VendorFake; served: Served }>();
const sent = new Map<string, { canaries: Canaries; status: number | undefined }>();
let aws: LocalAws;
let conscent: Server;

beforeAll(async () => {
  for (const { source } of SAMPLES) {
    const fake = FAKES[source]?.() ?? vendorFake(() => ({ status: 404 }));
    vendors.set(source, { fake, served: await serve(fake) });
  }
  conscent = createServer(async (request, response) => {
    seen.conscent += await text(request);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"userId":"5f0c"}');
  });
  await listenOnLoopback(conscent);
  const sources = SAMPLES.map(({ source, settings }) => [source, settings(vendors.get(source)?.served.url ?? '')]);
  const secrets = { conscent: { apiKey: 'k', apiSecret: 's' }, sources: Object.fromEntries(sources), tokens: [] };
  aws = await startAws({ secrets: () => secrets });
  Object.assign(process.env, aws.environment, {
    CONSCENT_BASE_URL: `http://127.0.0.1:${portOf(conscent)}/api`,
    RETRY_SCHEDULE_SECONDS: Array(20).fill('0.001').join(),
    LOG_LEVEL: 'DEBUG',
  });
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      seen.logs += String(chunk);
      return true;
    });
  }
  for (const name of ['webhooks', 'reconcile', 'sweep']) {
    handlers[name] = ((await import(`../../functions/${name}.ts`)) as { handler: Handler }).handler;
  }
  // All at once, so that their second tries are waited for once.
  for (const sample of SAMPLES) sent.set(sample.source, await deliverWhole(sample));
});

afterAll(async () => {
  vi.restoreAllMocks();
  for (const { served } of vendors.values()) await served.close();
  conscent.closeAllConnections();
  conscent.close();
  await aws.close();
});

/** A delivery full of canaries, and the record that it has looked up. */
async function deliverWhole(sample: Sample) {
  const canaries = newCanaries();
  const record = sample.record?.(canaries);
  const { fake } = vendors.get(sample.source) ?? {};
  if (record) fake?.records.set(record.id, record.employee);
  // The vendor's API fails first, with the record in what it says.
  fake?.fail({ status: 500, body: JSON.stringify(record) });
  fake?.fail({ status: 200, body: JSON.stringify({ detail: record }) });
  return { canaries, status: await deliver(sample, sample.body(canaries)) };
}

async function deliver({ source, headers }: Sample, body: object): Promise<number | undefined> {
  const sent = JSON.stringify(body);
  const line = { route: 'POST /webhooks/{source}', params: { source }, path: `/webhooks/${source}`, body: sent };
  const signed = { 'content-type': 'application/json', ...headers(sent, new Date()) };
  const answer = await handlers['webhooks']?.(gatewayEvent({ ...line, headers: signed }), lambdaContext());
  seen.answers += JSON.stringify(answer);
  return answer?.statusCode;
}

/** Delivers what is on the queue to the worker, and lets the sweep run, a few times over. */
async function work(): Promise<void> {
  const queue = new SQSClient(aws.client);
  const { queueUrl: QueueUrl } = aws;
  for (let round = 0; round < 6; round += 1) {
    await handlers['sweep']?.({}, lambdaContext());
    const { Messages = [] } = await queue.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { Body: body = '', MessageId: messageId, ReceiptHandle } of Messages) {
      seen.messages += body;
      await handlers['reconcile']?.({ Records: [{ body, messageId }] }, lambdaContext());
      await queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
  queue.destroy();
}

async function ledger(): Promise<string> {
  const client = new DynamoDBClient(aws.client);
  const scans = Object.values(aws.tables).map((TableName) => client.send(new ScanCommand({ TableName })));
  const items = (await Promise.all(scans)).map(({ Items }) => Items);
  client.destroy();
  return JSON.stringify(items);
}

/** Where which of the planted values were found. */
async function found(planted: readonly string[]): Promise<string[]> {
  const places = { ...seen, ledger: await ledger() };
  return Object.entries(places).flatMap(([place, all]) =>
    planted.filter((value) => all.includes(value)).map((value) => `${value} in ${place}`),
  );
}

describe.each(SAMPLES)('of a full sample of $source', (sample) => {
  test('nothing is kept but what the access policy may ask for', async () => {
    const { status, canaries = newCanaries() } = sent.get(sample.source) ?? {};
    expect(status).toBeLessThan(300);
    await vi.waitFor(async () => {
      await work();
      expect(await ledger()).toContain(sample.email);
    }, WAIT);
    // It did travel: otherwise finding nothing would mean nothing.
    expect(seen.logs).toContain('Job recorded');
    expect(seen.messages).toContain('jobId');
    expect(canaries.planted.length).toBeGreaterThan(3);
    expect(await found(canaries.planted)).toEqual([]);
    expect(seen.logs + seen.messages).not.toContain(sample.email);
  });

  test('nothing is kept of a body that cannot be read', async () => {
    const canaries = newCanaries();
    expect(await deliver(sample, [[sample.body(canaries)]])).toBeLessThan(300);
    await work();
    expect(await ledger()).toContain('unreadable');
    expect(await found(canaries.planted)).toEqual([]);
  });
});
