/** A source on the whole road: its deliveries are received as from the wire, and it looks up over HTTP what the vendor's fake says. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';
import { listenOnLoopback, portOf } from '../../../infra/local/ports.ts';
import { receiveWebhook } from '../../../shared/intake/receive-webhook.ts';
import type { Job } from '../../../shared/lifecycle/job.ts';
import type { Source, SourceContext } from '../../../shared/sources/source.ts';
import type { VendorFake } from '../../fakes/vendors/vendor.ts';
import { type MemoryWorld, memoryWorld, type WorldOptions } from '../../fakes/world.ts';
import { SETTING } from '../signed.ts';

/** A fake on a port of its own. */
export interface Served {
  url: string;
  close(): Promise<void>;
}

/** Serves a vendor's fake over HTTP. */
export async function serve(fake: VendorFake): Promise<Served> {
  const server = createServer(async (request, response) => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://vendor');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const reply = fake.answer({ method: request.method ?? '', path, query, headers, body: await text(request) });
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(typeof reply.body === 'object' ? JSON.stringify(reply.body) : reply.body);
  });
  await listenOnLoopback(server);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${portOf(server)}`, close };
}

/** A new fake for every test of the file. */
export function useVendor(make: () => VendorFake): { fake: VendorFake; url: string } {
  const vendor = { fake: make(), url: '' };
  let served: Served;
  beforeEach(async () => {
    vendor.fake = make();
    served = await serve(vendor.fake);
    vendor.url = served.url;
  });
  afterEach(() => served.close());
  return vendor;
}

/** A world whose one source is under test. */
export interface Road {
  world: MemoryWorld;
  /** Receives a delivery, lets a second pass, and answers its jobs as they are then. */
  deliver(body: object, headers: Record<string, string>): Promise<Job[]>;
  job(jobId: string | undefined): Job | undefined;
  /** What the dashboard's users may do. */
  access(): string[][];
}

/** A road for a source that is made with the world's clock. */
export function roadOf(make: (context: SourceContext) => Source, options: WorldOptions = {}): Road {
  const world = memoryWorld(options);
  const source = make({ ...SETTING, now: world.clock.now, defaultZone: world.settings.defaultZone });
  world.lookUp = async (_, employeeId) => (await source.lookUp?.(employeeId)) ?? { kind: 'not-found' };
  const job = (id: string | undefined) => world.allJobs().find(({ jobId }) => jobId === id);
  return {
    world,
    job,
    deliver: async (body, headers) => {
      const receivedAt = world.clock.now();
      const sent = { ...headers, 'content-type': 'application/json' };
      const accepted = await receiveWebhook(world, source, { headers: sent, body: wire(body), receivedAt });
      await world.runFor(1);
      return accepted.flatMap((one) => job(one.job.jobId) ?? []);
    },
    access: () => world.fake.users.map(({ permissions }) => permissions),
  };
}

/** A body as it is sent. */
export function wire(body: object | string): Buffer {
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
