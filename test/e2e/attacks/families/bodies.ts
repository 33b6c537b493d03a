/** Bodies that are too large, too deep, say a thing twice, or mean to change more than they say. */
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { Attack, Family } from '../attack.ts';
import { KEYS } from '../secrets.ts';
import { from, hex, signed } from '../sending.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const post =
  (...bodies: string[]): Attack['send'] =>
  async (stage) =>
    Promise.all(bodies.map((body) => stage.request('POST', '/events', { body, headers: from('writer') })));

const event = (more: object = {}) => ({ type: 'onboard', person: { email: 'mallory@press.example', ...more } });
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const withMember = (member: string, value: string) =>
  JSON.stringify({ ...event(), '?': 1 }).replace('"?":1', `"${member}":${value}`);
const inPerson = (member: string, value: string) =>
  JSON.stringify(event({ '?': 1 })).replace('"?":1', `"${member}":${value}`);

const REFUSED = { answered: '400 invalid-request', stored: 'nothing' };

const attacks: Attack[] = [
  {
    rule: 'more than 256 KB is not read',
    sent: 'a body of 256 KB and one byte, with a token and without, and to a webhook',
    send: async (stage, canary) => {
      const body = JSON.stringify(event({ firstName: canary })).padEnd(256 * 1024 + 1);
      return [
        await stage.request('POST', '/events', { body, headers: from('writer') }),
        await stage.request('POST', '/events', { body, headers: JSON_TYPE }),
        await stage.request('POST', '/webhooks/standard-webhooks', { body, headers: signed(body) }),
      ];
    },
    answered: '413 payload-too-large',
    stored: 'nothing',
  },
  {
    rule: 'JSON 10,000 deep overflows nothing',
    sent: 'lists, and objects, 10,000 deep to `/events`: as the whole, and as an attribute',
    send: post(
      deep(10_000),
      `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
      inPerson('attributes', `{"a":${deep(10_000)}}`),
    ),
    ...REFUSED,
  },
  {
    rule: 'a signed body that is too deep is for a person to look into',
    sent: 'a HiBob delivery, signed, whose `triggeredAt` is 10,000 deep',
    send: (stage, canary) => {
      const body = `{"type":"employee.updated","data":{"employeeId":"1"},"name":"${canary}","triggeredAt":${deep(10_000)}}`;
      const signature = Buffer.from(hex(KEYS.hibob, body, 'sha512'), 'hex').toString('base64');
      return stage.request('POST', '/webhooks/hibob', { body, headers: { ...JSON_TYPE, 'bob-signature': signature } });
    },
    answered: '200',
    stored: 'a job: needs-attention (unreadable)',
  },
  {
    rule: 'a body of very many values overflows nothing',
    sent: '125,000 items where a few are meant: to `/events`, and in a signed batch of BambooHR’s',
    send: async (stage) => {
      const list = `[${Array(125_000).fill('0').join()}]`;
      const body = `{"employees":${list}}`;
      const at = String(Math.floor(Date.now() / 1000));
      const signature = hex(KEYS.bamboohr, `${body}${at}`);
      const headers = { ...JSON_TYPE, 'x-bamboohr-timestamp': at, 'x-bamboohr-signature': signature };
      return [
        await stage.request('POST', '/events', { body: list, headers: from('writer') }),
        await stage.request('POST', '/webhooks/bamboohr', { body, headers }),
      ];
    },
    answered: '400 invalid-request, 202',
    stored: 'a job: needs-attention (unreadable)',
  },
  {
    rule: 'one delivery does not become thousands of jobs',
    sent: 'a signed batch of BambooHR’s with 20,000 employees of no name',
    send: (stage) => {
      const body = `{"employees":[${Array(20_000).fill('{}').join()}]}`;
      const at = String(Math.floor(Date.now() / 1000));
      const signature = hex(KEYS.bamboohr, `${body}${at}`);
      const headers = { ...JSON_TYPE, 'x-bamboohr-timestamp': at, 'x-bamboohr-signature': signature };
      return stage.request('POST', '/webhooks/bamboohr', { body, headers });
    },
    answered: '202',
    stored: 'a job: needs-attention (unreadable)',
  },
  {
    rule: 'of a member that comes twice the job shows the one that was acted upon',
    sent: 'an onboard whose second `email` differs from the first, signed; so does its second `department`',
    send: (stage) => {
      const person =
        '{"email":"first@press.example","email":"second@press.example","department":"Nobody","department":"Finance"}';
      const body = `{"type":"onboard","person":${person}}`;
      return stage.request('POST', '/webhooks/standard-webhooks', { body, headers: signed(body) });
    },
    answered: '202',
    stored: 'a job: succeeded (created)',
    besides: {
      that: 'job and account are the second address’s, and nobody else is known',
      holds: async ({ stage, jobs }) => {
        expect(jobs[0]?.email).toBe('second@press.example');
        const emails = (await stage.users()).map(({ email }) => email);
        expect(emails).toContain('second@press.example');
        expect(emails).not.toContain('first@press.example');
        expect(stage.everything().written).not.toContain('first@press.example');
      },
    },
  },
  {
    rule: '`__proto__` and `constructor` are members like any other, and none of ours',
    sent: '`__proto__`, `constructor` and `prototype` in the event, the person, the attributes and the permissions',
    send: post(
      withMember('__proto__', '{"isAdmin":true}'),
      withMember('constructor', '{"prototype":{"isAdmin":true}}'),
      inPerson('__proto__', '{"isAdmin":true}'),
      inPerson('attributes', '{"__proto__":"x"}'),
      withMember('access', '{"role":"ADMIN","permissions":{"__proto__":true}}'),
    ),
    ...REFUSED,
  },
  {
    rule: 'a profile of an inherited name is no profile',
    sent: 'grants of the profiles `constructor`, `__proto__` and `hasOwnProperty`',
    send: post(
      ...['constructor', '__proto__', 'hasOwnProperty'].map((name) => withMember('access', `{"profile":"${name}"}`)),
    ),
    answered: '422 unknown-profile',
    stored: 'nothing',
  },
  {
    rule: 'a polluted prototype is not to be had in a handler either',
    sent: 'the same to the handler in this process, signed, and to a source whose mapping points into its bodies',
    send: async (stage) => {
      const body = '{"id":"p-1","what":"onboard","mail":{"__proto__":{"isAdmin":true}},"__proto__":{"isAdmin":true}}';
      const headers = { ...JSON_TYPE, 'x-hub-signature-256': `sha256=${hex(KEYS.github, body)}` };
      return stage.invoke('webhooks', {
        route: 'POST /webhooks/generic/{name}',
        params: { name: 'signed' },
        headers,
        body,
      });
    },
    answered: '400 invalid-request',
    stored: 'a job: needs-attention (unreadable)',
    besides: { that: 'no object has a member more', holds: () => expect('isAdmin' in {}).toBe(false) },
  },
  {
    rule: 'what is no UTF-8, or half a character, is no text',
    sent: 'bytes of Latin-1, a lone surrogate, a NUL, and two documents in one body',
    send: async (stage) => [
      await stage.invoke('events', {
        route: 'POST /events',
        headers: from('writer'),
        body: Buffer.from(JSON.stringify(event({ department: 'Fi\u00fc' })), 'latin1').toString('base64'),
        isBase64Encoded: true,
      }),
      ...[
        await post(inPerson('department', '"\\ud800"'), inPerson('department', '"\\u0000"'), '{}{}')(stage, ''),
      ].flat(),
    ],
    ...REFUSED,
  },
  {
    rule: 'a compressed body is bytes like any other',
    sent: 'a bomb of gzip that would be 100 MB, with `Content-Encoding: gzip`, as AWS would hand it on',
    send: (stage) =>
      stage.invoke('events', {
        route: 'POST /events',
        headers: { ...from('writer'), 'content-encoding': 'gzip' },
        body: gzipSync(Buffer.alloc(100 * 1024 * 1024, ' ')).toString('base64'),
        isBase64Encoded: true,
      }),
    ...REFUSED,
  },
  {
    rule: 'what a browser sends without asking is refused',
    sent: 'an event as `text/plain`, as a form and as XML, with a token',
    send: (stage, canary) =>
      Promise.all(
        ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'].map((type) => {
          const body = JSON.stringify(event({ firstName: canary }));
          return stage.request('POST', '/events', { body, headers: { ...from('writer'), 'content-type': type } });
        }),
      ),
    answered: '415 unsupported-media-type',
    stored: 'nothing',
  },
];

export const bodies: Family = {
  title: 'Hostile bodies',
  about:
    'A body is bounded in bytes, depth and values before it is parsed, and read by schemas that refuse what they do not know.',
  attacks,
};
