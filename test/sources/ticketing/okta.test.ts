import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { okta } from '../../../shared/sources/ticketing/okta.ts';
import { OKTA_AUTHORIZATION, OKTA_ID, OKTA_SETTINGS, oktaBody, oktaEvent } from '../../fixtures/ticketing/okta.ts';
import vectors from '../../fixtures/vectors/okta.json' with { type: 'json' };
import { SETTING } from '../signed.ts';
import { wire } from '../stage.ts';
import { BAD_IDS, BAD_SECRETS } from '../tables.ts';

const SETTINGS = { ...OKTA_SETTINGS, baseUrl: 'https://press.okta.example' };
const make = (more: object = {}) => okta({ ...SETTINGS, ...more }, SETTING);
const sent = (headers: Record<string, string | undefined>, body: unknown = '{}') => ({
  headers,
  body: wire(body),
  receivedAt: SETTING.now(),
});
const read = (body: unknown) => make().read(sent({ authorization: OKTA_AUTHORIZATION }, body));
const ofEvents = (...events: unknown[]) => read(oktaBody(events));
const OTHER_ID = '00u5fother0000000002';
const lookup = (said: string, position: number, id = OKTA_ID) => ({
  kind: 'lookup',
  id,
  said,
  settleSeconds: 2,
  position,
});

describe('of the vectors', () => {
  for (const { name, secrets, headers, body, isValid } of vectors.vectors) {
    it(`${isValid ? 'accepted' : 'refused'}: ${name}`, () => {
      expect(make({ authorizations: secrets }).verify(sent({ ...headers }, body))).toBe(isValid);
    });
  }

  for (const { name, secrets, headers, answer } of vectors.handshakes) {
    it(`answered: ${name}`, () => {
      const source = make({ authorizations: secrets });
      expect(source.verify(sent(headers, ''))).toBe(true);
      expect(source.handshake?.(headers)).toEqual(answer);
    });
  }
});

describe('a delivery comes from Okta', () => {
  const verify = (authorization: string | undefined, more: object = {}) => make(more).verify(sent({ authorization }));

  it('by any of the texts, so that rotation needs no downtime', () => {
    const authorizations = ['an older text', OKTA_AUTHORIZATION];
    expect(verify(OKTA_AUTHORIZATION, { authorizations })).toBe(true);
    expect(verify('an older text', { authorizations })).toBe(true);
    expect(verify(`an older text,${OKTA_AUTHORIZATION}`, { authorizations })).toBe(false);
  });

  it.each<[rule: string, authorization: string | undefined]>([
    ['no text', undefined],
    ['an empty one', ''],
    ['a scheme that Okta does not add', `Bearer ${OKTA_AUTHORIZATION}`],
    ['a prefix', `x${OKTA_AUTHORIZATION}`],
    ['its base64', Buffer.from(OKTA_AUTHORIZATION).toString('base64')],
    ['capitals', OKTA_AUTHORIZATION.toUpperCase()],
    ['the beginning of it', OKTA_AUTHORIZATION.slice(0, -1)],
    ['the end of it', OKTA_AUTHORIZATION.slice(1)],
    ['more than it', `${OKTA_AUTHORIZATION}x`],
    ['space around it', ` ${OKTA_AUTHORIZATION}`],
    ['the header sent twice', `${OKTA_AUTHORIZATION},${OKTA_AUTHORIZATION}`],
    ['the header sent twice, with a space', `${OKTA_AUTHORIZATION}, ${OKTA_AUTHORIZATION}`],
    ['our own API token', `SSWS ${SETTINGS.apiToken}`],
  ])('and not by %s', (_, authorization) => expect(verify(authorization)).toBe(false));

  it.each<[rule: string, authorization: string]>([
    ['the scheme in small letters', 'basic b2t0YTpwYXNzd29yZA=='],
    ['without its padding', 'Basic b2t0YTpwYXNzd29yZA'],
    ['the pair as it is', 'Basic okta:password'],
    ['two spaces', 'Basic  b2t0YTpwYXNzd29yZA=='],
    ['another password', 'Basic b2t0YTpwYXNzd29yZQ=='],
    ['a bearer token', 'Bearer b2t0YTpwYXNzd29yZA=='],
  ])('and where that is Basic, not by %s', (_, authorization) => {
    const authorizations = ['Basic b2t0YTpwYXNzd29yZA=='];
    expect(verify('Basic b2t0YTpwYXNzd29yZA==', { authorizations })).toBe(true);
    expect(verify(authorization, { authorizations })).toBe(false);
  });

  it('and not by a header of a like name, nor by the signature that Okta is said to send and does not', () => {
    const headers = { 'x-authorization': OKTA_AUTHORIZATION, 'x-okta-event-hook-signature': OKTA_AUTHORIZATION };
    expect(make().verify(sent(headers))).toBe(false);
  });
});

describe('a challenge', () => {
  const answer = (challenge: string | undefined) => make().handshake?.({ 'x-okta-verification-challenge': challenge });

  it.each(['a', 'Me_rShK8JHsTnbyYrWXC-oM', 'YWJj+/==', 'a.b~c', 'x'.repeat(512)])('is sent back: %j', (challenge) => {
    expect(answer(challenge)).toEqual({ verification: challenge });
  });

  it.each<[rule: string, challenge: string | undefined]>([
    ['none', undefined],
    ['an empty one', ''],
    ['one that is too long', 'x'.repeat(513)],
    ['two of them', 'first,second'],
    ['two of them, with a space', 'first, first'],
    ['space around it', ' first'],
    ['markup', '<script>alert(1)</script>'],
    ['a quote', 'a"b'],
    ['a backslash', 'a\\u0022'],
    ['a line', 'first\nsecond'],
    ['a line at its end', 'first\n'],
    ['a zero', 'first\u0000'],
    ['other letters', 'prüfung'],
  ])('is not sent back where there is %s', (_, challenge) => expect(answer(challenge)).toBeNull());
});

describe('a source is not made with', () => {
  for (const [rule, authorizations] of BAD_SECRETS) {
    it(`${rule}, and the error names the member`, () => {
      expect(() => make({ authorizations })).toThrow(/okta\.authorizations/);
    });
  }

  it.each<[member: string, more: object]>([
    ['apiToken', { apiToken: '' }],
    ['apiToken', { apiToken: undefined }],
    ['baseUrl', { baseUrl: undefined }],
    ['baseUrl', { baseUrl: 'http://press.okta.example' }],
    ['baseUrl', { baseUrl: 'https://admin:canary@press.okta.example' }],
    ['authority', { authority: ['everything'] }],
    ['trust is not a known setting', { trust: 'static' }],
    ['signingSecrets is not a known setting', { signingSecrets: ['canary'] }],
  ])('a wrong %s, and the error tells no value', (member, more) => {
    let message = '';
    try {
      make(more);
    } catch (error) {
      message = error instanceof Error ? error.message : '';
    }
    expect(message).toContain(`okta.${member}`);
    expect(message).not.toMatch(/canary|everything|press\.okta|local-okta-api-token/);
  });
});

describe('an event', () => {
  it.each([
    ['user.lifecycle.create', 'onboard'],
    ['user.lifecycle.activate', 'onboard'],
    ['user.lifecycle.reactivate', 'onboard'],
    ['user.lifecycle.unsuspend', 'onboard'],
    ['user.lifecycle.suspend', 'offboard'],
    ['user.lifecycle.deactivate', 'offboard'],
    ['user.lifecycle.delete.initiated', 'offboard'],
    ['user.account.update_profile', 'change'],
  ])('%s has the user looked up, as a hint of an %s', (type, said) => {
    expect(ofEvents(oktaEvent(type))).toMatchObject({ kind: 'notices', notices: [lookup(said, 0)] });
  });

  it.each([
    'user.session.clear',
    'user.session.start',
    'user.lifecycle.delete.completed',
    'user.lifecycle.deactivate.extra',
    'USER.LIFECYCLE.DEACTIVATE',
    'group.user_membership.add',
    'application.user_membership.remove',
    'constructor',
    '__proto__',
    '',
  ])('%j says nothing of anybody’s employment', (type) => {
    expect(ofEvents(oktaEvent(type))).toMatchObject({ kind: 'notices', notices: [] });
    expect(ofEvents(oktaEvent(type, OKTA_ID, { target: null }))).toMatchObject({ kind: 'notices', notices: [] });
  });

  it.each(['FAILURE', 'SKIPPED', 'DENY', 'UNKNOWN', ''])('that came to %j says nothing', (result) => {
    const failed = oktaEvent('user.lifecycle.deactivate', OKTA_ID, { outcome: { result, reason: 'canary' } });
    expect(ofEvents(failed)).toMatchObject({ kind: 'notices', notices: [] });
  });

  it.each([undefined, null, 'SUCCESS', {}])(
    'whose outcome is %j may have happened, which the look-up shows',
    (outcome) => {
      const unsure = oktaEvent('user.lifecycle.deactivate', OKTA_ID, { outcome });
      expect(ofEvents(unsure)).toMatchObject({ notices: [lookup('offboard', 0)] });
    },
  );

  it('is about its one target that is a user, wherever that stands, and never about who did it', () => {
    const user = { id: OKTA_ID, type: 'User' };
    const others = [{ id: OTHER_ID, type: 'AppUser' }, { id: '00g1', type: 'UserGroup' }, null, 'User'];
    for (const target of [[user], [...others, user], [user, ...others], [user, user]]) {
      const event = oktaEvent('user.lifecycle.suspend', OTHER_ID, { target });
      expect(ofEvents(event)).toMatchObject({ notices: [lookup('offboard', 0)] });
    }
  });

  const ofUser = (id: unknown) => ({ target: [{ id, type: 'User' }] });
  it.each<[rule: string, more: object]>([
    ['no target', { target: undefined }],
    ['none at all', { target: [] }],
    ['a target that is no list', { target: { id: OKTA_ID, type: 'User' } }],
    ['a target that is null', { target: null }],
    ['no user', { target: [{ id: OKTA_ID, type: 'AppUser' }] }],
    ['two users', { target: [OKTA_ID, OTHER_ID].map((id) => ({ id, type: 'User' })) }],
    ['a user without an id', { target: [{ type: 'User', alternateId: 'canary@press.example' }] }],
    ['a user and one without an id', { target: [{ id: OKTA_ID, type: 'User' }, { type: 'User' }] }],
    ['whoever our token belongs to', ofUser('me')],
    ['a login', ofUser('canary@press.example')],
    ['an id that is a number', ofUser(7)],
    ['an id that is a list', ofUser([OKTA_ID])],
    ...BAD_IDS.map((id): [string, object] => [`the id ${JSON.stringify(id)}`, ofUser(id)]),
  ])('that names %s cannot be read, and nothing of it is kept', (_, more) => {
    const reading = ofEvents(oktaEvent('user.lifecycle.deactivate', OKTA_ID, more));
    expect(reading).toMatchObject({
      kind: 'notices',
      notices: [{ kind: 'unreadable', position: 0, violations: [{ pointer: '/data/events/0/target' }] }],
    });
    expect(JSON.stringify(reading)).not.toContain('canary');
  });

  it.each([null, 7, 'user.lifecycle.deactivate', [], {}, { eventType: 7 }])('that is %j cannot be read', (event) => {
    const [pointer] = [expect.stringMatching(/^\/data\/events\/0(\/eventType)?$/) as unknown];
    expect(ofEvents(event)).toMatchObject({ notices: [{ kind: 'unreadable', violations: [{ pointer }] }] });
  });
});

describe('a delivery of several events', () => {
  const good = (id: string, type = 'user.lifecycle.deactivate') => oktaEvent(type, id);
  const bad = oktaEvent('user.lifecycle.deactivate', OKTA_ID, { target: [] });

  it('has each of them looked up, by its place, also where others are left out', () => {
    const reading = ofEvents(good(OKTA_ID), good('x', 'user.session.start'), good(OTHER_ID, 'user.lifecycle.create'));
    expect(reading).toMatchObject({ notices: [lookup('offboard', 0), lookup('onboard', 2, OTHER_ID)] });
    expect(reading).toMatchObject({ notices: { length: 2 } });
  });

  it('proceeds with the good ones, and names the bad ones by their places', () => {
    expect(ofEvents(bad, good(OKTA_ID), null, good(OTHER_ID))).toMatchObject({
      kind: 'notices',
      notices: [
        { kind: 'unreadable', position: 0, violations: [{ pointer: '/data/events/0/target' }] },
        lookup('offboard', 1),
        { kind: 'unreadable', position: 2, violations: [{ pointer: '/data/events/2' }] },
        lookup('offboard', 3, OTHER_ID),
      ],
    });
  });

  it('is no error where all are bad, or none is handled: each is named, or there is nothing to do', () => {
    expect(ofEvents(bad, bad)).toMatchObject({ kind: 'notices', notices: [{ position: 0 }, { position: 1 }] });
    expect(ofEvents()).toMatchObject({ kind: 'notices', notices: [] });
  });
});

describe('a delivery', () => {
  it('is known by its event id and its bytes, and without a usable id by its bytes', () => {
    const body = oktaBody([oktaEvent('user.lifecycle.create')], 'b2f3-17');
    const bytes = createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 16);
    expect(read(body).deliveryId).toBe(`b2f3-17:${bytes}`);
    for (const eventId of [undefined, null, 7, '', 'x'.repeat(129), 'a b', 'a\n', 'canary@press.example']) {
      const { deliveryId } = read({ ...body, eventId });
      expect(deliveryId).toMatch(/^[0-9a-f]{64}$/);
      expect(read({ ...body, eventId }).deliveryId).toBe(deliveryId);
      expect(read({ ...body, eventId, eventTime: 'later' }).deliveryId).not.toBe(deliveryId);
    }
  });

  it.each<[body: unknown, pointer: string]>([
    ['', ''],
    ['\u00ff{', ''],
    ['null', ''],
    ['[]', ''],
    ['{}', '/eventType'],
    [{ ...oktaBody([]), eventType: 'com.okta.oauth2.tokens.transform' }, '/eventType'],
    [{ ...oktaBody([]), data: undefined }, '/data'],
    [{ ...oktaBody([]), data: {} }, '/data/events'],
    [{ ...oktaBody([]), data: { events: { 0: oktaEvent('user.lifecycle.create') } } }, '/data/events'],
  ])('of %j cannot be read, and is answered 200 because Okta would only send it again', (body, pointer) => {
    expect(read(body)).toMatchObject({
      kind: 'unreadable',
      violations: expect.arrayContaining([expect.objectContaining({ pointer })]) as unknown,
      deliveryId: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
    expect(make()).toMatchObject({ unreadableStatus: 202, acceptedStatus: 200 });
  });

  it('may state employment and nothing else, unless it is told', () => {
    expect(make().authority).toEqual(['employment']);
    expect(make({ authority: ['employment', 'attributes'] }).authority).toEqual(['employment', 'attributes']);
  });
});
