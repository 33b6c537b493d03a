/** BambooHR's records, asked for over HTTP from a fake that refuses what BambooHR refuses. */
import { describe, expect, it } from 'vitest';
import type { Lookup } from '../../../shared/lifecycle/lookup.ts';
import { bamboohr } from '../../../shared/sources/hr/bamboohr.ts';
import { bamboohrFake } from '../../fakes/vendors/bamboohr.ts';
import type { VendorFault } from '../../fakes/vendors/vendor.ts';
import { BAMBOO_KEY } from '../../fixtures/hr/bamboohr.ts';
import { useVendor } from '../stage.ts';
import { FAILURES, NOT_DATES } from '../tables.ts';

const NOW = '2026-04-07T06:05:04.000Z';
const SIV = {
  workEmail: 'siv@verlag.example',
  department: 'Newsroom',
  jobTitle: 'Setter',
  location: 'Bergen',
  employmentHistoryStatus: 'Full-Time',
  hireDate: '2024-02-01',
  status: 'Active',
};
const vendor = useVendor({
  make: bamboohr,
  fake: () => bamboohrFake('key-of-the-api'),
  settings: { signingSecrets: [BAMBOO_KEY], companyDomain: 'verlag', apiKey: 'key-of-the-api' },
});

interface Setting {
  settings?: object;
  allowedDomains?: string[];
  now?: string;
  faults?: VendorFault[];
}

/** Looks an employee up whose record is this. */
async function looked(
  employee: object | null,
  { settings, allowedDomains = [], now = NOW, faults = [] }: Setting = {},
) {
  const { fake } = vendor;
  fake.records.clear();
  if (employee) fake.records.set('4171', { ...SIV, ...employee });
  faults.forEach(fake.fail);
  const source = vendor.source(settings, { allowedDomains, now: () => now });
  const ask = (id = '4171') => source.lookUp?.(id) as Promise<Lookup>;
  return { answer: await ask(), ask, fake };
}

const record = async (employee: object, setting?: Setting) => (await looked(employee, setting)).answer;

describe('a record', () => {
  it('says who somebody is, where they work and since when', async () => {
    expect(await record({})).toEqual({
      kind: 'record',
      record: {
        employeeId: '4171',
        email: 'siv@verlag.example',
        start: '2024-02-01',
        end: null,
        attributes: { department: 'Newsroom', jobTitle: 'Setter', location: 'Bergen', employmentType: 'Full-Time' },
      },
    });
  });

  it('is asked for with what is to come and as it is today, and with no field that is not needed', async () => {
    const { fake } = await looked({});
    expect(fake.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(2).fill('GET /employees/4171'));
    const fields = 'workEmail,department,jobTitle,location,employmentHistoryStatus,hireDate,terminationDate,status';
    const asked = ['false', 'true'].map((onlyCurrent) => new URLSearchParams({ fields, onlyCurrent }).toString());
    expect(vendor.asked.map(({ query }) => query.toString())).toEqual(asked);
  });

  it('carries the zone of its dates where one is configured', async () => {
    expect(await record({}, { settings: { timeZone: 'Europe/Oslo' } })).toMatchObject({
      record: { timeZone: 'Europe/Oslo' },
    });
  });

  it.each(['0000-00-00', '0001-01-01', '9999-12-31', '', null])(
    'whose date of leaving reads %j has none',
    async (no) => {
      expect(await record({ terminationDate: no })).toMatchObject({ record: { end: null } });
    },
  );

  it.each(NOT_DATES)('whose date of leaving reads %j is not whole: it must never count as none', async (wrong) => {
    expect(await record({ terminationDate: wrong })).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });

  it('shows a coming termination, and of a coming transfer nothing yet', async () => {
    const future = { terminationDate: '2026-06-30', department: 'Treasury', jobTitle: 'Controller' };
    expect(await record({ _future: future })).toMatchObject({
      record: { end: '2026-06-30', attributes: { department: 'Newsroom', jobTitle: 'Setter' } },
    });
  });
});

describe('an address', () => {
  it('is written as the domain writes it', async () => {
    expect(await record({ workEmail: ' Siv@Verlag.Example ' })).toMatchObject({
      record: { email: 'siv@verlag.example' },
    });
  });

  it.each([null, '', 'siv at work', 'siv@vérlag.example', 'siv@elsewhere.example'])(
    'that reads %j is none',
    async (no) => {
      const answer = await record({ workEmail: no }, { allowedDomains: ['verlag.example'] });
      expect(answer).toMatchObject({ kind: 'record', record: { email: null } });
    },
  );

  it('that is personal is never used', async () => {
    const answer = await record({ workEmail: null, homeEmail: 'siv@home.example', personalEmail: 'siv@home.example' });
    expect(JSON.stringify(answer)).not.toContain('home.example');
  });
});

describe('somebody Inactive', () => {
  it('before the day of hire is a future joiner, as they will be then', async () => {
    const hired = { status: 'Inactive', hireDate: '2026-05-01', department: null, _future: { department: 'Treasury' } };
    expect(await record(hired)).toMatchObject({
      kind: 'record',
      record: { start: '2026-05-01', end: null, attributes: { department: 'Treasury' } },
    });
  });

  it.each(['2026-03-31', '2026-04-07', '2026-12-31'])('with the date of leaving %s is a leaver on it', async (date) => {
    expect(await record({ status: 'Inactive', terminationDate: date })).toMatchObject({ record: { end: date } });
  });

  it('without a date of leaving is for a person to judge', async () => {
    expect(await record({ status: 'Inactive' })).toEqual({ kind: 'review', code: 'employee-inactive' });
    expect(await record({ status: 'Inactive', hireDate: '0000-00-00' })).toEqual({
      kind: 'review',
      code: 'employee-inactive',
    });
  });

  it('on the morning of the day of hire is judged by the day there', async () => {
    const hired = { status: 'Inactive', hireDate: '2026-04-08' };
    const now = '2026-04-07T23:30:00.000Z';
    expect(await record(hired, { now })).toMatchObject({ kind: 'record' });
    const there = { now, settings: { timeZone: 'Asia/Tokyo' } };
    expect(await record(hired, there)).toMatchObject({ kind: 'review', code: 'employee-inactive' });
  });

  it('whose hire was cancelled before it began leaves before they come', async () => {
    const cancelled = { status: 'Inactive', hireDate: '2026-05-01', terminationDate: '2026-04-20' };
    expect(await record(cancelled)).toMatchObject({ record: { start: '2026-05-01', end: '2026-04-20' } });
  });
});

it('somebody Active who left before they were hired was here before: that end is of an earlier employment', async () => {
  const again = { hireDate: '2026-02-01', terminationDate: '2023-09-30' };
  expect(await record(again)).toMatchObject({ record: { start: '2026-02-01', end: null } });
});

describe('nothing is said of anybody by', () => {
  for (const [rule, fault, expected] of FAILURES) {
    it(rule, async () => {
      const { answer, ask } = await looked({}, { faults: [fault] });
      expect(answer).toEqual(expected);
      expect(await ask()).toMatchObject({ kind: 'record' });
    });
  }

  it('a failure of the second question', async () => {
    const whole = { status: 200, body: JSON.stringify({ id: '4171', ...SIV, terminationDate: '2026-01-01' }) };
    expect(await record({}, { faults: [whole, { status: 500 }] })).toEqual({
      kind: 'failed',
      reason: 'vendor-unavailable',
    });
  });

  it.each(Object.keys(SIV))('a record in which our key may not see %s', async (field) => {
    expect(await record({ _hidden: [field] })).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });

  it('the record of somebody else', async () => {
    const { ask, fake } = await looked({});
    fake.fail({ status: 200, body: JSON.stringify({ id: '9', terminationDate: '2026-01-01', ...SIV }) });
    expect(await ask()).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });

  it('an API that does not know our key', async () => {
    const { answer } = await looked({}, { settings: { apiKey: 'old-key' } });
    expect(answer).toEqual({ kind: 'failed', reason: 'vendor-unauthorized' });
  });

  it('an id that the API does not know', async () => {
    expect((await looked(null)).answer).toEqual({ kind: 'not-found' });
  });

  it.each(['0', '../4171', '4171/photo', '4171?x', ''])('the id %j, which is never asked for', async (id) => {
    const { ask, fake } = await looked({});
    fake.requests.length = 0;
    expect(await ask(id)).toEqual({ kind: 'not-found' });
    expect(fake.requests).toEqual([]);
  });
});
