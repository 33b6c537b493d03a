/** What accept, reconcile and the sweep take while the tables grow: people who joined long ago, each with their job, are put there in between. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { shardOf } from '../../shared/stores/shards.ts';
import type { Handlers } from './load/handlers.ts';
import type { Services } from './load/services.ts';
import { quantile } from './statistics.ts';
import { addPeople, type Row, type Town, templateOf } from './town.ts';

/** Runs that are not counted. */
const WARM_UP = 3;

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

interface Growing extends Town {
  handlers: Handlers;
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

async function measuredDue(growing: Growing, due: number): Promise<Step> {
  const wakeAt = new Date(Date.now() - 1000).toISOString();
  await addPeople(growing, 0, due, { wakeShard: shardOf('other', 'due'), wakeAt });
  const step = await measured(() => growing.handlers.sweep());
  await addPeople(growing, 0, due);
  return step;
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
