import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { remote } from '../../../shared/sources/hr/remote.ts';
import { remoteHeaders } from '../../fixtures/hr/remote.ts';
import vectors from '../../fixtures/vectors/remote.json' with { type: 'json' };
import { SETTING } from '../signed.ts';
import { wire } from '../stage.ts';

const KEY = 'remote-unit-test-signing-key';
const ID = '7d4f5d5e-51a3-4b6c-9a52-2f0a8f3b9e01';
const NOW = SETTING.now();
const BODY = JSON.stringify({ event_type: 'employment.updated', employment_id: ID });
const good = remoteHeaders(BODY, new Date(NOW), KEY);
const SIGNATURE = good['x-remote-signature'] ?? '';
const TIME = good['x-remote-timestamp'] ?? '';
const make = (more: object = {}) => remote({ signingSecrets: [KEY], apiToken: 'unit-test-token', ...more }, SETTING);
const verify = (headers: Record<string, string | undefined>, body = BODY, receivedAt = NOW) =>
  make().verify({ headers, body: wire(body), receivedAt });
const read = (body: object | string, headers: Record<string, string> = good) =>
  make().read({ headers, body: wire(body), receivedAt: NOW });

describe('of the vectors', () => {
  for (const { name, secrets, headers, body, receivedAt, isValid } of vectors.vectors) {
    it(`${isValid ? 'accepted' : 'refused'}: ${name}`, () => {
      const delivery = { headers: { ...headers }, body: wire(body), receivedAt };
      expect(make({ signingSecrets: secrets }).verify(delivery)).toBe(isValid);
    });
  }
});

describe('a delivery is refused with', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['no signature', { 'x-remote-signature': undefined }],
    ['no timestamp', { 'x-remote-timestamp': undefined }],
    ['an empty timestamp', { 'x-remote-timestamp': '' }],
    ['another timestamp', { 'x-remote-timestamp': String(Number(TIME) + 1) }],
    ['a timestamp sent twice', { 'x-remote-timestamp': `${TIME},${TIME}` }],
    ['a signature sent twice', { 'x-remote-signature': `${SIGNATURE}, ${SIGNATURE}` }],
    ['hex in capitals', { 'x-remote-signature': SIGNATURE.toUpperCase() }],
    ['half a byte less', { 'x-remote-signature': SIGNATURE.slice(0, -1) }],
    ['a byte more', { 'x-remote-signature': `${SIGNATURE}00` }],
    ['base64', { 'x-remote-signature': Buffer.from(SIGNATURE, 'hex').toString('base64') }],
    ['a prefix', { 'x-remote-signature': `sha256=${SIGNATURE}` }],
    ['the signature of another key', remoteHeaders(BODY, new Date(NOW), 'another-signing-key')],
  ])('%s', (_, headers) => expect(verify({ ...good, ...headers })).toBe(false));

  it.each(['soon', '1e12', `+${TIME}`, `${TIME}.0`, ` ${TIME}`, '0x19df', '١٧٧٧٩٥٧٥٠٥٠٠٠'])(
    'a timestamp that reads %j',
    (time) => {
      const signature = createHmac('sha256', KEY).update(`${BODY}:${time}`).digest('hex');
      expect(verify({ 'x-remote-timestamp': time, 'x-remote-signature': signature })).toBe(false);
    },
  );

  it('another body, or the same one written anew', () => {
    expect(verify(good, BODY.replace('updated', 'deleted'))).toBe(false);
    expect(verify(good, JSON.stringify(JSON.parse(BODY), null, 1))).toBe(false);
  });

  it('a timestamp of more than three days ago: until then it may be a retry, whose stamp is the first attempt’s', () => {
    expect(verify(good, BODY, '2026-05-08T05:05:05.000Z')).toBe(true);
    expect(verify(good, BODY, '2026-05-08T05:05:06.000Z')).toBe(false);
    expect(verify(good, BODY, '2026-05-02T05:05:04.000Z')).toBe(false);
  });
});

describe('a source is not made with', () => {
  it.each<[string, object, RegExp]>([
    ['an empty signing key', { signingSecrets: [''] }, /remote\.signingSecrets\.0/],
    ['no signing key', { signingSecrets: undefined }, /remote\.signingSecrets/],
    ['no token', { apiToken: '' }, /remote\.apiToken/],
    ['plain http', { baseUrl: 'http://gateway.remote.com' }, /remote\.baseUrl/],
    ['an unknown setting', { toleranceSeconds: 9e9 }, /remote\.toleranceSeconds is not a known setting/],
  ])('%s, and the error names the member', (_, settings, named) => expect(() => make(settings)).toThrow(named));
});

describe('an event', () => {
  it.each([
    'employment.onboarding.started',
    'employment.onboarding.completed',
    'employment.onboarding.cancelled',
    'employment.user_status.initiated',
    'employment.user_status.invited',
    'employment.user_status.activated',
    'employment.user_status.deactivated',
    'employment.details.updated',
    'employment.work_email.updated',
    'employment.personal_information.updated',
    'employment.start_date.changed',
    'employment_basic_information.updated',
    'employment_contract.active_contract_updated',
    'contract.termination_date_reached',
    'offboarding.submitted',
    'offboarding.review_started',
    'offboarding.submitted_to_payroll',
    'offboarding.completed',
    'offboarding.deleted',
    'offboarding.of_a_kind_to_come',
  ])('%s says whose record to look up', (event_type) => {
    const notices = [{ kind: 'lookup', id: ID }];
    expect(read({ event_type, employment_id: ID })).toMatchObject({ kind: 'notices', notices });
  });

  it.each(['timeoff.approved', 'payslip.released', 'company.activated', 'offboardings', ''])(
    '%j says nothing',
    (event_type) => {
      expect(read({ event_type, employment_id: ID })).toMatchObject({ kind: 'notices', notices: [] });
    },
  );

  it.each<[string, object | string, string]>([
    ['no JSON', 'event_type=x', ''],
    ['no object', '"x"', ''],
    ['no type', { employment_id: ID }, '/event_type'],
    ['an offboarding of nobody', { event_type: 'offboarding.completed', offboarding_id: ID }, '/employment_id'],
    ['an id that is a path', { event_type: 'offboarding.completed', employment_id: '../companies' }, '/employment_id'],
  ])('that is %s is unreadable and says where', (_, body, pointer) => {
    expect(read(body)).toMatchObject({ kind: 'unreadable', violations: [{ pointer }] });
  });

  it('that comes again is the same delivery; at another time it is another', () => {
    const later = remoteHeaders(BODY, new Date(Date.parse(NOW) + 1), KEY);
    expect(read(BODY).deliveryId).toBe(read(BODY, good).deliveryId);
    expect(read(BODY, later).deliveryId).not.toBe(read(BODY).deliveryId);
  });
});
