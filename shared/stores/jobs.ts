/** Jobs in DynamoDB: one item a job, each write conditional on the version that was read. */
import { setTimeout } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { isFinished, type Job, jobWake, listKey } from '../lifecycle/job.ts';
import type { JobPage, JobQuery, JobStore } from '../lifecycle/ports.ts';
import { putIf } from './conditional-put.ts';
import { dueItems, putOffWake, wakeAttributes } from './wake-index.ts';

const DAY_SECONDS = 86_400;

const MAX_TRIES = 40;
const MAX_PAUSE_MS = 25;

/** Where jobs are kept, and for how many days after they have finished. */
interface Ledger {
  table: string;
  keepFinishedDays: number;
}

/**
 * The job store on a table. Finished jobs expire, for nothing that is still to be done reads them: a leaver is held to their end, and asserted
 * again, by what stands with the person, which is never deleted.
 */
export function jobStore(client: DynamoDBDocumentClient, ledger: Ledger): JobStore {
  const { table } = ledger;
  const get = (jobId: string) => readJob(client, table, jobId);
  return {
    get,
    record: async (job) => ((await write(client, ledger, { ...job, version: 1 })) ? null : get(job.jobId)),
    change: (jobId, change, read) => changeJob({ client, ledger, jobId, change }, read),
    list: (query, page) => listJobs(client, table, query, page),
    due: (now, limit) => dueItems(client, { table, key: 'jobId', now, limit }),
    putOff: (jobId, dueAt, until) => putOffWake(client, { table, key: { jobId } }, { dueAt, until }),
  };
}

async function readJob(client: DynamoDBDocumentClient, table: string, jobId: string): Promise<Job | null> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: { jobId }, ConsistentRead: true }));
  return Item ? fromItem(Item) : null;
}

interface Change {
  client: DynamoDBDocumentClient;
  ledger: Ledger;
  jobId: string;
  change(job: Job): Job;
}

async function changeJob(asked: Change, read?: Job, tries = MAX_TRIES): Promise<Job | null> {
  const { client, ledger, jobId, change } = asked;
  const job = read ?? (await readJob(client, ledger.table, jobId));
  if (!job) return null;
  const changed = { ...change(job), version: job.version + 1 };
  if (await write(client, ledger, changed)) return changed;
  if (tries <= 1) throw new Error('A job could not be written: too many writers');
  // Writers who were refused at once would be refused at once again; the longer that goes on, the more of them there are.
  await setTimeout(Math.random() * MAX_PAUSE_MS * Math.min(1 + MAX_TRIES - tries, 8));
  return changeJob(asked, undefined, tries - 1);
}

async function listJobs(
  client: DynamoDBDocumentClient,
  table: string,
  query: JobQuery,
  { after, limit }: { after: string | null; limit: number },
): Promise<JobPage> {
  const found: Job[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    // One more than is asked for: it tells whether there is a next page.
    const page = { ...inList(table, query, after), Limit: limit + 1 - found.length };
    const answer = await client.send(new QueryCommand({ ...page, ...(from && { ExclusiveStartKey: from }) }));
    found.push(...(answer.Items ?? []).map(fromItem));
    // DynamoDB stops at 1 MB, whatever was asked for.
    from = answer.LastEvaluatedKey;
  } while (from && found.length <= limit);
  const jobs = found.slice(0, limit);
  const last = jobs.at(-1);
  return { jobs, next: last && found.length > limit ? listKey(last) : null };
}

/** Newest first, and only what is older than where the last page ended: what has come since cannot shift a page. */
function inList(table: string, query: JobQuery, after: string | null) {
  const [IndexName, name, value] =
    'email' in query ? ['byEmail', 'email', query.email] : ['byStatus', 'status', query.status];
  return {
    TableName: table,
    IndexName,
    KeyConditionExpression: `#name = :value${after === null ? '' : ' AND receivedKey < :after'}`,
    ExpressionAttributeNames: { '#name': name },
    ExpressionAttributeValues: { ':value': value, ...(after !== null && { ':after': after }) },
    ScanIndexForward: false,
  };
}

/** Whether the write was the first for this version. */
function write(client: DynamoDBDocumentClient, ledger: Ledger, job: Job): Promise<boolean> {
  const isNew = job.version === 1;
  return putIf(client, {
    TableName: ledger.table,
    Key: { jobId: job.jobId },
    Item: { ...toItem(job), ...expiry(job, ledger) },
    ConditionExpression: isNew ? 'attribute_not_exists(jobId)' : 'version = :before',
    ...(!isNew && { ExpressionAttributeValues: { ':before': job.version - 1 } }),
  });
}

/** Index keys may not be null; a finished or merged job has no wake of its own, unless its ticket is to be told. */
function toItem(job: Job): Record<string, unknown> {
  const { email, ...item } = job;
  return {
    ...item,
    ...(email !== null && { email }),
    receivedKey: listKey(job),
    ...wakeAttributes(job.jobId, jobWake(job)),
  };
}

/** DynamoDB deletes an item some time after its `expiresAt`, in seconds since 1970 (infra/tables.yml). */
function expiry(job: Job, { keepFinishedDays }: Ledger): { expiresAt?: number } {
  if (!isFinished(job.status) || jobWake(job) !== null) return {};
  const finishedAt = Date.parse(job.finishedAt ?? job.receivedAt);
  return { expiresAt: Math.ceil(finishedAt / 1000) + keepFinishedDays * DAY_SECONDS };
}

function fromItem({ wakeShard, wakeAt, dueSince, receivedKey, expiresAt, ...item }: Record<string, unknown>): Job {
  return { email: null, ...item } as Job;
}
