import { describe, expect, it } from 'vitest';
import { deel } from '../../../shared/sources/hr/deel.ts';
import { deelFake } from '../../fakes/vendors/deel.ts';
import { deelDelivery } from '../../fixtures/hr/deel.ts';
import vectors from '../../fixtures/vectors/deel.json' with { type: 'json' };
import { SETTING } from '../signed.ts';
import { useVendor } from '../stage.ts';
import { BAD_SECRETS, BAD_SIGNATURES } from '../tables.ts';

const KEY = 'hamn signing key';
const IDA = '0b6f4e2c-7d18-4a35-9f0e-c3a8d5719b64';
const SETTINGS = { signingSecrets: [KEY], apiToken: 'hamn-api-token' };
const stage = useVendor({ make: deel, fake: () => deelFake('hamn-api-token'), settings: SETTINGS });

const delivery = (event_type: string, resource: unknown, meta: object = {}) => ({
  ...deelDelivery(KEY, event_type, resource, meta),
  receivedAt: SETTING.now(),
});
const read = (...said: Parameters<typeof delivery>) => stage.source().read(delivery(...said));
const noticesOf = (...said: Parameters<typeof delivery>) => {
  const reading = read(...said);
  return reading.kind === 'notices' ? reading.notices : reading;
};

describe('of the vectors', () => {
  for (const { name, secrets, headers, body, isValid } of vectors.vectors) {
    it(`${isValid ? 'accepted' : 'refused'}: ${name}`, () => {
      const sent = { headers: { ...headers }, body: Buffer.from(body), receivedAt: SETTING.now() };
      expect(stage.source({ signingSecrets: secrets }).verify(sent)).toBe(isValid);
    });
  }
});

describe('a signature is refused:', () => {
  const good = delivery('worker.v2.updated', { id: IDA });
  for (const [rule, forge] of BAD_SIGNATURES) {
    it(rule, () => {
      const headers = { 'x-deel-signature': forge(good.headers['x-deel-signature']) };
      expect(stage.source().verify({ ...good, headers })).toBe(false);
    });
  }

  it('of another body', () => {
    expect(stage.source().verify({ ...good, body: Buffer.from(`${good.body} `) })).toBe(false);
  });
});

describe('a source is not made with', () => {
  for (const [rule, signingSecrets] of BAD_SECRETS) {
    it(`${rule}, and the error names the member`, () => {
      expect(() => deel({ ...SETTINGS, signingSecrets }, SETTING)).toThrow(/deel\.signingSecrets/);
    });
  }

  it.each([
    ['apiToken', { apiToken: '' }],
    ['baseUrl', { baseUrl: 'http://api.letsdeel.com' }],
    ['authority', { authority: ['all'] }],
    ['tolerance', { tolerance: 1 }],
  ])('a wrong %s', (member, more) => {
    expect(() => deel({ ...SETTINGS, ...more }, SETTING)).toThrow(new RegExp(`deel\\.${member}`));
  });
});

describe('an event', () => {
  it.each([
    'employee.created.direct',
    'employee.updated.direct',
    'Employee_Updated',
    'worker.v2.created',
    'worker.v2.updated',
    'worker.created',
    'hris.profile.updated',
  ])('%s has the profile looked up, in an object as in an array', (type) => {
    expect(noticesOf(type, { id: IDA })).toEqual([{ kind: 'lookup', id: IDA }]);
    expect(noticesOf(type, [{ id: IDA }])).toEqual([{ kind: 'lookup', id: IDA }]);
  });

  it.each([
    'contract.created',
    'contract.signed',
    'contract.status.updated',
    'contract.terminated',
    'contract.archived',
    'onboarding.status.updated',
    'gp.termination.confirmed',
  ])('%s has the profile looked up that it names', (type) => {
    const resource = { id: 'm7x2kq', contract_id: 'm7x2kq', worker_email: 'ida@hamn.example', hris_profile_id: IDA };
    expect(noticesOf(type, resource)).toEqual([{ kind: 'lookup', id: IDA }]);
  });

  it.each([
    'contract.created',
    'contract.signed',
    'contract.status.updated',
    'contract.terminated',
    'contract.archived',
    'employee.created.eor',
    'gp.termination.confirmed',
  ])('%s that names a contract only needs a person, whatever email it says', (type) => {
    const resource = [{ contract_id: 'm7x2kq', worker_email: 'ida@hamn.example', status: 'completed' }];
    expect(noticesOf(type, resource)).toEqual([{ kind: 'review', id: 'm7x2kq', code: 'employee-unnamed' }]);
  });

  it('of a deleted worker is no leaver', () => {
    expect(noticesOf('worker.v2.deleted', { id: IDA })).toEqual([
      { kind: 'review', id: IDA, code: 'employee-deleted' },
    ]);
  });

  it('that holds several says each of them, those that name nobody too', () => {
    expect(noticesOf('worker.v2.updated', [{ id: IDA }, { id: '../me' }, null])).toEqual([
      { kind: 'lookup', id: IDA },
      { kind: 'review', id: 'unknown', code: 'employee-unnamed' },
      { kind: 'review', id: 'unknown', code: 'employee-unnamed' },
    ]);
    expect(noticesOf('worker.v2.updated', [])).toEqual([]);
  });

  it('that is simulated asks for nothing', () => {
    expect(noticesOf('contract.terminated', { hris_profile_id: IDA }, { is_simulation: true })).toEqual([
      { kind: 'skip' },
    ]);
    expect(noticesOf('worker.v2.updated', { id: IDA }, { is_simulation: false })).toMatchObject([{ kind: 'lookup' }]);
  });

  it.each([
    'bgcheck.result.available',
    'ats.application.created',
    'timeoff.request.approved',
    'contract.amended',
    'contract.sign.team-member-invited',
    'workerbee.created',
    'invoice.paid',
    '',
  ])('%s says nothing of anybody’s employment', (type) => {
    expect(noticesOf(type, { id: 'm7x2kq', contract_id: 'm7x2kq' })).toEqual([]);
  });
});

describe('a delivery is known by', () => {
  it('its tracking id', () => {
    expect(read('worker.v2.updated', { id: IDA }, { tracking_id: 'q8_-:.Z' }).deliveryId).toBe('q8_-:.Z');
  });

  it.each([undefined, null, '', 'with space', 'x'.repeat(129)])('its content where the id is %s', (tracking_id) => {
    const again = read('worker.v2.updated', { id: IDA }, { tracking_id }).deliveryId;
    expect(again).toMatch(/^[0-9a-f]{64}$/);
    expect(read('worker.v2.updated', { id: IDA }, { tracking_id }).deliveryId).toBe(again);
    expect(read('worker.v2.created', { id: IDA }, { tracking_id }).deliveryId).not.toBe(again);
  });
});

it.each(['', 'null', '[]', '{"data":{}}', '{"data":{"meta":{"event_type":1}}}', '{"data":'])(
  'a body of %j cannot be read, and says so without quoting it',
  (body) => {
    const reading = stage.source().read({ headers: {}, body: Buffer.from(body), receivedAt: SETTING.now() });
    expect(reading).toMatchObject({ kind: 'unreadable', deliveryId: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(stage.source()).toMatchObject({ unreadableStatus: 202, acceptedStatus: 202 });
  },
);
