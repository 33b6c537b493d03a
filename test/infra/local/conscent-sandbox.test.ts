import { describe, expect, it } from 'vitest';
import { LENA, start } from './sandbox-client.ts';

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

describe('the traffic', () => {
  it('is counted by how much of it there was at once', async () => {
    const { sandbox, post, created } = await start({ behaviour: { delayMs: 30 } });
    await created();
    expect(sandbox.mostAtOnce()).toBe(1);
    await Promise.all([1, 2, 3].map((index) => post({ ...LENA, email: `lena-${index}@example.net` })));
    expect(sandbox.mostAtOnce()).toBe(3);
    sandbox.reset();
    expect(sandbox.mostAtOnce()).toBe(0);
  });
});
