import { describe, expect, it } from 'vitest';
import { type ConscentCall, conscentRequest } from '../../shared/conscent/client.ts';
import { closedPort, rawServer } from './raw-server.ts';

const KEY = { apiKey: 'key-4711', apiSecret: 'sécret:with:colons' };
const CREATE: ConscentCall = { method: 'POST', body: { email: 'nora@example.org' } };
/** Long enough for any answer that comes, which on loopback takes a few milliseconds. */
const PATIENT_MS = 5_000;
const IMPATIENT_MS = 60;

const ok = (body: string, headers = '') =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const call = (baseUrl: string, options: { timeoutMs?: number; call?: ConscentCall } = {}) =>
  conscentRequest({ baseUrl, timeoutMs: options.timeoutMs ?? PATIENT_MS }, KEY, options.call ?? CREATE);

describe('a request', () => {
  it('opens a connection of its own, even where the server would keep the last one alive', async () => {
    const server = await rawServer((socket) =>
      socket.write(ok('{}', 'connection: keep-alive\r\nkeep-alive: timeout=60\r\n')),
    );
    for (let made = 1; made <= 3; made += 1) {
      await call(server.baseUrl);
      expect(server.sockets).toHaveLength(made);
    }
  });

  it('opens a connection of its own where several are under way at once', async () => {
    const server = await rawServer((socket) => socket.write(ok('{}')));
    await Promise.all([call(server.baseUrl), call(server.baseUrl), call(server.baseUrl)]);
    expect(server.sockets).toHaveLength(3);
  });

  it('carries Basic credentials, JSON and a user agent', async () => {
    const server = await rawServer((socket) => socket.end(ok('{}')));
    await call(server.baseUrl);
    const [request = ''] = server.requests;
    expect(request).toMatch(/^POST \/api\/v2\/client\/multi-user HTTP\/1\.1\r\n/);
    expect(request).toContain(
      `authorization: Basic ${Buffer.from('key-4711:sécret:with:colons').toString('base64')}\r\n`,
    );
    expect(request).toMatch(/content-type: application\/json\r\n/i);
    expect(request).toMatch(/user-agent: conscent-lifecycle\r\n/i);
    expect(request).toMatch(/connection: close\r\n/i);
    expect(request).toMatch(/\r\n\r\n\{"email":"nora@example\.org"\}$/);
  });

  it.each(['', '/', '//'])('goes to the same place with a base URL that ends in "%s"', async (end) => {
    const server = await rawServer((socket) => socket.end(ok('{}')));
    await call(`http://${server.host}/api${end}`);
    expect(server.requests[0]).toMatch(/^POST \/api\/v2\/client\/multi-user HTTP/);
  });

  it.each([
    ['a1b2', 'a1b2'],
    ['a/b?c#d', 'a%2Fb%3Fc%23d'],
    ['../admin', '..%2Fadmin'],
    ['%2e%2e', '%252e%252e'],
    ['späth 1', 'sp%C3%A4th%201'],
    ['...', '...'],
  ])('puts the user id %j into the path as %s', async (userId, segment) => {
    const server = await rawServer((socket) => socket.end(ok('{}')));
    await call(server.baseUrl, { call: { method: 'PATCH', userId, body: { role: 'ADMIN' } } });
    expect(server.requests[0]?.split(' ', 2)).toEqual(['PATCH', `/api/v2/client/multi-user/${segment}`]);
  });

  it('is not made for a base URL that is none', async () => {
    await expect(call('/api/')).rejects.toThrow(TypeError);
  });

  it.each(['', ' ', '.', '..', '\ud800', 'x'.repeat(257)])(
    'is not made for %j, which is no user id',
    async (userId) => {
      const server = await rawServer((socket) => socket.end(ok('{}')));
      await expect(call(server.baseUrl, { call: { method: 'PATCH', userId, body: {} } })).rejects.toThrow(TypeError);
      expect(server.sockets).toHaveLength(0);
    },
  );
});

describe('what comes back', () => {
  it('is reported as it came', async () => {
    const headers = 'retry-after: 7\r\ndate: Sun, 06 Dec 2026 10:00:00 GMT\r\n';
    const server = await rawServer((socket) => socket.end(ok('{"a":"ü"}', headers)));
    expect(await call(server.baseUrl)).toEqual({
      kind: 'answer',
      status: 200,
      contentType: 'application/json',
      retryAfter: '7',
      date: 'Sun, 06 Dec 2026 10:00:00 GMT',
      body: '{"a":"ü"}',
      cut: undefined,
    });
  });

  it.each([204, 304])('may be a %i, which has no body', async (status) => {
    const server = await rawServer((socket) => socket.end(`HTTP/1.1 ${status} X\r\n\r\n`));
    expect(await call(server.baseUrl)).toMatchObject({ kind: 'answer', status, body: '', cut: undefined });
  });

  it('is a redirect that is not followed', async () => {
    const server = await rawServer((socket) =>
      socket.end('HTTP/1.1 307 X\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n'),
    );
    expect(await call(server.baseUrl)).toMatchObject({ kind: 'answer', status: 307 });
    expect(server.requests).toHaveLength(1);
  });

  it('is cut where the connection ends before its announced length', async () => {
    const server = await rawServer((socket) =>
      socket.end('HTTP/1.1 201 X\r\ncontent-length: 99\r\n\r\n{"userId":"u1"}'),
    );
    expect(await call(server.baseUrl)).toMatchObject({ kind: 'answer', status: 201, cut: 'truncated' });
  });

  it('is cut where its last chunk is missing', async () => {
    const chunk = 'HTTP/1.1 201 X\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n';
    const server = await rawServer((socket) => socket.end(chunk));
    expect(await call(server.baseUrl)).toMatchObject({ status: 201, cut: 'truncated' });
  });

  it('is cut where it goes on beyond 64 KB, and the rest is not waited for', async () => {
    const server = await rawServer((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n${'x'.repeat(65 * 1024)}`),
    );
    expect(await call(server.baseUrl)).toMatchObject({ status: 200, body: '', cut: 'truncated' });
  });

  it('is cut by the time-out where it drips', async () => {
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 201 X\r\ncontent-length: 9999\r\n\r\n{');
      const timer = setInterval(() => socket.write(' '), 5);
      socket.once('close', () => clearInterval(timer));
    });
    expect(await call(server.baseUrl, { timeoutMs: IMPATIENT_MS })).toMatchObject({ status: 201, cut: 'timeout' });
  });
});

describe('nothing comes back', () => {
  it('in time: a time-out', async () => {
    const server = await rawServer(() => undefined);
    expect(await call(server.baseUrl, { timeoutMs: IMPATIENT_MS })).toEqual({ kind: 'lost', reason: 'timeout' });
    expect(server.requests).toHaveLength(1);
  });

  it('because the connection is reset: lost, and not tried again', async () => {
    const server = await rawServer((socket) => socket.resetAndDestroy());
    expect(await call(server.baseUrl)).toEqual({ kind: 'lost', reason: 'connection-lost' });
    expect(server.sockets).toHaveLength(1);
  });

  it.each(['', 'HTTP/1.1 20', 'SSH-2.0-OpenSSH\r\n', 'HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n'])(
    'that is HTTP, but %j: lost',
    async (text) => {
      const server = await rawServer((socket) => socket.end(text));
      expect(await call(server.baseUrl)).toEqual({ kind: 'lost', reason: 'connection-lost' });
    },
  );
});

describe('a connection is never made, so nothing can have happened,', () => {
  it('where nobody listens', async () => {
    expect(await call(`http://127.0.0.1:${await closedPort()}/api/`)).toEqual({ kind: 'never-connected' });
  });

  it('where the name does not resolve', async () => {
    expect(await call('http://conscent.invalid/api/')).toEqual({ kind: 'never-connected' });
  });

  it('where the TLS handshake is refused', async () => {
    const server = await rawServer((socket) => socket.resetAndDestroy());
    expect(await call(`https://${server.host}/api/`)).toEqual({ kind: 'never-connected' });
  });

  it('where the TLS handshake gets something else for an answer', async () => {
    const server = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await call(`https://${server.host}/api/`)).toEqual({ kind: 'never-connected' });
  });

  it('where the TLS handshake takes longer than the time-out', async () => {
    const server = await rawServer(() => undefined);
    expect(await call(`https://${server.host}/api/`, { timeoutMs: IMPATIENT_MS })).toEqual({ kind: 'never-connected' });
  });
});
