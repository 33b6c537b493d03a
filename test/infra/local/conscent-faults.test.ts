import { describe, expect, it, vi } from 'vitest';
import { LENA, start } from './sandbox-client.ts';

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
