/** What the tests of every HR system need: its fake behind real HTTP, the source made to ask it, and the road from a delivery to Conscent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { receiveWebhook } from '../../../shared/intake/receive-webhook.ts';
import type { Delivery, Source, SourceContext } from '../../../shared/sources/source.ts';
import type { VendorFake, VendorReply } from '../../fakes/vendors/vendor.ts';
import { type MemoryWorld, memoryWorld } from '../../fakes/world.ts';
import { SETTING } from '../signed.ts';

/** A vendor, its fake and settings that fit it. */
export interface Tested {
  make(settings: unknown, context: SourceContext): Source;
  fake(): VendorFake;
  settings: object;
}

/** Stands a vendor up for a file of tests; every test has a fake of its own. */
export function useVendor({ make, fake, settings }: Tested) {
  const stage = { fake: fake(), baseUrl: '' };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://vendor');
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]),
    );
    const asked = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers };
    const { status, headers: more, body } = stage.fake.answer({ ...asked, body: await text(request) });
    response.writeHead(status, more).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    stage.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    stage.fake = fake();
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return {
    /** The fake of the test that runs. */
    get fake() {
      return stage.fake;
    },
    /** Answers the requests whose path ends so, instead of the fake. */
    instead: (end: string, reply: VendorReply) => {
      const { fake } = stage;
      const truth = fake.answer;
      fake.answer = (request) => (request.path.endsWith(end) ? reply : truth(request));
    },
    source: (more: object = {}, context: Partial<SourceContext> = {}) =>
      make({ ...settings, baseUrl: stage.baseUrl, ...more }, { ...SETTING, ...context }),
    /** A world whose workers ask the fake. */
    road: () => roadOf(({ clock }) => make({ ...settings, baseUrl: stage.baseUrl }, { ...SETTING, ...clock })),
  };
}

function roadOf(makeFor: (world: MemoryWorld) => Source) {
  const world = memoryWorld();
  const source = makeFor(world);
  world.lookUp = async (_, id) => (await source.lookUp?.(id)) ?? { kind: 'not-found' };
  /** Delivers, lets a second go by, and answers the delivery's first job, as it is whenever it is asked for. */
  const deliver = async ({ headers, body }: Pick<Delivery, 'headers' | 'body'>) => {
    const sent = { headers: { 'content-type': 'application/json', ...headers }, body };
    const [first] = await receiveWebhook(world, source, { ...sent, receivedAt: world.clock.now() });
    await world.runFor(1);
    return () => world.allJobs().find(({ jobId }) => jobId === first?.job.jobId);
  };
  const access = () => world.fake.users.map(({ email, permissions }) => ({ email, permissions }));
  /** Everything that was written down or sent anywhere. */
  const traces = () =>
    JSON.stringify([world.allJobs(), world.allPeople(), world.messages, world.alarms, world.fake.calls, access()]);
  return { world, source, deliver, access, traces };
}
