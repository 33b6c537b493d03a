/**
 * The fake vendors of the local stack, under `/_vendors/{name}/…` on the sandbox's port. What begins with an underscore is no vendor's:
 * `PUT /_vendors/{name}/_employees/{id}` hires or changes somebody (members that are not named stay), `GET` shows and `DELETE` removes the
 * record; of tickets and users it is `_tickets` and `_users`;
 * `POST /_vendors/{name}/_faults` makes the next requests fail.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { FAKES } from '../../test/fakes/vendors/index.ts';
import type { VendorFake, VendorReply } from '../../test/fakes/vendors/vendor.ts';

const PATH = /^\/_vendors\/([a-z-]+)(\/.*)?$/;
const OWN = /^\/_(employees|tickets|users|faults)(?:\/([^/]+))?$/;

const recordSchema = z.record(z.string(), z.unknown());
// What could not be sent would end the connection instead of the request.
const faultSchema = z.strictObject({
  status: z.int().check(z.minimum(200), z.maximum(599)),
  retryAfter: z.optional(z.string().check(z.regex(/^[\x20-\x7e]*$/))),
  body: z.optional(z.string()),
  times: z.optional(z.int().check(z.minimum(1))),
});

/** Answers what is asked of a fake vendor; `false` for any other path. @param fakes by the names of their sources. */
export function vendorRoutes(
  fakes = freshFakes(),
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  return async (request, response) => {
    if (!request.url?.startsWith('/_vendors/')) return false;
    const url = new URL(request.url, 'http://vendors');
    const [, name = '', path = '/'] = PATH.exec(url.pathname) ?? [];
    const fake = Object.hasOwn(fakes, name) ? fakes[name] : undefined;
    if (!fake) return false;
    const body = await text(request);
    const reply = OWN.test(path)
      ? control(fake, request.method ?? '', path, body)
      : ask(fake, { request, url, path, body });
    send(response, reply);
    return true;
  };
}

function freshFakes(): Readonly<Record<string, VendorFake>> {
  return Object.fromEntries(Object.entries(FAKES).map(([name, make]) => [name, make()]));
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
  if (what !== 'faults' && id) return controlRecord(fake, method, id, body);
  if (what === 'faults' && method === 'POST') {
    const fault = read(faultSchema, body);
    return fault ? tell(fake, fault) : refusal('{"status": 200–599, "retryAfter"?, "body"?, "times"?}');
  }
  return { status: 405, body: { message: 'PUT, GET or DELETE _employees, _tickets or _users/{id}, POST _faults' } };
}

function controlRecord({ records }: VendorFake, method: string, id: string, body: string): VendorReply {
  const record = records.get(id);
  if (method === 'GET') return record ? { status: 200, body: record } : { status: 404 };
  if (method === 'DELETE') return { status: records.delete(id) ? 204 : 404 };
  if (method !== 'PUT') return { status: 405, body: { message: 'PUT, GET or DELETE' } };
  const changes = read(recordSchema, body);
  if (!changes) return refusal('an object with the members of the vendor’s record');
  records.set(id, { ...record, ...changes });
  return { status: 200, body: records.get(id) };
}

function read<T extends z.ZodMiniType>(schema: T, body: string): z.output<T> | null {
  try {
    return schema.parse(JSON.parse(body));
  } catch {
    return null;
  }
}

function refusal(wanted: string): VendorReply {
  return { status: 400, body: { message: `Send ${wanted}, in JSON` } };
}

function tell(fake: VendorFake, { status, times = 1, ...more }: z.infer<typeof faultSchema>): VendorReply {
  fake.fail({ status, times, ...defined(more) });
  return { status: 200, body: { status, times } };
}

function defined({ retryAfter, body }: { retryAfter?: string | undefined; body?: string | undefined }) {
  return { ...(retryAfter !== undefined && { retryAfter }), ...(body !== undefined && { body }) };
}

function send(response: ServerResponse, { status, headers = {}, body }: VendorReply): void {
  const isText = typeof body === 'string' || body === undefined;
  response.writeHead(status, { ...(!isText && { 'content-type': 'application/json' }), ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
