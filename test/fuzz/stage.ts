/**
 * The handlers as they deploy, on a world in memory: fast enough for thousands of deliveries. The log is the real one. Whatever a vendor is asked
 * is answered by its fake, without a socket.
 */
import { createHash } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll, vi } from 'vitest';
import type { Job } from '../../shared/lifecycle/job.ts';
import type { Lookup } from '../../shared/lifecycle/lookup.ts';
import type { ReplyAnswer } from '../../shared/lifecycle/reply.ts';
import { SCOPES } from '../../shared/middleware/authenticate.ts';
import { createRequestLog } from '../../shared/middleware/request-log.ts';
import { createLog } from '../../shared/platform/logger.ts';
import { createCounter } from '../../shared/platform/metrics.ts';
import { findSource } from '../../shared/sources/registry.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { gatewayEvent, lambdaContext, type RequestLine } from '../middleware/request.ts';
import { type Vendors, vendors } from './vendors.ts';

/** The text of a token that may do everything. */
export const TOKEN = 'token-canary-of-the-fuzzing';
const TOKENS = [{ name: 'fuzzer', sha256: createHash('sha256').update(TOKEN).digest('hex'), scopes: [...SCOPES] }];

type Handler = (event: unknown, context: unknown) => Promise<APIGatewayProxyStructuredResultV2 & Batch>;
interface Batch {
  batchItemFailures?: { itemIdentifier: string }[];
}
type Name = 'events' | 'webhooks' | 'jobs' | 'people' | 'reconcile' | 'sweep';

/** How long after a delivery it is looked what has become of it, in seconds; in steps, because waits follow on one another. */
const STEPS = [0, 25, 60, 3_600, 86_400];

/** What came of one try. */
export interface Stage {
  world: MemoryWorld;
  vendors: Vendors;
  /** Begins a try: nothing is known, nobody has said anything. */
  begin(): void;
  /** Sends a request; what is answered is kept. */
  send(name: Name, line: RequestLine): Promise<number>;
  /** Hands texts to the worker, as messages of one batch; answers which of them failed. */
  deliver(...bodies: string[]): Promise<string[]>;
  /** Lets the sweep and the worker do whatever is due, over a day. */
  work(): Promise<void>;
  seen: { answers: string; logs: string; statuses: number[]; thrown: string[] };
}

/** Stands the handlers up for a file of tests. */
export function useStage(): Stage {
  const world = { ...memoryWorld() };
  const seen: Stage['seen'] = { answers: '', logs: '', statuses: [], thrown: [] };
  const asked = vendors();
  const handlers = new Map<Name, Handler>();
  let hearing = { forget: () => {} };
  beforeAll(async () => {
    vi.stubGlobal('fetch', asked.fetch);
    hearing = hear((text) => (seen.logs += text));
    await load(wiring(world, asked, seen), handlers);
  });
  afterAll(() => vi.restoreAllMocks());
  // The sweep does nothing in what is left of its time.
  const context = { ...lambdaContext(), getRemainingTimeInMillis: () => 60_000 };
  const invoke: Invoke = async (name, event) => handlers.get(name)?.(event, context);
  const deliver = delivererOf(invoke);
  const begin = () => {
    Object.assign(world, memoryWorld(), worldOf(asked, seen, world));
    Object.assign(seen, { answers: '', logs: '', statuses: [], thrown: [] });
    asked.begin();
    hearing.forget();
  };
  return {
    world,
    vendors: asked,
    seen,
    begin,
    deliver,
    send: senderOf(invoke, seen),
    work: workerOf(invoke, world, seen),
  };
}

type Invoke = (name: Name, event: unknown) => Promise<Awaited<ReturnType<Handler>> | undefined>;

async function load(wired: object, handlers: Map<Name, Handler>): Promise<void> {
  vi.doMock('../../shared/wiring.ts', () => ({ wire: () => wired, wireWithSources: () => wired }));
  for (const name of ['events', 'webhooks', 'jobs', 'people', 'reconcile', 'sweep'] as const)
    handlers.set(name, ((await import(`../../functions/${name}.ts`)) as { handler: Handler }).handler);
}

function senderOf(invoke: Invoke, seen: Stage['seen']): Stage['send'] {
  return async (name, line) => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...line.headers };
    const { statusCode = 0, ...answer } = (await invoke(name, gatewayEvent({ ...line, headers }))) ?? {};
    seen.answers += JSON.stringify(answer);
    seen.statuses.push(statusCode);
    return statusCode;
  };
}

function delivererOf(invoke: Invoke): Stage['deliver'] {
  return async (...bodies) => {
    const Records = bodies.map((body, index) => ({ body, messageId: String(index) }));
    const failed = (await invoke('reconcile', { Records }))?.batchItemFailures ?? [];
    return failed.map(({ itemIdentifier }) => bodies[Number(itemIdentifier)] ?? '');
  };
}

function workerOf(invoke: Invoke, world: MemoryWorld, seen: Stage['seen']): Stage['work'] {
  const deliver = delivererOf(invoke);
  return async () => {
    for (const seconds of STEPS) {
      world.advance(seconds);
      await invoke('sweep', {});
      // Twice: the worker wakes itself, too.
      for (const _ of [1, 2]) {
        const failed = await deliver(...world.messages.splice(0).map((message) => JSON.stringify(message)));
        seen.thrown.push(...failed.map(() => 'the worker'));
      }
    }
  };
}

/** Hears what is printed. Spies remember every word, so they are made to forget. */
function hear(said: (text: string) => void): { forget(): void } {
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      said(String(chunk));
      return true;
    }),
  );
  return { forget: () => spies.forEach((spy) => void spy.mockClear()) };
}

/** What the world asks its vendors, and what the log says of it. Contracts that say "never throws" are held to it. */
function worldOf(asked: Vendors, seen: Stage['seen'], world: MemoryWorld): Partial<MemoryWorld> {
  const log = createLog('DEBUG');
  const held = async <T>(what: string, asking: () => Promise<T | undefined>, otherwise: T): Promise<T> => {
    try {
      return (await asking()) ?? otherwise;
    } catch (error) {
      seen.thrown.push(`${what}: ${error instanceof Error ? `${error.name} ${error.stack?.slice(0, 600)}` : ''}`);
      return otherwise;
    }
  };
  const source = (name: string) => findSource(name, asked.secret, contextOf(world));
  const nothing: Lookup & ReplyAnswer = { kind: 'failed', reason: 'vendor-unavailable' };
  return {
    lookUp: (name, id, said) =>
      held<Lookup>('the look-up', async () => (await source(name))?.lookUp?.(id, said), nothing),
    reply: (name, ticket, message) =>
      held<ReplyAnswer>('the reply', async () => (await source(name))?.reply?.(ticket, message), nothing),
    monitor: {
      info: log.info,
      count: () => {},
      time: () => {},
      alarm: (code, fields) => log.error('alarm', { ...fields, code }),
    },
  };
}

function contextOf({ clock, settings }: MemoryWorld) {
  return { allowedDomains: [], defaultZone: settings.defaultZone, now: clock.now };
}

function wiring(world: MemoryWorld, asked: Vendors, seen: Stage['seen']) {
  const log = createRequestLog(createLog('DEBUG'), createCounter('jobs'));
  const failed: typeof log.failed = (code, error, about) => {
    if (code === 'internal') seen.thrown.push(`a handler: ${error instanceof Error ? error.stack?.slice(0, 900) : ''}`);
    log.failed(code, error, about);
  };
  return {
    config: { allowedEmailDomains: [] },
    world,
    log: { ...log, failed },
    http: { tokens: async () => TOKENS, now: () => world.clock.now(), log: { ...log, failed } },
    source: (name: string) => findSource(name, asked.secret, contextOf(world)),
  };
}

/** The jobs that there are. */
export const jobsOf = (stage: Stage): Job[] => stage.world.allJobs();
