/** Paths that lead somewhere else. */
import { expect } from 'vitest';
import type { Answer, Attack, Family } from '../attack.ts';
import { as, from } from '../sending.ts';
import type { Stage } from '../stage.ts';

const OUT = [
  '..',
  '.',
  '../guard/pause',
  '../../health',
  '%2e%2e%2fhealth',
  '\u0000',
  'a\r\nb',
  '__proto__',
  'constructor',
  '',
];

/** What is put into a path as the gateway would hand it on: decoded once. */
const named = async (stage: Stage, name: 'jobs' | 'people' | 'webhooks', route: string, parameter: string) => {
  const answers: Answer[] = [];
  for (const value of OUT) {
    const body = route.startsWith('PUT') ? { body: '{"userId":"u-1"}' } : {};
    answers.push(
      await stage.invoke(name, { route, params: { [parameter]: value }, headers: from('operator'), ...body }),
    );
  }
  return answers;
};

/** A path as no client would send it: neither resolved nor encoded. */
const rawly =
  (...targets: string[]): Attack['send'] =>
  async (stage) => {
    const answers: Answer[] = [];
    for (const target of targets) {
      const { authorization } = as('operator');
      answers.push(
        await stage.raw(
          `${target} HTTP/1.1`,
          'Host: localhost',
          'Connection: close',
          `Authorization: ${authorization}`,
          '',
          '',
        ),
      );
    }
    return answers;
  };

const NOT_FOUND = { answered: '404 not-found', stored: 'nothing' };

const attacks: Attack[] = [
  {
    rule: 'no `{email}` leads to another route',
    sent: '`..`, `../guard/pause`, `%2e%2e%2f`, NUL, CRLF, `__proto__` and nothing, in every route that names a person',
    send: async (stage) => [
      ...(await named(stage, 'people', 'GET /people/{email}', 'email')),
      ...(await named(stage, 'people', 'PUT /people/{email}/account', 'email')),
      ...(await named(stage, 'people', 'POST /people/{email}/release', 'email')),
      ...(await named(stage, 'people', 'POST /people/{email}/reapply', 'email')),
      ...(await named(stage, 'people', 'POST /people/{email}/password', 'email')),
    ],
    ...NOT_FOUND,
  },
  {
    rule: 'no `{jobId}` leads to another record',
    sent: 'the same in every route that names a job',
    send: async (stage) => [
      ...(await named(stage, 'jobs', 'GET /jobs/{jobId}', 'jobId')),
      ...(await named(stage, 'jobs', 'POST /jobs/{jobId}/retry', 'jobId')),
      ...(await named(stage, 'jobs', 'POST /jobs/{jobId}/cancel', 'jobId')),
    ],
    ...NOT_FOUND,
  },
  {
    rule: 'no `{source}` leads to another setting',
    sent: 'the same, and `generic`, `generic/../jira` and `generic/__proto__`, as sources',
    send: async (stage) => [
      ...(await named(stage, 'webhooks', 'POST /webhooks/{source}', 'source')),
      ...(await named(stage, 'webhooks', 'GET /webhooks/{source}', 'source')),
      ...(await named(stage, 'webhooks', 'POST /webhooks/generic/{name}', 'name')),
      await stage.invoke('webhooks', { route: 'POST /webhooks/{source}', params: { source: 'generic/../jira' } }),
      await stage.invoke('webhooks', { route: 'POST /webhooks/{source}', params: { source: 'generic' } }),
    ],
    ...NOT_FOUND,
  },
  {
    rule: 'a path is not resolved before it is judged',
    sent: '`/people/x/../../guard/pause`, `/jobs/../../health`, `//health` and `/webhooks/../events`, as AWS would hand them on; `/people/..%2f..%2fhealth` over a socket',
    send: async (stage) => {
      const targets = ['/people/x/../../guard/pause', '/jobs/../../health', '//health', '/webhooks/../events'];
      const answers = targets.map((path) =>
        stage.invoke('api', { route: '$default', method: 'POST', path, headers: from('operator') }),
      );
      const rest = await rawly('GET /jobs/%2e%2e%2f%2e%2e%2fhealth', 'GET /people/..%2f..%2fhealth')(stage, '');
      return [...(await Promise.all(answers)), ...[rest].flat()];
    },
    ...NOT_FOUND,
  },
  {
    rule: 'an escape that is none reaches no handler',
    sent: '`%zz`, and half a character, in a path',
    send: rawly('GET /people/%zz', 'GET /people/%ff'),
    answered: '400 by the gateway',
    stored: 'nothing',
  },
  {
    rule: 'no `userId` leads to another of Conscent’s resources',
    sent: 'links to `../../keys`, `..%2fkeys`, `a/b`, `a\\b`, `a?b`, `a#b` and `..`, by an operator and by an import',
    given: (stage) =>
      stage.request('POST', '/events', {
        body: JSON.stringify({ type: 'onboard', person: { email: 'vera@press.example' } }),
        headers: { ...from('operator'), prefer: 'wait=25' },
      }),
    send: async (stage) => {
      const ids = ['../../keys', '..%2fkeys', 'a/b', 'a\\b', 'a?b', 'a#b', '..'];
      const links = ids.map((userId) =>
        stage.request('PUT', '/people/vera@press.example/account', {
          body: JSON.stringify({ userId }),
          headers: from('desk'),
        }),
      );
      const file = ids.map((userId, index) => JSON.stringify({ email: `v${index}@press.example`, userId })).join('\n');
      const headers = { ...as('desk'), 'content-type': 'application/x-ndjson' };
      return [...(await Promise.all(links)), await stage.request('POST', '/people/import', { body: file, headers })];
    },
    answered: '400 invalid-request, 200',
    stored: 'nothing',
    besides: {
      that: 'each line of the import is `failed`; every call to Conscent went to its users, or to one of them by name',
      holds: async ({ stage, answers }) => {
        expect(answers.at(-1)?.text.match(/"status":"failed"/g)).toHaveLength(7);
        for (const { path } of await stage.calls()) expect(path).toMatch(/^\/api\/v2\/client\/multi-user(\/[\w-]+)?$/);
      },
    },
  },
];

export const paths: Family = {
  title: 'Paths that lead elsewhere',
  about:
    'What a path names is decoded once, by the gateway, and must then be an address, an id or a source; it is never part of a file’s name or a key’s.',
  attacks,
};
