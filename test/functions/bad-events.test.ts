import { beforeEach, describe, expect, it } from 'vitest';
import type { RequestLine } from '../middleware/request.ts';
import { as, problemOf, SOUND, useHandler } from './stack.ts';

const { send, queued } = useHandler(() => import('../../functions/events.ts'));

beforeEach(async () => void (await queued()));

const JSON_TYPE = { 'content-type': 'application/json' };
const PERSON = { email: 'frey@hamn.example' };
const ONBOARD = { type: 'onboard', person: PERSON };
const text = (value: unknown) => JSON.stringify(value);
const person = (more: object) => text({ ...ONBOARD, person: { ...PERSON, ...more } });
const nested = (open: string, close: string) => `${open.repeat(10_000)}1${close.repeat(10_000)}`;

const post = (line: Partial<RequestLine>) =>
  send({ route: 'POST /events', ...line, headers: { ...JSON_TYPE, ...as('writer'), ...line.headers } });

const BODIES: [rule: string, body: string | undefined, pointers: unknown[]][] = [
  ['no body', undefined, ['']],
  ['an empty body', '', ['']],
  ['half a body', '{"type":"onboard","person":{', ['']],
  ['two bodies', `${text(ONBOARD)}${text(ONBOARD)}`, ['']],
  ['no JSON', 'type=onboard', ['']],
  ['null', 'null', ['']],
  ['a text', '"onboard"', ['']],
  ['an array of none', '[]', ['']],
  ['an array of 101', text(Array(101).fill(ONBOARD)), ['']],
  ['an array of null', '[null]', ['/0']],
  ['arrays 10,000 deep', nested('[', ']'), ['']],
  ['objects 10,000 deep', nested('{"a":', '}'), ['']],
  [
    'objects 10,000 deep in an attribute',
    person({ attributes: { a: '?' } }).replace('"?"', nested('{"a":', '}')),
    [''],
  ],
  ['a __proto__', `{"__proto__":{"x":1},${text(ONBOARD).slice(1)}`, ['/__proto__']],
  ['a __proto__ in an array', `[${text(ONBOARD)},{"__proto__":1}]`, ['/1/__proto__']],
  ['a __proto__ in the person', person({ p: 1 }).replace('"p"', '"__proto__"'), ['/person/__proto__']],
  [
    'a __proto__ in the attributes',
    person({ attributes: { p: 'x' } }).replace('"p"', '"__proto__"'),
    ['/person/attributes/__proto__'],
  ],
  [
    'a __proto__ below an attribute',
    person({ attributes: { a: { p: 'x' } } }).replace('"p"', '"__proto__"'),
    [expect.stringMatching(/^\/person\/attributes\/a(\/|$)/)],
  ],
  [
    'a __proto__ for a permission',
    text({ ...ONBOARD, access: { role: 'R', permissions: { p: true } } }).replace('"p"', '"__proto__"'),
    ['/access/permissions/__proto__'],
  ],
  ['a constructor', text({ ...ONBOARD, constructor: {} }), ['/constructor']],
  ['a member that is not known', text({ ...ONBOARD, effectivAt: '2026-10-01' }), ['/effectivAt']],
  ['a member of the person that is not known', person({ departement: 'Newsroom' }), ['/person/departement']],
  ['a member whose name needs escaping', text({ ...ONBOARD, 'a/b~c': 1 }), ['/a~1b~0c']],
  [
    'a permission that is not known',
    text({ ...ONBOARD, access: { role: 'R', permissions: { checkout: true } } }),
    ['/access/permissions/checkout'],
  ],
  ['no type', text({ person: PERSON }), ['/type']],
  ['a type that is not known', text({ ...ONBOARD, type: 'Onboard' }), ['/type']],
  ['no person', text({ type: 'onboard' }), ['/person']],
  ['no email for an onboard', text({ type: 'onboard', person: { externalId: '1' } }), ['/person/email']],
  ['neither email nor id', text({ type: 'offboard', person: {} }), ['/person/email']],
  ['a null email', person({ email: null }), ['/person/email']],
  ['an empty email', person({ email: '' }), ['/person/email']],
  ['an email of 300 characters', person({ email: `${'f'.repeat(60)}@${'x.'.repeat(115)}example` }), ['/person/email']],
  ['an email with a Kelvin sign', person({ email: '\u212Ari@hamn.example' }), ['/person/email']],
  ['a former email with a Kelvin sign', person({ previousEmail: 'fre\u212A@hamn.example' }), ['/person/previousEmail']],
  ['an email in another script', person({ email: 'фрей@hamn.example' }), ['/person/email']],
  ['two emails', person({ email: 'frey@hamn.example,freya@hamn.example' }), ['/person/email']],
  ['an email with a name', person({ email: 'Frey <frey@hamn.example>' }), ['/person/email']],
  ['an empty department', person({ department: '' }), ['/person/department']],
  ['a department of spaces', person({ department: ' \t' }), ['/person/department']],
  ['an empty id', person({ externalId: '' }), ['/person/externalId']],
  ['a null id', person({ externalId: null }), ['/person/externalId']],
  ['an empty attribute', person({ attributes: { desk: '' } }), ['/person/attributes/desk']],
  ['a number for an attribute', person({ attributes: { desk: 4 } }), ['/person/attributes/desk']],
  ['an impossible date', text({ ...ONBOARD, effectiveAt: '2026-02-30' }), ['/effectiveAt']],
  ['no date', text({ ...ONBOARD, effectiveAt: '0000-00-00' }), ['/effectiveAt']],
  ['a date of the far future', text({ ...ONBOARD, effectiveAt: '9999-12-31' }), ['/effectiveAt']],
  ['an instant without an offset', text({ ...ONBOARD, occurredAt: '2026-09-01T00:00:00' }), ['/occurredAt']],
  ['an impossible hour', text({ ...ONBOARD, occurredAt: '2026-09-01T24:30:00Z' }), ['/occurredAt']],
  ['an impossible end', text({ ...ONBOARD, access: { profile: 'finance', until: '2026-13-01' } }), ['/access/until']],
  ['an unknown time zone', text({ ...ONBOARD, timeZone: 'Hamn/Kaj' }), ['/timeZone']],
  ['an offset for a time zone', text({ ...ONBOARD, timeZone: '+05:30' }), ['/timeZone']],
  ['an empty reason', text({ ...ONBOARD, reason: '' }), ['/reason']],
  ['access of no kind', text({ ...ONBOARD, access: {} }), ['/access']],
  ['a role without permissions', text({ ...ONBOARD, access: { role: 'R' } }), ['/access']],
];

describe('POST /events answers 400, and where it is wrong, to', () => {
  for (const [rule, body, pointers] of BODIES) {
    it(rule, async () => {
      const answer = await post(body === undefined ? {} : { body });
      expect(answer.status).toBe(400);
      expect(problemOf(answer)).toEqual(SOUND);
      const errors = pointers.map((pointer) => ({ pointer, detail: expect.any(String) }));
      expect(answer.body).toMatchObject({ type: 'urn:conscent-lifecycle:problem:invalid-request', status: 400 });
      expect(answer.body).toHaveProperty('errors', expect.arrayContaining(errors));
    });
  }

  it('bytes that are not UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"type":"'), Buffer.of(0xff, 0xfe), Buffer.from('"}')]).toString('base64');
    const answer = await post({ body, isBase64Encoded: true });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '' }] } });
  });

  it('thousands of members that are not known, with no more of them than a person can read', async () => {
    const many = Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`member-${index}`, index]));
    const answer = await post({ body: text({ ...ONBOARD, ...many }) });
    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(32 * 1024);
  });
});

const GOOD = text(ONBOARD);
const REQUESTS: [rule: string, status: number, code: string, line: Partial<RequestLine>][] = [
  ['no token', 401, 'unauthorized', { headers: { authorization: undefined } }],
  ['a wrong token', 401, 'unauthorized', { headers: as('nobody') }],
  ['a token that ended this instant', 401, 'unauthorized', { headers: as('expired') }],
  ['a token without the scope', 403, 'forbidden', { headers: as('auditor') }],
  [
    'access of one’s own without its scope',
    403,
    'forbidden',
    { body: text({ ...ONBOARD, access: { role: 'R', permissions: { ga4: true } } }) },
  ],
  ['no content type', 415, 'unsupported-media-type', { headers: { 'content-type': undefined } }],
  ['a form', 415, 'unsupported-media-type', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
  ['text', 415, 'unsupported-media-type', { headers: { 'content-type': 'text/plain' } }],
  ['a body above 256 KB', 413, 'payload-too-large', { body: `${GOOD}${' '.repeat(256 * 1024)}` }],
  [
    'a body above 256 KB without a token',
    413,
    'payload-too-large',
    { body: ' '.repeat(256 * 1024 + 1), headers: { authorization: undefined } },
  ],
  ['a query parameter that is not known', 400, 'invalid-request', { query: { dryrun: 'true' } }],
  ['a key with a space', 400, 'invalid-request', { headers: { 'idempotency-key': 'a b' } }],
  ['an empty key', 400, 'invalid-request', { headers: { 'idempotency-key': '' } }],
  ['an unknown profile', 422, 'unknown-profile', { body: text({ ...ONBOARD, access: { profile: 'captain' } }) }],
];

describe('POST /events answers', () => {
  for (const [rule, status, code, line] of REQUESTS) {
    it(`${status} to ${rule}`, async () => {
      const answer = await post({ body: GOOD, ...line });
      expect(answer.status).toBe(status);
      expect(problemOf(answer)).toEqual(SOUND);
      expect(answer.body).toMatchObject({
        type: `urn:conscent-lifecycle:problem:${code}`,
        status,
        instance: expect.any(String),
      });
      expect(await queued()).toEqual([]);
    });
  }
});
