/** Jobs in DynamoDB: one item a job, each write conditional on the version that was read. */
import { setTimeout } from 'node:timers/promises';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isFinished, type Job } from '../lifecycle/job.ts';
import type { JobStore } from '../lifecycle/ports.ts';
import { dueItems, wakeAttributes } from './wake-index.ts';

const MAX_TRIES = 40;
const MAX_PAUSE_MS = 25;

/** The job store on a table. */
export function jobStore(client: DynamoDBDocumentClient, table: string): JobStore {
  const get = (jobId: string) => readJob(client, table, jobId);
  return {
    get,
    record: async (job) => ((await write(client, table, { ...job, version: 1 })) ? null : get(job.jobId)),
    change: (jobId, change) => changeJob(client, table, jobId, change),
    due: (now, limit) => dueItems(client, { table, key: 'jobId', now, limit }),
  };
}

async function readJob(client: DynamoDBDocumentClient, table: string, jobId: string): Promise<Job | null> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: { jobId }, ConsistentRead: true }));
  return Item ? fromItem(Item) : null;
}

async function changeJob(
  client: DynamoDBDocumentClient,
  table: string,
  jobId: string,
  change: (job: Job) => Job,
  tries = MAX_TRIES,
): Promise<Job | null> {
  const job = await readJob(client, table, jobId);
  if (!job) return null;
  const changed = { ...change(job), version: job.version + 1 };
  if (await write(client, table, changed)) return changed;
  if (tries <= 1) throw new Error('A job could not be written: too many writers');
  // Writers who were refused at once would be refused at once again.
  await setTimeout(Math.random() * MAX_PAUSE_MS);
  return changeJob(client, table, jobId, change, tries - 1);
}

/** Whether the write was the first for this version. */
async function write(client: DynamoDBDocumentClient, table: string, job: Job): Promise<boolean> {
  const isNew = job.version === 1;
  try {
    await client.send(
      new PutCommand({
        TableName: table,
        Item: toItem(job),
        ConditionExpression: isNew ? 'attribute_not_exists(jobId)' : 'version = :before',
        ...(!isNew && { ExpressionAttributeValues: { ':before': job.version - 1 } }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Index keys may not be null, and a finished or merged job has no wake of its own. */
function toItem(job: Job): Record<string, unknown> {
  const { email, ...item } = job;
  const isWaiting =
    job.personId === null && job.event !== null && !isFinished(job.status) && job.status !== 'needs-attention';
  const wake = isWaiting ? { at: job.receivedAt, isLeaver: job.type === 'offboard' } : null;
  return {
    ...item,
    ...(email !== null && { email }),
    receivedKey: `${job.receivedAt}#${job.jobId}`,
    ...wakeAttributes(job.jobId, wake),
  };
}

function fromItem({ wakeShard, wakeAt, receivedKey, ...item }: Record<string, unknown>): Job {
  return { email: null, ...item } as Job;
}
