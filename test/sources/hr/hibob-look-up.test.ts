/** HiBob's records, asked for over HTTP from a fake that refuses what HiBob refuses. */
import { describe, expect, it } from 'vitest';
import type { Lookup } from '../../../shared/lifecycle/lookup.ts';
import { hibob } from '../../../shared/sources/hr/hibob.ts';
import { hibobFake } from '../../fakes/vendors/hibob.ts';
import type { VendorFault } from '../../fakes/vendors/vendor.ts';
import { BOB_KEY } from '../../fixtures/hr/hibob.ts';
import { useVendor } from '../stage.ts';
import { FAILURES, NOT_DATES } from '../tables.ts';

const ID = '9007199254740993001';
const ODA = {
  'root.email': 'oda@verlag.example',
  'work.department': 'Newsroom',
  'work.title': 'Setter',
  'work.site': 'Bergen',
  'work.startDate': '2024-02-01',
  'internal.status': 'Active',
};

interface Setting {
  settings?: object;
  faults?: VendorFault[];
}

const vendor = useVendor({
  make: hibob,
  fake: () => hibobFake({ id: 'SERVICE-7', token: 'token-7' }),
  settings: { signingSecrets: [BOB_KEY], serviceUserId: 'SERVICE-7', serviceUserToken: 'token-7' },
  context: { allowedDomains: ['verlag.example'], now: () => '2026-04-07T06:05:04.000Z' },
});

/** Looks an employee up whose record is this. */
async function looked(employee: object | null, { settings = {}, faults = [] }: Setting = {}) {
  const { fake } = vendor;
  fake.records.clear();
  if (employee) fake.records.set(ID, { ...ODA, ...employee });
  faults.forEach(fake.fail);
  const ask = (id = ID) => vendor.source(settings).lookUp?.(id) as Promise<Lookup>;
  return { answer: await ask(), ask, fake };
}

const record = async (employee: object, setting?: Setting) => (await looked(employee, setting)).answer;

describe.each(['flat', 'nested'])('a record that answers %s', (_shape) => {
  it('says who somebody is, where they work and since when, in readable words', async () => {
    expect(await record({ _shape })).toEqual({
      kind: 'record',
      record: {
        employeeId: ID,
        email: 'oda@verlag.example',
        start: '2024-02-01',
        end: null,
        attributes: { department: 'Newsroom', jobTitle: 'Setter', location: 'Bergen' },
      },
    });
  });

  it('states an end, in the zone that is configured', async () => {
    const leaving = { _shape, 'internal.terminationDate': '2026-06-30' };
    expect(await record(leaving, { settings: { timeZone: 'Asia/Kolkata' } })).toMatchObject({
      record: { end: '2026-06-30', timeZone: 'Asia/Kolkata' },
    });
  });

  it.each(['root.email', 'work.department', 'work.title', 'work.startDate', 'internal.terminationDate'])(
    'is not whole where the service user may not see %s',
    async (field) => {
      expect(await record({ _shape, _hidden: [field] })).toEqual({ kind: 'failed', reason: 'record-incomplete' });
    },
  );

  it('may do without the status, which is only a safeguard', async () => {
    expect(await record({ _shape, _hidden: ['internal.status'] })).toMatchObject({ kind: 'record' });
  });

  it('may have no email, department, title or site', async () => {
    const bare = { 'root.email': null, 'work.department': null, 'work.title': null, 'work.site': null };
    expect(await record({ _shape, ...bare })).toMatchObject({
      record: { email: null, attributes: { department: null, jobTitle: null, location: null } },
    });
  });
});

describe('a record', () => {
  it('is asked for with its fields, and stored values beside the readable ones: those have dates in any format', async () => {
    const { fake } = await looked({});
    expect(fake.requests).toEqual([{ method: 'POST', path: `/people/${ID}` }]);
    const fields = ['root.email', 'work.department', 'work.title', 'work.site', 'work.startDate'];
    const internal = ['internal.terminationDate', 'internal.status'];
    expect(vendor.asked.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { fields: [...fields, ...internal], humanReadable: 'APPEND' },
    ]);
  });

  it('without wrapping or readable words is as good', async () => {
    const body = {
      email: 'oda@verlag.example',
      work: { department: 'Newsroom', title: null, site: null, startDate: '2024-02-01' },
    };
    const plain = { ...body, internal: { terminationDate: null } };
    expect(await record({}, { faults: [{ status: 200, body: JSON.stringify(plain) }] })).toMatchObject({
      record: { email: 'oda@verlag.example', attributes: { department: 'Newsroom', jobTitle: null } },
    });
  });

  it.each(['work.department', 'work.title', 'work.site'])(
    'that has %s as an id from a list, without its text, is not whole',
    async (field) => {
      const work = { department: null, title: null, site: null, startDate: null, [field.slice(5)]: '253418926' };
      const body = JSON.stringify({ email: 'oda@verlag.example', work, internal: { terminationDate: null } });
      const answer = await record({}, { faults: [{ status: 200, body }] });
      expect(answer).toEqual({ kind: 'failed', reason: 'record-incomplete' });
    },
  );

  it.each(['0001-01-01', '9999-12-31', ''])('whose date of leaving reads %j has none', async (date) => {
    expect(await record({ 'internal.terminationDate': date })).toMatchObject({ record: { end: null } });
  });

  it.each([...NOT_DATES, '30/06/2026'])('whose date of leaving reads %j is not whole', async (wrong) => {
    const answer = await record({ 'internal.terminationDate': wrong });
    expect(answer).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });

  it('with an address outside the company has none', async () => {
    expect(await record({ 'root.email': 'oda@home.example' })).toMatchObject({ record: { email: null } });
  });

  it('of somebody inactive without a date of leaving is for a person to judge', async () => {
    expect(await record({ 'internal.status': 'Inactive' })).toEqual({ kind: 'review', code: 'employee-inactive' });
  });

  it.each([
    ['who is yet to come', { 'work.startDate': '2026-05-01' }],
    ['with a date of leaving', { 'internal.terminationDate': '2026-04-01' }],
  ])('of somebody inactive %s is a record', async (_, more) => {
    expect(await record({ 'internal.status': 'Inactive', ...more })).toMatchObject({ kind: 'record' });
  });

  it('of somebody active who left before they began was there before', async () => {
    const again = { 'work.startDate': '2026-02-01', 'internal.terminationDate': '2023-09-30' };
    expect(await record(again)).toMatchObject({ record: { start: '2026-02-01', end: null } });
  });

  it.each([
    ['of whom nobody says whether they are active', { _hidden: ['internal.status'] }],
    ['who is inactive', { 'internal.status': 'Inactive' }],
  ])('of somebody %s keeps the end it states, whenever that was', async (_, more) => {
    const left = { 'work.startDate': '2026-02-01', 'internal.terminationDate': '2026-01-31', ...more };
    expect(await record(left)).toMatchObject({ record: { start: '2026-02-01', end: '2026-01-31' } });
  });
});

describe('nothing is said of anybody by', () => {
  for (const [rule, fault, expected] of FAILURES) {
    it(rule, async () => {
      const { answer, ask } = await looked({}, { faults: [fault] });
      expect(answer).toEqual(expected);
      expect(await ask()).toMatchObject({ kind: 'record' });
    });
  }

  it('an API that does not know our service user, or an id that it does not know', async () => {
    const { answer } = await looked({}, { settings: { serviceUserToken: 'old' } });
    expect(answer).toEqual({ kind: 'failed', reason: 'vendor-unauthorized' });
    expect((await looked(null)).answer).toEqual({ kind: 'not-found' });
  });

  it.each(['search', '../company', '1?x', ''])('the id %j, which is never asked for', async (id) => {
    const { ask, fake } = await looked({});
    fake.requests.length = 0;
    expect(await ask(id)).toEqual({ kind: 'not-found' });
    expect(fake.requests).toEqual([]);
  });
});
