import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LocalAws, startAws } from '../../../infra/local/aws.ts';
import { startWakePump, type WakePump } from '../../../infra/local/wakes.ts';

let aws: LocalAws;
let pump: WakePump | undefined;

beforeEach(async () => {
  aws = await startAws({ secrets: () => ({ conscent: { apiKey: '', apiSecret: '' }, sources: {}, tokens: [] }) });
});
afterEach(async () => {
  await pump?.stop();
  await aws.close();
});

async function wake(...bodies: string[]): Promise<void> {
  const queue = new SQSClient(aws.client);
  for (const MessageBody of bodies) await queue.send(new SendMessageCommand({ QueueUrl: aws.queueUrl, MessageBody }));
}

async function left(): Promise<number> {
  const command = new GetQueueAttributesCommand({ QueueUrl: aws.queueUrl, AttributeNames: ['All'] });
  const { Attributes } = await new SQSClient(aws.client).send(command);
  return Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
}

const bodyOf = (event: SQSEvent) => event.Records[0]?.body ?? '';
const noFailures = { batchItemFailures: [] };

test('a wake-up reaches reconcile as one SQS record and is gone when it succeeded', async () => {
  const reconcile = vi.fn((_event: SQSEvent) => Promise.resolve(noFailures));
  pump = startWakePump({ aws, concurrency: 5, reconcile });
  await wake('{"jobId":"1"}');
  await vi.waitFor(async () => expect(await left()).toBe(0));
  const [event] = reconcile.mock.calls[0] ?? [];
  expect(event?.Records).toHaveLength(1);
  expect(event?.Records[0]).toMatchObject({
    body: '{"jobId":"1"}',
    eventSource: 'aws:sqs',
    attributes: { ApproximateReceiveCount: '1' },
  });
});

test('a wake-up that is reported as failed, or whose function throws, stays in the queue', async () => {
  const handled: string[] = [];
  const reconcile = (event: SQSEvent) => {
    handled.push(bodyOf(event));
    if (bodyOf(event) === 'throws') return Promise.reject(new Error('time-out'));
    return Promise.resolve({ batchItemFailures: [{ itemIdentifier: event.Records[0]?.messageId }] });
  };
  pump = startWakePump({ aws, concurrency: 5, reconcile });
  await wake('fails', 'throws');
  await vi.waitFor(() => expect(new Set(handled)).toEqual(new Set(['fails', 'throws'])));
  await pump.stop();
  expect(await left()).toBe(2);
});

test('a wake-up that fails each time is on the dead-letter queue after five receives, and says which receive it is', async () => {
  const QueueUrl = aws.queueUrl;
  const queue = new SQSClient(aws.client);
  await queue.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '0' } }));
  const receives: string[] = [];
  const reconcile = (event: SQSEvent) => {
    receives.push(event.Records[0]?.attributes.ApproximateReceiveCount ?? '');
    return Promise.reject(new Error('time-out'));
  };
  pump = startWakePump({ aws, concurrency: 1, reconcile });
  await wake('poison');
  const deadLetters = new ReceiveMessageCommand({ QueueUrl: `${QueueUrl}-dead-letters`, VisibilityTimeout: 0 });
  await vi.waitFor(async () => expect((await queue.send(deadLetters)).Messages).toMatchObject([{ Body: 'poison' }]));
  expect(receives).toEqual(['1', '2', '3', '4', '5']);
  expect(await left()).toBe(0);
});

test('never more at once than the concurrency allows', async () => {
  let atOnce = 0;
  let most = 0;
  let done = 0;
  const reconcile = async () => {
    most = Math.max(most, ++atOnce);
    await new Promise((resolve) => setTimeout(resolve, 20));
    atOnce--;
    done++;
    return noFailures;
  };
  await wake('1', '2', '3', '4', '5', '6');
  pump = startWakePump({ aws, concurrency: 2, reconcile });
  await vi.waitFor(() => expect(done).toBe(6), { timeout: 5000 });
  expect(most).toBe(2);
});

test('it stops at once, although it waits for the next wake-up', async () => {
  pump = startWakePump({ aws, concurrency: 5, reconcile: () => Promise.resolve(noFailures) });
  const startedAtMs = performance.now();
  await pump.stop();
  expect(performance.now() - startedAtMs).toBeLessThan(1000);
});
