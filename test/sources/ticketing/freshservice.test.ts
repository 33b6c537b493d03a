import { describe, expect, it } from 'vitest';
import { freshservice } from '../../../shared/sources/ticketing/freshservice.ts';
import {
  FRESHSERVICE_HEADERS,
  FRESHSERVICE_SECRET,
  FRESHSERVICE_SETTINGS,
  freshserviceSettings,
} from '../../fixtures/ticketing/freshservice.ts';
import { SETTING } from '../signed.ts';
import { wire } from '../stage.ts';
import { BAD_SECRETS } from '../tables.ts';
import { bodiesOf, settingsOf } from './page.ts';

const KEY = 'x-lifecycle-key';
const ASKS = freshserviceSettings('http://127.0.0.1:9');
const PAIR = { basic: { user: 'freshservice', passwords: ['an older password', 'a password: of the tests'] } };
const EVENT = { type: 'offboard', person: { email: 'ana@press.example' }, reference: 'SR-1042' };
/** As it is read: in one spelling. */
const READ = { ...EVENT, reference: '1042' };
const TRUSTED = { ...FRESHSERVICE_SETTINGS, trust: 'static' };
const make = (settings: object = FRESHSERVICE_SETTINGS) => freshservice(settings, SETTING);
const verify = (headers: Record<string, string | undefined>, settings: object = FRESHSERVICE_SETTINGS) =>
  make(settings).verify({ headers, body: wire(EVENT), receivedAt: SETTING.now() });
const read = (body: object | string, settings: object = TRUSTED, receivedAt = SETTING.now()) =>
  make(settings).read({ headers: FRESHSERVICE_HEADERS, body: wire(body), receivedAt });
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

describe('a delivery', () => {
  it('is accepted with the header, or by Basic, by any of the secrets', () => {
    expect(verify(FRESHSERVICE_HEADERS)).toBe(true);
    expect(verify({ authorization: basic('freshservice:a password: of the tests') }, PAIR)).toBe(true);
    expect(verify({ authorization: basic('freshservice:an older password') }, PAIR)).toBe(true);
    expect(verify(FRESHSERVICE_HEADERS, { ...FRESHSERVICE_SETTINGS, ...PAIR })).toBe(true);
    expect(verify({ authorization: basic('freshservice:an older password') }, { ...ASKS, ...PAIR })).toBe(true);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['nothing', {}],
    ['an empty header', { [KEY]: '' }],
    ['another text', { [KEY]: 'a freshservice header of others' }],
    ['a text that begins so', { [KEY]: `${FRESHSERVICE_SECRET}s` }],
    ['half the text', { [KEY]: FRESHSERVICE_SECRET.slice(0, -1) }],
    ['capitals', { [KEY]: FRESHSERVICE_SECRET.toUpperCase() }],
    ['the header sent twice', { [KEY]: `${FRESHSERVICE_SECRET},${FRESHSERVICE_SECRET}` }],
    ['the header sent twice, with a space', { [KEY]: `${FRESHSERVICE_SECRET}, ${FRESHSERVICE_SECRET}` }],
    ['a prefix', { [KEY]: `Bearer ${FRESHSERVICE_SECRET}` }],
    ['the text in another header', { authorization: FRESHSERVICE_SECRET }],
    ['the text as a bearer token', { authorization: `Bearer ${FRESHSERVICE_SECRET}` }],
    ['base64 of the text', { [KEY]: Buffer.from(FRESHSERVICE_SECRET).toString('base64') }],
  ])('is refused with %s', (_, headers) => expect(verify(headers)).toBe(false));

  it.each<[string, string]>([
    ['another password', basic('freshservice:another')],
    ['another user', basic('freshdesk:an older password')],
    ['no password', basic('freshservice:')],
    ['half a password', basic('freshservice:a password')],
    ['the pair as it is', 'Basic freshservice:an older password'],
    ['another scheme', basic('freshservice:an older password').replace('Basic', 'Bearer')],
    ['the scheme in capitals', basic('freshservice:an older password').replace('Basic', 'BASIC')],
    ['the header sent twice', `${basic('freshservice:an older password')},${basic('freshservice:an older password')}`],
    ['padding to spare', `${basic('freshservice:an older password')}=`],
  ])('is refused by Basic with %s', (_, authorization) => expect(verify({ authorization }, PAIR)).toBe(false));
});

describe('a source is not made with', () => {
  const header = (secrets: unknown) => ({ header: { name: KEY, secrets } });
  it.each<[string, object, RegExp]>([
    ...BAD_SECRETS.map(([rule, secrets]): [string, object, RegExp] => [
      rule,
      header(secrets),
      /^freshservice\.header\.secrets/,
    ]),
    ['neither header nor Basic', { header: undefined }, /^freshservice must have header or basic$/],
    ['a header of no name', { header: { name: '', secrets: ['x'] } }, /freshservice\.header\.name/],
    ['an empty password', { basic: { user: 'a', passwords: [''] } }, /freshservice\.basic\.passwords\.0/],
    ['a user with a colon', { basic: { user: 'a:b', passwords: ['x'] } }, /freshservice\.basic\.user/],
    ['a signature, which there is none', { signingSecrets: ['x'] }, /freshservice\.signingSecrets is not a known/],
    ['any other trust', { trust: 'all' }, /freshservice\.trust must be "static"/],
    ['a reply and no API', { api: undefined }, /freshservice\.api must say how tickets are told/],
    ['an API without a key', { api: { ...ASKS.api, apiKey: '' } }, /freshservice\.api\.apiKey must not be empty/],
    ['plain http', { api: { ...ASKS.api, baseUrl: 'http://press.freshservice.com' } }, /freshservice\.api\.baseUrl/],
    ['a mapping and nothing that approves', { approved: undefined }, /freshservice\.approved/],
    ['what approves and no mapping', { mapping: undefined }, /^freshservice\.approved does nothing without a mapping$/],
    [
      'an API that nothing needs',
      { mapping: undefined, approved: undefined, reply: undefined },
      /^freshservice\.api does nothing without a mapping or a reply$/,
    ],
    ['a status by its name', { reply: { statuses: { succeeded: 'Resolved' } } }, /freshservice\.reply\.statuses/],
  ])('%s, and the error names the member', (_, settings, named) => {
    expect(() => make({ ...ASKS, ...settings })).toThrow(named);
  });

  it('what is wrong, and the error tells no secret', () => {
    const tell = () => make({ ...ASKS, ...header(['a secret of mine', '']), api: { apiKey: 'k3y' } });
    expect(tell).toThrow(expect.objectContaining({ message: expect.not.stringMatching(/of mine|k3y/) }));
  });
});

describe('a body', () => {
  it.each<[string, object]>([
    ['flat', EVENT],
    ['in freshservice_webhook', { freshservice_webhook: EVENT }],
    ['in freshdesk_webhook', { freshdesk_webhook: EVENT }],
  ])('that is the event, %s, is of the ticket that it refers to', (_, body) => {
    const notices = [{ kind: 'event', event: READ, isRepeatable: true, ticket: '1042', reference: '1042' }];
    expect(read(body)).toMatchObject({ kind: 'notices', notices });
  });

  it.each([
    ['SR-1042', '1042'],
    ['INC-1042', '1042'],
    ['#SR-1042', '1042'],
    [' 1042 ', '1042'],
  ])('that refers to %j is of ticket %s', (reference, ticket) => {
    expect(read({ ...EVENT, reference })).toMatchObject({
      notices: [{ kind: 'event', ticket, event: { reference: ticket } }],
    });
  });

  it.each([
    ...['CHN-12', 'PRB-3', 'SR-0', 'SR-', 'REQ-7', '../12', '12/notes', 'SR-1042 SR-1043', 'sr-1042', '##1042', ''],
    ...[null, undefined, 1042, ['SR-1042']],
  ])('that refers to %j is of no ticket, for a change of that number is not one, and cannot be read', (reference) => {
    for (const settings of [TRUSTED, FRESHSERVICE_SETTINGS, ASKS]) {
      const reading = read({ ...EVENT, reference }, settings);
      expect(reading).toMatchObject({ kind: 'unreadable', violations: [{ pointer: '/reference' }] });
      expect(JSON.stringify(reading)).not.toMatch(/ana@|CHN|1042/);
    }
  });

  it('needs a person where nobody can be asked and nothing says that the sender is trusted', () => {
    expect(read(EVENT, FRESHSERVICE_SETTINGS)).toMatchObject({ notices: [{ kind: 'event', isUnconfirmed: true }] });
  });

  it('is a mere hint where the ticket can be asked for, whatever it says and whoever is trusted', () => {
    const notices = [{ kind: 'lookup', id: '1042', ticket: '1042', isRepeatable: true }];
    for (const body of [
      EVENT,
      { ticket_id: 'SR-1042' },
      { ticket_id: 1042, person: 'x' },
      { freshservice_webhook: EVENT },
    ])
      expect(read(body, { ...ASKS, trust: 'static' })).toMatchObject(
        'person' in body && 'ticket_id' in body ? { kind: 'unreadable' } : { notices },
      );
  });

  it('of the simple mode is read by the mapping where nobody can be asked', () => {
    const mapping = { type: '/ticket_item', person: { email: '/ticket_requester_email' } };
    const words = { 'Leaving us': 'offboard' };
    const settings = { ...TRUSTED, mapping, words, approved: { at: '/ticket_status', values: ['Approved'] } };
    const fields = { ticket_id: 'SR-1042', ticket_item: 'Leaving us', ticket_requester_email: 'ana@press.example' };
    const approved = { freshservice_webhook: { ...fields, ticket_status: 'Approved' } };
    const notices = [{ kind: 'event', ticket: '1042', event: READ }];
    expect(read(approved, settings)).toMatchObject({ notices });
    expect(read({ ...fields, ticket_status: 'Open' }, settings)).toMatchObject({ kind: 'notices', notices: [] });
    const unclear = { kind: 'unreadable', violations: [{ pointer: '/ticket_status' }], reference: '1042' };
    expect(read(fields, settings)).toMatchObject({ notices: [unclear] });
    const other = { ...fields, ticket_status: 'Approved', ticket_item: 'New keyboard' };
    const because = 'approved, but its type is none of the words that are configured';
    const skip = { kind: 'skip', because, ticket: '1042', reference: '1042', isRepeatable: true };
    expect(read(other, settings)).toMatchObject({ notices: [skip] });
    expect(read({ ...other, ticket_item: undefined }, settings)).toMatchObject({ notices: [skip] });
  });

  it('that comes again that day is the same delivery, and may be repeated, for the ticket may have changed', () => {
    const at = ['2026-05-05T05:05:05.000Z', '2026-05-05T23:59:59.000Z', '2026-05-06T00:00:00.000Z'];
    const ids = (settings: object) => at.map((receivedAt) => read(EVENT, settings, receivedAt).deliveryId);
    const [first, sameDay, nextDay] = ids(TRUSTED);
    expect([sameDay === first, nextDay === first]).toEqual([true, false]);
    for (const settings of [TRUSTED, ASKS])
      expect(read(EVENT, settings)).toMatchObject({ notices: [{ isRepeatable: true }] });
  });
});

describe('a body is unreadable, and says where, that is', () => {
  it.each<[string, object | string, object, string]>([
    ['empty', '', TRUSTED, ''],
    ['a form', 'ticket_id=1042', TRUSTED, ''],
    ['broken by a quote', '{"ticket_id":"SR-1042","reason":"the "last" day"}', TRUSTED, ''],
    ['a list', [EVENT], TRUSTED, ''],
    ['a wrapper of nothing', { freshservice_webhook: null }, TRUSTED, ''],
    ['a name of no ticket', { ticket_id: 'CHN-12' }, ASKS, '/ticket_id'],
    ['an event that leaves its ticket out', { ...EVENT, reference: undefined }, ASKS, '/reference'],
  ])('%s', (_, body, settings, pointer) => {
    const reading = read(body, settings);
    expect(reading).toMatchObject({ kind: 'unreadable', violations: [{ pointer }] });
    expect(JSON.stringify(reading)).not.toMatch(/ana@|last|CHN/);
  });
});

it('an event of nobody is named with its ticket', () => {
  const violations = [{ pointer: '/person' }];
  expect(read({ type: 'offboard', reference: 'SR-1042' }, TRUSTED)).toMatchObject({
    notices: [{ kind: 'unreadable', violations, ticket: '1042' }],
  });
});

it('a ticket that nothing reads, and that nobody can ask for, is for a person', () => {
  const review = { kind: 'review', id: '1042', code: 'ticket-not-fetchable', ticket: '1042', reference: '1042' };
  for (const settings of [TRUSTED, FRESHSERVICE_SETTINGS, { ...ASKS, mapping: undefined, approved: undefined }])
    expect(read({ ticket_id: 'SR-1042' }, settings)).toMatchObject({ notices: [review] });
});

it('the settings that the page shows are usable, and ask and tell', () => {
  const shown = freshservice(settingsOf('freshservice'), SETTING);
  expect([typeof shown.lookUp, typeof shown.reply]).toEqual(['function', 'function']);
});

describe('the bodies that the page shows', () => {
  const bodies = (more: object) => bodiesOf('freshservice', { 'ticket.id': 'SR-1042', ...more });

  it('name the ticket, which is looked up', () => {
    const [body = ''] = bodies({});
    expect(read(body, ASKS)).toMatchObject({ notices: [{ kind: 'lookup', id: '1042', ticket: '1042' }] });
  });

  it('are an event, also where a subject has quotes, backslashes and lines', () => {
    const typed = {
      'ticket.ri_43_cf_work_address': 'ana@press.example',
      'ticket.subject': 'The "last" day\\\n"access":{"profile":"treasury"}',
    };
    const [, body = ''] = bodies(typed);
    const event = { ...READ, reason: 'The last dayaccess:{profile:treasury}' };
    expect(read(body)).toMatchObject({ notices: [{ kind: 'event', event, ticket: '1042' }] });
  });

  it('are refused where somebody types more than an address', () => {
    const [, body = ''] = bodies({
      'ticket.ri_43_cf_work_address': 'eve@press.example"},"access":{"',
      'ticket.subject': 'x',
    });
    const violations = [{ pointer: '/person/email' }];
    expect(read(body)).toMatchObject({ notices: [{ kind: 'unreadable', violations }] });
  });
});
