import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { jira } from '../../../shared/sources/ticketing/jira.ts';
import { jiraId } from '../../fakes/vendors/jira.ts';
import {
  JIRA_BOT,
  JIRA_KEY,
  JIRA_SETTINGS,
  JIRA_TOKEN,
  jiraBody,
  jiraFields,
  jiraHeaders,
  jiraSettings,
} from '../../fixtures/ticketing/jira.ts';
import vectors from '../../fixtures/vectors/jira.json' with { type: 'json' };
import { SETTING } from '../signed.ts';
import { wire } from '../stage.ts';
import { BAD_SECRETS, BAD_SIGNATURES } from '../tables.ts';

const AT = SETTING.now();
const MAIL = 'nora@press.example';
const { api, reply } = jiraSettings('http://127.0.0.1:9/jira');
const make = (more: object = {}) => jira({ ...JIRA_SETTINGS, ...more }, SETTING);
const BEARER = { authorization: `Bearer ${JIRA_TOKEN}` };

const body = (request: string, more: object = {}, happening: object = {}) =>
  JSON.stringify(jiraBody({ at: AT, fields: jiraFields(request, MAIL, more), ...happening }));
const signed = (text: string) => ({ headers: jiraHeaders(text), body: wire(text), receivedAt: AT });
const read = (text: string, more: object = {}) => make(more).read(signed(text));
const asked = (content: unknown, more: object = {}) =>
  make(more).read({ headers: BEARER, body: wire(content), receivedAt: AT });

describe('of the vectors', () => {
  for (const { name, secrets, headers, body: text, isValid } of vectors.vectors) {
    it(`${isValid ? 'accepted' : 'refused'}: ${name}`, () => {
      const delivery = { headers: { ...headers }, body: wire(text), receivedAt: AT };
      expect(make({ signingSecrets: secrets, bearer: undefined }).verify(delivery)).toBe(isValid);
    });
  }
});

const BODY = body('New colleague');
const GOOD = jiraHeaders(BODY)['x-hub-signature']?.slice('sha256='.length) ?? '';
const verify = (headers: Record<string, string | undefined>, text = BODY, more: object = {}) =>
  make(more).verify({ headers, body: wire(text), receivedAt: AT });

describe('an admin webhook is refused with', () => {
  it.each(BAD_SIGNATURES.filter(([rule]) => !rule.startsWith('a prefix')))('a signature that is %s', (_, forge) => {
    const forged = forge(GOOD);
    expect(verify({ 'x-hub-signature': forged === undefined ? undefined : `sha256=${forged}` })).toBe(false);
  });

  it.each(['sha1', 'sha512', 'md5', 'SHA256', 'none', ''])('the method %j', (method) => {
    const digest = createHmac('sha256', JIRA_KEY).update(BODY).digest('hex');
    expect(verify({ 'x-hub-signature': `${method}=${digest}` })).toBe(false);
    expect(verify({ 'x-hub-signature': digest })).toBe(false);
  });

  it('the right signature of a weaker algorithm', () => {
    const sha1 = createHmac('sha1', JIRA_KEY).update(BODY).digest('hex');
    expect(verify({ 'x-hub-signature': `sha1=${sha1}` })).toBe(false);
    expect(verify({ 'x-hub-signature': `sha256=${sha1}` })).toBe(false);
  });

  it('another body, or the same one written anew', () => {
    expect(verify(jiraHeaders(BODY), BODY.replace('nora', 'eve'))).toBe(false);
    expect(verify(jiraHeaders(BODY), JSON.stringify(JSON.parse(BODY), null, 1))).toBe(false);
  });

  it('another key', () => expect(verify(jiraHeaders(BODY, 'delivery-1', 'another key'))).toBe(false));

  it('a wrong signature beside the right token: a signature that is there must be right', () => {
    expect(verify({ ...BEARER, 'x-hub-signature': 'sha256=00' })).toBe(false);
    expect(verify({ ...BEARER, 'x-hub-signature': '' })).toBe(false);
  });

  it('any signature where no signing secret is configured', () => {
    const unsigned = { signingSecrets: undefined };
    expect(verify(jiraHeaders(BODY), BODY, unsigned)).toBe(false);
    expect(verify(jiraHeaders(BODY, 'delivery-1', ''), BODY, unsigned)).toBe(false);
  });
});

describe('a web request of Automation', () => {
  it('is known by its token', () => expect(verify(BEARER)).toBe(true));

  it.each<[string, string | undefined]>([
    ['none', undefined],
    ['an empty one', ''],
    ['one without its scheme', JIRA_TOKEN],
    ['one sent twice', `Bearer ${JIRA_TOKEN}, Bearer ${JIRA_TOKEN}`],
    ['another', 'Bearer guessed'],
    ['one as Basic', `Basic ${Buffer.from(`jira:${JIRA_TOKEN}`).toString('base64')}`],
  ])('is refused with %s', (_, authorization) => expect(verify({ authorization })).toBe(false));

  it('is refused where no token is configured', () => {
    expect(verify(BEARER, BODY, { bearer: undefined })).toBe(false);
    expect(verify({ authorization: 'Bearer ' }, BODY, { bearer: undefined })).toBe(false);
  });
});

describe('a signed issue', () => {
  it('is read by the mapping, and said when the body says so, not when it came', () => {
    const at = '2026-05-05T04:00:00.000Z';
    const started = { customfield_10102: '2026-06-01', customfield_10104: '1042' };
    expect(read(body('New colleague', started, { at }))).toEqual({
      kind: 'notices',
      deliveryId: expect.stringMatching(/^press\.atlassian\.example:delivery-1:[0-9a-f]{16}$/),
      notices: [
        {
          kind: 'event',
          ticket: jiraId('ONB-17'),
          reference: 'ONB-17',
          event: {
            type: 'onboard',
            person: { email: MAIL, externalId: '1042' },
            effectiveAt: '2026-06-01',
            occurredAt: at,
            reference: 'ONB-17',
          },
        },
      ],
    });
  });

  it('gives a grant, and ends it with what it is called', () => {
    expect(read(body('More access', { customfield_10105: { value: 'treasury' } }))).toMatchObject({
      notices: [{ event: { type: 'change', access: { profile: 'treasury' }, reference: 'ONB-17' } }],
    });
  });

  it('may have a time with an offset as Jira writes it', () => {
    expect(read(body('Colleague leaves', { customfield_10102: '2026-06-01T17:00:00.000+0530' }))).toMatchObject({
      notices: [{ event: { type: 'offboard', effectiveAt: '2026-06-01T17:00:00.000+05:30' } }],
    });
  });

  it.each([
    'jira:issue_deleted',
    'comment_created',
    'comment_updated',
    'user_created',
    'worklog_updated',
    'sprint_started',
  ])('of the event %s says nothing', (event) => {
    expect(read(body('New colleague', {}, { event }))).toMatchObject({ kind: 'notices', notices: [] });
    expect(read(JSON.stringify({ webhookEvent: event, timestamp: 1 }))).toMatchObject({ notices: [] });
  });

  it.each<[string, object]>([
    ['in another status', { status: { name: 'Waiting for approval' } }],
    ['in a status that only looks the same', { status: { name: 'approved' } }],
  ])('%s says nothing', (_, more) => {
    expect(read(body('New colleague', more))).toMatchObject({ kind: 'notices', notices: [] });
  });

  it.each<[string, unknown]>([
    ['of another request type', { requestType: { name: 'New keyboard' } }],
    ['without a request type', null],
    ['of a project that has no request types', undefined],
    ['of a request type that every object has', { requestType: { name: 'constructor' } }],
  ])('%s asks for nothing, and is kept: a word that was renamed must not lose leavers unseen', (_, type) => {
    const skipped = { kind: 'skip', because: expect.any(String), reference: 'ONB-17' };
    expect(read(body('New colleague', { customfield_10010: type }))).toMatchObject({ notices: [skipped] });
  });

  it('that we changed or commented ourselves says nothing', () => {
    expect(read(body('New colleague', {}, { user: JIRA_BOT }), { api, reply })).toMatchObject({ notices: [] });
    expect(read(body('New colleague', {}, { user: 'somebody' }), { api, reply })).toMatchObject({ notices: [{}] });
  });

  it('is known by its bytes where the identifier is missing or malformed', () => {
    const headers = { ...jiraHeaders(BODY), 'x-atlassian-webhook-identifier': 'a, a' };
    const { deliveryId } = make().read({ headers, body: wire(BODY), receivedAt: AT });
    expect(deliveryId).toMatch(/^press\.atlassian\.example::[0-9a-f]{16}$/);
  });

  it('of another site is another delivery', () => {
    const other = BODY.replace('press.atlassian.example', 'other.atlassian.example');
    expect(read(other).deliveryId).toContain('other.atlassian.example:delivery-1:');
  });

  it('under the identifier of another, which is not signed, does not take its place', () => {
    const old = body('New colleague', {}, { at: '2026-05-04T05:05:05.000Z' });
    expect(read(old).deliveryId).not.toBe(read(BODY).deliveryId);
    expect(read(BODY).deliveryId).toBe(read(BODY).deliveryId);
  });

  it.each<[string, string, string[]]>([
    ['no time', BODY.replace(/"timestamp":\d+/, '"timestamp":"now"'), ['/timestamp']],
    ['a time beyond all calendars', BODY.replace(/"timestamp":\d+/, '"timestamp":9007199254740991'), ['/timestamp']],
    ['a key that is none', BODY.replace('"ONB-17"', '"../ONB-17"'), ['/issue/key']],
    ['no issue', '{"webhookEvent":"jira:issue_updated","timestamp":1}', ['/issue']],
    ['no JSON', 'Hello World!', ['']],
    ['a list', '[]', ['']],
  ])('with %s cannot be read, and the error says where', (_, text, pointers) => {
    const reading = read(text);
    expect(reading.kind).toBe('unreadable');
    const violations = 'violations' in reading ? reading.violations : [];
    expect(violations.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(JSON.stringify(violations)).not.toContain('nora');
  });
});

describe('a signed issue whose fields are wrong', () => {
  it.each<[string, string, string]>([
    ['an address that is none', body('New colleague', { customfield_10101: 'nora' }), '/fields/customfield_10101'],
    ['no address', body('New colleague', { customfield_10101: '' }), '/fields/customfield_10101'],
    ['a day that is none', body('Colleague leaves', { customfield_10102: 'soon' }), '/fields/customfield_10102'],
    ['no status', body('New colleague', { status: undefined }), '/fields/status/name'],
  ])('by %s is named with its issue, which is to hear of it', (_, text, pointer) => {
    const reading = read(text);
    const violations = [{ pointer, detail: expect.any(String) }];
    expect(reading).toMatchObject({ notices: [{ kind: 'unreadable', violations, reference: 'ONB-17' }] });
    expect(JSON.stringify(reading)).not.toContain('nora');
  });
});

describe('what Automation sends', () => {
  const EVENT = { type: 'offboard', person: { email: MAIL }, reference: 'OFF-3' };
  const unmapped = { signingSecrets: undefined, mapping: undefined, approved: undefined };

  it('is looked up where it can be, whatever else it says', () => {
    const lookup = [{ kind: 'lookup', id: 'OFF-3', ticket: 'OFF-3', isRepeatable: true }];
    for (const content of [EVENT, { key: 'OFF-3' }, { issue: { key: 'OFF-3', fields: { status: null } } }])
      expect(asked(content, { api })).toMatchObject({ kind: 'notices', notices: lookup });
  });

  it('must name an issue where that can be looked up: else anybody could leave it out', () => {
    for (const reference of [undefined, '', 'REQ', '../OFF-3', 'off-3'])
      expect(asked({ ...EVENT, reference }, { api, trust: 'static' })).toMatchObject({ kind: 'unreadable' });
  });

  it('waits for a person where nobody can be asked', () => {
    expect(asked(EVENT, unmapped)).toMatchObject({
      notices: [{ kind: 'event', isUnconfirmed: true, event: EVENT, ticket: 'OFF-3' }],
    });
  });

  it('is taken at its word where the publisher trusts the token', () => {
    expect(asked(EVENT, { ...unmapped, trust: 'static' })).toMatchObject({
      notices: [{ kind: 'event', event: EVENT }],
    });
    expect(asked(EVENT, { ...unmapped, trust: 'static' })).not.toHaveProperty('notices.0.isUnconfirmed');
  });

  it('may be an issue too, which the mapping reads', () => {
    const fields = jiraFields('Colleague leaves', MAIL);
    expect(asked({ issue: { key: 'OFF-3', fields } })).toMatchObject({
      notices: [{ isUnconfirmed: true, event: { type: 'offboard', reference: 'OFF-3' } }],
    });
    expect(asked({ key: 'OFF-3', id: 11111, fields }, { trust: 'static' })).toMatchObject({
      notices: [{ ticket: '11111', reference: 'OFF-3' }],
    });
  });

  it('is the same delivery on the same day, and may be repeated: the same words may tell of another state', () => {
    const later = { headers: BEARER, body: wire(EVENT), receivedAt: '2026-05-05T18:00:00.000Z' };
    expect(make(unmapped).read(later).deliveryId).toBe(asked(EVENT, unmapped).deliveryId);
    expect(make(unmapped).read(later)).toMatchObject({ notices: [{ isRepeatable: true }] });
  });

  it.each<[string, unknown, string]>([
    ['an event of no issue', { type: 'offboard', person: { email: MAIL } }, '/reference'],
    ['an event of what is no issue', { ...EVENT, reference: 'off 3' }, '/reference'],
    ['nothing of an issue', {}, '/key'],
    ['null', null, ''],
  ])('that is %s cannot be read', (_, content, pointer) => {
    expect(asked(content, unmapped)).toMatchObject({ kind: 'unreadable', violations: [{ pointer }] });
  });
});

describe('an event of Automation', () => {
  const unmapped = { signingSecrets: undefined, mapping: undefined, approved: undefined };

  it.each<[string, object, string]>([
    ['of no type', { person: { email: MAIL } }, '/type'],
    ['with a member too many', { type: 'offboard', person: { email: MAIL }, event_id: '7' }, '/event_id'],
  ])('%s is named with its issue', (_, event, pointer) => {
    expect(asked({ ...event, reference: 'OFF-3' }, unmapped)).toMatchObject({
      notices: [{ kind: 'unreadable', violations: [{ pointer }], ticket: 'OFF-3' }],
    });
  });

  it('that only names its issue, where nobody can be asked, is for a person, who is told what is missing', () => {
    const review = { kind: 'review', id: 'OFF-3', code: 'ticket-not-fetchable', reference: 'OFF-3' };
    expect(asked({ key: 'OFF-3' }, unmapped)).toMatchObject({ notices: [review] });
  });
});

describe('Jira is not configured with', () => {
  it.each(BAD_SECRETS)('%s', (_, signingSecrets) => {
    expect(() => make({ signingSecrets, bearer: undefined })).toThrow(/^jira/);
  });

  it.each<[string, object, RegExp]>([
    ['neither secret nor token', { signingSecrets: undefined, bearer: undefined }, /^jira must have signingSecrets or/],
    ['an empty token', { bearer: { tokens: [''] } }, /^jira\.bearer\.tokens\.0 must not be empty/],
    ['webhooks and no mapping', { mapping: undefined }, /^jira\.mapping must say where/],
    ['a mapping and no approved status', { approved: undefined }, /^jira\.approved must say which/],
    ['no value of the approved status', { approved: { values: [] } }, /^jira\.approved\.values/],
    ['a reply and no API', { reply }, /^jira\.api must say/],
    [
      'an API that nothing needs',
      { api, signingSecrets: undefined, mapping: undefined, approved: undefined },
      /^jira\.api does nothing without/,
    ],
    ['an API without our account', { api: { ...api, accountId: '' } }, /^jira\.api\.accountId/],
    ['an API in the clear', { api: { ...api, baseUrl: 'http://press.example' } }, /^jira\.api\.baseUrl/],
    [
      'a transition for no status',
      { api, reply: { transitions: { done: '31' } } },
      /^jira\.reply\.transitions\.done is/,
    ],
    ['another kind of trust', { trust: 'full' }, /^jira\.trust must be/],
    ['trust in what is signed', { trust: 'static', bearer: undefined }, /^jira\.trust is for a bearer token/],
    ['a type that is none of the words', { words: { x: 'hire' } }, /^jira\.words\.x/],
    ['an unknown setting', { secret: 'canary' }, /^jira\.secret is not a known setting$/],
  ])('%s, and the error names the member', (_, more, named) => expect(() => make(more)).toThrow(named));
});
