import { describe, expect, it } from 'vitest';
import { gusto } from '../../../shared/sources/hr/gusto.ts';
import { gustoFake, SUBSCRIPTION } from '../../fakes/vendors/gusto.ts';
import { gustoDelivery } from '../../fixtures/hr/gusto.ts';
import vectors from '../../fixtures/vectors/gusto.json' with { type: 'json' };
import { SETTING } from '../signed.ts';
import { useVendor } from '../stage.ts';
import { BAD_IDS, BAD_SECRETS, BAD_SIGNATURES } from '../tables.ts';

const ROSA = 'e41b7f90-6c2d-4a58-8b13-9d0f5a7c2e64';
const SETTINGS = { signingSecrets: [SUBSCRIPTION.token], apiToken: 'mill-api' };
const stage = useVendor({
  make: gusto,
  fake: () => gustoFake({ api: 'mill-api', system: 'mill-system' }),
  settings: SETTINGS,
});
const delivery = (event: string, entity: string = ROSA, more: object = {}) => ({
  ...gustoDelivery(SUBSCRIPTION.token, event, entity, more),
  receivedAt: SETTING.now(),
});
const read = (...said: Parameters<typeof delivery>) => stage.source().read(delivery(...said));

describe('of the vectors', () => {
  for (const { name, secrets, headers, body, isValid } of vectors.vectors) {
    it(`${isValid ? 'accepted' : 'refused'}: ${name}`, () => {
      const known: Record<string, string | undefined> = { ...headers };
      const sent = { headers: known, body: Buffer.from(body), receivedAt: SETTING.now() };
      expect(stage.source({ signingSecrets: secrets }).verify(sent)).toBe(isValid);
    });
  }
});

describe('a signature is refused:', () => {
  const good = delivery('employee.updated');
  const signature = good.headers['x-gusto-signature'];
  for (const [rule, forge] of BAD_SIGNATURES) {
    it.each(['x-gusto-signature', 'x_gusto_signature'])(`${rule}, in %s`, (name) => {
      expect(stage.source().verify({ ...good, headers: { [name]: forge(signature) } })).toBe(false);
    });
  }

  it.each(['base64url', 'base64'] as const)('hex that was written as %s of itself', (encoding) => {
    const headers = { 'x-gusto-signature': Buffer.from(signature).toString(encoding) };
    expect(stage.source().verify({ ...good, headers })).toBe(false);
  });

  it('of another body', () => {
    expect(stage.source().verify({ ...good, body: Buffer.from(`${good.body} `) })).toBe(false);
  });
});

describe('a source is not made with', () => {
  for (const [rule, signingSecrets] of BAD_SECRETS) {
    it(`${rule}, and the error names the member`, () => {
      expect(() => gusto({ ...SETTINGS, signingSecrets }, SETTING)).toThrow(/gusto\.signingSecrets/);
    });
  }

  it.each([
    ['apiToken', { apiToken: '' }],
    ['baseUrl', { baseUrl: 'https://user@api.gusto.com' }],
    ['pending.subscriptionUuid', { pending: { subscriptionUuid: '../employees' } }],
    ['pending.verify', { pending: { subscriptionUuid: SUBSCRIPTION.uuid, verify: true } }],
  ])('a wrong %s', (member, more) => {
    expect(() => gusto({ ...SETTINGS, ...more }, SETTING)).toThrow(new RegExp(`gusto\\.${member}`));
  });
});

describe('an event', () => {
  it.each([
    'employee.created',
    'employee.updated',
    'employee.onboarded',
    'employee.self_onboarding_completed',
    'employee.terminated',
    'employee.terminated_effective',
    'employee.termination_effective',
    'employee.termination_cancelled',
    'employee.rehired',
    'employee.rehire_effective',
    'employee.rehire_cancelled',
  ])('%s has the employee looked up', (event) => {
    expect(read(event)).toMatchObject({ kind: 'notices', notices: [{ kind: 'lookup', id: ROSA }] });
  });

  it('of a deleted employee is no leaver', () => {
    const review = { kind: 'review', id: ROSA, code: 'employee-deleted' };
    expect(read('employee.deleted')).toMatchObject({ notices: [review] });
  });

  it.each(['company.provisioned', 'payroll.submitted', 'contractor.created', 'employee_benefit.created', ''])(
    '%s says nothing of anybody’s employment',
    (event) => {
      expect(read(event, 'whatever')).toMatchObject({ kind: 'notices', notices: [] });
    },
  );

  it.each(BAD_IDS)('about %j cannot be read', (id) => {
    expect(read('employee.updated', id)).toMatchObject({
      kind: 'unreadable',
      violations: [{ pointer: '/entity_uuid' }],
    });
  });
});

describe('a delivery', () => {
  it('is known by its uuid, and by its content where that is none', () => {
    expect(read('employee.updated').deliveryId).toBe('2f9a6c1b-08d4-4e73-b5a2-7c1e9d3f6048');
    const nameless = read('employee.updated', ROSA, { uuid: 'x' }).deliveryId;
    expect(nameless).toMatch(/^[0-9a-f]{64}$/);
    expect(read('employee.updated', ROSA, { uuid: 'x' }).deliveryId).toBe(nameless);
    expect(read('employee.updated', ROSA, { uuid: 'y' }).deliveryId).not.toBe(nameless);
  });

  it.each(['', 'null', '[]', '{}', '{"verification_token":"b"}', '{"event_type":7}'])(
    'of %j cannot be read',
    (text) => {
      const reading = stage.source().read({ headers: {}, body: Buffer.from(text), receivedAt: SETTING.now() });
      expect(reading).toMatchObject({ kind: 'unreadable', deliveryId: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(stage.source()).toMatchObject({ unreadableStatus: 202, acceptedStatus: 202 });
    },
  );
});
