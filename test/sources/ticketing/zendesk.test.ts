import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyHmac } from '../../../shared/sources/signature.ts';
import { ZENDESK_SCHEME, zendesk } from '../../../shared/sources/ticketing/zendesk.ts';
import {
  ZENDESK_BOT,
  ZENDESK_KEY,
  ZENDESK_SETTINGS,
  zendeskEvent,
  zendeskHeaders,
  zendeskSettings,
} from '../../fixtures/ticketing/zendesk.ts';
import vectors from '../../fixtures/vectors/zendesk.json' with { type: 'json' };
import { SETTING } from '../signed.ts';
import { wire } from '../stage.ts';
import { BAD_SECRETS } from '../tables.ts';
import { bodiesOf, settingsOf } from './page.ts';

/** The secret that Zendesk's documentation prints. */
const TEST_SECRET = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';
const SIGNATURE = 'x-zendesk-webhook-signature';
const TIMESTAMP = 'x-zendesk-webhook-signature-timestamp';
const INVOCATION = 'x-zendesk-webhook-invocation-id';
const NOW = SETTING.now();
const BODY = JSON.stringify({ type: 'offboard', person: { email: 'ana@press.example' }, reference: '30482' });
const good = zendeskHeaders(BODY, NOW);
const { [SIGNATURE]: signature = '', [TIMESTAMP]: timestamp = '' } = good;
const ASKS = zendeskSettings('http://127.0.0.1:9');
/** What every notice of the ticket 30482 carries. */
const TICKET = { ticket: '30482', reference: '30482' };
const LOOKUP = { kind: 'lookup', id: '30482', isRepeatable: true, ...TICKET };
const make = (settings: object = ZENDESK_SETTINGS) => zendesk(settings, SETTING);
const verify = (headers: Record<string, string | undefined>, body = BODY, receivedAt = NOW) =>
  make().verify({ headers, body: wire(body), receivedAt });
const signed = (algorithm: string, text: string, key: string | Buffer = ZENDESK_KEY) =>
  createHmac(algorithm, key).update(text).digest('base64');
/** Reads a body that was signed at an instant. */
const read = (body: object | string, settings: object = ZENDESK_SETTINGS, at = NOW, more: object = {}) => {
  const sent = wire(body);
  const headers = { ...zendeskHeaders(sent.toString(), at), ...more };
  return make(settings).read({ headers, body: sent, receivedAt: NOW });
};

describe('of the vectors', () => {
  // The public test secret says how Zendesk signs, and lets nobody in: it is asked of the scheme, not of the source.
  for (const { name, secrets, headers, body, receivedAt, isTimestampJudged, isValid } of vectors.vectors) {
    it(`${isValid ? 'accepted' : 'refused'}: ${name}`, () => {
      const delivery = { headers: { ...headers }, body: wire(body), receivedAt };
      const unjudged = { ...ZENDESK_SCHEME, timestamp: { header: TIMESTAMP, unit: 's' as const, toleranceSeconds: 0 } };
      expect(verifyHmac(delivery, isTimestampJudged ? ZENDESK_SCHEME : unjudged, secrets)).toBe(isValid);
      if (!secrets.includes(TEST_SECRET)) expect(make({ signingSecrets: secrets }).verify(delivery)).toBe(isValid);
    });
  }

  it('there are some that are accepted and some that are refused', () => {
    expect(vectors.vectors.filter(({ isValid }) => isValid).length).toBeGreaterThan(2);
    expect(vectors.vectors.filter(({ isValid }) => !isValid).length).toBeGreaterThan(2);
  });
});

describe('a delivery', () => {
  it('is accepted as it was signed, by any of the secrets', () => {
    expect(verify(good)).toBe(true);
    const rotating = make({ signingSecrets: ['a newer secret', ZENDESK_KEY] });
    expect(rotating.verify({ headers: good, body: wire(BODY), receivedAt: NOW })).toBe(true);
  });

  it('is accepted in the fifth minute, before and after, and not in the sixth', () => {
    expect(verify(good, BODY, '2026-05-05T05:10:05.999Z')).toBe(true);
    expect(verify(good, BODY, '2026-05-05T05:10:06.000Z')).toBe(false);
    expect(verify(good, BODY, '2026-05-05T05:00:05.000Z')).toBe(true);
    expect(verify(good, BODY, '2026-05-05T05:00:04.999Z')).toBe(false);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['no signature', { [SIGNATURE]: undefined }],
    ['an empty signature', { [SIGNATURE]: '' }],
    ['no timestamp', { [TIMESTAMP]: undefined }],
    ['an empty timestamp', { [TIMESTAMP]: '' }],
    ['another timestamp', { [TIMESTAMP]: '2026-05-05T05:05:06Z' }],
    ['the same instant in another spelling', { [TIMESTAMP]: '2026-05-05T05:05:05.000Z' }],
    ['a timestamp sent twice', { [TIMESTAMP]: `${timestamp},${timestamp}` }],
    ['a signature sent twice', { [SIGNATURE]: `${signature},${signature}` }],
    ['a signature sent twice, with a space', { [SIGNATURE]: `${signature}, ${signature}` }],
    ['a signature without its padding', { [SIGNATURE]: signature.replace('=', '') }],
    ['a truncated signature', { [SIGNATURE]: signature.slice(0, 40) }],
    [
      'a byte to spare',
      { [SIGNATURE]: Buffer.concat([Buffer.from(signature, 'base64'), wire('x')]).toString('base64') },
    ],
    ['hex', { [SIGNATURE]: Buffer.from(signature, 'base64').toString('hex') }],
    ['capitals', { [SIGNATURE]: signature.toUpperCase() }],
    ['a prefix', { [SIGNATURE]: `sha256=${signature}` }],
    ['space around it', { [SIGNATURE]: ` ${signature}` }],
    ['the body before the timestamp, as an older page has it', { [SIGNATURE]: signed('sha256', BODY + timestamp) }],
    ['a dot between the two', { [SIGNATURE]: signed('sha256', `${timestamp}.${BODY}`) }],
    ['the body alone', { [SIGNATURE]: signed('sha256', BODY) }],
    ['SHA-1', { [SIGNATURE]: signed('sha1', timestamp + BODY) }],
    ['SHA-512', { [SIGNATURE]: signed('sha512', timestamp + BODY) }],
    ['another secret', { [SIGNATURE]: signed('sha256', timestamp + BODY, 'another secret') }],
    ['an empty secret', { [SIGNATURE]: signed('sha256', timestamp + BODY, '') }],
    [
      'the secret decoded from base64',
      { [SIGNATURE]: signed('sha256', timestamp + BODY, Buffer.from(ZENDESK_KEY, 'base64')) },
    ],
    ['the public test secret', { [SIGNATURE]: signed('sha256', timestamp + BODY, TEST_SECRET) }],
  ])('is refused with %s', (_, headers) => expect(verify({ ...good, ...headers })).toBe(false));

  it.each(['soon', '1777957505', '2026-05-05', '2026-05-05 05:05:05Z', '2026-05-05T05:05:05', ` ${timestamp}`])(
    'is refused with a timestamp that reads %j, well signed',
    (at) => expect(verify({ [SIGNATURE]: signed('sha256', at + BODY), [TIMESTAMP]: at })).toBe(false),
  );

  it('is refused with another body, or the same one written anew', () => {
    expect(verify(good, BODY.replace('ana', 'eva'))).toBe(false);
    expect(verify(good, JSON.stringify(JSON.parse(BODY), null, 1))).toBe(false);
    expect(verify(good, '')).toBe(false);
  });

  it('cannot move the border between timestamp and body', () => {
    const moved = { ...good, [TIMESTAMP]: `${timestamp}{` };
    expect(verify(moved, BODY.slice(1))).toBe(false);
  });
});

describe('a source is not made with', () => {
  it.each<[string, object, RegExp]>([
    ...BAD_SECRETS.map(([rule, signingSecrets]): [string, object, RegExp] => [
      rule,
      { signingSecrets },
      /^zendesk\.signingSecrets/,
    ]),
    [
      'the public test secret',
      { signingSecrets: [TEST_SECRET] },
      /^zendesk\.signingSecrets must not hold the test secret that Zendesk publishes: anybody can sign with it$/,
    ],
    ['the public test secret beside a good one', { signingSecrets: [ZENDESK_KEY, TEST_SECRET] }, /test secret/],
    ['the public test secret with a space', { signingSecrets: [` ${TEST_SECRET}\n`] }, /test secret/],
    ['a trust: all is signed', { trust: 'static' }, /zendesk\.trust is not a known setting/],
    ['a reply and no API', { api: undefined }, /zendesk\.api must say how tickets are told/],
    ['an API without its user', { api: { ...ASKS.api, userId: undefined } }, /zendesk\.api\.userId/],
    ['an API whose user is none', { api: { ...ASKS.api, userId: 'bot' } }, /zendesk\.api\.userId must be the id/],
    ['an API without a token', { api: { ...ASKS.api, apiToken: '' } }, /zendesk\.api\.apiToken must not be empty/],
    ['plain http', { api: { ...ASKS.api, baseUrl: 'http://press.zendesk.com' } }, /zendesk\.api\.baseUrl/],
    ['a mapping and nothing that approves', { approved: undefined }, /zendesk\.approved/],
    ['what approves and no mapping', { mapping: undefined }, /^zendesk\.approved does nothing without a mapping$/],
    [
      'an API that nothing needs',
      { mapping: undefined, approved: undefined, reply: undefined },
      /^zendesk\.api does nothing without a mapping or a reply$/,
    ],
    ['an unknown status of jobs', { reply: { statuses: { held: 'open' } } }, /zendesk\.reply\.statuses\.held/],
  ])('%s, and the error names the member', (_, settings, named) => {
    expect(() => make({ ...ASKS, ...settings })).toThrow(named);
  });

  it('what is wrong, and the error tells no secret', () => {
    const tell = () => make({ ...ASKS, signingSecrets: ['a secret of mine', TEST_SECRET], api: { apiToken: 't0ken' } });
    expect(tell).toThrow(expect.objectContaining({ message: expect.not.stringMatching(/of mine|dGhp|t0ken/) }));
  });
});

describe('the body of a trigger', () => {
  it('is the event, of the ticket that it refers to, as of when it was signed', () => {
    const event = { type: 'offboard', person: { email: 'ana@press.example' }, reference: '30482' };
    const notice = {
      kind: 'event',
      ticket: '30482',
      reference: '30482',
      event: { ...event, occurredAt: '2026-05-05T05:04:00Z' },
    };
    const reading = read(event, ZENDESK_SETTINGS, '2026-05-05T05:04:00.000Z');
    expect(reading).toMatchObject({ kind: 'notices', notices: [notice] });
  });

  it('says itself when it happened, where it does', () => {
    const event = { ...JSON.parse(BODY), occurredAt: '2026-05-05T04:00:00Z' };
    expect(read(event)).toMatchObject({ notices: [{ event: { occurredAt: '2026-05-05T04:00:00Z' } }] });
  });

  it('is acted on as it came, whatever may be asked', () => {
    expect(read(BODY, ASKS)).toMatchObject({ notices: [{ kind: 'event' }] });
  });

  it.each(['REQ-7', '../30482', '0', '30482 '.repeat(2), '##30482', '', '#', null, undefined, 30482, ['30482']])(
    'cannot be read where it refers to %j, which is no ticket',
    (reference) => {
      for (const settings of [ZENDESK_SETTINGS, ASKS]) {
        const reading = read({ ...JSON.parse(BODY), reference }, settings);
        expect(reading).toMatchObject({ kind: 'unreadable', violations: [{ pointer: '/reference' }] });
        expect(JSON.stringify(reading)).not.toMatch(/ana@|REQ-7|30482/);
      }
    },
  );

  it.each(['#4711', ' #4711 ', '4711'])('is of the ticket 4711 where it refers to %j', (reference) => {
    const notices = [{ kind: 'event', ticket: '4711', reference: '4711', event: { reference: '4711' } }];
    expect(read({ ...JSON.parse(BODY), reference })).toMatchObject({ kind: 'notices', notices });
  });

  it.each(['30482', '#30482', ' #30482 ', 30482])(
    'may name its ticket and nothing else, which is then looked up: %j',
    (name) => expect(read({ ticket_id: name }, ASKS)).toMatchObject({ kind: 'notices', notices: [LOOKUP] }),
  );

  it('may hold what a mapping reads, where nothing can be asked', () => {
    const mapping = { type: '/request_type', person: { email: '/subject_email' }, effectiveAt: '/start_date' };
    const settings = { ...ZENDESK_SETTINGS, mapping, approved: { at: '/status', values: ['Open'] } };
    const body = { ticket_id: '30482', status: 'Open', request_type: 'onboard', subject_email: 'ana@press.example' };
    const event = {
      type: 'onboard',
      reference: '30482',
      occurredAt: timestamp,
      person: { email: 'ana@press.example' },
    };
    expect(read(body, settings)).toMatchObject({ notices: [{ kind: 'event', ...TICKET, event }] });
    expect(read({ ...body, status: 'New' }, settings)).toMatchObject({ kind: 'notices', notices: [] });
    const skip = { kind: 'skip', because: expect.stringMatching(/^approved, but/) as unknown, ...TICKET };
    for (const request_type of ['new_laptop', '', undefined])
      expect(read({ ...body, request_type }, settings)).toMatchObject({ kind: 'notices', notices: [skip] });
    const unreadable = { kind: 'unreadable', violations: [{ pointer: '/subject_email' }], ...TICKET };
    expect(read({ ...body, subject_email: 'ana' }, settings)).toMatchObject({ kind: 'notices', notices: [unreadable] });
  });

  it('is known by what was signed: no other invocation id makes it another, and none makes another it', () => {
    const { deliveryId } = read(BODY);
    expect(read(BODY, ZENDESK_SETTINGS, NOW, { [INVOCATION]: 'forged' }).deliveryId).toBe(deliveryId);
    expect(read(BODY, ZENDESK_SETTINGS, NOW, { [INVOCATION]: undefined }).deliveryId).toBe(deliveryId);
    expect(read(BODY, ZENDESK_SETTINGS, '2026-05-05T05:05:06.000Z').deliveryId).not.toBe(deliveryId);
    expect(read(BODY.replace('ana', 'eva')).deliveryId).not.toBe(deliveryId);
  });
});

describe('an event subscription', () => {
  it.each(['ticket.created', 'ticket.custom_field_changed', 'ticket.status_changed', 'ticket.of_a_kind_to_come'])(
    '%s says what ticket to look up, known by its own id',
    (type) => {
      const reading = read(zendeskEvent('30482', { type, id: '01JM0Q2W7XABC' }), ASKS);
      expect(reading).toEqual({ kind: 'notices', notices: [LOOKUP], deliveryId: '01JM0Q2W7XABC' });
    },
  );

  it.each(['user.created', 'user.active_changed', 'organization.created', 'article.published', 'tickets', ''])(
    'of %j says nothing',
    (type) => expect(read(zendeskEvent('30482', { type }), ASKS)).toMatchObject({ kind: 'notices', notices: [] }),
  );

  it.each([ZENDESK_BOT, Number(ZENDESK_BOT)])('of what we did ourselves says nothing: %j', (actor_id) => {
    const { detail, ...event } = zendeskEvent('30482');
    expect(read({ ...event, detail: { ...detail, actor_id } }, ASKS)).toMatchObject({ notices: [] });
  });

  it.each<[string, object]>([
    ['neither an API nor a mapping', ZENDESK_SETTINGS],
    ['no mapping', { ...ASKS, mapping: undefined, approved: undefined }],
    ['no API', { ...ASKS, api: undefined, reply: undefined }],
  ])('is for a person where there is %s: nothing can be asked', (_, settings) => {
    const notices = [{ kind: 'review', id: '30482', code: 'ticket-not-fetchable', ...TICKET }];
    expect(read(zendeskEvent('30482', { id: '01JM0Q2W7XABC' }), settings)).toEqual({
      kind: 'notices',
      notices,
      deliveryId: '01JM0Q2W7XABC',
    });
  });
});

describe('a body is unreadable, and says where, that is', () => {
  const { detail, ...event } = zendeskEvent('30482');
  it.each<[string, object | string, string]>([
    ['empty', '', ''],
    ['a form', 'ticket_id=30482', ''],
    ['broken by a quote', '{"reference":"30482","reason":"the "last" day"}', ''],
    ['a list', [JSON.parse(BODY)], ''],
    ['null', 'null', ''],
    ['an event of a type that is no text', { type: 7 }, '/type'],
    ['a name of no ticket', { ticket_id: 'SR-7' }, '/ticket_id'],
    ['a name with two number signs', { ticket_id: '##7' }, '/ticket_id'],
    ['a ticket event of a name', { ...event, detail: { ...detail, id: '#7' } }, '/detail/id'],
    ['a ticket event of no ticket', { ...event, detail: {} }, '/detail/id'],
    ['a ticket event of a path', { ...event, detail: { ...detail, id: '../users/1' } }, '/detail/id'],
    ['a ticket event without its id', { ...event, detail, id: undefined }, '/id'],
  ])('%s', (_, body, pointer) => {
    const reading = read(body, ASKS);
    expect(reading).toMatchObject({ kind: 'unreadable', violations: [{ pointer }] });
    expect(JSON.stringify(reading)).not.toMatch(/ana@|last|SR-7|users/);
  });
});

describe('an event that cannot be read is the word of its ticket, and says where, that is', () => {
  it.each<[string, object, string]>([
    ['of nobody', { type: 'offboard', reference: '30482' }, '/person'],
    ['with a member too many', { ...JSON.parse(BODY), ticket_id: '30482' }, '/ticket_id'],
  ])('%s', (_, body, pointer) => {
    const reading = read(body, ASKS);
    const violations = [{ pointer, detail: expect.any(String) as unknown }];
    const notices = [{ kind: 'unreadable', violations, ...TICKET }];
    expect(reading).toMatchObject({ kind: 'notices', notices });
    expect(JSON.stringify(reading)).not.toContain('ana@');
  });
});

it('the settings that the page shows are usable, and ask and tell', () => {
  const shown = zendesk(settingsOf('zendesk'), SETTING);
  expect([typeof shown.lookUp, typeof shown.reply]).toEqual(['function', 'function']);
});

describe('the body that the page shows', () => {
  const fields = { 'ticket.id': '30482', 'ticket.ticket_field_7100004': '2026-05-31' };
  const email = 'ticket.ticket_field_7100001';

  it('is an event, also where a title has quotes, backslashes and lines', () => {
    const title = 'The "last" day\\,\n"access":{"profile":"treasury"} \\';
    const [body = ''] = bodiesOf('zendesk', { ...fields, [email]: 'ana@press.example', 'ticket.title': title });
    const event = {
      type: 'offboard',
      person: { email: 'ana@press.example' },
      effectiveAt: '2026-05-31',
      reason: 'The last day,access:{profile:treasury}',
      reference: '30482',
    };
    const notices = [{ kind: 'event', event: { ...event, occurredAt: timestamp }, ...TICKET }];
    expect(read(body)).toMatchObject({ kind: 'notices', notices });
  });

  it('is refused where somebody types more than an address: nothing can be added to the event', () => {
    const more = 'eve@press.example"},"access":{"profile":"treasury"},"x":{"y":"';
    const [body = ''] = bodiesOf('zendesk', { ...fields, [email]: more, 'ticket.title': 'x' });
    const notices = [{ kind: 'unreadable', violations: [{ pointer: '/person/email' }], ...TICKET }];
    expect(read(body)).toMatchObject({ kind: 'notices', notices });
  });
});
