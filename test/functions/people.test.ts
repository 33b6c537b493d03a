import { beforeAll, describe, expect, it } from 'vitest';
import { newPerson } from '../../shared/lifecycle/person.ts';
import type { RequestLine } from '../middleware/request.ts';
import { as, problemOf, SOUND, useHandler } from './stack.ts';

const { send, queued } = useHandler(() => import('../../functions/people.ts'));

const EMAIL = 'balder@hamn.example';

beforeAll(async () => {
  const { people } = (await import('../../shared/wiring.ts')).wire().world;
  for (const [id, email] of [
    ['p-balder', EMAIL],
    ['p-nanna', 'nanna@hamn.example'],
    ['p-hod', 'hod@hamn.example'],
  ] as const) {
    await people.save(newPerson(id), null);
    await people.point({ kind: 'email', email }, id, null);
  }
});

const look = (email: string, more: Partial<RequestLine> = {}) =>
  send({ route: 'GET /people/{email}', params: { email }, headers: as('auditor'), ...more });

const link = (body: unknown, { headers, email = EMAIL, ...more }: Partial<RequestLine> & { email?: string } = {}) =>
  send({
    route: 'PUT /people/{email}/account',
    params: { email },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...more,
    headers: { 'content-type': 'application/json', ...as('desk'), ...headers },
  });

describe('GET /people/{email}', () => {
  it('answers the person', async () => {
    const answer = await look(EMAIL);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      attributes: {},
      grants: [],
      desiredAccess: { access: 'unknown' },
      openJobs: [],
    });
  });

  it('takes the address as the gateway decoded it, and never decodes it again', async () => {
    expect((await look('BALDER@hamn.example')).status).toBe(200);
    expect((await look('balder%40hamn.example')).status).toBe(404);
  });

  for (const email of [
    'nobody@hamn.example',
    'balder',
    '',
    '@',
    `${'b'.repeat(9_000)}@hamn.example`,
    'balder@hamn.example/account',
    '../jobs',
    '\u0000',
  ]) {
    it(`answers 404 for ${JSON.stringify(email.slice(0, 30))}`, async () => {
      const answer = await look(email);
      expect(answer).toMatchObject({ status: 404, body: { type: 'urn:conscent-lifecycle:problem:not-found' } });
      expect(problemOf(answer)).toEqual(SOUND);
    });
  }

  it('tells nothing without the scope', async () => {
    for (const email of [EMAIL, 'nobody@hamn.example']) {
      expect((await look(email, { headers: {} })).status).toBe(401);
      expect((await look(email, { headers: as('expired') })).status).toBe(401);
      expect((await look(email, { headers: as('writer') })).status).toBe(403);
    }
  });

  it('refuses a query parameter that is not known', async () => {
    expect(await look(EMAIL, { query: { at: 'now' } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '?at' }] },
    });
  });
});

describe('PUT /people/{email}/account', () => {
  it('links, wakes the worker, and answers the person', async () => {
    const answer = await link({ userId: 'u-hod' }, { email: 'hod@hamn.example' });
    expect(answer).toMatchObject({
      status: 200,
      body: { account: { state: 'unsure', userId: 'u-hod' }, history: [{ what: 'account linked', by: 'desk' }] },
    });
    expect(await queued()).toContainEqual({ personId: 'p-hod' });
  });

  it('answers 422 for an id that is another’s', async () => {
    await link({ userId: 'u-contested' }, { email: 'nanna@hamn.example' });
    const answer = await link({ userId: 'u-contested' });
    expect(answer).toMatchObject({ status: 422, body: { type: 'urn:conscent-lifecycle:problem:user-id-taken' } });
    expect(problemOf(answer)).toEqual(SOUND);
  });

  const refused: [rule: string, status: number, answer: () => ReturnType<typeof link>][] = [
    ['an empty body', 400, () => link('')],
    ['no JSON', 400, () => link('userId=1')],
    ['an array', 400, () => link([{ userId: 'u' }])],
    ['an empty id', 400, () => link({ userId: '' })],
    ['a member that is not known', 400, () => link({ userId: 'u', state: 'linked' })],
    ['nesting 10,000 deep', 400, () => link(`${'{"userId":'.repeat(10_000)}1${'}'.repeat(10_000)}`)],
    ['a __proto__', 400, () => link('{"userId":"u","__proto__":{"userId":"v"}}')],
    ['another content type', 415, () => link({ userId: 'u' }, { headers: { 'content-type': 'text/plain' } })],
    ['a body above 256 KB', 413, () => link({ userId: 'u'.repeat(262_144) })],
    ['an address that nobody has', 404, () => link({ userId: 'u' }, { email: 'nobody@hamn.example' })],
    ['an address that is none', 404, () => link({ userId: 'u' }, { email: 'nobody' })],
    ['no token', 401, () => link({ userId: 'u' }, { headers: { authorization: undefined } })],
    ['an expired token', 401, () => link({ userId: 'u' }, { headers: as('expired') })],
    ['a token that may only read', 403, () => link({ userId: 'u' }, { headers: as('auditor') })],
    ['a query parameter that is not known', 400, () => link({ userId: 'u-queried' }, { query: { force: '1' } })],
  ];
  for (const [rule, status, answered] of refused) {
    it(`answers ${status} to ${rule}`, async () => {
      const answer = await answered();
      expect(answer.status).toBe(status);
      expect(problemOf(answer)).toEqual(SOUND);
    });
  }
});
