/** What the tests of every vendor need: its fake behind real HTTP, the source made to ask it, and the road from a delivery to Conscent. */
import { createServer } from 'node:http';
import { afterEach, beforeEach } from 'vitest';
import { listenOnLoopback, portOf } from '../../infra/local/ports.ts';
import { vendorRoutes } from '../../infra/local/vendors.ts';
import { receiveWebhook } from '../../shared/intake/receive-webhook.ts';
import type { Job } from '../../shared/lifecycle/job.ts';
import type { Delivery, Source, SourceContext } from '../../shared/sources/source.ts';
import type { VendorFake, VendorReply, VendorRequest } from '../fakes/vendors/vendor.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { SETTING } from './signed.ts';

export const DAY = 86_400;

/** A fake on a port of its own. */
export interface Served {
  /** The base URL of its API. */
  url: string;
  close(): Promise<void>;
}

/** Serves a vendor's fake over HTTP, by the routes that `npm start` serves it by. */
export async function serve(fake: VendorFake): Promise<Served> {
  const answer = vendorRoutes({ vendor: fake });
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await listenOnLoopback(server);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${portOf(server)}/_vendors/vendor`, close };
}

/** A vendor, its fake, and settings and a context that fit it. */
export interface Tested {
  make(settings: unknown, context: SourceContext): Source;
  fake(): VendorFake;
  settings: object | ((baseUrl: string) => object);
  context?: Partial<SourceContext>;
}

/** Stands a vendor up for a file of tests; every test has a fake of its own. */
export function useVendor({ make, fake: makeFake, settings, context: usual = {} }: Tested) {
  const stage = { fake: makeFake(), url: '', asked: [] as VendorRequest[] };
  let served: Served;
  beforeEach(async () => {
    const asked: VendorRequest[] = [];
    const fake = makeFake();
    const answer = (request: VendorRequest) => {
      asked.push(request);
      return fake.answer(request);
    };
    served = await serve({ ...fake, answer });
    Object.assign(stage, { fake, asked, url: served.url });
  });
  afterEach(() => served.close());
  const source = (more: object = {}, context: Partial<SourceContext> = {}) =>
    make({ ...settingsAt(settings, stage.url), ...more }, { ...SETTING, ...usual, ...context });
  return {
    /** The fake of the test that runs. */
    get fake() {
      return stage.fake;
    },
    /** The requests to its API, in full. */
    get asked() {
      return stage.asked;
    },
    /** Answers the requests whose path ends so, instead of the fake. */
    instead: (end: string, reply: VendorReply) => {
      const { fake } = stage;
      const truth = fake.answer;
      fake.answer = (request) => (request.path.endsWith(end) ? reply : truth(request));
    },
    source,
    /** A road whose workers ask the fake. */
    road: (more: object = {}) => roadOf((context) => source(more, { ...context, ...usual })),
  };
}

function settingsAt(settings: Tested['settings'], baseUrl: string): object {
  return typeof settings === 'function' ? settings(baseUrl) : { ...settings, baseUrl };
}

/** A delivery as it is sent; it arrives when it is delivered. */
export type Sent = Pick<Delivery, 'headers' | 'body'>;

/** A world whose one source is under test. It begins on 2 March 2026, 08:00 UTC. */
export interface Road {
  world: MemoryWorld;
  /** Receives a delivery, lets four seconds pass unless told otherwise, and answers its jobs as they are then. @param sent may be signed as of now. */
  deliver(sent: Sent | ((at: string) => Sent), seconds?: number): Promise<Job[]>;
  job(jobId: string | undefined): Job | undefined;
  users(): { email: string; permissions: string[] }[];
  /** What each of them may do. */
  access(): string[][];
  /** Everything that is kept or sent on. */
  kept(): string;
}

/** A road for a source that is made with the world's clock. */
export function roadOf(make: (context: SourceContext) => Source): Road {
  const world = memoryWorld();
  const source = make({ ...SETTING, now: world.clock.now, defaultZone: world.settings.defaultZone });
  world.lookUp = async (_, id, said) => (await source.lookUp?.(id, said)) ?? { kind: 'not-found' };
  world.reply = async (_, ticket, message) => (await source.reply?.(ticket, message)) ?? { kind: 'refused' };
  const job = (id: string | undefined) => world.allJobs().find(({ jobId }) => jobId === id);
  const users = () => world.fake.users.map(({ email, permissions }) => ({ email, permissions }));
  return {
    world,
    job,
    users,
    access: () => users().map(({ permissions }) => permissions),
    kept: () =>
      JSON.stringify([world.allJobs(), world.allPeople(), world.messages, world.alarms, world.fake.calls, users()]),
    deliver: async (sent, seconds = 4) => {
      const receivedAt = world.clock.now();
      const { headers, body } = typeof sent === 'function' ? sent(receivedAt) : sent;
      const known = { 'content-type': 'application/json', ...headers };
      const accepted = await receiveWebhook(world, source, { headers: known, body, receivedAt });
      await world.runFor(seconds);
      return accepted.flatMap((one) => job(one.job.jobId) ?? []);
    },
  };
}

/** A body as it is sent; an object is compact JSON. */
export function wire(body: unknown): Buffer {
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
