/** A load run: so many people are imported and join, a batch at a time; then webhooks come in a burst; then everything is counted. */
import { setTimeout as delay } from 'node:timers/promises';
import { startSweeper } from '../../../infra/local/sweeper.ts';
import { atATime, chunks } from './at-a-time.ts';
import { burstOf, emailOf, joining, type Said } from './crowd.ts';
import { type Handlers, loadHandlers } from './handlers.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { heapMb, timed, watchRss } from './measure.ts';
import { forkServices, type Services, startServices } from './services.ts';

/** How much load, and on what. */
export interface LoadOptions {
  people: number;
  /** How many people are imported and join at a time: figures are taken after each. */
  batch: number;
  webhooks: number;
  /** How many webhooks are on their way at once. */
  parallel: number;
  /** Workers on the queue: CONSCENT_MAX_CONCURRENCY. */
  concurrency: number;
  /** How long Conscent takes to answer. */
  delayMs: number;
  /** The embedded services as a process of their own. */
  isolated: boolean;
  /** Told after each batch. */
  onBatch?(batch: Batch): void;
}

/** One batch of people, from the import to the last change at Conscent. */
export interface Batch {
  /** How many people the ledger knows after it. */
  people: number;
  seconds: number;
  /** Of the handlers' process: other than the time it does not depend on what else the machine does. */
  cpuSeconds: number;
  /** What the handlers' process holds after it, garbage collected. */
  heapMb: number;
}

/** What a load run came to. */
export interface LoadReport {
  batches: Batch[];
  burst: { acceptMs: number[]; acceptSeconds: number; seconds: number; heapMb: number };
  /** Jobs that were accepted and are not in the ledger, or not final. */
  lost: string[];
  jobs: number;
  /** Who holds anything but what they must. */
  wrong: string[];
  accounts: number;
  mostAtOnce: number;
  peakRssMb: number;
}

interface Run extends LoadOptions {
  services: Services;
  handlers: Handlers;
  ledger: Ledger;
  jobIds: string[];
  /** What everybody must hold, by address. */
  expected: Map<string, string[]>;
}

const IMPORT_LINES = 1_000;
const EVENTS_A_REQUEST = 100;
const SWEEP_SECONDS = 60;
const LOOK_MS = 50;

/** Runs it. The handlers of a process can be loaded once, so this can be run once a process. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const services = await (options.isolated ? forkServices : startServices)(options.delayMs);
  const handlers = await loadHandlers(services, options.concurrency);
  const run: Run = { ...options, services, handlers, ledger: openLedger(services), jobIds: [], expected: new Map() };
  const rss = watchRss();
  const sweeper = startSweeper(handlers.sweep, SWEEP_SECONDS);
  const batches = await runBatches(run);
  const burst = await runBurst(run);
  sweeper.stop();
  const report = { batches, burst, peakRssMb: rss.stop(), ...(await count(run)) };
  await handlers.stop();
  run.ledger.close();
  await services.close();
  return report;
}

async function runBatches(run: Run): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (let from = 0; from < run.people; from += run.batch) {
    const indexes = Array.from({ length: Math.min(run.batch, run.people - from) }, (_, index) => from + index);
    const lines = await makeAccounts(run, indexes);
    const before = process.cpuUsage();
    const seconds = await timed(() => importAndOnboard(run, indexes.map(joining), lines));
    const { user, system } = process.cpuUsage(before);
    const cpuSeconds = (user + system) / 1e6;
    const batch = { people: from + indexes.length, seconds, cpuSeconds, heapMb: heapMb() };
    run.onBatch?.(batch);
    batches.push(batch);
  }
  return batches;
}

/** The accounts that are there already, made past the handlers. Answers the lines of the file that links them. */
async function makeAccounts({ services, concurrency }: Run, indexes: readonly number[]): Promise<string[]> {
  const { CONSCENT_BASE_URL: base } = services.environment;
  const headers = {
    authorization: `Basic ${Buffer.from('load-key:load-secret').toString('base64')}`,
    'content-type': 'application/json',
  };
  return atATime(concurrency, indexes, async (index) => {
    const body = JSON.stringify({ email: emailOf(index), password: 'Made-by-hand-1', role: 'ADMIN', permissions: {} });
    const answer = await fetch(new URL('v2/client/multi-user', base), { method: 'POST', headers, body });
    const { userId } = (await answer.json()) as { userId: string };
    return `${emailOf(index)},${userId},,\n`;
  });
}

async function importAndOnboard(run: Run, said: readonly Said[], lines: readonly string[]): Promise<void> {
  for (const some of chunks(lines, IMPORT_LINES))
    await run.handlers.importFile(`email,userId,role,permissions\n${some.join('')}`);
  for (const some of chunks(said, EVENTS_A_REQUEST))
    run.jobIds.push(...(await run.handlers.postEvents(some.map(({ event }) => event))));
  expect(run, said);
  await drained(run.ledger);
}

async function runBurst(run: Run): Promise<LoadReport['burst']> {
  const said = burstOf(run.webhooks, run.people);
  const acceptMs: number[] = [];
  let acceptSeconds = 0;
  const seconds = await timed(async () => {
    acceptSeconds = await timed(async () => {
      run.jobIds.push(...(await atATime(run.parallel, said, (one) => deliver(run, one, acceptMs))));
    });
    await drained(run.ledger);
  });
  expect(run, said);
  return { acceptMs: acceptMs.sort((a, b) => a - b), acceptSeconds, seconds, heapMb: heapMb() };
}

async function deliver({ handlers }: Run, { email, event }: Said, acceptMs: number[]): Promise<string> {
  const startedAt = performance.now();
  const jobId = await handlers.deliver(`burst-${email}`, event);
  acceptMs.push(performance.now() - startedAt);
  return jobId;
}

function expect({ expected }: Run, said: readonly Said[]): void {
  for (const { email, flags } of said) expected.set(email, flags);
}

async function drained(ledger: Ledger): Promise<void> {
  while ((await ledger.queued()) > 0) await delay(LOOK_MS);
}

async function count({ services, ledger, jobIds, expected }: Run) {
  const rows = await ledger.jobs();
  const final = new Set(rows.filter(({ status }) => status === 'succeeded').map(({ jobId }) => jobId));
  const { users, mostAtOnce } = await services.figures();
  const held = new Map(users.map(({ email, flags }) => [email, flags.join()]));
  const wrong = [...expected].filter(([email, flags]) => held.get(email) !== [...flags].sort().join());
  const nobodys = users.filter(({ email }) => !expected.has(email));
  return {
    lost: jobIds.filter((jobId) => !final.has(jobId)),
    jobs: rows.length,
    wrong: [...wrong.map(([email]) => email), ...nobodys.map(({ email }) => email)],
    accounts: users.length,
    mostAtOnce,
  };
}
