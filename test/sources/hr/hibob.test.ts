import { describe, expect, it } from 'vitest';
import { hibob } from '../../../shared/sources/hr/hibob.ts';
import { fromBob } from '../../fixtures/hr/hibob.ts';
import computed from '../../fixtures/vectors/hibob.json' with { type: 'json' };
import { SETTING } from '../signed.ts';
import { AT, read, SETTINGS, source, UPDATED } from './hibob-events.ts';

const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;

describe('of the vectors', () => {
  for (const { name, secrets, headers, body, isValid } of computed.vectors) {
    it(`${isValid ? 'accepted' : 'refused'}: ${name}`, () => {
      const delivery = { headers, body: Buffer.from(body), receivedAt: AT };
      expect(source({ signingSecrets: secrets }).verify(delivery)).toBe(isValid);
    });
  }
});

const signature = fromBob(UPDATED, AT).headers['bob-signature'] ?? '';
const ATTACKS: [rule: string, signature: string | undefined][] = [
  ['no signature', undefined],
  ['an empty signature', ''],
  ['a signature sent twice', `${signature},${signature}`],
  ['a signature sent twice, with a space', `${signature}, ${signature}`],
  ['a signature one character short', signature.slice(1)],
  ['a signature one block long', `AAAA${signature}`],
  ['capitals', signature.toUpperCase()],
  ['small letters', signature.toLowerCase()],
  ['padding to spare', `${signature}=`],
];

describe('a delivery is refused with', () => {
  for (const [rule, text] of ATTACKS) {
    it(rule, () => {
      expect(source().verify({ ...fromBob(UPDATED, AT), headers: { 'bob-signature': text } })).toBe(false);
    });
  }

  it('another body than the one signed', () => {
    const body = Buffer.from(JSON.stringify({ ...UPDATED, type: 'employee.left' }));
    expect(source().verify({ ...fromBob(UPDATED, AT), body })).toBe(false);
  });
});

const FAULTS: [rule: string, settings: unknown, named: RegExp][] = [
  ['no settings', undefined, /hibob/],
  ['an empty list of secrets', { ...SETTINGS, signingSecrets: [] }, /hibob\.signingSecrets/],
  ['an empty secret', { ...SETTINGS, signingSecrets: [''] }, /hibob\.signingSecrets\.0/],
  ['no service user', { ...SETTINGS, serviceUserId: undefined }, /hibob\.serviceUserId/],
  ['an empty token', { ...SETTINGS, serviceUserToken: '' }, /hibob\.serviceUserToken/],
  ['a delay before the event', { ...SETTINGS, settleSeconds: -1 }, /hibob\.settleSeconds/],
  ['a delay longer than the queue can hold back', { ...SETTINGS, settleSeconds: 901 }, /hibob\.settleSeconds/],
  ['a base URL with credentials', { ...SETTINGS, baseUrl: 'https://a:b@hr.example' }, /hibob\.baseUrl/],
  ['a setting that is not known', { ...SETTINGS, apiKey: 'x' }, /hibob\.apiKey/],
];

describe('a source is not made with', () => {
  for (const [rule, settings, named] of FAULTS) {
    it(`${rule}, and the error names the member`, () => {
      expect(() => hibob(settings, SETTING)).toThrow(named);
    });
  }
});

describe('a ping', () => {
  const JSON_PING = '{"text":"Ping test"}';
  const unsigned = (body: string, type?: string) => ({
    headers: { 'content-type': type },
    body: Buffer.from(body),
    receivedAt: AT,
  });

  it('comes unsigned, as a text, without a type, or as JSON', () => {
    expect(source().greets?.(unsigned('Ping test', 'text/plain'))).toBe(true);
    expect(source().greets?.(unsigned('Ping test'))).toBe(true);
    expect(source().greets?.(unsigned('{\n  "text": "Ping test"\n}\n'))).toBe(true);
    expect(source().greets?.(unsigned(JSON_PING, 'application/json'))).toBe(true);
  });

  it.each(['Ping test ', 'ping test', '"Ping test"', '{"text":"Ping test","type":"employee.left"}', ''])(
    'is not what reads %j',
    (body) => {
      expect(source().greets?.(unsigned(body, 'application/json'))).toBe(false);
    },
  );

  it('with a signature is verified like anything else, and asks for nothing', () => {
    for (const body of ['Ping test', JSON_PING]) {
      expect(source().greets?.(fromBob(body, AT))).toBe(false);
      expect(source().verify(fromBob(body, AT))).toBe(true);
      expect(read(body)).toEqual({ kind: 'notices', notices: [], deliveryId: sha256 });
    }
    const forged = { ...unsigned('Ping test'), headers: { 'bob-signature': signature } };
    expect([source().greets?.(forged), source().verify(forged)]).toEqual([false, false]);
  });

  it('is of a media type that is taken', () => {
    expect(source().mediaTypes).toEqual(expect.arrayContaining(['application/json', 'text/plain', '']));
  });
});
