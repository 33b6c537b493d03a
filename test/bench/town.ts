/** A town of people who all joined like one of them: what is in the tables when they have grown. */
import { randomUUID } from 'node:crypto';
import { BatchWriteCommand, type DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { shardOf } from '../../shared/stores/shards.ts';
import { atATime, chunks } from './load/at-a-time.ts';
import type { Handlers } from './load/handlers.ts';
import type { Services } from './load/services.ts';

const BATCH = 25; // BatchWriteItem's most

/** An item, as the document client has it. */
export type Row = Record<string, unknown>;

/** Whom everybody is a copy of. */
interface Template {
  email: string;
  userId: string;
  personId: string;
  jobId: string;
  people: Row[];
  job: Row;
}

/** The tables, and whom everybody in them is like. */
export interface Town {
  documents: DynamoDBDocumentClient;
  environment: Services['environment'];
  template: Template;
}

/** Puts copies of the template there, by their numbers; `wake` is the people's. */
export async function addPeople(
  { documents, environment, template }: Town,
  from: number,
  to: number,
  wake: Row = {},
): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const [people, jobs] = [environment['PEOPLE_TABLE'] ?? '', environment['JOBS_TABLE'] ?? ''];
  const rows = numbers.flatMap((number) => rowsOf(template, number, { people, jobs, wake }));
  await atATime(4, chunks(rows, BATCH), async (some) => {
    const byTable = Object.entries(Object.groupBy(some, ({ table }) => table));
    const RequestItems = Object.fromEntries(
      byTable.map(([table, items = []]) => [table, items.map(({ Item }) => ({ PutRequest: { Item } }))]),
    );
    await documents.send(new BatchWriteCommand({ RequestItems }));
  });
}

function rowsOf(
  template: Template,
  number: number,
  { people, jobs, wake }: { people: string; jobs: string; wake: Row },
) {
  const hex = number.toString(16);
  const personId = template.personId.slice(0, -hex.length) + hex;
  const copied = (row: Row): Row => {
    const text = JSON.stringify(row)
      .replaceAll(template.email, `copy-${number}@pub.example`)
      .replaceAll(template.userId, `copy-${number}`)
      .replaceAll(template.personId, personId)
      .replaceAll(template.jobId, template.jobId.slice(0, -hex.length) + hex);
    return JSON.parse(text) as Row;
  };
  const rows = template.people.map(copied).map((Item) => {
    if (Item['person'] === undefined) return { table: people, Item };
    return { table: people, Item: { ...Item, standing: shardOf('active', String(Item['id'])), ...wake } };
  });
  return [...rows, { table: jobs, Item: copied(template.job) }];
}

/** Somebody who joins through the handlers, and all rows that are theirs. */
export async function templateOf(
  documents: DynamoDBDocumentClient,
  environment: Services['environment'],
  handlers: Handlers,
): Promise<Template> {
  const email = `template-${randomUUID()}@pub.example`;
  const jobId = await handlers.deliver(email, { type: 'onboard', person: { email, department: 'Finance' } });
  await handlers.work({ jobId });
  const rows = await allRows(documents, environment['PEOPLE_TABLE'] ?? '');
  const personId = String(rows.find(({ id }) => id === `email#${email}`)?.['personId']);
  const people = rows.filter((row) => row['personId'] === personId || row['id'] === `person#${personId}`);
  const userId = String(people.find(({ id }) => String(id).startsWith('user#'))?.['id']).slice('user#'.length);
  const { Item: job = {} } = await documents.send(
    new GetCommand({ TableName: environment['JOBS_TABLE'], Key: { jobId } }),
  );
  if (people.length < 3 || job['status'] !== 'succeeded') throw new Error('The first person did not join');
  return { email, userId, personId, jobId, people, job };
}

async function allRows(documents: DynamoDBDocumentClient, TableName: string): Promise<Row[]> {
  const rows: Row[] = [];
  let from: Row | undefined;
  do {
    const page = await documents.send(new ScanCommand({ TableName, ...(from && { ExclusiveStartKey: from }) }));
    rows.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return rows;
}
