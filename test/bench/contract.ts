/** The contract that everybody who is measured keeps: what comes in, in the shapes of API Gateway and SQS, and what must have come of it. */
import { createHash, createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import { gatewayEvent } from '../middleware/request.ts';
import type { Item } from './wire/ledger.ts';

const TOKEN = 'token-of-the-bench';
const KEY = Buffer.from('a key of the bench, of 32 bytes!');
const SCOPES = ['events:write'];

/** The secrets, by their ids. */
export const SECRETS = {
  conscent: { apiKey: 'bench-key', apiSecret: 'bench-secret' },
  sources: { 'standard-webhooks': { signingSecrets: [`whsec_${KEY.toString('base64')}`] } },
  tokens: [{ name: 'bench', sha256: createHash('sha256').update(TOKEN).digest('hex'), scopes: SCOPES }],
};

/** The functions that are measured. */
export const FUNCTIONS = ['webhooks', 'events', 'reconcile'] as const;
/** One of them. */
export type FunctionName = (typeof FUNCTIONS)[number];

/** Something of each. */
export function perFunction<T>(of: (name: FunctionName) => T): Record<FunctionName, T> {
  return Object.fromEntries(FUNCTIONS.map((name) => [name, of(name)])) as Record<FunctionName, T>;
}

/** Somebody's address. */
export const emailOf = (index: number) => `person-${index}@pub.example`;

function joining(index: number, more: object = {}): string {
  const person = { email: emailOf(index), externalId: String(index), department: 'Finance', jobTitle: 'Accountant' };
  return JSON.stringify({ type: 'onboard', person, reference: `REQ-${index}`, ...more });
}

/** A signed delivery of somebody who joins Finance; `spoilt` is signed with another key, `odd` has a member that nobody knows. */
function delivery(index: number, kind?: 'spoilt' | 'odd'): APIGatewayProxyEventV2 {
  const body = joining(index, kind === 'odd' ? { odd: true } : {});
  const [id, at] = [`delivery-${index}`, String(Math.floor(Date.now() / 1000))];
  const signature = createHmac('sha256', kind === 'spoilt' ? 'another key' : KEY)
    .update(`${id}.${at}.${body}`)
    .digest('base64');
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': at,
    'webhook-signature': `v1,${signature}`,
  };
  const path = '/webhooks/standard-webhooks';
  return gatewayEvent({
    route: 'POST /webhooks/{source}',
    path,
    params: { source: 'standard-webhooks' },
    headers,
    body,
  });
}

/** The same, posted by somebody who holds a token. */
function posted(index: number, kind?: 'spoilt' | 'odd'): APIGatewayProxyEventV2 {
  const body = joining(index, kind === 'odd' ? { odd: true } : {});
  const authorization = `Bearer ${kind === 'spoilt' ? 'another-token' : TOKEN}`;
  const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': `request-${index}` };
  return gatewayEvent({ route: 'POST /events', headers, body });
}

/** The id of the job that a wake-up names. */
const jobIdOf = (index: number) => createHash('sha256').update(String(index)).digest('hex').slice(0, 32);

function wakeUp(index: number): SQSEvent {
  const attributes = {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'bench',
    ApproximateFirstReceiveTimestamp: '0',
  };
  const record = {
    messageId: `message-${index}`,
    receiptHandle: 'receipt',
    body: JSON.stringify({ jobId: jobIdOf(index) }),
    attributes,
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:ap-south-1:000000000000:wakes',
    awsRegion: 'ap-south-1',
  };
  return { Records: [record] };
}

/** What a function is given. */
export function eventFor(name: FunctionName, index: number, kind?: 'spoilt' | 'odd'): object {
  if (name === 'reconcile') return wakeUp(index);
  return name === 'webhooks' ? delivery(index, kind) : posted(index, kind);
}

/** A job of another person, made of one that was recorded: the ledger's, for a wake-up to find. */
export function jobFor(index: number, recorded: { item: Item; index: number }): Item {
  const text = JSON.stringify(recorded.item)
    .replaceAll(recorded.item['jobId']?.S ?? '', jobIdOf(index))
    .replaceAll(emailOf(recorded.index), emailOf(index))
    .replaceAll(`{"S":"${recorded.index}"}`, `{"S":"${index}"}`);
  return JSON.parse(text) as Item;
}
