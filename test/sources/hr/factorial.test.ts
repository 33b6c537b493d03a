import { describe, expect, it } from 'vitest';
import { factorial } from '../../../shared/sources/hr/factorial.ts';
import { factorialBody } from '../../fixtures/hr/factorial.ts';
import { SETTING } from '../signed.ts';
import { wire } from '../stage.ts';

const CHALLENGE = 'factorial-unit-test-challenge';
const NOW = SETTING.now();
const make = (more: object = {}) => factorial({ challenges: [CHALLENGE], apiKey: 'unit-test-key', ...more }, SETTING);
const verify = (challenge: string | undefined, challenges = [CHALLENGE]) =>
  make({ challenges }).verify({
    headers: { 'x-factorial-wh-challenge': challenge },
    body: wire('{}'),
    receivedAt: NOW,
  });
const read = (body: object | string, settings: object = {}, receivedAt = NOW) =>
  make(settings).read({ headers: {}, body: wire(body), receivedAt });
const LOOKUP = { kind: 'lookup', id: '12' };
const CONTRACT = {
  id: 5,
  company_id: 1,
  employee_id: 12,
  effective_on: '2026-05-01',
  updated_at: '2026-05-01T10:00:00Z',
};

describe('the challenge', () => {
  it.each([
    ['any of those configured', CHALLENGE, ['the-one-before-it', CHALLENGE]],
    ['the only one', CHALLENGE, [CHALLENGE]],
  ])('is accepted: %s', (_, sent, known) => expect(verify(sent, known)).toBe(true));

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['another one', 'factorial-unit-test-challengf'],
    ['the beginning of it', CHALLENGE.slice(0, -1)],
    ['more than it', `${CHALLENGE}x`],
    ['space around it', ` ${CHALLENGE}`],
    ['capitals', CHALLENGE.toUpperCase()],
    ['it twice, joined by a comma', `${CHALLENGE},${CHALLENGE}`],
    ['it twice, with a space', `${CHALLENGE}, ${CHALLENGE}`],
    ['a scheme in front', `Bearer ${CHALLENGE}`],
    ['base64', Buffer.from(CHALLENGE).toString('base64')],
  ])('is refused: %s', (_, sent) => expect(verify(sent)).toBe(false));
});

describe('a source is not made with', () => {
  it.each<[string, object, RegExp]>([
    ['no challenge', { challenges: [] }, /factorial\.challenges/],
    ['an empty challenge, which would let anybody in', { challenges: [CHALLENGE, ''] }, /factorial\.challenges\.1/],
    ['no key', { apiKey: undefined }, /factorial\.apiKey/],
    ['an empty key', { apiKey: '' }, /factorial\.apiKey/],
    ['a version that is no date', { apiVersion: 'v2' }, /factorial\.apiVersion/],
    ['plain http', { baseUrl: 'http://api.factorialhr.com' }, /factorial\.baseUrl/],
    ['an unknown setting', { signingSecrets: ['x'] }, /factorial\.signingSecrets is not a known setting/],
  ])('%s, and the error names the member', (_, settings, named) => expect(() => make(settings)).toThrow(named));
});

describe('a body', () => {
  it.each<[string, object]>([
    ['an employee', factorialBody(12)],
    ['an employee whose id is a text', { ...factorialBody(12), id: '12' }],
    ['an employee who will have left', factorialBody(12, { is_terminating: true, terminated_on: '2026-08-31' })],
    ['a contract version', CONTRACT],
    ['a team membership', { id: 3, employee_id: '12', team_id: '9', lead: false }],
  ])('that is %s says whose record to look up, and nothing else', (_, body) => {
    expect(read(body)).toMatchObject({ kind: 'notices', notices: [LOOKUP] });
    expect(JSON.stringify(read(body))).not.toMatch(/nuria|terminated/i);
  });

  it.each<[string, object]>([
    ['a candidate', { id: 12, first_name: 'Nuria', last_name: 'Vidal', full_name: 'Nuria Vidal', talent_pool: false }],
    ['a team', { id: 9, name: 'Newsroom', company_id: 1, employee_ids: [12] }],
    ['a workplace', { id: 3, name: 'Girona', company_id: 1 }],
    ['something empty', {}],
  ])('that is %s says nothing', (_, body) => expect(read(body)).toMatchObject({ kind: 'notices', notices: [] }));

  it.each<[string, object | string, string]>([
    ['no JSON', 'id=12', ''],
    ['no object', 'null', ''],
    ['an employee without an id', { ...factorialBody(12), id: null }, '/id'],
    ['an employee whose id is a path', { ...factorialBody(12), id: '12/../13' }, '/id'],
    ['a contract version of a path', { ...CONTRACT, employee_id: '../12' }, '/employee_id'],
  ])('that is %s is unreadable and says where', (_, body, pointer) => {
    expect(read(body)).toMatchObject({ kind: 'unreadable', violations: [{ pointer }] });
  });

  it('of a contract version to come has the record looked up now, and when its day has begun', () => {
    const coming = { ...CONTRACT, effective_on: '2026-06-01' };
    // From 05:05:05 UTC on 5 May to midnight in Madrid on 1 June.
    const seconds = (Date.parse('2026-05-31T22:00:00Z') - Date.parse(NOW)) / 1000;
    expect(read(coming, { timeZone: 'Europe/Madrid' })).toMatchObject({
      notices: [LOOKUP, { ...LOOKUP, settleSeconds: seconds }],
    });
  });

  it('of a contract version to come, in a zone that is not configured, waits until the day has begun everywhere', () => {
    const seconds = (Date.parse('2026-06-01T12:00:00Z') - Date.parse(NOW)) / 1000;
    expect(read({ ...CONTRACT, effective_on: '2026-06-01' })).toMatchObject({
      notices: [LOOKUP, { settleSeconds: seconds }],
    });
  });

  it.each([{ is_terminating: true }, { terminated_on: '2026-08-31' }])('of an employee may lack a name: %j', (body) => {
    expect(read({ id: 12, company_id: 1, ...body })).toMatchObject({ notices: [LOOKUP] });
  });

  it.each(['9999-12-31', '0000-00-00', 'soon', null])('of a contract version from %j on is looked up now', (day) => {
    expect(read({ ...CONTRACT, effective_on: day })).toMatchObject({ notices: [LOOKUP] });
  });
});

describe('a delivery', () => {
  const idOf = (body: object, at = NOW) => read(body, {}, at).deliveryId;
  const LATER = '2026-05-06T05:05:05.000Z';

  it('of an employee is known by what it says: its times are full seconds', () => {
    const body = factorialBody(12);
    expect(idOf(body, LATER)).toBe(idOf(body));
    expect(idOf({ ...body, terminated_on: '2026-08-31' })).not.toBe(idOf(body));
    expect(idOf(factorialBody(13))).not.toBe(idOf(body));
    expect(idOf({ ...body, updated_at: '2026-03-02T10:00:00.000Z' })).not.toBe(idOf(body));
  });

  it('of anything else is the same within the hour only: a deletion may look like what came before it', () => {
    expect(idOf(CONTRACT, '2026-05-05T05:59:59.000Z')).toBe(idOf(CONTRACT));
    expect(idOf(CONTRACT, LATER)).not.toBe(idOf(CONTRACT));
    expect(idOf({ ...CONTRACT, id: 6 })).not.toBe(idOf(CONTRACT));
  });
});
