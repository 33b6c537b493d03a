import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../shared/lifecycle/errors.ts';
import { type Answering, type HttpWorld, http, MAX_BODY_BYTES } from '../../shared/middleware/http.ts';
import { gatewayEvent, lambdaContext, type RequestLine, read } from './request.ts';

const CANARY = 'canary-of-the-http-tests';
const TOKEN = 'token-of-the-http-tests';
const TOKENS = [{ name: 'clerk', sha256: createHash('sha256').update(TOKEN).digest('hex'), scopes: ['events:write'] }];

function world(more: Partial<HttpWorld> = {}) {
  const lines: unknown[] = [];
  const log = {
    info: (message: string, fields: object) => void lines.push({ message, ...fields }),
    failed: (code: string, _error: unknown, about: object) => void lines.push({ message: 'failed', code, ...about }),
    flush: () => void lines.push('flush'),
  };
  const onTokensUnusable = () => void lines.push('tokens unusable');
  const shared: HttpWorld = {
    tokens: async () => TOKENS,
    onTokensUnusable,
    now: () => '2026-07-07T07:07:07.000Z',
    log,
    ...more,
  };
  return { shared, lines };
}

type Asked = Partial<RequestLine> & { shared?: HttpWorld };

// A route for anybody, one whose scope the token has, and one whose scope it has not.
const OPEN = 'POST /webhooks/{source}';
const PERMITTED = 'POST /events';
const FORBIDDEN = 'GET /jobs/{jobId}';

/** Sends a request to a handler whose routes all answer the same. */
async function send(answer: Answering, { shared = world().shared, ...line }: Asked = {}) {
  const handler = http(shared, { [OPEN]: answer, [PERMITTED]: answer, [FORBIDDEN]: answer });
  return read(await handler(gatewayEvent({ route: OPEN, ...line }), lambdaContext('request-17')));
}

const echo: Answering = ({ headers, body, ...request }) => ({
  status: 200,
  body: { ...request, headers, text: Buffer.from(body).toString() },
});
const fail = (error: unknown) => () => {
  throw error;
};

describe('a route is handed', () => {
  it('the request with header names in lower case and the body as bytes', async () => {
    const { body } = await send(echo, {
      headers: { 'X-Tested': 'Yes' },
      query: { a: '1' },
      params: { email: 'ö@x.example' },
      body: 'grüße',
    });
    expect(body).toMatchObject({
      method: 'POST',
      path: '/webhooks/{source}',
      params: { email: 'ö@x.example' },
      query: { a: '1' },
      headers: { 'x-tested': 'Yes' },
      text: 'grüße',
      requestId: 'request-17',
    });
  });

  it('a body that the gateway encoded as it was sent', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28]);
    const sent = { body: bytes.toString('base64'), isBase64Encoded: true };
    const { body } = await send(({ body: got }) => ({ status: 200, body: [...got] }), sent);
    expect(body).toEqual([...bytes]);
  });

  it('no bytes where nothing was sent', async () => {
    expect((await send(({ body }) => ({ status: 200, body: body.length }))).body).toBe(0);
  });

  it('who is calling', async () => {
    const { body } = await send((_, caller) => ({ status: 200, body: caller }), {
      route: PERMITTED,
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    expect(body).toEqual({ name: 'clerk', scopes: ['events:write'] });
  });
});

describe('an answer', () => {
  it('is JSON that nobody may keep', async () => {
    const { status, headers } = await send(() => ({ status: 202, body: {}, headers: { location: '/jobs/1' } }));
    expect(status).toBe(202);
    expect(headers).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store', location: '/jobs/1' });
  });

  it('may be had for exactly 256 KB', async () => {
    expect((await send(() => ({ status: 200 }), { body: 'x'.repeat(256 * 1024) })).status).toBe(200);
  });

  it('without a body is empty', async () => {
    expect((await send(() => ({ status: 204 }))).text).toBe('');
  });
});

const TOO_LARGE = 'x'.repeat(MAX_BODY_BYTES + 1);
const PROBLEMS: [rule: string, code: string, status: number, answer: () => ReturnType<typeof send>][] = [
  [
    'a problem that a route throws',
    'unknown-profile',
    422,
    () => send(fail(new Problem('unknown-profile', 'Ask for another.'))),
  ],
  ['a route that the handler does not know', 'not-found', 404, () => send(echo, { route: 'GET /webhooks/{source}' })],
  ['a body above 256 KB', 'payload-too-large', 413, () => send(echo, { body: TOO_LARGE })],
  [
    'a body above 256 KB behind base64',
    'payload-too-large',
    413,
    () => send(echo, { body: Buffer.from(TOO_LARGE).toString('base64'), isBase64Encoded: true }),
  ],
  [
    'a body above 256 KB only in bytes',
    'payload-too-large',
    413,
    () => send(echo, { body: 'ü'.repeat(MAX_BODY_BYTES / 2 + 1) }),
  ],
  ['no token where one is due', 'unauthorized', 401, () => send(echo, { route: PERMITTED })],
  [
    'a token without the scope',
    'forbidden',
    403,
    () => send(echo, { route: FORBIDDEN, headers: { authorization: `Bearer ${TOKEN}` } }),
  ],
  ['a bug', 'internal', 500, () => send(fail(new RangeError(CANARY)))],
  ['a bug that is no error', 'internal', 500, () => send(fail(CANARY))],
  ['a rejection', 'internal', 500, () => send(() => Promise.reject(new TypeError(CANARY)))],
  ['an answer that is no JSON', 'internal', 500, () => send(() => ({ status: 200, body: 1n }))],
  [
    'AWS failing',
    'unavailable',
    503,
    () => send(fail(Object.assign(new Error(CANARY), { $metadata: { httpStatusCode: 400 } }))),
  ],
  [
    'tokens that cannot be read',
    'unavailable',
    503,
    () =>
      send(echo, {
        route: PERMITTED,
        shared: world({ tokens: fail(Object.assign(new Error(CANARY), { name: 'SecretUnreadable' })) }).shared,
      }),
  ],
  [
    'tokens of another shape',
    'unavailable',
    503,
    () => send(echo, { route: PERMITTED, shared: world({ tokens: async () => ({ [CANARY]: 1 }) }).shared }),
  ],
];

describe('a problem of its own, without internals and never a 200, is', () => {
  for (const [rule, code, status, answer] of PROBLEMS) {
    it(rule, async () => {
      const answered = await answer();
      expect(answered.status).toBe(status);
      expect(answered.headers['content-type']).toBe('application/problem+json');
      expect(answered.headers['retry-after']).toEqual(status === 503 ? expect.stringMatching(/^[1-9]\d*$/) : undefined);
      expect(answered.body).toMatchObject({
        type: `urn:conscent-lifecycle:problem:${code}`,
        status,
        instance: 'request-17',
        title: expect.any(String),
        detail: expect.any(String),
      });
      expect(answered.text).not.toMatch(new RegExp(`${CANARY}|stack|node_modules|\\.ts:`));
    });
  }

  it('even an event that is none of the gateway’s', async () => {
    const broken: Parameters<ReturnType<typeof http>>[0] = JSON.parse('{}');
    const answered = read(await http(world().shared, { $default: echo })(broken, lambdaContext()));
    expect(answered).toMatchObject({ status: 500, headers: { 'content-type': 'application/problem+json' } });
  });
});

describe('every invocation', () => {
  it('logs one line in and one line out, and nothing of the request', async () => {
    const { shared, lines } = world();
    await send(echo, { shared, body: CANARY, headers: { 'x-tested': CANARY } });
    expect(lines).toEqual([
      { message: 'in', requestId: 'request-17', route: OPEN },
      { message: 'out', requestId: 'request-17', status: 200, durationMs: expect.any(Number) },
      'flush',
    ]);
  });

  it('of somebody with a token logs which token it was, and nothing of it', async () => {
    const { shared, lines } = world();
    await send(echo, { shared, route: PERMITTED, headers: { authorization: `Bearer ${TOKEN}` } });
    expect(lines).toContainEqual({ message: 'called', requestId: 'request-17', token: 'clerk' });
    expect(JSON.stringify(lines)).not.toContain(TOKEN);
  });

  it('whose tokens are not of their form tells those who run it', async () => {
    const { shared, lines } = world({ tokens: async () => ({ [CANARY]: 1 }) });
    await send(echo, { shared, route: PERMITTED });
    expect(lines).toContain('tokens unusable');
  });

  it('that fails logs why as a code, and its status', async () => {
    const { shared, lines } = world();
    await send(fail(new Error(CANARY)), { shared });
    expect(lines).toMatchObject([
      { message: 'in' },
      { message: 'failed', code: 'internal', requestId: 'request-17' },
      { message: 'out', status: 500 },
      'flush',
    ]);
  });
});
