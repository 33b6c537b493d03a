/**
 * The package, run: every bundle out of its zip, with exactly its environment, against services at AWS_ENDPOINT_URL that grant what its role
 * grants. What follows is one story that needs each grant; a grant that it does not need is one too many.
 */
import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConscentSandbox, startConscentSandbox } from '../../../infra/local/conscent-sandbox.ts';
import { NOT_TOLD } from '../../../shared/lifecycle/reply.ts';
import { readConfig } from '../../../shared/platform/config.ts';
import { jobStore } from '../../../shared/stores/jobs.ts';
import { gatewayEvent, type RequestLine } from '../../middleware/request.ts';
import { SECRET, signedHeaders } from '../../sources/signed.ts';
import { sampleJob } from '../../stores/ledger.ts';
import { type Deployed, deploy } from './deployed.ts';
import { CALLS } from './grants.ts';
import { FUNCTIONS, type FunctionName, usePackaged } from './packaged.ts';

const service = usePackaged();
const CREDENTIALS = { apiKey: 'package-test-key', apiSecret: 'package-test-secret' };
const SCOPES = 'events:write jobs:read jobs:write people:read people:write passwords:set';
const TOKEN = { name: 'story', scopes: SCOPES.split(' ') };
const sha256 = createHash('sha256').update('package-test-token').digest('hex');
const AUTHORIZED = { authorization: 'Bearer package-test-token', 'content-type': 'application/json' };

let deployed: Deployed;
let sandbox: ConscentSandbox;

beforeAll(async () => {
  sandbox = await startConscentSandbox({ port: 0, credentials: CREDENTIALS });
  const sources = { 'standard-webhooks': { signingSecrets: [SECRET] } };
  deployed = await deploy(service(), { conscent: CREDENTIALS, sources, tokens: [{ ...TOKEN, sha256 }] }, sandbox.url);
}, 60_000);
afterAll(async () => {
  await deployed.close();
  await sandbox.close();
});

/** What a request is answered. */
async function send(name: FunctionName, line: RequestLine): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await deployed.invoke(name, gatewayEvent({ headers: AUTHORIZED, ...line }));
  const { statusCode, body } = answer as { statusCode: number; body: string };
  return { status: statusCode, body: JSON.parse(body) };
}

/** Hands every message on the queue to the worker, as the event source mapping does. */
async function work(): Promise<void> {
  const queue = new SQSClient(deployed.aws.client);
  for (;;) {
    const command = new ReceiveMessageCommand({ QueueUrl: deployed.aws.queueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await queue.send(command);
    if (Messages.length === 0) break;
    for (const { MessageId, Body } of Messages)
      await deployed.invoke('reconcile', { Records: [{ messageId: MessageId, body: Body }] });
  }
  queue.destroy();
}

const JOINER = 'ada@pub.example';
const LEAVERS = Array.from({ length: 13 }, (_, index) => `leaver-${index}@pub.example`);
const offboards = LEAVERS.map((email) => ({ type: 'offboard', person: { email } }));

interface Listed {
  jobId: string;
  email: string;
}

async function listed(query: Record<string, string>): Promise<Listed> {
  const { body } = await send('jobs', { route: 'GET /jobs', query });
  const [job] = body['jobs'] as Listed[];
  if (!job) throw new Error(`no job of ${JSON.stringify(query)}`);
  return job;
}

/** A job whose ticket is still to be told that it came to nothing: for that its source's settings are read. */
async function recordUntold(jobId: string): Promise<void> {
  const { client, tables } = deployed.aws;
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  const job = sampleJob(jobId, { status: 'ignored', outcome: 'stale', ticket: 'T-1', reply: NOT_TOLD, source: 'jira' });
  await jobStore(documents, { table: tables.jobs, keepFinishedDays: 1 }).record(job);
  documents.destroy();
}

describe.each(FUNCTIONS)('%s', (name) => {
  test('has an environment that its configuration is content with', () => {
    expect(() => readConfig(deployed.environmentOf(name))).not.toThrow();
  });
});

async function joins(): Promise<void> {
  const body = JSON.stringify({ type: 'onboard', person: { email: JOINER, department: 'Finance' } });
  const headers = { ...signedHeaders({ body, at: new Date().toISOString() }), 'content-type': 'application/json' };
  const delivery = { route: 'POST /webhooks/{source}', params: { source: 'standard-webhooks' }, headers, body };
  for (const duplicate of [false, true])
    expect(await send('webhooks', delivery)).toMatchObject({ status: 202, body: { jobs: [{ duplicate }] } });
  await work();
  expect(sandbox.users()).toMatchObject([{ email: JOINER }]);
}

/** More than the guard lets through, while an operator has stopped everything; then they go on. Conscent knows none of their ids. */
async function leave(): Promise<void> {
  const lines = LEAVERS.map((email, index) => `${email},u-${index},ADMIN,*`);
  const headers = { ...AUTHORIZED, 'content-type': 'text/csv' };
  const body = ['email,userId,role,permissions', ...lines].join('\n');
  expect(await send('people', { route: 'POST /people/import', headers, body })).toMatchObject({ status: 200 });
  const events = { route: 'POST /events', body: JSON.stringify(offboards) };
  const { body: dry } = await send('events', { ...events, query: { dryRun: 'true' } });
  expect(dry['plans']).toHaveLength(LEAVERS.length);
  await send('guard', { route: 'POST /guard/pause' });
  expect(await send('events', events)).toMatchObject({ status: 202 });
  await work();
  expect(await send('guard', { route: 'POST /guard/resume' })).toMatchObject({ body: { resumed: LEAVERS.length } });
  await work();
}

async function operatorsAct(): Promise<void> {
  const { jobId } = await listed({ status: 'needs-attention' });
  expect(await send('jobs', { route: 'POST /jobs/{jobId}/retry', params: { jobId } })).toMatchObject({ status: 202 });
  const params = { email: JOINER };
  const body = JSON.stringify({ userId: sandbox.users()[0]?.userId });
  const people: RequestLine[] = [
    { route: 'GET /people/{email}' },
    { route: 'PUT /people/{email}/account', body },
    { route: 'POST /people/{email}/reapply' },
    { route: 'POST /people/{email}/password' },
  ];
  for (const line of people) expect((await send('people', { ...line, params })).status, line.route).toBeLessThan(300);
  const { email } = await listed({ status: 'held' });
  const release = { route: 'POST /people/{email}/release', params: { email } };
  expect(await send('people', release)).toMatchObject({ body: { released: 1 } });
  expect((await send('guard', { route: 'POST /guard/release' })).body['released']).toBeGreaterThan(0);
}

async function changesTheirMind(): Promise<void> {
  const event = { type: 'offboard', person: { email: JOINER }, effectiveAt: '2199-12-31' };
  await send('events', { route: 'POST /events', body: JSON.stringify(event) });
  await work();
  const { jobId } = await listed({ email: JOINER });
  expect(await send('jobs', { route: 'POST /jobs/{jobId}/cancel', params: { jobId } })).toMatchObject({ status: 202 });
}

async function isTold(): Promise<void> {
  await recordUntold('untold');
  await deployed.invoke('reconcile', { Records: [{ messageId: 'm', body: JSON.stringify({ jobId: 'untold' }) }] });
}

/** What no worker has survived is written down before it is tried for the last time. */
async function comesForTheLastTime(): Promise<void> {
  const { jobId } = await listed({ email: JOINER });
  const record = { messageId: 'm', body: JSON.stringify({ jobId }), attributes: { ApproximateReceiveCount: '5' } };
  expect(await deployed.invoke('reconcile', { Records: [record] })).toEqual({ batchItemFailures: [] });
}

/** Without the queue the sweep does it all itself. */
async function joinsWithoutQueue(): Promise<void> {
  await recordUntold('untold-still');
  const event = { type: 'onboard', person: { email: 'ole@pub.example', department: 'Finance' } };
  await send('events', { route: 'POST /events', body: JSON.stringify(event) });
  deployed.gate.breakQueue(true);
  await deployed.invoke('sweep', {});
  deployed.gate.breakQueue(false);
  expect(sandbox.users().map(({ email }) => email)).toContain('ole@pub.example');
}

test('each function does its work under its own role, and no role grants what the work does not need', async () => {
  expect(await send('api', { route: '$default', method: 'GET', path: '/health' })).toMatchObject({ status: 200 });
  await joins();
  await leave();
  await operatorsAct();
  await changesTheirMind();
  await isTold();
  await comesForTheLastTime();
  await joinsWithoutQueue();
  const { refused, used } = deployed.gate;
  expect(refused).toEqual([]);
  const made = FUNCTIONS.map((name) => [name, [...(used.get(name) ?? [])].sort()]);
  expect(made).toEqual(FUNCTIONS.map((name) => [name, [...CALLS[name]].sort()]));
}, 180_000);
