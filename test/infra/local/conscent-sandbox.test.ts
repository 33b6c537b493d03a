import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type SandboxOptions, startConscentSandbox } from '../../../infra/local/conscent-sandbox.ts';

const BASIC = `Basic ${Buffer.from('box-key:box:secret').toString('base64')}`;
const LENA = {
  email: 'lena@example.net',
  password: 'Kq7-plum',
  role: 'ADMIN',
  permissions: { ga4: true, export: false },
};

async function start(options: Partial<SandboxOptions> = {}) {
  const credentials = { apiKey: 'box-key', apiSecret: 'box:secret' };
  const sandbox = await startConscentSandbox({ port: 0, credentials, ...options });
  onTestFinished(() => sandbox.close());
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(new URL(path, sandbox.url), {
      method,
      headers: { authorization: BASIC, 'content-type': 'application/json', ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as unknown };
  };
  const post = (body: unknown, headers?: Record<string, string>) => send('POST', 'v2/client/multi-user', body, headers);
  const patch = (id: string, body: unknown) => send('PATCH', `v2/client/multi-user/${id}`, body);
  const created = async (email = LENA.email) => {
    await post({ ...LENA, email });
    return sandbox.users().find((user) => user.email === email)?.userId ?? '';
  };
  return { sandbox, send, post, patch, created };
}

describe('the create endpoint', () => {
  it('answers 201 with 24 hexadecimal digits and remembers the user', async () => {
    const { sandbox, post } = await start();
    const answer = await post(LENA);
    expect(answer.status).toBe(201);
    const userId: unknown = expect.stringMatching(/^[0-9a-f]{24}$/);
    expect(answer.json()).toEqual({ message: 'User created successfully', userId });
    expect(sandbox.users()).toMatchObject([{ email: LENA.email, role: 'ADMIN', passwordSet: 1 }]);
    expect(sandbox.users()[0]?.permissions).toMatchObject({ ga4: true, export: false, Checkout: false });
    expect(Object.keys(sandbox.users()[0]?.permissions ?? {})).toHaveLength(24);
  });

  it.each<[string, unknown]>([
    ['malformed JSON', '{"email":'],
    ['no object', '[]'],
    ['a malformed address', { ...LENA, email: 'lena@nowhere' }],
    ['an address that is no text', { ...LENA, email: 7 }],
    ['no address', { ...LENA, email: undefined }],
    ['no password', { ...LENA, password: undefined }],
    ['a short password', { ...LENA, password: 'Ab1' }],
    ['no role', { ...LENA, role: undefined }],
    ['no permissions', { ...LENA, permissions: undefined }],
    ['permissions in a list', { ...LENA, permissions: ['ga4'] }],
    ['an unknown flag', { ...LENA, permissions: { checkout: true } }],
    ['a flag that is no boolean', { ...LENA, permissions: { ga4: 'true' } }],
    ['an unknown member', { ...LENA, firstName: 'Lena' }],
  ])('answers 400 to %s', async (_, body) => {
    const { sandbox, post } = await start();
    const answer = await post(body);
    expect(answer.json()).toMatchObject({ statusCode: 400, error: 'Bad Request' });
    expect(answer.status).toBe(400);
    expect(sandbox.users()).toEqual([]);
  });

  it('answers 409 to an address it holds', async () => {
    const { sandbox, post } = await start();
    await post(LENA);
    expect((await post(LENA)).json()).toMatchObject({ statusCode: 409, error: 'Conflict' });
    expect(sandbox.users()).toHaveLength(1);
  });

  it('holds an address twice where it is told to accept duplicates', async () => {
    const { sandbox, post } = await start({ behaviour: { duplicates: 'accept' } });
    await post(LENA);
    expect((await post(LENA)).status).toBe(201);
    expect(sandbox.users()).toHaveLength(2);
  });

  it.each(['', 'Basic !!!', `Basic ${btoa('box-key:wrong')}`, `Bearer ${btoa('box-key:box:secret')}`])(
    'answers 401 to the credentials %j',
    async (authorization) => {
      const { post } = await start();
      expect((await post(LENA, { authorization })).json()).toEqual({ statusCode: 401, message: 'Unauthorized' });
    },
  );

  it('takes rotated credentials from then on', async () => {
    const credentials = { apiKey: 'box-key', apiSecret: 'box:secret' };
    const { post } = await start({ credentials });
    credentials.apiSecret = 'rotated';
    expect((await post(LENA)).status).toBe(401);
    expect((await post(LENA, { authorization: `Basic ${btoa('box-key:rotated')}` })).status).toBe(201);
  });

  it('answers 415 to another content type', async () => {
    const { post } = await start();
    expect((await post(LENA, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post(LENA, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(201);
  });

  it.each([
    ['GET', 'v2/client/multi-user'],
    ['PUT', 'v2/client/multi-user'],
    ['DELETE', 'v2/client/multi-user/abc'],
    ['PATCH', 'v2/client/multi-user/'],
    ['PATCH', 'v2/client/multi-user/a/b'],
    ['POST', 'v1/client/multi-user'],
  ])('is the only one: %s %s answers 404', async (method, path) => {
    const { send } = await start();
    expect((await send(method, path, method === 'GET' ? undefined : LENA)).status).toBe(404);
  });
});

describe('the update endpoint', () => {
  it('changes what it is told and answers with the user, without a password', async () => {
    const { sandbox, patch, created } = await start();
    const userId = await created();
    const answer = await patch(userId, { email: 'lena.holm@example.net', role: 'VIEWER', password: 'Tz3-pear' });
    expect(answer.json()).toMatchObject({ userData: { userId, email: 'lena.holm@example.net', role: 'VIEWER' } });
    expect(answer.text).not.toMatch(/password/i);
    expect(sandbox.users()).toMatchObject([{ userId, passwordSet: 2, permissions: { ga4: true } }]);
  });

  it.each([
    ['replace', false],
    ['merge', true],
  ] as const)('can %s permissions', async (permissions, ga4) => {
    const { sandbox, patch, created } = await start({ behaviour: { permissions } });
    await patch(await created(), { permissions: { journey: true } });
    expect(sandbox.users()[0]?.permissions).toMatchObject({ journey: true, ga4 });
  });

  it.each([{}, { nickname: 'L' }, { role: 1 }, { permissions: { ga4: 1 } }])('answers 400 to %j', async (body) => {
    const { patch, created } = await start();
    expect((await patch(await created(), body)).status).toBe(400);
  });

  it('answers 404 to an unknown id and 409 to an address that is another user’s', async () => {
    const { patch, created } = await start();
    await created('omar@example.net');
    const userId = await created();
    expect((await patch('ffffffffffffffffffffffff', { role: 'VIEWER' })).status).toBe(404);
    expect((await patch(userId, { email: 'omar@example.net' })).status).toBe(409);
    expect((await patch(userId, { email: LENA.email })).status).toBe(200);
  });

  it('wants all four members where it is told so', async () => {
    const { patch, created } = await start({ behaviour: { patch: 'whole' } });
    const userId = await created();
    expect((await patch(userId, { role: 'VIEWER' })).status).toBe(400);
    expect((await patch(userId, LENA)).status).toBe(200);
  });
});

describe('a fault', () => {
  it.each([400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504])('can be a %i, without effect', async (status) => {
    const { sandbox, post } = await start();
    sandbox.tell({ kind: 'status', status });
    expect((await post(LENA)).json()).toMatchObject({ statusCode: status });
    expect(sandbox.users()).toEqual([]);
  });

  it('can carry Retry-After in seconds or as a date', async () => {
    const { sandbox, post } = await start();
    sandbox.tell({ kind: 'status', status: 429, retryAfterSeconds: 12 });
    sandbox.tell({ kind: 'status', status: 503, retryAfterDateInSeconds: 60 });
    expect((await post(LENA)).headers.get('retry-after')).toBe('12');
    expect((await post(LENA)).headers.get('retry-after')).toMatch(/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/);
  });

  it.each(['none', 'before'] as const)('can reset the connection with the effect %s', async (effect) => {
    const { sandbox, post } = await start();
    sandbox.tell({ kind: 'reset', effect });
    await expect(post(LENA)).rejects.toThrow();
    expect(sandbox.users()).toHaveLength(effect === 'none' ? 0 : 1);
    expect(sandbox.calls()).toMatchObject([{ method: 'POST', status: null }]);
  });

  it('can hang and take effect only when it lands', async () => {
    const { sandbox, post } = await start();
    sandbox.tell({ kind: 'hang', effect: 'late' });
    const waiting = post(LENA).catch(() => 'given up');
    await vi.waitFor(() => expect(sandbox.calls()[0]?.members).toHaveLength(4));
    expect(sandbox.users()).toEqual([]);
    expect(sandbox.land()).toBe(1);
    expect(sandbox.land()).toBe(0);
    expect(sandbox.users()).toHaveLength(1);
    await sandbox.close();
    expect(await waiting).toBe('given up');
  });

  it('can take effect some milliseconds after its answer', async () => {
    const { sandbox, post } = await start();
    sandbox.tell({ kind: 'status', status: 504, effect: 'late', lateMs: 15 });
    expect((await post(LENA)).status).toBe(504);
    await vi.waitFor(() => expect(sandbox.users()).toHaveLength(1));
  });

  it('can be the documented sentence instead of JSON', async () => {
    const { sandbox, post } = await start();
    sandbox.tell({ kind: 'plain-text', contentType: 'application/json' });
    const answer = await post(LENA);
    expect([answer.status, answer.text]).toEqual([201, '201 Created: User created successfully.']);
    expect(sandbox.users()).toHaveLength(1);
  });

  it('never turns a refusal into the documented sentence', async () => {
    const { sandbox, post } = await start();
    sandbox.tell({ kind: 'plain-text' });
    expect((await post({})).status).toBe(400);
  });

  it('can be HTML, an error in a 200, a redirect, half a JSON text or half an answer', async () => {
    const { sandbox, post } = await start();
    sandbox.tell({ kind: 'html' }, { kind: 'error-in-2xx' }, { kind: 'redirect', location: '/login' });
    sandbox.tell({ kind: 'truncated', how: 'json' }, { kind: 'truncated' });
    expect((await post(LENA)).text).toMatch(/^<!doctype html>/);
    expect((await post(LENA)).json()).toMatchObject({ statusCode: 400 });
    expect((await post(LENA)).headers.get('location')).toBe('/login');
    expect(sandbox.users()).toEqual([]);
    expect((await post(LENA)).text).toMatch(/^\{[^}]*$/);
    await expect(post({ ...LENA, email: 'omar@example.net' })).rejects.toThrow();
    expect(sandbox.users()).toHaveLength(2);
  });

  it('strikes once, so often as it says, or always', async () => {
    const { sandbox, post } = await start();
    sandbox.tell({ kind: 'status', status: 500 }, { kind: 'status', status: 502, count: 2 });
    sandbox.tell({ kind: 'status', status: 503, count: 'always' });
    const statuses: number[] = [];
    for (let call = 0; call < 6; call += 1) statuses.push((await post(LENA)).status);
    expect(statuses).toEqual([500, 502, 502, 503, 503, 503]);
  });

  it('strikes only the method and the address it names', async () => {
    const { sandbox, post, patch, created } = await start();
    const userId = await created();
    sandbox.tell({ kind: 'status', status: 500, method: 'PATCH', email: LENA.email });
    expect((await post({ ...LENA, email: 'omar@example.net' })).status).toBe(201);
    expect((await patch(userId, { role: 'VIEWER' })).status).toBe(500);
    expect((await patch(userId, { role: 'VIEWER' })).status).toBe(200);
  });

  it('of the whole run is there from the start and again after a reset', async () => {
    const { sandbox, post } = await start({
      behaviour: { faults: [{ kind: 'plain-text', method: 'POST', count: 'always' }] },
    });
    expect((await post(LENA)).text).toMatch(/^201 Created/);
    sandbox.reset();
    expect((await post(LENA)).text).toMatch(/^201 Created/);
  });
});

describe('the routes under /_sandbox', () => {
  it('show users and calls to anybody, and no secret', async () => {
    const { send, created } = await start();
    const userId = await created();
    const users = await send('GET', '/_sandbox/users', undefined, { authorization: '' });
    const calls = await send('GET', '/_sandbox/calls', undefined, { authorization: '' });
    expect(users.json()).toMatchObject([{ userId, email: LENA.email, role: 'ADMIN', passwordSet: 1 }]);
    const at: unknown = expect.stringMatching(/^\d{4}-.*Z$/);
    const members = ['email', 'password', 'role', 'permissions'];
    expect(calls.json()).toEqual([{ method: 'POST', path: '/api/v2/client/multi-user', status: 201, at, members }]);
    expect(users.text + calls.text).not.toMatch(/Kq7-plum|box-key|box:secret/);
  });

  it('take faults, one or several, and refuse what is none', async () => {
    const { send, post } = await start();
    const faults = (body: unknown) => send('POST', '/_sandbox/faults', body);
    expect((await faults({ kind: 'status', status: 500 })).json()).toEqual({ added: 1 });
    expect((await faults([{ kind: 'html' }, { kind: 'redirect' }])).json()).toEqual({ added: 2 });
    expect((await post(LENA)).status).toBe(500);
    for (const wrong of [
      '{',
      {},
      { kind: 'earthquake' },
      { kind: 'html', tiems: 2 },
      { kind: 'status', status: 200 },
    ]) {
      expect((await faults(wrong)).status).toBe(400);
    }
  });

  it('move the clock, and answer when it has moved', async () => {
    const moved: number[] = [];
    const { send, created, sandbox } = await start({
      onClock: async (seconds) => {
        await Promise.resolve();
        moved.push(seconds);
      },
    });
    expect((await send('POST', '/_sandbox/clock', { advanceSeconds: 86_400 })).json()).toEqual({
      advancedSeconds: 86_400,
    });
    expect(moved).toEqual([86_400]);
    await created();
    const hoursAhead = (Date.parse(sandbox.calls()[0]?.at ?? '') - Date.now()) / 3_600_000;
    expect(hoursAhead).toBeCloseTo(24, 1);
  });

  it.each([
    '',
    '{',
    {},
    7,
    { advanceSeconds: 0 },
    { advanceSeconds: -1 },
    { advanceSeconds: '60' },
    '{"advanceSeconds":1e999}',
  ])('do not move the clock by %j', async (body) => {
    const onClock = vi.fn();
    const { send } = await start({ onClock });
    expect((await send('POST', '/_sandbox/clock', body)).status).toBe(400);
    expect(onClock).not.toHaveBeenCalled();
  });

  it('land late effects and forget everything', async () => {
    const { sandbox, send, post } = await start();
    sandbox.tell({ kind: 'status', status: 502, effect: 'late' }, { kind: 'status', status: 500 });
    await post(LENA);
    expect((await send('POST', '/_sandbox/land')).json()).toEqual({ landed: 1 });
    expect((await send('POST', '/_sandbox/reset')).json()).toEqual({ reset: true });
    expect([sandbox.users(), sandbox.calls()]).toEqual([[], []]);
    expect((await post(LENA)).status).toBe(201);
  });

  it.each([
    ['GET', '/_sandbox/clock', 405],
    ['DELETE', '/_sandbox/users', 405],
    ['GET', '/_sandbox/passwords', 404],
    ['GET', '/_sandbox/constructor', 404],
    ['GET', '/elsewhere', 404],
  ])('%s %s answers %i', async (method, path, status) => {
    const { send } = await start();
    expect((await send(method, path)).status).toBe(status);
  });

  it('are only the clock where the real Conscent is in use', async () => {
    const { send, post } = await start({ apiDisabled: true });
    expect((await post(LENA)).status).toBe(404);
    expect((await send('GET', '/_sandbox/users')).status).toBe(404);
    expect((await send('POST', '/_sandbox/reset')).status).toBe(404);
    expect((await send('POST', '/_sandbox/clock', { advanceSeconds: 1 })).status).toBe(200);
  });
});

describe('other routes', () => {
  it.each([false, true])('can be added beside the API (API disabled: %j)', async (apiDisabled) => {
    const { send } = await start({
      apiDisabled,
      extraRoutes: (request, response) => {
        if (!request.url?.startsWith('/_vendors/')) return false;
        response.end('a vendor');
        return true;
      },
    });
    expect((await send('GET', '/_vendors/acme')).text).toBe('a vendor');
    expect((await send('GET', '/other')).status).toBe(404);
  });
});
