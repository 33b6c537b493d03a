import { describe, expect, it } from 'vitest';
import { personio } from '../../../shared/sources/hr/personio.ts';
import { personioFake } from '../../fakes/vendors/personio.ts';
import { useVendor } from '../stage.ts';
import { BAD_IDS, CANARIES, FAILURES, NO_DATES, NOT_DATES } from '../tables.ts';

const SETTINGS = { tokens: ['verlag webhook token'], clientId: 'verlag', clientSecret: 'verlag secret' };
const stage = useVendor({ make: personio, fake: () => personioFake('verlag', 'verlag secret'), settings: SETTINGS });
const INCOMPLETE = { kind: 'failed', reason: 'record-incomplete' };
const EMPLOYED = {
  email: 'Jule@Verlag.example',
  employment_start_date: '2026-01-12',
  department: 'Newsroom',
  position: 'Redakteurin',
};

const lookUp = (more: object = {}, context: Parameters<typeof stage.source>[1] = {}) => {
  stage.fake.records.set('31', { ...EMPLOYED, ...more });
  return stage.source({}, context).lookUp?.('31');
};

describe('a record', () => {
  it('says where and as what somebody works, and nothing else', async () => {
    expect(await lookUp(CANARIES)).toEqual({
      kind: 'record',
      record: {
        employeeId: '31',
        email: 'jule@verlag.example',
        start: '2026-01-12',
        end: null,
        attributes: { department: 'Newsroom', jobTitle: 'Redakteurin', employmentType: 'INTERNAL' },
      },
    });
  });

  it('counts in the zone that is configured', async () => {
    await lookUp();
    expect(await stage.source({ timeZone: 'Europe/Berlin' }).lookUp?.('31')).toMatchObject({
      record: { timeZone: 'Europe/Berlin' },
    });
  });

  it('ends when the termination comes into force, not when it was decided', async () => {
    expect(await lookUp({ termination_date: '2026-06-30' })).toMatchObject({ record: { end: '2026-06-30' } });
  });

  const stated = (termination: unknown, more: object = {}) => ({
    employments: [
      { status: 'ACTIVE', employment_start_date: '2026-01-12', position: null, org_units: [], termination, ...more },
    ],
  });
  it.each([
    ['the only date there is', { terminated_at: '2026-06-30' }, '2026-06-30'],
    ['nothing, while the day is open', { termination_date: null, terminated_at: '2026-06-30' }, null],
    ['the day of a timestamp', { termination_date: '2026-06-30T00:00:00Z' }, '2026-06-30'],
  ])('ends by %s', async (_, termination, end) => {
    expect(await lookUp(stated(termination))).toMatchObject({ kind: 'record', record: { end } });
  });

  it.each(NO_DATES)('has no end on %j', async (termination_date) => {
    expect(await lookUp(stated({ termination_date }))).toMatchObject({ record: { end: null } });
  });

  it.each([
    ['a date that cannot be read', stated({ termination_date: '30.06.2026' })],
    ...NOT_DATES.map((date): [string, object] => [`an end that reads ${date}`, stated({ termination_date: date })]),
    ['a termination without a date', stated({ reason: 'x' })],
    ['what is known of a termination', stated(undefined)],
    ['a start', stated(null, { employment_start_date: undefined })],
    ['a position', stated(null, { position: undefined })],
    ['a position’s title', stated(null, { position: { id: '3' } })],
    ['org units', stated(null, { org_units: undefined })],
    ['a status', stated(null, { status: undefined })],
    ['any employment', { employments: [] }],
    ['an address that we may see', { email: undefined }],
    ['its own id', { id: '32' }],
  ])('is incomplete with or without %s', async (_, more) => {
    if ('email' in more) stage.instead('/31', { status: 200, body: { id: '31', first_name: 'Jule' } });
    expect(await lookUp(more)).toEqual(INCOMPLETE);
  });

  it.each(['', 'Jule Verlag', 'jule@post.example', null])('with the address %j has none', async (email) => {
    const found = await lookUp({ email }, { allowedDomains: ['verlag.example'] });
    expect(found).toMatchObject({ kind: 'record', record: { email: null } });
  });

  it('without a department has none; one whose name cannot be had is incomplete', async () => {
    expect(await lookUp({ department: undefined })).toMatchObject({ record: { attributes: { department: null } } });
    stage.instead('/org-units/700', { status: 404 });
    expect(await lookUp()).toEqual(INCOMPLETE);
  });

  const employment = (employment_start_date: string, end: string | null) => ({
    ...stated(end && { termination_date: end }, { employment_start_date }).employments[0],
  });
  it.each([
    ['current', [employment('2026-02-01', null), employment('2023-01-01', '2024-12-31')], '2026-02-01', null],
    ['coming', [employment('2026-07-01', null), employment('2023-01-01', '2024-12-31')], '2026-07-01', null],
    [
      'latest',
      [employment('2025-02-01', '2025-07-31'), employment('2023-01-01', '2024-12-31')],
      '2025-02-01',
      '2025-07-31',
    ],
    [
      'current, on into the next without a day between',
      [employment('2026-06-01', null), employment('2026-01-01', '2026-05-31')],
      '2026-01-01',
      null,
    ],
    [
      'current, and not the next after a pause',
      [employment('2026-06-02', null), employment('2026-01-01', '2026-05-31')],
      '2026-01-01',
      '2026-05-31',
    ],
  ])('is of the employment that is %s', async (_, employments, start, end) => {
    expect(await lookUp({ employments })).toMatchObject({ record: { start, end } });
  });

  it('of somebody inactive without a day of leaving needs a person; leave is no leaving', async () => {
    expect(await lookUp({ status: 'INACTIVE' })).toEqual({ kind: 'review', code: 'employee-inactive' });
    expect(await lookUp({ status: 'LEAVE' })).toMatchObject({ kind: 'record', record: { end: null } });
  });
});

describe('a look-up', () => {
  for (const [how, fault, found] of FAILURES) {
    it(`whose person is answered ${how} changes nothing`, async () => {
      stage.instead('/31', {
        status: fault.status,
        ...(fault.retryAfter && { headers: { 'retry-after': fault.retryAfter } }),
        body: fault.body,
      });
      expect(await lookUp()).toEqual(found);
    });

    it(`that gets a token as ${how} says nothing of the employee`, async () => {
      stage.instead('/auth/token', { status: fault.status, body: fault.body });
      const client = { clientId: `client of ${how}` };
      expect(await stage.source(client).lookUp?.('31')).toMatchObject({
        kind: 'failed',
        reason: expect.stringMatching(/^vendor-/),
      });
    });
  }

  it.each(['/employments', '/org-units/700'])('whose %s fails changes nothing', async (end) => {
    stage.instead(end, { status: 500 });
    expect(await lookUp()).toEqual({ kind: 'failed', reason: 'vendor-unavailable' });
  });

  it.each(['/employments', '/org-units/700'])('whose %s is not found says nothing of the employee', async (end) => {
    stage.instead(end, { status: 404 });
    expect(await lookUp()).toEqual(INCOMPLETE);
  });

  it('with a secret that Personio does not know is not allowed', async () => {
    const found = await stage.source({ clientSecret: 'an old one' }).lookUp?.('31');
    expect(found).toEqual({ kind: 'failed', reason: 'vendor-unauthorized' });
  });

  it.each(BAD_IDS)('of %j asks nobody', async (id) => {
    expect(await stage.source().lookUp?.(id)).toEqual({ kind: 'not-found' });
    expect(stage.fake.requests).toEqual([]);
  });
});
