import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { servicenow } from '../../../shared/sources/ticketing/servicenow.ts';
import {
  SNOW_BASIC,
  SNOW_SECRET,
  SNOW_SETTINGS,
  snowNamed,
  snowSettings,
} from '../../fixtures/ticketing/servicenow.ts';
import vectors from '../../fixtures/vectors/servicenow.json' with { type: 'json' };
import { SETTING, signedHeaders } from '../signed.ts';
import { wire } from '../stage.ts';

const NOW = SETTING.now();
const API = snowSettings('http://127.0.0.1:9').api;
const EVENT = { type: 'offboard', person: { email: 'lena@press.example' } };
const BODY = JSON.stringify({ ...snowNamed(), ...EVENT });
const SIGNED = signedHeaders({ body: BODY, at: NOW, id: 'RITM0011042:3', secret: SNOW_SECRET });
const SIGNATURE = SIGNED['webhook-signature'];

const make = (more: object = {}) => servicenow({ ...SNOW_SETTINGS, ...more }, SETTING);
const verify = (headers: Record<string, string | undefined>, body = BODY, more: object = {}) =>
  make(more).verify({ headers, body: wire(body), receivedAt: NOW });

describe('of the vectors', () => {
  for (const { name, secrets, headers, body, receivedAt, isValid } of vectors.vectors) {
    it(`${isValid ? 'accepted' : 'refused'}: ${name}`, () => {
      const delivery = { headers: { ...headers } as Record<string, string>, body: wire(body), receivedAt };
      expect(servicenow({ signingSecrets: secrets }, SETTING).verify(delivery)).toBe(isValid);
    });
  }
});

describe('a signed delivery is refused, whatever credential is beside the signature, with', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['an empty signature', { 'webhook-signature': '' }],
    ['a signature without its version', { 'webhook-signature': SIGNATURE.slice(3) }],
    ['another version', { 'webhook-signature': `v1a${SIGNATURE.slice(2)}` }],
    ['a signature sent twice', { 'webhook-signature': `${SIGNATURE},${SIGNATURE}` }],
    ['a signature sent twice, with a space', { 'webhook-signature': `${SIGNATURE}, ${SIGNATURE}` }],
    ['a byte less', { 'webhook-signature': SIGNATURE.slice(0, -4) }],
    ['no padding', { 'webhook-signature': SIGNATURE.slice(0, -1) }],
    ['base64 in capitals', { 'webhook-signature': `v1,${SIGNATURE.slice(3).toUpperCase()}` }],
    ['base64 for URLs', { 'webhook-signature': SIGNATURE.replaceAll('+', '-').replaceAll('/', '_').slice(0, -1) }],
    ['no id', { 'webhook-id': undefined }],
    ['another id', { 'webhook-id': 'RITM0011042:4' }],
    ['an id sent twice', { 'webhook-id': 'RITM0011042:3,RITM0011042:3' }],
    ['no timestamp', { 'webhook-timestamp': undefined }],
    ['a timestamp that is not the signed one', { 'webhook-timestamp': '1777957506' }],
    ['a timestamp of another spelling', { 'webhook-timestamp': `+${SIGNED['webhook-timestamp']}` }],
    ['a header of Svix’s spelling beside it', { 'svix-id': 'RITM0011042:3' }],
    ['a second signature in Svix’s spelling', { 'svix-signature': SIGNATURE }],
  ])('%s', (_, headers) => expect(verify({ ...SIGNED, ...SNOW_BASIC, ...headers })).toBe(false));

  it('another body, or the same one written anew', () => {
    expect(verify(SIGNED)).toBe(true);
    expect(verify({ ...SIGNED, ...SNOW_BASIC }, BODY.replace('lena', 'emil'))).toBe(false);
    expect(verify({ ...SIGNED, ...SNOW_BASIC }, JSON.stringify(JSON.parse(BODY), null, 1))).toBe(false);
  });

  it('a key that nobody configured, where only Basic is', () => {
    expect(verify({ ...SIGNED, ...SNOW_BASIC }, BODY, { signingSecrets: undefined })).toBe(false);
  });
});

describe('a delivery that is not signed', () => {
  const bearer = { bearer: { tokens: ['one token', 'the next token'] } };

  it('is known by Basic or by any of the bearer tokens', () => {
    expect(verify(SNOW_BASIC)).toBe(true);
    expect(verify({ authorization: 'Bearer one token' }, BODY, bearer)).toBe(true);
    expect(verify({ authorization: 'Bearer the next token' }, BODY, bearer)).toBe(true);
  });

  it.each<[string, string | undefined]>([
    ['nothing', undefined],
    ['an empty header', ''],
    ['another password', `Basic ${Buffer.from('servicenow:another').toString('base64')}`],
    ['another user', `Basic ${Buffer.from('admin:a basic password of the tests').toString('base64')}`],
    ['Basic in small letters', SNOW_BASIC.authorization.replace('Basic', 'basic')],
    ['the header sent twice', `${SNOW_BASIC.authorization},${SNOW_BASIC.authorization}`],
    ['the header sent twice, once rightly', `${SNOW_BASIC.authorization}, Bearer one token`],
    ['half the token', 'Bearer one'],
    ['the token alone', 'one token'],
    ['the signing secret as a token', `Bearer ${SNOW_SECRET}`],
  ])('is refused with %s', (_, authorization) => expect(verify({ authorization }, BODY, bearer)).toBe(false));

  it('is refused where only signing secrets are configured', () => {
    const more = { basic: undefined };
    expect(verify(SNOW_BASIC, BODY, more)).toBe(false);
    expect(verify({ ...SIGNED, 'webhook-signature': undefined }, BODY, more)).toBe(false);
  });
});

describe('a source is not made with', () => {
  it.each<[string, object, RegExp]>([
    [
      'nobody who is known',
      { signingSecrets: undefined, basic: undefined },
      /servicenow must have signingSecrets, basic/,
    ],
    ['an empty list of secrets', { signingSecrets: [] }, /servicenow\.signingSecrets/],
    ['an empty secret', { signingSecrets: [''] }, /servicenow\.signingSecrets/],
    ['an empty key', { signingSecrets: ['whsec_'] }, /servicenow\.signingSecrets/],
    ['a key that is no base64', { signingSecrets: ['whsec_not base64 at all!!'] }, /servicenow\.signingSecrets/],
    ['a short key', { signingSecrets: ['whsec_c2hvcnQ='] }, /servicenow\.signingSecrets/],
    ['an empty password', { basic: { user: 'servicenow', passwords: [''] } }, /servicenow\.basic\.passwords\.0/],
    ['an empty user', { basic: { user: '', passwords: ['p'] } }, /servicenow\.basic\.user/],
    ['an empty token', { bearer: { tokens: [''] } }, /servicenow\.bearer\.tokens\.0/],
    ['plain http', { api: { ...API, baseUrl: 'http://press.service-now.com' } }, /servicenow\.api\.baseUrl/],
    ['a table that leads elsewhere', { api: { ...API, table: '../stats/sc_req_item' } }, /servicenow\.api\.table/],
    ['an empty API password', { api: { ...API, password: '' } }, /servicenow\.api\.password/],
    ['a reply and no API', { reply: {} }, /servicenow\.api/],
    ['another field to write in', { api: API, reply: { field: 'description' } }, /servicenow\.reply\.field/],
    ['a state for no status', { api: API, reply: { states: { done: '3' } } }, /servicenow\.reply\.states\.done/],
    ['a trust that is none', { trust: 'blind' }, /servicenow\.trust/],
    [
      'trust where all is signed',
      { trust: 'static', basic: undefined },
      /^servicenow\.trust is for basic or bearer: what is signed needs none$/,
    ],
    [
      'an API that nothing needs',
      { api: API, mapping: undefined, words: undefined },
      /^servicenow\.api does nothing without a mapping or a reply$/,
    ],
    ['an unknown setting', { signingSecret: 'x' }, /servicenow\.signingSecret is not a known setting/],
    ['a mapping to what is no field', { mapping: { ...SNOW_SETTINGS.mapping, type: '' } }, /servicenow\.mapping/],
    ['a mapping into a list', { mapping: { ...SNOW_SETTINGS.mapping, type: '/variables/0' } }, /servicenow\.mapping/],
    ['an approval that is no field', { approved: { at: '/a b', values: ['yes'] } }, /approved\.at/],
    [
      'a mapping to a field and to what it is within',
      { mapping: { ...SNOW_SETTINGS.mapping, reason: '/cat_item' } },
      /^servicenow\.mapping names \/cat_item\/name and what it is within/,
    ],
    [
      'an approval within a field that is mapped',
      { approved: { at: '/variables/access_profile/approval', values: ['approved'] } },
      /^servicenow\.mapping names \/variables\/access_profile\/approval and what it is within/,
    ],
    ['nothing that is approved', { approved: { values: [] } }, /servicenow\.approved\.values/],
    [
      'what is approved and no mapping',
      { approved: { values: ['approved'] }, mapping: undefined, words: undefined },
      /^servicenow\.approved does nothing without a mapping$/,
    ],
  ])('%s, and the error names the member', (_, settings, named) => expect(() => make(settings)).toThrow(named));

  it('a wrong secret, which the error does not tell', () => {
    expect(() => make({ signingSecrets: ['whsec_hush!hush!hush!'] })).toThrow(/^(?!.*hush)/);
  });
});

it('a script signs with what follows whsec_ as its key, and nothing else of it', () => {
  const { key, data, mac } = vectors.generateMac;
  expect(createHmac('sha256', Buffer.from(key, 'base64')).update(data).digest('base64')).toBe(mac);
  const content = `${SIGNED['webhook-id']}.${SIGNED['webhook-timestamp']}.${BODY}`;
  const made = createHmac('sha256', Buffer.from(SNOW_SECRET.slice('whsec_'.length), 'base64')).update(content);
  expect(`v1,${made.digest('base64')}`).toBe(SIGNATURE);
});
