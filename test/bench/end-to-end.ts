/**
 * From a signed webhook to the account, on the embedded services: at steady rates, and as fast as it goes. The handlers all run in this process,
 * on one thread; AWS and Conscent are another.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { atATime } from './load/at-a-time.ts';
import type { Handlers } from './load/handlers.ts';
import { type Ledger, openLedger } from './load/ledger.ts';
import type { Services } from './load/services.ts';

const LOOK_MS = 20;
const AT_ONCE = 50;

/** Events that came at a steady rate; milliseconds. */
export interface Paced {
  perSecond: number;
  /** From when an event was due to its 202. */
  acceptMs: number[];
  /** From when it was due until the ledger notes Conscent's answer. */
  changedMs: number[];
}

/** As many events as go through. */
export interface Ceiling {
  events: number;
  acceptedPerSecond: number;
  changedPerSecond: number;
  /** How much of one core the handlers' thread has used until the last change. */
  cpuShare: number;
}

/** What is run. */
export interface EndToEndOptions {
  perSecond: readonly number[];
  seconds: number;
  burst: number;
}

/** Runs it. */
export async function measureEndToEnd(
  services: Services,
  handlers: Handlers,
  { perSecond, seconds, burst }: EndToEndOptions,
): Promise<{ paced: Paced[]; ceiling: Ceiling }> {
  const ledger = openLedger(services);
  await Promise.all(joiners('warm-up', 100).map((email) => deliver(handlers, email)));
  await drained(ledger);
  const paced: Paced[] = [];
  for (const rate of perSecond) paced.push(await pace(services, handlers, ledger, { rate, count: rate * seconds }));
  const ceiling = await rush(handlers, ledger, burst);
  ledger.close();
  return { paced, ceiling };
}

function joiners(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index}@pub.example`);
}

function deliver(handlers: Handlers, email: string): Promise<string> {
  return handlers.deliver(`joins-${email}`, { type: 'onboard', person: { email, department: 'Finance' } });
}

/** Nobody waits for anybody: an event that is due is sent, however long those before it take. */
async function pace(
  services: Services,
  handlers: Handlers,
  ledger: Ledger,
  { rate, count }: { rate: number; count: number },
): Promise<Paced> {
  const startedAt = Date.now();
  const acceptMs: number[] = [];
  const dueAt = new Map(joiners(`at-${rate}`, count).map((email, index) => [email, startedAt + (index * 1000) / rate]));
  const sent = [...dueAt].map(async ([email, due]) => {
    await delay(Math.max(0, due - Date.now()));
    await deliver(handlers, email);
    acceptMs.push(Date.now() - due);
  });
  await Promise.all(sent);
  await drained(ledger);
  const changes = await createdAt(services);
  return {
    perSecond: rate,
    acceptMs,
    changedMs: [...dueAt].map(([email, due]) => (changes.get(email) ?? Number.NaN) - due),
  };
}

async function rush(handlers: Handlers, ledger: Ledger, events: number): Promise<Ceiling> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  await atATime(AT_ONCE, joiners('rush', events), (email) => deliver(handlers, email));
  const acceptedAt = performance.now();
  await drained(ledger);
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return {
    events,
    acceptedPerSecond: (events * 1000) / (acceptedAt - startedAt),
    changedPerSecond: (events * 1000) / ms,
    cpuShare: (user + system) / 1000 / ms,
  };
}

async function drained(ledger: Ledger): Promise<void> {
  while ((await ledger.queued()) > 0) await delay(LOOK_MS);
}

interface PersonRow {
  person?: { account: { email: string } | null; history: { at: string; what: string }[] };
}

/** When Conscent answered that it had made each account: what the person's history says. */
async function createdAt({ environment }: Services): Promise<Map<string, number>> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
  const found = new Map<string, number>();
  let from: Record<string, unknown> | undefined;
  do {
    const TableName = environment['PEOPLE_TABLE'];
    const page = await documents.send(new ScanCommand({ TableName, ...(from && { ExclusiveStartKey: from }) }));
    for (const { person } of (page.Items ?? []) as PersonRow[]) {
      const created = person?.history.find(({ what }) => what === 'created');
      if (person?.account && created) found.set(person.account.email, Date.parse(created.at));
    }
    from = page.LastEvaluatedKey;
  } while (from);
  documents.destroy();
  return found;
}
