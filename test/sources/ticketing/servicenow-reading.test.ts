/** What ServiceNow's bodies are read into. */
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../shared/sources/source.ts';
import { servicenow } from '../../../shared/sources/ticketing/servicenow.ts';
import {
  SNOW_BASIC,
  SNOW_SECRET,
  SNOW_SETTINGS,
  SYS_ID,
  snowItem,
  snowNamed,
  snowSettings,
} from '../../fixtures/ticketing/servicenow.ts';
import { SETTING, signedHeaders } from '../signed.ts';
import { wire } from '../stage.ts';
import { countedAs } from './servicenow-stage.ts';

const NOW = SETTING.now();
const API = snowSettings('http://127.0.0.1:9').api;
const EVENT = { type: 'offboard', person: { email: 'lena@press.example' } };
const BODY = JSON.stringify({ ...snowNamed(), ...EVENT });
const SIGNED = { ...signedHeaders({ body: BODY, at: NOW, id: 'RITM0011042:3', secret: SNOW_SECRET }) };

/** What every notice of the item carries. */
const TICKET = { ticket: SYS_ID, reference: 'RITM0011042' };

const make = (more: object = {}) => servicenow({ ...SNOW_SETTINGS, ...more }, SETTING);
/** What a signed body says. */
const read = (body: unknown, more: object = {}, headers: Record<string, string> = SIGNED): Reading =>
  make(more).read({ headers, body: wire(body), receivedAt: NOW });
const notices = (reading: Reading) => (reading.kind === 'notices' ? reading.notices : [reading]);

describe('a signed body with the canonical event beside its record', () => {
  it('is that event, of that ticket; its reference is the number, unless it says another', () => {
    const event = { ...EVENT, reference: 'RITM0011042' };
    const said = { kind: 'event', event, ...TICKET };
    expect(notices(read({ ...snowNamed(), ...EVENT }))).toEqual([said]);
    const other = { ...EVENT, reference: 'HR-7' };
    expect(notices(read({ ...snowNamed(), ...other }))).toEqual([{ ...said, event: other }]);
  });

  it('needs no approval: the script’s own condition is one', () => {
    const event = { ...EVENT, reference: 'RITM0011042' };
    const unmapped = { mapping: undefined, words: undefined };
    expect(notices(read({ ...snowNamed(), ...EVENT }, unmapped))).toMatchObject([
      { kind: 'event', event, ticket: SYS_ID },
    ]);
  });

  it('is refused with a member that no event has, the variables among them', () => {
    const violations = [{ pointer: '/variables' }];
    expect(notices(read({ ...snowNamed(), ...EVENT, variables: {} }))).toMatchObject([
      { kind: 'unreadable', violations, ...TICKET },
    ]);
  });
});

describe('a signed body with variables', () => {
  const item = (name: string, variables: object, more: object = {}) => {
    const { cat_item, approval } = snowItem(name, '');
    return { ...snowNamed(), cat_item, approval, variables, ...more };
  };
  const variables = { new_hire_email: 'Iris@Press.example', employee_number: '5501', effective_date: '2026-06-01' };

  it.each([
    ['New colleague', 'onboard'],
    ['More access', 'change'],
    ['Colleague leaves', 'offboard'],
  ])('of "%s" is read into an %s', (name, type) => {
    // Whoever leaves is given nothing, whatever the form has besides.
    const access = type === 'offboard' ? {} : { access: { profile: 'newsroom' } };
    const person = { email: 'iris@press.example', externalId: '5501' };
    const event = { type, person, effectiveAt: '2026-06-01', reference: 'RITM0011042', ...access };
    const said = notices(read(item(name, { ...variables, access_profile: 'newsroom' })));
    expect(said).toEqual([{ kind: 'event', event, ...TICKET }]);
  });

  it('says nothing by an empty variable', () => {
    const [notice] = notices(read(item('New colleague', { ...variables, employee_number: '', effective_date: ' ' })));
    const event = {
      type: 'onboard',
      person: { email: 'iris@press.example' },
      reference: 'RITM0011042',
    };
    expect(notice).toEqual({ kind: 'event', event, ...TICKET });
  });

  it('has its times in UTC, as ServiceNow keeps them', () => {
    const at = item('Colleague leaves', { ...variables, effective_date: '2026-06-30 15:30:00' });
    expect(notices(read(at))).toMatchObject([{ event: { effectiveAt: '2026-06-30T15:30:00Z' } }]);
  });

  it('may be mapped to its number too', () => {
    const mapping = { ...SNOW_SETTINGS.mapping, person: { externalId: { root: '/number' } } };
    expect(notices(read(item('Colleague leaves', {}), { mapping }))).toMatchObject([
      { event: { person: { externalId: 'RITM0011042' } } },
    ]);
  });

  it.each(['requested', 'rejected', 'Approved', ''])('that is %j is not acted on', (approval) => {
    expect(notices(read(item('New colleague', variables, { approval })))).toEqual([]);
  });

  it('of another item than ours, or of none, asks for nothing, and is kept', () => {
    const because = 'approved, but its type is none of the words that are configured';
    for (const name of ['New laptop', '', 'new colleague'])
      expect(notices(read(item(name, variables)))).toEqual([{ kind: 'skip', because, ...TICKET }]);
    expect(notices(read(item('', variables, { cat_item: undefined })))).toEqual([{ kind: 'skip', because, ...TICKET }]);
    expect(notices(read(item('New laptop', variables, { approval: 'requested' })))).toEqual([]);
  });

  it('may be approved by another field, by other values', () => {
    const more = { approved: { at: '/state', values: ['2', '3'] } };
    expect(notices(read(item('New colleague', variables, { state: '3' }), more))).toHaveLength(1);
    expect(notices(read(item('New colleague', variables, { state: 2 }), more))).toHaveLength(1);
    expect(notices(read(item('New colleague', variables, { state: '1' }), more))).toEqual([]);
  });
});

const named = snowNamed();
const unapproved = { ...snowItem('New colleague', 'iris@press.example'), approval: undefined, ...named };
const pointersIn = (found: { violations: readonly { pointer: string }[] }) =>
  found.violations.map(({ pointer }) => pointer);

describe('a body that does not name its record is unreadable, signed or not, and says where,', () => {
  it.each<[string, unknown, string]>([
    ['as no JSON', '{"record":', ''],
    ['as a list', [named], ''],
    ['without a record', EVENT, '/record'],
    ['without a sys_id', snowNamed({ sys_id: undefined }), '/record/sys_id'],
    ['with a sys_id that is a path', snowNamed({ sys_id: '../sys_user/1' }), '/record/sys_id'],
    ['with a sys_id in capitals', snowNamed({ sys_id: SYS_ID.toUpperCase() }), '/record/sys_id'],
    ['with a number that is none', snowNamed({ number: 'RITM "1"' }), '/record/number'],
    ['without a count', snowNamed({ sys_mod_count: undefined }), '/record/sys_mod_count'],
    ['with a count below zero', snowNamed({ sys_mod_count: -1 }), '/record/sys_mod_count'],
    ['with a count of words', snowNamed({ sys_mod_count: 'three' }), '/record/sys_mod_count'],
    ['with an event that names no record', { ...EVENT, ...snowNamed({ sys_id: '' }) }, '/record/sys_id'],
  ])('%s', (_, body, pointer) => {
    for (const headers of [SIGNED, SNOW_BASIC]) {
      const reading = read(body, {}, headers);
      expect(reading.kind === 'unreadable' && pointersIn(reading)).toContain(pointer);
      expect(read(body, { api: API }, headers)).toEqual(reading);
    }
  });
});

describe('a signed body that names its record and cannot be read is the word of its ticket, and says where,', () => {
  it.each<[string, unknown, string]>([
    ['with an event of nobody', { ...named, type: 'offboard', person: {} }, '/person/email'],
    [
      'with an event that hides members',
      `{"record":${JSON.stringify(named.record)},"person":{"__proto__":{}}}`,
      '/person/__proto__',
    ],
    ['with variables and no word of an approval', unapproved, '/approval'],
    ['with a hire without an address', { ...snowItem('New colleague', ''), ...named }, '/variables/new_hire_email'],
    [
      'with a date in the words of a form',
      { ...snowItem('Colleague leaves', 'a@b.example', { effective_date: '30/06/2026' }), ...named },
      '/variables/effective_date',
    ],
  ])('%s', (_, body, pointer) => {
    const reading = read(body);
    expect(reading).toMatchObject({ kind: 'notices', deliveryId: 'RITM0011042:3' });
    const [notice, ...others] = notices(reading);
    expect([notice, others]).toMatchObject([{ kind: 'unreadable', ...TICKET }, []]);
    expect(notice?.kind === 'unreadable' && pointersIn(notice)).toContain(pointer);
  });

  it('and nothing of it is kept in what is said', () => {
    const reading = read({ ...named, ...EVENT, person: { email: 'canary no address', mood: 'canary' } });
    expect(reading).toMatchObject({ kind: 'notices', notices: [{ kind: 'unreadable' }] });
    expect(JSON.stringify(reading)).not.toContain('canary');
  });
});

describe('a body that only names its record is for a person, who is told what is missing,', () => {
  const UNMAPPED = { mapping: undefined, words: undefined };
  const review = { kind: 'review', id: SYS_ID, code: 'ticket-not-fetchable', ...TICKET };

  it.each<[string, object]>([
    ['neither an API nor a mapping', UNMAPPED],
    ['no mapping', { ...UNMAPPED, api: API, reply: {} }],
    ['no API', {}],
  ])('where there is %s, signed or not', (_, more) => {
    for (const headers of [SIGNED, SNOW_BASIC]) expect(notices(read(named, more, headers))).toEqual([review]);
  });

  it('so is one with variables, where there is no mapping', () => {
    expect(notices(read({ ...named, variables: {} }, UNMAPPED))).toEqual([review]);
  });
});

describe('a delivery that merely carries a credential', () => {
  const hint = (body: unknown, more: object = {}) => read(body, more, SNOW_BASIC);
  const lookup = [{ kind: 'lookup', id: SYS_ID, isRepeatable: true, ...TICKET }];

  it('has the record looked up, whatever it says itself, where there is an API and a mapping', () => {
    expect(notices(hint(named, { api: API }))).toEqual(lookup);
    expect(notices(hint({ ...named, ...EVENT }, { api: API }))).toEqual(lookup);
    expect(notices(hint({ ...named, variables: { new_hire_email: 'mallory' } }, { api: API }))).toEqual(lookup);
  });

  it('is unconfirmed where there is no API, unless its sender is trusted', () => {
    const event = { ...EVENT, reference: 'RITM0011042' };
    // Its count and its bytes are an id: nothing of it is repeatable.
    expect(notices(hint({ ...named, ...EVENT }))).toEqual([{ kind: 'event', event, isUnconfirmed: true, ...TICKET }]);
    expect(notices(hint({ ...named, ...EVENT }, { trust: 'static' }))[0]).not.toHaveProperty('isUnconfirmed');
    const mapped = { ...named, ...snowItem('Colleague leaves', 'a@b.example') };
    expect(notices(hint(mapped))).toMatchObject([{ kind: 'event', isUnconfirmed: true }]);
  });
});

it('a signed delivery that merely names its record has it looked up', () => {
  expect(notices(read(named, { api: API }))).toEqual([{ kind: 'lookup', id: SYS_ID, isRepeatable: true, ...TICKET }]);
});

describe('a delivery is known', () => {
  it('by the id that was signed, in either spelling', () => {
    expect(read(BODY).deliveryId).toBe('RITM0011042:3');
    const svix = Object.fromEntries(
      Object.entries(SIGNED).map(([name, value]) => [name.replace('webhook', 'svix'), value]),
    );
    expect(make().verify({ headers: svix, body: wire(BODY), receivedAt: NOW })).toBe(true);
    expect(read(BODY, {}, svix).deliveryId).toBe('RITM0011042:3');
  });

  it('else by the record and how often it was changed, be that a text or a number', () => {
    const of = (record: object) => read(snowNamed(record), { api: API }, SNOW_BASIC).deliveryId;
    expect(of({ sys_mod_count: '3' })).toEqual(countedAs(3));
    expect(of({ sys_mod_count: 3 })).toEqual(countedAs(3));
    expect(of({ sys_mod_count: 4 })).toEqual(countedAs(4));
  });

  it('and by its bytes, so that nobody who sends first takes its place', () => {
    const of = (body: object) => read(body, {}, SNOW_BASIC).deliveryId;
    const ids = [named, { ...named, ...EVENT }, { ...named, ...EVENT, reason: 'forged' }].map(of);
    expect(new Set(ids).size).toBe(3);
    expect(of({ ...named, ...EVENT })).toBe(ids[1]);
  });

  it('by no id of a delivery that is not signed, whatever its headers say', () => {
    const headers = { ...SNOW_BASIC, 'webhook-id': 'RITM0011042:9' };
    expect(read(named, { api: API }, headers).deliveryId).toEqual(countedAs(3));
  });
});
