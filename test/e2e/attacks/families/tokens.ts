/** Tokens that are none, are over, or are for something else. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { SCOPES } from '../../../../shared/middleware/authenticate.ts';
import { ROUTES } from '../../../../shared/middleware/routes.ts';
import type { Answer, Attack, Family } from '../attack.ts';
import { TOKENS } from '../secrets.ts';
import { as, from } from '../sending.ts';
import type { Stage } from '../stage.ts';

const EVENT = JSON.stringify({ type: 'onboard', person: { email: 'mallory@press.example', department: 'Finance' } });

const withToken = (stage: Stage, authorization: string, path = '/jobs?status=queued') =>
  stage.request('GET', path, { headers: { authorization } });

/** Every route that needs a scope, asked by somebody with all the others. */
async function escalate(stage: Stage): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [route, scope] of Object.entries(ROUTES)) {
    if (!scope) continue;
    const [method = '', path = ''] = route.split(' ');
    const target = path.replace('{email}', 'ana@press.example').replace('{jobId}', '0'.repeat(32));
    const isRead = method === 'GET';
    const headers = from(`all-but-${scope.replace(':', '-')}`);
    answers.push(await stage.request(method, target, { headers, ...(!isRead && { body: EVENT }) }));
  }
  return answers;
}

const attacks: Attack[] = [
  {
    rule: 'without a token nothing is told',
    sent: 'no token; one in the query; Basic; an empty Bearer; a token with a space; the hash that we keep of a token',
    send: async (stage) => {
      const hash = createHash('sha256')
        .update(TOKENS['operator'] ?? '')
        .digest('hex');
      const tries = [
        '',
        'Bearer',
        'Bearer ',
        `Basic ${TOKENS['operator']}`,
        `Bearer ${hash}`,
        `Bearer ${TOKENS['operator']} x`,
      ];
      return [
        await stage.request('GET', '/jobs?status=queued'),
        await stage.request('GET', `/jobs?status=queued&access_token=guessed`),
        ...(await Promise.all(tries.map((one) => withToken(stage, one)))),
      ];
    },
    answered: '401 unauthorized',
    stored: 'nothing',
  },
  {
    rule: 'a token that has ended opens nothing',
    sent: 'a token with every scope that ended in 2020',
    send: (stage) => withToken(stage, `${as('expired')['authorization']}`),
    answered: '401 unauthorized',
    stored: 'nothing',
  },
  {
    rule: 'a scope opens its own routes and no others',
    sent: 'to every route in turn, a token that has every scope but the route’s',
    send: escalate,
    answered: '403 forbidden',
    stored: 'nothing',
  },
  {
    rule: 'permissions of one’s own choice need a scope of their own',
    sent: 'a grant of `internalUser` with role and permissions, by a token that may only write events; alone, and as the last of a batch',
    send: async (stage) => {
      const access = { role: 'ADMIN', permissions: { internalUser: true } };
      const greedy = { ...(JSON.parse(EVENT) as object), access };
      const bodies = [JSON.stringify(greedy), JSON.stringify([JSON.parse(EVENT), greedy])];
      return Promise.all(bodies.map((body) => stage.request('POST', '/events', { body, headers: from('writer') })));
    },
    answered: '403 forbidden',
    stored: 'nothing',
  },
  {
    rule: 'one token’s `Idempotency-Key` is not another’s',
    sent: 'the key, and the body, that another token has used',
    given: (stage) =>
      stage.request('POST', '/events', {
        body: EVENT.replace('mallory', 'wim'),
        headers: { ...from('writer'), 'idempotency-key': 'k-1' },
      }),
    send: (stage) =>
      stage.request('POST', '/events', {
        body: EVENT.replace('mallory', 'wim'),
        headers: { ...from('rival'), 'idempotency-key': 'k-1' },
      }),
    answered: '202',
    stored: 'a job: succeeded (unchanged)',
    besides: {
      that: 'it is a job of its own, and no word of the other’s is answered',
      holds: ({ answers }) => expect(answers[0]?.text).toContain('"duplicate":false'),
    },
  },
  {
    rule: 'whoever may write may not therefore read',
    sent: 'the id of a job that the token’s holder has made, of a person, and of all that is queued',
    send: async (stage) => {
      const [job] = await stage.jobs();
      const paths = [`/jobs/${job?.jobId}`, '/people/ana@press.example', '/jobs?status=queued'];
      return Promise.all(paths.map((path) => stage.request('GET', path, { headers: as('writer') })));
    },
    answered: '403 forbidden',
    stored: 'nothing',
  },
  {
    rule: 'a cursor is for the query that it was made for',
    sent: 'a good cursor with another query, one with another position, one with its seal cut off, and one from nowhere',
    given: async (stage) => {
      const body = JSON.stringify(
        [1, 2, 3].map((one) => ({ type: 'change', person: { email: `x${one}@press.example` } })),
      );
      await stage.request('POST', '/events', { body, headers: { ...from('operator'), prefer: 'wait=25' } });
    },
    send: async (stage) => {
      const list = (query: string) => stage.request('GET', `/jobs?${query}`, { headers: as('auditor') });
      const { cursor = '' } = JSON.parse((await list('status=ignored&limit=1')).text) as { cursor?: string };
      expect(cursor).not.toBe('');
      const moved = `${Buffer.from('9999').toString('base64url')}.${cursor.split('.')[1]}`;
      const tries = [
        `status=succeeded&cursor=${cursor}`,
        ...[moved, cursor.split('.')[0], 'e30.e30'].map((one) => `status=ignored&cursor=${one}`),
      ];
      return Promise.all(tries.map(list));
    },
    answered: '400 invalid-cursor',
    stored: 'nothing',
  },
  {
    rule: 'a method that a route does not know does nothing',
    sent: '`DELETE`, `PATCH` and `PUT` to people, jobs, webhooks and events, with a token for everything',
    send: async (stage) => {
      const tries = [
        'DELETE /people/ana@press.example',
        'PATCH /jobs',
        'DELETE /webhooks/jira',
        'PUT /events',
        'DELETE /health',
      ];
      const sent = tries
        .map((line) => line.split(' '))
        .map(([method = '', path = '']) => stage.request(method, path, { headers: as('operator') }));
      return Promise.all(sent);
    },
    answered: '405 method-not-allowed',
    stored: 'nothing',
  },
  {
    rule: 'a password is seen once, by whoever asked for it',
    sent: '`POST /people/{email}/password` by a token that may, then by one that may not, then the person is read',
    given: async (stage) => {
      const body = JSON.stringify({ type: 'onboard', person: { email: 'yan@press.example', department: 'Finance' } });
      await stage.request('POST', '/events', { body, headers: { ...from('operator'), prefer: 'wait=25' } });
    },
    send: async (stage) => [
      await stage.request('POST', '/people/yan@press.example/password', { headers: as('operator') }),
      await stage.request('POST', '/people/yan@press.example/password', { headers: as('desk') }),
      await stage.request('GET', '/people/yan@press.example', { headers: as('auditor') }),
    ],
    answered: '200, 403 forbidden',
    stored: 'nothing',
    besides: {
      that: 'it is in the first answer, which must not be cached, and nowhere else',
      holds: ({ stage, answers: [first, ...others] }) => {
        const { password } = JSON.parse(first?.text ?? '') as { password: string };
        expect(password).toHaveLength(24);
        expect(first?.headers['cache-control']).toBe('no-store');
        const { logs, written } = stage.everything();
        for (const place of [logs, written, ...others.map(({ text }) => text)]) expect(place).not.toContain(password);
      },
    },
  },
];

export const tokens: Family = {
  title: 'Tokens',
  about: `A token is known by its SHA-256 and has some of ${SCOPES.length} scopes; each route needs one. All that are configured are compared, in constant time.`,
  attacks,
};
