/** Factorial's employees, looked up over HTTP in four or five requests. */
import { describe, expect, it } from 'vitest';
import { factorial } from '../../../shared/sources/hr/factorial.ts';
import { factorialFake } from '../../fakes/vendors/factorial.ts';
import { useVendor } from '../stage.ts';

const vendor = useVendor({
  make: factorial,
  fake: () => factorialFake('unit-test-key'),
  settings: { challenges: ['factorial-unit-test'], apiKey: 'unit-test-key' },
});
const found = async (employee: object, settings: object = {}, context: object = {}) => {
  vendor.fake.records.set('12', { ...employee });
  return vendor.source(settings, context).lookUp?.('12');
};
const version = (effective_on: string, job_title: string | null, starts_on: string | null = '2024-02-01') => ({
  effective_on,
  job_title,
  starts_on,
});

describe('a record', () => {
  it('is put together from the employee, the contract, the team and the workplace', async () => {
    expect(await found({})).toEqual({
      kind: 'record',
      record: {
        employeeId: '12',
        email: 'nuria@press.example',
        start: '2026-02-02',
        end: null,
        timeZone: 'Europe/Madrid',
        attributes: { jobTitle: 'Editor', department: 'Newsroom', location: 'Girona' },
      },
    });
    expect(vendor.fake.requests.map(({ path }) => path.replace('/api/2026-04-01/resources/', '')).sort()).toEqual([
      'contracts/contract_versions',
      'employees/employees/12',
      'locations/locations/1',
      'teams/memberships',
      'teams/teams/1',
    ]);
  });

  it('is asked for in the version that is configured', async () => {
    await found({}, { apiVersion: '2027-01-01' });
    expect(vendor.fake.requests[0]?.path).toBe('/api/2027-01-01/resources/employees/employees/12');
  });

  it('has the title of the contract version in force, and the day of hiring', async () => {
    const contract_versions = [
      version('2026-06-01', 'Managing Editor'),
      version('2024-02-01', 'Trainee'),
      version('2025-02-01', 'Editor'),
    ];
    expect(await found({ contract_versions })).toMatchObject({
      record: { start: '2024-02-01', attributes: { jobTitle: 'Editor' } },
    });
  });

  it('of a contract to come has its title, and waits for its day', async () => {
    const contract_versions = [version('2026-09-01', 'Editor', '2026-09-01')];
    expect(await found({ contract_versions, active: false })).toMatchObject({
      record: { start: '2026-09-01', attributes: { jobTitle: 'Editor' } },
    });
  });

  it('begins a day in the zone of the workplace', async () => {
    // 5 May 2026, 05:05 UTC: in Honolulu it is still the 4th.
    const contract_versions = [version('2024-02-01', 'Editor'), version('2026-05-05', 'Managing Editor')];
    const titleIn = async (timezone: string) => await found({ contract_versions, timezone });
    expect(await titleIn('Pacific/Honolulu')).toMatchObject({ record: { attributes: { jobTitle: 'Editor' } } });
    expect(await titleIn('Asia/Tokyo')).toMatchObject({ record: { attributes: { jobTitle: 'Managing Editor' } } });
  });

  it.each<[string, object, object]>([
    ['a termination to come', { is_terminating: true, terminated_on: '2026-08-31' }, { end: '2026-08-31' }],
    ['a termination that has passed', { active: false, terminated_on: '2026-04-30' }, { end: '2026-04-30' }],
    ['a termination that is 0000-00-00', { terminated_on: '0000-00-00' }, { end: null }],
    ['a termination that is empty', { terminated_on: '' }, { end: null }],
    ['no contract yet', { contract_versions: [] }, { start: null, attributes: { jobTitle: null } }],
    [
      'a contract without a day of hiring',
      { contract_versions: [version('2025-02-01', null, null)] },
      { start: '2025-02-01' },
    ],
    ['no team', { teams: [] }, { attributes: { department: null } }],
    [
      'several teams, of which the first counts',
      { teams: ['Treasury', 'Newsroom'] },
      { attributes: { department: 'Treasury' } },
    ],
    ['no workplace', { location: null }, { attributes: { location: null } }],
    ['a workplace without a zone', { timezone: null }, { attributes: { location: 'Girona' } }],
  ])('of %s', async (_, employee, record) => {
    expect(await found(employee)).toMatchObject({ kind: 'record', record });
  });

  it('of no workplace, or one without a zone, says nothing of a zone; a configured one counts before any', async () => {
    expect(await found({ timezone: null })).not.toHaveProperty('record.timeZone');
    expect(await found({}, { timeZone: 'Atlantic/Canary' })).toHaveProperty('record.timeZone', 'Atlantic/Canary');
  });
});

describe('the work address', () => {
  it.each<[string, object, string[], string | null]>([
    ['is the one they log in with', { login_email: 'N@Press.example ', email: 'a@b.example' }, [], 'n@press.example'],
    [
      'is none where that is their personal one',
      { login_email: 'a@b.example', personal_email: 'a@b.example' },
      [],
      null,
    ],
    ['is never the one that the vendor calls personal', { login_email: null, email: 'a@b.example' }, [], null],
    [
      'may be that one within the allowed domains',
      { login_email: null, email: 'n@press.example' },
      ['press.example'],
      'n@press.example',
    ],
    [
      'is none outside the allowed domains',
      { login_email: 'n@mail.example', email: 'n@mail.example' },
      ['press.example'],
      null,
    ],
  ])('%s', async (_, employee, allowedDomains, email) => {
    expect(await found(employee, {}, { allowedDomains })).toMatchObject({ kind: 'record', record: { email } });
  });
});

describe('a person must judge', () => {
  it.each<[string, object]>([
    ['an inactive employee without a date', { active: false }],
    ['a termination without a date', { is_terminating: true }],
  ])('%s', async (_, employee) => {
    expect(await found(employee)).toEqual({ kind: 'review', code: 'employee-inactive' });
  });
});
