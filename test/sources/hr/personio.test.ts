import { describe, expect, it } from 'vitest';
import { personio } from '../../../shared/sources/hr/personio.ts';
import { personioFake } from '../../fakes/vendors/personio.ts';
import { personioDelivery } from '../../fixtures/hr/personio.ts';
import { SETTING } from '../signed.ts';
import { useVendor } from '../stage.ts';
import { BAD_IDS, BAD_SECRETS } from '../tables.ts';

const TOKEN = 'verlag webhook token';
const SETTINGS = { tokens: ['an older token', TOKEN], clientId: 'verlag', clientSecret: 'verlag secret' };
const stage = useVendor({ make: personio, fake: () => personioFake('verlag', 'verlag secret'), settings: SETTINGS });
const delivery = (event: string, payload: object, more: object = {}) => ({
  ...personioDelivery(TOKEN, event, payload, more),
  receivedAt: SETTING.now(),
});
const read = (...said: Parameters<typeof delivery>) => stage.source().read(delivery(...said));

describe('a delivery comes from Personio', () => {
  const sent = delivery('person.updated', { id: '31' });
  const verify = (headers: Record<string, string | undefined>, more: object = {}) =>
    stage.source(more).verify({ ...sent, headers });

  it('by any of the tokens, so that rotation needs no downtime', () => {
    expect(verify({ authorization: TOKEN })).toBe(true);
    expect(verify({ authorization: 'an older token' })).toBe(true);
  });

  it('by a header of one’s choice, and then by no other', () => {
    expect(verify({ 'x-verlag-hook': TOKEN }, { header: 'X-Verlag-Hook' })).toBe(true);
    expect(verify({ authorization: TOKEN }, { header: 'X-Verlag-Hook' })).toBe(false);
  });

  it.each<[rule: string, authorization: string | undefined]>([
    ['no token', undefined],
    ['an empty one', ''],
    ['a scheme that Personio does not add', `Bearer ${TOKEN}`],
    ['capitals', TOKEN.toUpperCase()],
    ['the beginning of it', TOKEN.slice(0, -1)],
    ['more than it', `${TOKEN}x`],
    ['space around it', ` ${TOKEN}`],
    ['the header sent twice', `${TOKEN},${TOKEN}`],
    ['the header sent twice, with a space', `${TOKEN}, ${TOKEN}`],
    ['two tokens', `an older token,${TOKEN}`],
  ])('and not by %s', (_, authorization) => {
    expect(verify({ authorization })).toBe(false);
  });

  it('and not by a header of a like name', () => {
    expect(verify({ 'x-personio-signature': TOKEN })).toBe(false);
  });
});

describe('a source is not made with', () => {
  for (const [rule, tokens] of BAD_SECRETS) {
    it(`${rule}, and the error names the member`, () => {
      expect(() => personio({ ...SETTINGS, tokens }, SETTING)).toThrow(/personio\.tokens/);
    });
  }

  it.each([
    ['clientId', { clientId: '' }],
    ['clientSecret', { clientSecret: undefined }],
    ['header', { header: 'a header' }],
    ['baseUrl', { baseUrl: 'ftp://api.personio.de' }],
    ['auth_type', { auth_type: 'NONE' }],
  ])('a wrong %s', (member, more) => {
    expect(() => personio({ ...SETTINGS, ...more }, SETTING)).toThrow(new RegExp(`personio\\.${member}`));
  });
});

describe('an event', () => {
  const lookup = (employeeId: string) => ({ kind: 'notices', notices: [{ kind: 'lookup', id: employeeId }] });

  it.each(['person.created', 'person.updated'])('%s has the person looked up, wherever the id stands', (event) => {
    expect(read(event, { person: { id: '31' } })).toMatchObject(lookup('31'));
    expect(read(event, { person_id: 31 })).toMatchObject(lookup('31'));
    expect(read(event, { id: '31' })).toMatchObject(lookup('31'));
    expect(read(event, { person: 'Jule', id: '31' })).toMatchObject(lookup('31'));
    expect(read(event, { person: { id: '31' }, person_id: '32', id: '33' })).toMatchObject(lookup('31'));
  });

  it.each([
    'employment.created',
    'employment.updated',
    'employment.updated.cost-centers',
    'employment.deleted',
    'employment.started',
    'employment.terminated',
  ])('%s has the person looked up, and never the employment', (event) => {
    expect(read(event, { id: '9-e', person: { id: '31' } })).toMatchObject(lookup('31'));
    expect(read(event, { id: '9-e', person_id: '31' })).toMatchObject(lookup('31'));
    expect(read(event, { id: '9-e' })).toMatchObject({ kind: 'unreadable', violations: [{ pointer: '/payload' }] });
  });

  it('of a deleted person is no leaver', () => {
    const review = { kind: 'review', id: '31', code: 'employee-deleted' };
    expect(read('person.deleted', { id: '31' })).toMatchObject({ notices: [review] });
  });

  it.each(['absence-period.created', 'document.signed', 'attendance-period.updated', 'persona.created', ''])(
    '%s says nothing of anybody’s employment',
    (event) => {
      expect(read(event, {})).toMatchObject({ kind: 'notices', notices: [] });
    },
  );

  it.each([...BAD_IDS, null, true, ['31'], 3.1])('that names %j names nobody', (id) => {
    expect(read('person.updated', { id })).toMatchObject({ kind: 'unreadable' });
  });
});

describe('a delivery', () => {
  it('that comes again is the same, and another is not', () => {
    const { deliveryId } = read('person.updated', { id: '31' });
    expect(deliveryId).toMatch(/^[0-9a-f]{64}$/);
    expect(read('person.updated', { id: '31' }, { meta: { attempt: 2 } }).deliveryId).toBe(deliveryId);
    for (const other of [
      read('person.created', { id: '31' }),
      read('person.updated', { id: '32' }),
      read('person.updated', { id: '31' }, { occurred_at: '2026-05-05T05:05:05Z' }),
      read('person.updated', { id: '31' }, { company_id: '4712' }),
    ])
      expect(other.deliveryId).not.toBe(deliveryId);
  });

  it('of a time to come is another than the one of that time, and comes again as the same', () => {
    const at = { occurred_at: new Date(Date.parse(SETTING.now()) + 1000).toISOString() };
    const { deliveryId } = read('person.updated', { id: '31' }, at);
    expect(read('person.updated', { id: '31' }, { ...at, meta: { attempt: 2 } }).deliveryId).toBe(deliveryId);
    const sent = delivery('person.updated', { id: '31' }, at);
    const then = stage.source().read({ ...sent, receivedAt: at.occurred_at });
    expect(then.deliveryId).not.toBe(deliveryId);
  });

  it.each(['', 'null', '[]', '{}', '{"company_id":"1","event_name":"person.updated"}', '\u00ff{'])(
    'of %j cannot be read, and is answered 202 because Personio would only send it again',
    (text) => {
      const body = Buffer.from(text, 'latin1');
      const reading = stage.source().read({ headers: {}, body, receivedAt: SETTING.now() });
      expect(reading).toMatchObject({ kind: 'unreadable', deliveryId: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(stage.source()).toMatchObject({ unreadableStatus: 202, acceptedStatus: 202 });
    },
  );
});
