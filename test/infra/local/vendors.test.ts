/** The routes under /_vendors: a vendor's own API, and the controls of the fake behind it. */
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listenOnLoopback, portOf } from '../../../infra/local/ports.ts';
import { vendorRoutes } from '../../../infra/local/vendors.ts';
import { FAKES } from '../../fakes/vendors/index.ts';
import { type VendorRequest, vendorFake } from '../../fakes/vendors/vendor.ts';

/** A vendor that answers with what it was asked and whom it knows. */
async function start(fakes?: Parameters<typeof vendorRoutes>[0]) {
  const asked: VendorRequest[] = [];
  const acme = vendorFake((request, employees) => {
    asked.push(request);
    return { status: 200, body: { known: [...employees.keys()] } };
  });
  const answer = vendorRoutes(fakes ?? { acme });
  const server = createServer((request, response) => {
    answer(request, response).then(
      (isTheirs) => isTheirs || response.writeHead(418).end(),
      () => response.destroy(),
    );
  });
  await listenOnLoopback(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${portOf(server)}`;
  const send = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body }) });
    const content = await response.text();
    return { status: response.status, headers: response.headers, content };
  };
  return { send, asked, acme, port: portOf(server) };
}

const NINA = '/_vendors/acme/_employees/7';

describe('an employee', () => {
  it('is hired, changed member by member, and removed', async () => {
    const { send, acme } = await start();
    expect((await send('PUT', NINA, '{"title":"Setter","room":"4"}')).status).toBe(200);
    expect((await send('PUT', NINA, '{"title":null}')).content).toBe('{"title":null,"room":"4"}');
    expect(acme.records.get('7')).toEqual({ title: null, room: '4' });
    expect((await send('GET', NINA)).content).toBe('{"title":null,"room":"4"}');
    expect((await send('DELETE', NINA)).status).toBe(204);
    expect((await send('GET', NINA)).status).toBe(404);
    expect((await send('DELETE', NINA)).status).toBe(404);
  });

  it.each(['', '{', 'null', '[]', '"x"', '7'])('that reads %j is a 400, and nobody is hired', async (body) => {
    const { send, acme } = await start();
    const { status, content } = await send('PUT', NINA, body);
    expect({ status, content: JSON.parse(content) as unknown }).toEqual({
      status: 400,
      content: { message: expect.stringContaining('JSON') as unknown },
    });
    expect(acme.records.size).toBe(0);
  });
});

describe('a fault', () => {
  it('strikes the next requests, as many as it is told', async () => {
    const { send } = await start();
    const fault = '{"status":429,"retryAfter":"9","times":2}';
    expect((await send('POST', '/_vendors/acme/_faults', fault)).content).toBe('{"status":429,"times":2}');
    const answers = [await send('GET', '/_vendors/acme/x'), await send('GET', '/_vendors/acme/x')];
    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [429, '9'],
      [429, '9'],
    ]);
    expect((await send('GET', '/_vendors/acme/x')).status).toBe(200);
  });

  it('may send a body as it is', async () => {
    const { send } = await start();
    await send('POST', '/_vendors/acme/_faults', '{"status":200,"body":"<html>"}');
    expect((await send('GET', '/_vendors/acme/x')).content).toBe('<html>');
  });

  it.each([
    '',
    '{}',
    '[]',
    '{"status":"500"}',
    '{"status":500.5}',
    '{"status":99}',
    '{"status":1000}',
    '{"status":500,"tiems":2}',
    '{"status":500,"times":0}',
    '{"status":429,"retryAfter":9}',
    '{"status":429,"retryAfter":"9\\r\\nx: y"}',
    '{"status":429,"retryAfter":"søndag"}',
  ])('that reads %j is a 400, and nothing goes wrong', async (body) => {
    const { send } = await start();
    expect((await send('POST', '/_vendors/acme/_faults', body)).status).toBe(400);
    expect((await send('GET', '/_vendors/acme/x')).status).toBe(200);
  });
});

it.each([
  ['PATCH', '_employees/7'],
  ['GET', '_employees'],
  ['POST', '_employees/7'],
  ['PUT', '_employees'],
  ['GET', '_faults'],
])('no control is %s %s: 405', async (method, path) => {
  const { send } = await start();
  expect((await send(method, `/_vendors/acme/${path}`)).status).toBe(405);
});

describe('whatever else is below a vendor', () => {
  it('is its own API, behind its base URL', async () => {
    const { send, asked } = await start();
    await send('PUT', NINA, '{}');
    const answer = await send('POST', '/_vendors/acme/people/7?full=yes', '{"fields":[]}', {
      authorization: 'Basic eDp5',
    });
    expect(answer.content).toBe('{"known":["7"]}');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(asked).toMatchObject([{ method: 'POST', path: '/people/7', body: '{"fields":[]}' }]);
    expect(asked[0]?.query.get('full')).toBe('yes');
    expect(asked[0]?.headers['authorization']).toBe('Basic eDp5');
  });

  it('starts at its root', async () => {
    const { send, asked } = await start();
    await send('GET', '/_vendors/acme');
    expect(asked).toMatchObject([{ path: '/' }]);
  });
});

it.each(['/', '/_vendors', '/_vendors/', '/_vendors/nobody/x', '/_vendors/constructor/x', '/_vendors/ACME/x'])(
  '%s is nobody’s',
  async (path) => {
    const { send } = await start();
    expect((await send('GET', path)).status).toBe(418);
  },
);

it('a request line that is no URL ends nothing', async () => {
  const { port, send } = await start();
  const socket = connect(port, '127.0.0.1');
  socket.write('GET // HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 418 /);
  expect((await send('GET', NINA)).status).toBe(404);
});

it('every fake is served, with credentials of its own', async () => {
  const { send } = await start(Object.fromEntries(Object.entries(FAKES).map(([name, make]) => [name, make()])));
  for (const name of Object.keys(FAKES)) {
    expect((await send('PUT', `/_vendors/${name}/_employees/7`, '{}')).status).toBe(200);
    expect((await send('GET', `/_vendors/${name}/employees/7`)).status).toBeGreaterThanOrEqual(400);
  }
});
