/**
 * The fake HR systems of the local stack, under `/_vendors/{name}/…` on the sandbox's port. What begins with an underscore is no vendor's:
 * `PUT /_vendors/{name}/_employees/{id}` hires or changes somebody, `DELETE` removes the record, `POST /_vendors/{name}/_faults` makes the
 * next requests fail.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { FAKES } from '../../test/fakes/vendors/index.ts';
import type { VendorFake, VendorReply } from '../../test/fakes/vendors/vendor.ts';

const PATH = /^\/_vendors\/([a-z-]+)(\/.*)?$/;
const OWN = /^\/_(employees|faults)(?:\/([^/]+))?$/;

const faultSchema = z.strictObject({
  status: z.int(),
  retryAfter: z.optional(z.string()),
  body: z.optional(z.string()),
  times: z.optional(z.int()),
});

/** Answers what is asked of a fake vendor; `false` for any other path. */
export function vendorRoutes(): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const fakes = new Map(Object.entries(FAKES).map(([name, make]) => [name, make()]));
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://vendors');
    const [, name = '', path = '/'] = PATH.exec(url.pathname) ?? [];
    const fake = fakes.get(name);
    if (!fake) return false;
    const body = await text(request);
    const reply = OWN.test(path)
      ? control(fake, request.method ?? '', path, body)
      : ask(fake, { request, url, path, body });
    send(response, reply);
    return true;
  };
}

interface Asked {
  request: IncomingMessage;
  url: URL;
  path: string;
  body: string;
}

function ask(fake: VendorFake, { request, url, path, body }: Asked): VendorReply {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]));
  return fake.answer({ method: request.method ?? '', path, query: url.searchParams, headers, body });
}

function control(fake: VendorFake, method: string, path: string, body: string): VendorReply {
  const [, what, id = ''] = OWN.exec(path) ?? [];
  if (what === 'employees' && method === 'PUT' && id) {
    fake.employees.set(id, { ...fake.employees.get(id), ...z.record(z.string(), z.unknown()).parse(JSON.parse(body)) });
    return { status: 200, body: fake.employees.get(id) };
  }
  if (what === 'employees' && method === 'DELETE') return { status: fake.employees.delete(id) ? 204 : 404 };
  if (what === 'faults' && method === 'POST') {
    const { status, times, ...more } = faultSchema.parse(JSON.parse(body));
    fake.fail({ status, ...(times !== undefined && { times }), ...defined(more) });
    return { status: 200, body: { status, times: times ?? 1 } };
  }
  return { status: 405, body: { message: 'PUT or DELETE _employees/{id}, POST _faults' } };
}

function defined({ retryAfter, body }: { retryAfter?: string | undefined; body?: string | undefined }) {
  return { ...(retryAfter !== undefined && { retryAfter }), ...(body !== undefined && { body }) };
}

function send(response: ServerResponse, { status, headers = {}, body }: VendorReply): void {
  const isText = typeof body === 'string' || body === undefined;
  response.writeHead(status, { ...(!isText && { 'content-type': 'application/json' }), ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
