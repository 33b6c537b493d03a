/** What AWS's event source mapping does: takes wake-ups off the queue and hands each to `reconcile`, so many at a time. */
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { LocalAws } from './aws.ts';

export interface WakePump {
  /** Takes no further message and gives up those that are being handled; the ledger knows them. */
  stop(): Promise<void>;
}

export interface WakePumpOptions {
  aws: Pick<LocalAws, 'client' | 'queueUrl'>;
  /** As the MaximumConcurrency of the event source mapping. */
  concurrency: number;
  reconcile(event: SQSEvent, signal: AbortSignal): Promise<unknown>;
}

interface Pump extends WakePumpOptions {
  queue: SQSClient;
  signal: AbortSignal;
}

/** Starts to take wake-ups. A message that fails is left to its visibility time-out and redrive, as on AWS. */
export function startWakePump(options: WakePumpOptions): WakePump {
  const stopping = new AbortController();
  const queue = new SQSClient(options.aws.client);
  const ended = run({ ...options, queue, signal: stopping.signal });
  return {
    stop: async () => {
      stopping.abort();
      await ended;
      queue.destroy();
    },
  };
}

async function run(pump: Pump): Promise<void> {
  const busy = new Set<Promise<void>>();
  while (!pump.signal.aborted) {
    if (busy.size >= pump.concurrency) await Promise.race(busy);
    for (const message of await receive(pump, pump.concurrency - busy.size)) {
      const work = handle(pump, message).finally(() => busy.delete(work));
      busy.add(work);
    }
  }
  await Promise.all(busy);
}

async function receive({ queue, aws, signal }: Pump, free: number): Promise<Message[]> {
  if (free < 1 || signal.aborted) return [];
  const command = new ReceiveMessageCommand({
    QueueUrl: aws.queueUrl,
    WaitTimeSeconds: 20,
    MaxNumberOfMessages: Math.min(free, 10),
    MessageSystemAttributeNames: ['All'],
  });
  try {
    return (await queue.send(command, { abortSignal: signal })).Messages ?? [];
  } catch {
    // No queue means no wake-ups, which the sweep makes up for; it is tried again quietly.
    await delay(1000, undefined, { signal }).catch(() => undefined);
    return [];
  }
}

async function handle({ queue, aws, reconcile, signal }: Pump, message: Message): Promise<void> {
  try {
    const answer = await reconcile({ Records: [recordOf(message, aws.client.region)] }, signal);
    if (failedItems(answer).length > 0) return;
    await queue.send(new DeleteMessageCommand({ QueueUrl: aws.queueUrl, ReceiptHandle: message.ReceiptHandle }), {
      abortSignal: signal,
    });
  } catch {
    // The gateway has already said on stderr why the function failed; the message comes back by itself.
  }
}

function recordOf(message: Message, awsRegion: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: { ...BLANK_ATTRIBUTES, ...message.Attributes },
    messageAttributes: {},
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${awsRegion}:000000000000:wakes`,
    awsRegion,
  };
}

const BLANK_ATTRIBUTES = {
  ApproximateReceiveCount: '1',
  SentTimestamp: '0',
  SenderId: 'local',
  ApproximateFirstReceiveTimestamp: '0',
};

function failedItems(answer: unknown): unknown[] {
  const failures =
    typeof answer === 'object' && answer !== null && 'batchItemFailures' in answer ? answer.batchItemFailures : [];
  return Array.isArray(failures) ? failures : [];
}
