import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { redrive } from '../../infra/cli/redrive.ts';
import { type ConscentSandbox, startConscentSandbox } from '../../infra/local/conscent-sandbox.ts';
import { gatewayEvent, lambdaContext, read } from '../middleware/request.ts';
import { as, useHandler } from './stack.ts';

const MINUTE_MS = 60_000;
const conscent = { apiKey: 'poison-key', apiSecret: 'poison-secret' };
let sandbox: ConscentSandbox;
let queue: SQSClient;
let documents: DynamoDBDocumentClient;

const { send } = useHandler(
  async () => {
    sandbox = await startConscentSandbox({ port: 0, credentials: conscent });
    process.env['CONSCENT_BASE_URL'] = sandbox.url;
    return import('../../functions/events.ts');
  },
  { conscent },
);

beforeAll(() => {
  queue = new SQSClient();
  documents = DynamoDBDocumentClient.from(new DynamoDBClient());
});
beforeEach(async () => {
  for (const QueueUrl of [queueUrl(), deadLettersUrl()]) await queue.send(new PurgeQueueCommand({ QueueUrl }));
});
afterAll(async () => {
  queue.destroy();
  documents.destroy();
  await sandbox.close();
});

const queueUrl = () => process.env['QUEUE_URL'] ?? '';
const deadLettersUrl = () => `${queueUrl()}-dead-letters`;

async function post(event: object): Promise<string> {
  const headers = { 'content-type': 'application/json', ...as('writer') };
  const { body } = await send({ route: 'POST /events', headers, body: JSON.stringify(event) });
  return (body as { jobs: { jobId: string }[] }).jobs[0]?.jobId ?? '';
}

async function jobOf(jobId: string, action = '') {
  const { handler } = await import('../../functions/jobs.ts');
  const route = action ? `POST /jobs/{jobId}/${action}` : 'GET /jobs/{jobId}';
  const event = gatewayEvent({ route, params: { jobId }, headers: as('operator') });
  return read(await handler(event, lambdaContext())).body;
}

async function receive(QueueUrl: string): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All'],
  });
  return (await queue.send(command)).Messages ?? [];
}

/** The queue as Lambda works on it, until nothing is visible; what fails is left to its visibility time-out. */
async function work(): Promise<number> {
  const { handler } = await import('../../functions/reconcile.ts');
  const messages = await receive(queueUrl());
  for (const message of messages) {
    const record = { body: message.Body, messageId: message.MessageId, attributes: message.Attributes };
    const answer = await handler({ Records: [record] } as unknown as SQSEvent, lambdaContext());
    if (answer.batchItemFailures.length > 0) continue;
    await queue.send(new DeleteMessageCommand({ QueueUrl: queueUrl(), ReceiptHandle: message.ReceiptHandle }));
  }
  return messages.length === 0 ? 0 : messages.length + (await work());
}

async function sweep(): Promise<void> {
  const { handler } = await import('../../functions/sweep.ts');
  await handler({}, { ...lambdaContext(), getRemainingTimeInMillis: () => 60_000 });
}

/** So many minutes with a sweep and the workers in each. Answers how many messages the workers took. */
async function pass(minutes: number): Promise<number> {
  let taken = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    vi.setSystemTime(Date.now() + MINUTE_MS);
    await sweep();
    taken += await work();
  }
  return taken;
}

/** What is on the dead-letter queue, left there. */
async function deadLetters(): Promise<string[]> {
  const messages = await receive(deadLettersUrl());
  for (const { ReceiptHandle } of messages)
    await queue.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: deadLettersUrl(), ReceiptHandle, VisibilityTimeout: 0 }),
    );
  return messages.map(({ Body = '' }) => Body);
}

/** Makes what the ledger holds of somebody something no worker survives. Answers how to mend it. */
async function spoil(email: string): Promise<() => Promise<void>> {
  const TableName = process.env['PEOPLE_TABLE'];
  const { Item: pointer } = await documents.send(new GetCommand({ TableName, Key: { id: `email#${email}` } }));
  const Key = { id: `person#${pointer?.['personId']}` };
  const { Item } = await documents.send(new GetCommand({ TableName, Key }));
  const write = async (facts: unknown) => {
    const UpdateExpression = 'SET person.facts = :facts';
    const ExpressionAttributeValues = { ':facts': facts };
    await documents.send(new UpdateCommand({ TableName, Key, UpdateExpression, ExpressionAttributeValues }));
  };
  await write('poison');
  return () => write(Item?.['person'].facts);
}

async function redriven(...argv: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  const code = await redrive({ argv, env: process.env, write: (more) => (text += more), pollMs: 1 });
  return { code, text };
}

const person = (name: string) => ({ email: `${name}@hamn.example`, department: 'Finance' });
const flagsOf = (name: string) => sandbox.users().find(({ email }) => email === person(name).email)?.permissions;
const holdsNothing = (name: string) => Object.values(flagsOf(name) ?? { missing: true }).every((flag) => !flag);

describe('a leaver whose wake-up no worker survives', () => {
  it('needs a person, holds up nobody, is tried again every hour, and is gone once the cause is mended', async () => {
    await post({ type: 'onboard', person: person('gone') });
    await work();
    const mend = await spoil('gone@hamn.example');
    const leaving = await post({ type: 'offboard', person: person('gone') });
    const joining = await post({ type: 'onboard', person: person('new') });
    await work();
    expect(await jobOf(joining)).toMatchObject({ status: 'succeeded', outcome: 'created' });

    await pass(25);
    expect(await jobOf(leaving)).toMatchObject({ status: 'needs-attention', error: { code: 'crashed' } });
    await pass(10);
    expect(new Set(await deadLetters())).toEqual(new Set([JSON.stringify({ jobId: leaving })]));
    // Sent every minute, and received five times each, it would be 600.
    expect(await pass(120)).toBeLessThan(40);
    expect(holdsNothing('gone')).toBe(false);

    await mend();
    await pass(61);
    expect(holdsNothing('gone')).toBe(true);
    expect(await jobOf(leaving)).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
  });

  it('is gone as soon as the cause is mended and the message is brought back', async () => {
    await post({ type: 'onboard', person: person('back') });
    await work();
    const mend = await spoil('back@hamn.example');
    const leaving = await post({ type: 'offboard', person: person('back') });
    await work();
    await pass(31);
    await mend();
    expect(await redriven('--dry-run')).toMatchObject({ code: 0 });
    expect((await deadLetters()).length).toBeGreaterThan(0);
    expect(await redriven()).toMatchObject({ code: 0 });
    expect(await deadLetters()).toEqual([]);
    await work();
    expect(holdsNothing('back')).toBe(true);
    expect(await jobOf(leaving)).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
  });

  it('is gone as soon as the cause is mended and the job is retried', async () => {
    await post({ type: 'onboard', person: person('retried') });
    await work();
    const mend = await spoil('retried@hamn.example');
    const leaving = await post({ type: 'offboard', person: person('retried') });
    await work();
    await pass(31);
    await mend();
    expect(await jobOf(leaving, 'retry')).toMatchObject({ status: 'queued' });
    await work();
    expect(holdsNothing('retried')).toBe(true);
  });
});

describe('the last receive', () => {
  it('has its alarm written before the work begins, which it may not survive', async () => {
    const jobId = await post({ type: 'onboard', person: person('last') });
    const { handler } = await import('../../functions/reconcile.ts');
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const record = { body: JSON.stringify({ jobId }), messageId: 'm', attributes: { ApproximateReceiveCount: '5' } };
    await handler({ Records: [record] } as unknown as SQSEvent, lambdaContext());
    const lines = write.mock.calls.map(([line]) => String(line));
    write.mockRestore();
    const at = (metric: string) => lines.findIndex((line) => line.includes(`"${metric}":1`));
    expect(at('alarm.crashed')).toBeGreaterThanOrEqual(0);
    expect(at('alarm.crashed')).toBeLessThan(at('conscent.created'));
    expect(await jobOf(jobId)).toMatchObject({ status: 'succeeded', outcome: 'created' });
  });
});

describe('a message that is no wake-up', () => {
  it('ends on the dead-letter queue after five receives', async () => {
    await queue.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: 'no wake-up' }));
    let receives = await work();
    receives += await pass(30);
    expect(receives).toBe(5);
    expect(await deadLetters()).toEqual(['no wake-up']);
  });
});
