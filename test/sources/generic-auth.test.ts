import { describe, expect, it } from 'vitest';
import { arriving, GOOD, mapped, portal, READS, SETTINGS } from './generic-stage.ts';

const accepts = (auth: object, headers: Record<string, string | undefined>) =>
  portal({ ...READS, ...auth }).verify(arriving('{}', headers));
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

const HEADER = { header: { name: 'X-Portal-Key', secrets: ['old key', 'new key'] } };
const BASIC = { basic: { user: 'portal', passwords: ['old:word', 'new word'] } };
const BEARER = { bearer: { tokens: ['old-token', 'new-token'] } };

describe('without a signature a sender is known by', () => {
  it.each<[string, object, Record<string, string>]>([
    ['a text in a header', HEADER, { 'x-portal-key': 'new key' }],
    ['an older text that is still live', HEADER, { 'x-portal-key': 'old key' }],
    ['Basic', BASIC, { authorization: basic('portal:new word') }],
    ['an older password that is still live, with a colon', BASIC, { authorization: basic('portal:old:word') }],
    ['a bearer token', BEARER, { authorization: 'Bearer new-token' }],
    ['an older token that is still live', BEARER, { authorization: 'Bearer old-token' }],
  ])('%s', (_, auth, headers) => expect(accepts(auth, headers)).toBe(true));

  it.each<[string, object, Record<string, string | undefined>]>([
    ['no header', HEADER, {}],
    ['an empty header', HEADER, { 'x-portal-key': '' }],
    ['another text', HEADER, { 'x-portal-key': 'key' }],
    ['the text in capitals', HEADER, { 'x-portal-key': 'NEW KEY' }],
    ['the header sent twice', HEADER, { 'x-portal-key': 'new key,new key' }],
    ['the text in another header', HEADER, { authorization: 'new key' }],
    ['another user', BASIC, { authorization: basic('porter:new word') }],
    ['another password', BASIC, { authorization: basic('portal:word') }],
    ['no password', BASIC, { authorization: basic('portal:') }],
    ['Basic without base64', BASIC, { authorization: 'Basic portal:new word' }],
    ['no authorization', BEARER, {}],
    ['no token', BEARER, { authorization: 'Bearer ' }],
    ['half a token', BEARER, { authorization: 'Bearer new-' }],
    ['a token of another scheme', BEARER, { authorization: basic('new-token') }],
    ['the token alone', BEARER, { authorization: 'new-token' }],
  ])('and is nobody with %s', (_, auth, headers) => expect(accepts(auth, headers)).toBe(false));
});

describe('what a sender says that does not sign', () => {
  const said = (settings: object) => portal({ ...READS, ...settings }).read(arriving(GOOD));
  const unconfirmed = { notices: [{ kind: 'event', isUnconfirmed: true }] };

  it.each<[string, object]>([
    ['a text in a header', HEADER],
    ['Basic', BASIC],
    ['a bearer token', BEARER],
  ])('known by %s, needs a person, unless the publisher trusts it', (_, auth) => {
    expect(said(auth)).toMatchObject(unconfirmed);
    expect(said({ ...auth, trust: 'static' })).toMatchObject({ notices: [{ kind: 'event' }] });
    expect(said({ ...auth, trust: 'static' })).not.toMatchObject(unconfirmed);
  });

  it('is something else than what a sender says that does', () => {
    expect(said(SETTINGS)).not.toMatchObject(unconfirmed);
  });
});

const hmac = (more: object) => ({ hmac: { signingSecrets: ['k'], ...more } });
const scheme = (more: object) =>
  hmac({ scheme: { algorithm: 'sha256', encoding: 'hex', header: 'x-sum', parts: ['body'], ...more } });
const WRONG: [rule: string, settings: unknown, named: RegExp][] = [
  ['nothing', null, /^generic\.portal /],
  ['no way to know the sender', READS, /^generic\.portal must have exactly one of hmac, header, basic, bearer$/],
  ['two ways to know the sender', { ...READS, ...BASIC, ...BEARER }, /^generic\.portal must have exactly one of/],
  ['no delivery id', { ...SETTINGS, deliveryId: undefined }, /^generic\.portal\.deliveryId must be/],
  ['a delivery id from nowhere', { ...SETTINGS, deliveryId: {} }, /generic\.portal\.deliveryId/],
  ['a delivery id that is always the same', { ...SETTINGS, deliveryId: { value: '1' } }, /generic\.portal\.deliveryId/],
  ['no mapping', { ...SETTINGS, mapping: undefined }, /generic\.portal\.mapping/],
  ['no type', { ...SETTINGS, mapping: { person: { email: '/m' } } }, /generic\.portal\.mapping\.type/],
  ['nobody', { ...SETTINGS, mapping: { type: '/t', person: { department: '/d' } } }, /mapping\.person must have email/],
  ['an unknown member', { ...SETTINGS, secret: 'x' }, /^generic\.portal\.secret is not a known setting$/],
  ['an unknown field', { ...SETTINGS, mapping: { ...READS.mapping, mail: '/m' } }, /generic\.portal\.mapping\.mail is/],
  ['a pointer that is none', { ...SETTINGS, items: 'changes' }, /generic\.portal\.items must be a JSON pointer/],
  [
    'an attribute of no name',
    { ...SETTINGS, ...mapped({ person: { email: '/m', attributes: { 'a b': '/x' } } }) },
    /attributes/,
  ],
  [
    'an unknown permission',
    { ...SETTINGS, ...mapped({ access: { permissions: { everything: '/x' } } }) },
    /access\.permissions/,
  ],
  [
    'a time zone that is none',
    { ...SETTINGS, ...mapped({ timeZone: { value: 'Atlantis' } }) },
    /generic\.portal\.mapping\.timeZone must be/,
  ],
  [
    'a date that is none',
    { ...SETTINGS, ...mapped({ effectiveAt: { value: 'soon' } }) },
    /generic\.portal\.mapping\.effectiveAt must be/,
  ],
  [
    'a type that is none of the words',
    { ...SETTINGS, ...mapped({ type: { value: 'hire' } }) },
    /generic\.portal\.mapping\.type/,
  ],
  ['a word for no type', { ...SETTINGS, words: { hired: 'hire' } }, /generic\.portal\.words\.hired must be onboard/],
  ['no words', { ...SETTINGS, words: {} }, /generic\.portal\.words must hold at least one word/],
  [
    'a timestamp in the body of a form',
    { ...READS, body: 'form', ...hmac({ preset: 'linear', bodyTimestamp: { pointer: '/t', unit: 's' } }) },
    /generic\.portal\.hmac\.bodyTimestamp needs/,
  ],
  ['an unknown authority', { ...SETTINGS, authority: ['all'] }, /generic\.portal\.authority\.0/],
  ['an answer that is no success', { ...SETTINGS, acceptedStatus: 500 }, /generic\.portal\.acceptedStatus/],
  ['a body of no kind', { ...SETTINGS, body: 'xml' }, /generic\.portal\.body/],
  ['trust in a sender that signs', { ...SETTINGS, trust: 'static' }, /generic\.portal\.trust is for senders/],
  ['another kind of trust', { ...READS, ...BASIC, trust: 'all' }, /generic\.portal\.trust must be "static"/],
  ['no secrets', { ...READS, ...hmac({ preset: 'github', signingSecrets: [] }) }, /hmac\.signingSecrets must hold/],
  ['an empty secret', { ...READS, ...hmac({ preset: 'github', signingSecrets: ['k', ''] }) }, /signingSecrets\.1 must/],
  ['an empty text for a header', { ...READS, header: { name: 'x', secrets: [''] } }, /header\.secrets\.0 must not/],
  ['an empty password', { ...READS, basic: { user: 'u', passwords: [''] } }, /basic\.passwords\.0 must not be empty/],
  ['a user with a colon', { ...READS, basic: { user: 'a:b', passwords: ['p'] } }, /generic\.portal\.basic\.user/],
  ['an empty token', { ...READS, bearer: { tokens: [''] } }, /bearer\.tokens\.0 must not be empty/],
  ['a header of no name', { ...READS, header: { name: 'a b', secrets: ['s'] } }, /generic\.portal\.header\.name/],
  ['neither preset nor scheme', { ...READS, ...hmac({}) }, /generic\.portal\.hmac must have either/],
  [
    'an unknown preset',
    { ...READS, ...hmac({ preset: 'fax' }) },
    /generic\.portal\.hmac\.preset must be one of github, /,
  ],
  ['a preset and a scheme', { ...READS, hmac: { ...scheme({}).hmac, preset: 'github' } }, /hmac must have either/],
  ['a scheme with a header beside it', { ...READS, hmac: { ...scheme({}).hmac, header: 'x' } }, /hmac\.header goes/],
  [
    'a body that is not signed',
    { ...READS, ...scheme({ parts: [{ text: 'x' }] }) },
    /scheme\.parts must have the body/,
  ],
  [
    'a timestamp among fields, and no field for the signature',
    { ...READS, ...scheme({ parts: ['timestamp', 'body'], timestamp: { field: 't', unit: 's' } }) },
    /scheme\.field must say/,
  ],
  ['another algorithm', { ...READS, ...scheme({ algorithm: 'md5' }) }, /scheme\.algorithm must be sha256/],
  ['another encoding', { ...READS, ...scheme({ encoding: 'base32' }) }, /scheme\.encoding must be hex or base64/],
  ['a part of no kind', { ...READS, ...scheme({ parts: ['body', 'path'] }) }, /scheme\.parts\.1/],
  [
    'a timestamp that is not signed',
    { ...READS, ...scheme({ timestamp: { header: 'x-at', unit: 's' } }) },
    /scheme\.timestamp must be there/,
  ],
  ['a timestamp from nowhere', { ...READS, ...scheme({ parts: ['timestamp', 'body'] }) }, /scheme\.timestamp must be/],
  [
    'a tolerance of a year',
    { ...READS, ...hmac({ preset: 'linear', bodyTimestamp: { pointer: '/t', unit: 's', toleranceSeconds: 3e7 } }) },
    /bodyTimestamp\.toleranceSeconds/,
  ],
  [
    'a short key',
    { ...READS, ...hmac({ preset: 'svix', signingSecrets: ['whsec_AAAA'] }) },
    /portal\.hmac\.signingSecrets/,
  ],
];

describe('a generic source is not made with', () => {
  it.each(WRONG)('%s, and the error names the member', (_, settings, named) => {
    expect(() => portal(settings as object)).toThrow(named);
  });

  it('a secret it cannot use, and the error does not tell the secret', () => {
    const settings = { ...READS, ...hmac({ preset: 'svix', signingSecrets: ['whsec_canary-77?'] }) };
    expect(() => portal(settings)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('canary') }));
  });
});
