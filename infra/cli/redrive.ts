/** `npm run redrive`: brings what is on the dead-letter queue back to the queue of wake-ups. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { type Call, thisCall, UsageError } from './command-line.ts';
import { readRedriveSettings, USAGE } from './redrive-settings.ts';

/** What a redrive is run with. */
export interface RedriveOptions extends Call {
  /** Between two looks at a move that SQS makes by itself. */
  pollMs?: number;
}

const POLL_MS = 1_000;

/** Endpoints that know nothing of message move tasks say so by one of these. */
const NOT_THERE = ['InvalidAction', 'UnknownOperationException', 'UnsupportedOperation', 'NotImplemented'];

interface Queues {
  client: SQSClient;
  queue: { url: string; arn: string };
  deadLetters: { url: string; arn: string };
  pollMs: number;
}

/** Runs a redrive and answers the exit code: 0 where everything there was is back, 1 where not, 2 where it was called wrongly. */
export async function redrive({ argv, env, write, pollMs = POLL_MS }: RedriveOptions): Promise<number> {
  try {
    const settings = readRedriveSettings(argv, env);
    if (!settings) write(USAGE);
    if (!settings) return 0;
    const client = new SQSClient(settings.client);
    try {
      return await bringBack({ ...(await findQueues(client, settings.queueUrl)), pollMs }, settings.dryRun, write);
    } finally {
      client.destroy();
    }
  } catch (error) {
    // AWS's own words name the queue, the action and the caller: what one needs to know, and no secret.
    write(`${error instanceof Error ? error.message : 'It failed.'}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function bringBack(queues: Queues, dryRun: boolean, write: (text: string) => void): Promise<number> {
  const { client, queue, deadLetters } = queues;
  const waiting = await countOf(client, deadLetters.url);
  write(`${waiting} on ${nameOf(deadLetters.url)}\n`);
  if (waiting === 0) return 0;
  if (dryRun) write(`Nothing was done; without --dry-run they go back to ${nameOf(queue.url)}.\n`);
  if (dryRun) return 0;
  const bySqs = await moveBySqs(queues);
  const moved = bySqs ?? (await moveByHand(queues));
  write(`${moved} brought back to ${nameOf(queue.url)}. What crashes again is there again after five receives.\n`);
  // What SQS counts lags behind what it has moved.
  const left = bySqs === null ? await countOf(client, deadLetters.url) : 0;
  if (left > 0) write(`${left} still there, in somebody's hands: run it again in a while.\n`);
  return left === 0 ? 0 : 1;
}

const redriveSchema = z.object({ deadLetterTargetArn: z.string() });

/** The queue's own policy says which its dead-letter queue is. */
async function findQueues(client: SQSClient, url: string): Promise<Omit<Queues, 'pollMs'>> {
  const names = ['QueueArn', 'RedrivePolicy'] as const;
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }),
  );
  const policy = redriveSchema.safeParse(JSON.parse(Attributes['RedrivePolicy'] ?? 'null'));
  if (!policy.success) throw new UsageError('This queue has no dead-letter queue. Is it the queue of wake-ups?');
  const arn = policy.data.deadLetterTargetArn;
  // Both are of one account and region, so the one stands beside the other.
  const beside = url.replace(/[^/]*$/, nameOf(arn));
  return { client, queue: { url, arn: Attributes['QueueArn'] ?? '' }, deadLetters: { url: beside, arn } };
}

function nameOf(urlOrArn: string): string {
  return urlOrArn.split(/[/:]/).at(-1) ?? urlOrArn;
}

async function countOf(client: SQSClient, QueueUrl: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
  );
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}

/** Lets SQS move them, and waits. Answers how many, or `null` where the endpoint cannot. */
async function moveBySqs({ client, queue, deadLetters, pollMs }: Queues): Promise<number | null> {
  const arns = { SourceArn: deadLetters.arn, DestinationArn: queue.arn };
  try {
    await client.send(new StartMessageMoveTaskCommand(arns));
  } catch (error) {
    if (error instanceof Error && NOT_THERE.includes(error.name)) return null;
    throw error;
  }
  for (;;) {
    const { Results: [task] = [] } = await client.send(
      new ListMessageMoveTasksCommand({ SourceArn: deadLetters.arn, MaxResults: 1 }),
    );
    if (task?.Status === 'FAILED')
      throw new Error(`SQS could not move them: ${task.FailureReason ?? 'no reason given'}`);
    if (task?.Status !== 'RUNNING') return task?.ApproximateNumberOfMessagesMoved ?? 0;
    await delay(pollMs);
  }
}

/** One after the other. A message is sent before it is deleted: cut short in between it is there twice, which does no harm. */
async function moveByHand(queues: Queues, moved = 0): Promise<number> {
  const { client, queue, deadLetters } = queues;
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: deadLetters.url, MaxNumberOfMessages: 10 }),
  );
  for (const { Body, ReceiptHandle } of Messages) {
    await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: Body }));
    await client.send(new DeleteMessageCommand({ QueueUrl: deadLetters.url, ReceiptHandle }));
  }
  return Messages.length === 0 ? moved : moveByHand(queues, moved + Messages.length);
}

if (import.meta.main) process.exitCode = await redrive(thisCall());
