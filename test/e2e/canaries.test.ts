/**
 * The whole road with canaries for everything that must not be seen again: passwords, the API secret, tokens, signing secrets and names.
 * Conscent echoes all it gets back in its errors, as badly as any API ever did.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type LocalAws, startAws } from '../../infra/local/aws.ts';

const canary = (name: string) => `${name}-canary-${randomBytes(9).toString('hex')}`;
const TOKEN = canary('token');
const SECRET = canary('secret');
const FIRST_NAME = canary('first');
const LAST_NAME = canary('last');
const SIGNING_KEY = randomBytes(32).toString('base64');

interface Seen {
  logs: string;
  messages: string[];
  answers: string[];
  passwords: string[];
}

const seen: Seen = { logs: '', messages: [], answers: [], passwords: [] };
const statuses = [400, 500, 503, 201, 429, 500, 200, 401, 500, 200];
let aws: LocalAws;

const conscent = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const { password } = JSON.parse(body) as { password?: string };
    if (password) seen.passwords.push(password);
    const status = statuses.shift() ?? 200;
    const echo = `${body} ${request.headers.authorization} password ${password} of ${FIRST_NAME}`;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(status < 300 ? { message: echo, userId: '5f0c' } : { statusCode: status, message: [echo] }),
    );
  });
});

type Handler = (event: unknown, context: unknown) => Promise<{ body?: string }>;
const handlers: Record<string, Handler> = {};

beforeAll(async () => {
  conscent.listen(0, '127.0.0.1');
  const secrets = {
    conscent: { apiKey: canary('key'), apiSecret: SECRET },
    sources: { 'standard-webhooks': { signingSecrets: [`whsec_${SIGNING_KEY}`] } },
    tokens: [
      {
        name: 'canary-desk',
        sha256: createHash('sha256').update(TOKEN).digest('hex'),
        scopes: ['events:write', 'access:direct', 'jobs:read', 'people:read', 'people:write'],
      },
    ],
  };
  aws = await startAws({ secrets: () => secrets });
  const { port } = conscent.address() as AddressInfo;
  Object.assign(process.env, aws.environment, {
    CONSCENT_BASE_URL: `http://127.0.0.1:${port}/api`,
    RETRY_SCHEDULE_SECONDS: Array(20).fill('0.001').join(),
  });
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      seen.logs += String(chunk);
      return true;
    });
  }
  for (const name of ['events', 'webhooks', 'jobs', 'people', 'reconcile', 'sweep']) {
    handlers[name] = ((await import(`../../functions/${name}.ts`)) as { handler: Handler }).handler;
  }
});

afterAll(async () => {
  vi.restoreAllMocks();
  await aws.close();
  conscent.closeAllConnections();
  await new Promise((resolve) => conscent.close(resolve));
});

const context = { awsRequestId: 'request-of-the-canaries', getRemainingTimeInMillis: () => 60_000 };

async function http(
  name: string,
  routeKey: string,
  more: { body?: string; headers?: object; params?: object },
): Promise<void> {
  const [method, rawPath] = routeKey.split(' ');
  const event = {
    routeKey,
    rawPath,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...more.headers },
    pathParameters: more.params,
    requestContext: { http: { method } },
    body: more.body,
  };
  const answer = await handlers[name]?.(event, context);
  seen.answers.push(JSON.stringify(answer));
}

/** Delivers what is on the queue to the worker, and lets the sweep run, a few times over. */
async function work(): Promise<void> {
  const queue = new SQSClient(aws.client);
  for (let round = 0; round < 12; round += 1) {
    await handlers['sweep']?.({}, context);
    const { Messages = [] } = await queue.send(
      new ReceiveMessageCommand({ QueueUrl: aws.queueUrl, MaxNumberOfMessages: 10 }),
    );
    for (const { Body = '', MessageId, ReceiptHandle } of Messages) {
      seen.messages.push(Body);
      await handlers['reconcile']?.({ Records: [{ body: Body, messageId: MessageId }] }, context);
      await queue.send(new DeleteMessageCommand({ QueueUrl: aws.queueUrl, ReceiptHandle }));
    }
  }
}

async function tables(): Promise<string> {
  const client = new DynamoDBClient(aws.client);
  const scans = Object.values(aws.tables).map((TableName) => client.send(new ScanCommand({ TableName })));
  return JSON.stringify((await Promise.all(scans)).map(({ Items }) => Items));
}

function signed(body: string): object {
  const [id, timestamp] = ['msg-canary', String(Math.floor(Date.now() / 1000))];
  const signature = createHmac('sha256', Buffer.from(SIGNING_KEY, 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

describe('nothing that is secret is ever seen again', () => {
  test('not in a log, a job, a person, a queue message or an answer, whatever Conscent echoes', async () => {
    const person = { email: 'wren@pub.example', firstName: FIRST_NAME, lastName: LAST_NAME, department: 'Finance' };
    await http('events', 'POST /events', { body: JSON.stringify({ type: 'onboard', person }) });
    await work();
    await http('events', 'POST /events', {
      body: JSON.stringify({ type: 'onboard', person: { ...person, email: 'lark@pub.example' } }),
    });
    await work();
    const change = JSON.stringify({
      type: 'change',
      person: { ...person, email: 'lark@pub.example', department: 'Growth' },
    });
    await http('webhooks', 'POST /webhooks/{source}', {
      body: change,
      headers: signed(change),
      params: { source: 'standard-webhooks' },
    });
    await work();
    await http('events', 'POST /events', {
      body: JSON.stringify({ type: 'offboard', person: { ...person, email: 'lark@pub.example' } }),
    });
    await work();
    await http('events', 'POST /events', {
      body: JSON.stringify({ type: 'onboard', person: { ...person, email: FIRST_NAME } }),
    });
    await http('people', 'GET /people/{email}', { params: { email: 'lark@pub.example' } });

    // The canaries did travel: otherwise finding none would mean nothing.
    expect(seen.passwords.length).toBeGreaterThanOrEqual(3);
    expect(statuses).toEqual([]);
    expect(seen.messages.length).toBeGreaterThan(0);
    expect(seen.logs).toContain('Job settled');
    const basic = [...seen.logs.matchAll(/Basic [A-Za-z0-9+/]{8}/g)];
    expect(basic).toEqual([]);
    const everywhere = {
      logs: seen.logs,
      messages: seen.messages.join(),
      answers: seen.answers.join(),
      tables: await tables(),
    };
    for (const [place, text] of Object.entries(everywhere)) {
      for (const value of [TOKEN, SECRET, FIRST_NAME, LAST_NAME, SIGNING_KEY, ...seen.passwords]) {
        expect({ place, holds: text.includes(value) }).toEqual({ place, holds: false });
      }
    }
    // Addresses belong in the ledger, and nowhere else.
    expect(everywhere.tables).toContain('lark@pub.example');
    expect(everywhere.logs + everywhere.messages).not.toContain('pub.example');

    // One line in and one line out of every invocation.
    const lines = seen.logs
      .split('\n')
      .flatMap((line) => (line.startsWith('{"level"') ? [JSON.parse(line) as Record<string, unknown>] : []));
    const ins = lines.filter(({ message }) => message === 'in');
    const outs = lines.filter(({ message }) => message === 'out');
    expect(ins.length).toBe(outs.length);
    expect(outs.every(({ durationMs }) => typeof durationMs === 'number')).toBe(true);
  });
});
