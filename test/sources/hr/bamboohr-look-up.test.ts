/** BambooHR's records, asked for over HTTP from a fake that refuses what BambooHR refuses. */
import { describe, expect, it } from 'vitest';
import { looked, type Setting } from './bamboohr-company.ts';

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
    const { fake, queries } = await looked({});
    expect(fake.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(2).fill('GET /employees/4171'));
    const fields = 'workEmail,department,jobTitle,location,employmentHistoryStatus,hireDate,terminationDate,status';
    const asked = ['false', 'true'].map((onlyCurrent) => new URLSearchParams({ fields, onlyCurrent }).toString());
    expect(queries).toEqual(asked);
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

  it('whose date of leaving cannot be read is not whole: it must never count as none', async () => {
    expect(await record({ terminationDate: '31/12/2026' })).toEqual({ kind: 'failed', reason: 'record-incomplete' });
    expect(await record({ terminationDate: '2026-02-30' })).toEqual({ kind: 'failed', reason: 'record-incomplete' });
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
