import { describe, expect, it, vi } from 'vitest';
import { LENA, start } from './sandbox-client.ts';

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
