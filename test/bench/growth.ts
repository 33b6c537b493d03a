/** What accept, reconcile and the sweep take while the tables grow: people who joined long ago, each with their job, are put there in between. */
import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { shardOf } from '../../shared/stores/shards.ts';
import { atATime, chunks } from './load/at-a-time.ts';
import type { Handlers } from './load/handlers.ts';
import type { Services } from './load/services.ts';
import { quantile } from './statistics.ts';

/** Runs that are not counted. */
const WARM_UP = 3;
const BATCH = 25; // BatchWriteItem's most

/** The median of some runs of one thing. */
export interface Step {
  cpuMs: number;
  calls: number;
  /** Bytes that the ledger answered. */
  answered: number;
}

/** What everything took at one size. */
export interface Grown {
  people: number;
  accept: Step;
  join: Step;
  leave: Step;
  /** The leaver at whom the guard counted everybody anew. */
  leaveCounted: Step;
  /** With nothing due, and with so many people due. */
  sweep: Step;
  sweepDue: Step;
}

/** How far it goes. */
export interface GrowthOptions {
  sizes: readonly number[];
  runs: number;
  /** How many people are due in the sweep that has something to do. */
  due: number;
}

type Row = Record<string, unknown>;

/** Whom everybody is a copy of. */
interface Template {
  email: string;
  userId: string;
  personId: string;
  jobId: string;
  people: Row[];
  job: Row;
}

interface Growing {
  handlers: Handlers;
  documents: DynamoDBDocumentClient;
  environment: Services['environment'];
  template: Template;
}

/** Measures it at each size. The queue's workers must have been stopped: what is woken is worked on here, one by one. */
export async function measureGrowth(services: Services, handlers: Handlers, options: GrowthOptions): Promise<Grown[]> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
  const { environment } = services;
  const template = await templateOf(documents, environment, handlers);
  const growing = { handlers, documents, environment, template };
  const grown: Grown[] = [];
  let people = 0;
  for (const size of options.sizes) {
    await addPeople(growing, people, size);
    people = size;
    grown.push(await measureAt(growing, people, options));
  }
  documents.destroy();
  return grown;
}

async function measureAt(growing: Growing, people: number, { runs, due }: GrowthOptions): Promise<Grown> {
  const { handlers } = growing;
  const accepts: Step[] = [];
  const joins: Step[] = [];
  const leaves: Step[] = [];
  const said = async (email: string, type: string): Promise<Step> => {
    let jobId = '';
    const event = { type, person: { email, department: 'Finance' } };
    accepts.push(await measured(async () => (jobId = await handlers.deliver(`${type}-${email}`, event))));
    return measured(() => handlers.work({ jobId }));
  };
  for (let run = -WARM_UP; run < runs; run += 1) {
    const email = `grown-${people}-${run + WARM_UP}@pub.example`;
    if (run === 0) await forgetCount(growing);
    const [join, leave] = [await said(email, 'onboard'), await said(email, 'offboard')];
    if (run >= 0) joins.push(join) && leaves.push(leave);
  }
  const sweeps: Step[] = [];
  for (let run = 0; run < runs; run += 1) sweeps.push(await measured(() => handlers.sweep()));
  const sweepDue = await measuredDue(growing, due);
  const [leaveCounted = middle(leaves)] = leaves.sort((a, b) => b.answered - a.answered);
  const [accept, join, leave, sweep] = [accepts, joins, leaves, sweeps].map(middle) as [Step, Step, Step, Step];
  return { people, accept, join, leave, leaveCounted, sweep, sweepDue };
}

/** The guard's last count is not good any more: the next leaver beyond its limit makes it count everybody who is there now. */
async function forgetCount({ documents, environment }: Growing): Promise<void> {
  const TableName = environment['PEOPLE_TABLE'];
  const { Item } = await documents.send(new GetCommand({ TableName, Key: { id: 'control#guard' } }));
  if (!Item) return;
  const { counted, ...guard } = JSON.parse(String(Item['value'])) as Row;
  await documents.send(new PutCommand({ TableName, Item: { ...Item, value: JSON.stringify(guard) } }));
}

async function measuredDue({ handlers, ...growing }: Growing, due: number): Promise<Step> {
  const wakeAt = new Date(Date.now() - 1000).toISOString();
  await addPeople({ handlers, ...growing }, 0, due, { wakeShard: shardOf('other', 'due'), wakeAt });
  const step = await measured(() => handlers.sweep());
  await addPeople({ handlers, ...growing }, 0, due);
  return step;
}

/** Puts copies of the template there, by their numbers; `wake` is the people's. */
async function addPeople({ documents, environment, template }: Growing, from: number, to: number, wake: Row = {}) {
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
async function templateOf(documents: DynamoDBDocumentClient, environment: Services['environment'], handlers: Handlers) {
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

/** Runs something and looks at what it sends and gets meanwhile. */
async function measured(work: () => Promise<unknown>): Promise<Step> {
  const seen = { calls: 0, answered: 0 };
  const onStart = (message: unknown) => {
    if ((message as { request: ClientRequest }).request.getHeader('x-amz-target')) seen.calls += 1;
  };
  const onFinish = (message: unknown) => {
    const { response } = message as { response: IncomingMessage };
    seen.answered += Number(response.headers['content-length'] ?? 0);
  };
  subscribe('http.client.request.start', onStart);
  subscribe('http.client.response.finish', onFinish);
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  unsubscribe('http.client.request.start', onStart);
  unsubscribe('http.client.response.finish', onFinish);
  return { cpuMs: (user + system) / 1000, ...seen };
}

function middle(steps: readonly Step[]): Step {
  const of = (pick: (step: Step) => number) => quantile(steps.map(pick), 0.5);
  return { cpuMs: of(({ cpuMs }) => cpuMs), calls: of(({ calls }) => calls), answered: of(({ answered }) => answered) };
}
