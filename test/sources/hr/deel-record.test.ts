import { describe, expect, it } from 'vitest';
import { deel } from '../../../shared/sources/hr/deel.ts';
import { deelFake } from '../../fakes/vendors/deel.ts';
import { deelDelivery } from '../../fixtures/hr/deel.ts';
import { useVendor } from '../stage.ts';
import { BAD_IDS, CANARIES, FAILURES, NO_DATES, NOT_DATES } from '../tables.ts';

const KEY = 'hamn signing key';
const IDA = '0b6f4e2c-7d18-4a35-9f0e-c3a8d5719b64';
const SETTINGS = { signingSecrets: [KEY], apiToken: 'hamn-api-token' };
const stage = useVendor({ make: deel, fake: () => deelFake('hamn-api-token'), settings: SETTINGS });

const EMPLOYED = {
  work_email: 'Ida@Hamn.example',
  private_email: 'ida.private@post.example',
  department: 'Newsroom',
  job_title: 'Editor',
  start_date: '2026-01-12',
};

const lookUp = (more: object = {}, context: Parameters<typeof stage.source>[1] = {}) => {
  stage.fake.records.set(IDA, { ...EMPLOYED, ...more });
  return stage.source({}, context).lookUp?.(IDA);
};

describe('a record', () => {
  it('says where and as what somebody works, and nothing else', async () => {
    expect(await lookUp({ ...CANARIES, timezone: 'Europe/Oslo', work_location: 'Bergen' })).toEqual({
      kind: 'record',
      record: {
        employeeId: IDA,
        email: 'ida@hamn.example',
        start: '2026-01-12',
        end: null,
        timeZone: 'Europe/Oslo',
        attributes: { department: 'Newsroom', jobTitle: 'Editor', employmentType: 'eor', location: 'Bergen' },
      },
    });
  });

  it.each([
    ['termination_last_day', { termination_last_day: '2026-06-30T00:00:00.000Z', completion_date: '2026-12-31' }],
    ['completion_date', { completion_date: '2026-06-30' }],
    ['direct_employee_termination_last_day', { direct_employee_termination_last_day: '2026-06-30T00:00:00.000Z' }],
  ])('ends with the day of its %s', async (_, more) => {
    expect(await lookUp(more)).toMatchObject({ record: { start: '2026-01-12', end: '2026-06-30' } });
  });

  it('of a direct employee who was hired again does not end with the last time', async () => {
    const again = { direct_employee_termination_last_day: '2025-11-30T00:00:00.000Z' };
    expect(await lookUp(again)).toMatchObject({ record: { end: null } });
  });

  it.each(NO_DATES)('has no end on %j', async (none) => {
    expect(await lookUp({ termination_last_day: none })).toMatchObject({ kind: 'record', record: { end: null } });
  });

  it.each([...NOT_DATES, '30/06/2026'])(
    'whose end reads %j is incomplete: a stated one must not be lost',
    async (wrong) => {
      const found = await lookUp({ termination_last_day: wrong });
      expect(found).toEqual({ kind: 'failed', reason: 'record-incomplete' });
    },
  );

  it.each(['', 'not an address', 'ida@elsewhere.example', null])('with the address %j has none', async (work_email) => {
    const context = { allowedDomains: ['hamn.example'] };
    expect(await lookUp({ work_email }, context)).toMatchObject({ record: { email: null } });
  });

  it('with a zone that is none leaves it out', async () => {
    const found = await lookUp({ timezone: 'GMT+2 (CEST)' });
    expect(found).toMatchObject({ kind: 'record' });
    expect(found).not.toHaveProperty('record.timeZone');
  });

  it('counts in the zone that is configured, whatever the worker’s own is', async () => {
    await lookUp({ timezone: 'Europe/Oslo' });
    const found = await stage.source({ timeZone: 'Asia/Kolkata' }).lookUp?.(IDA);
    expect(found).toMatchObject({ record: { timeZone: 'Asia/Kolkata' } });
  });

  const contract = (start_date: string, completion_date: string | null, more: object = {}) => ({
    start_date,
    completion_date,
    termination_last_day: null,
    ...more,
  });
  it.each([
    [
      'the current contract',
      [contract('2024-01-01', '2024-12-31'), contract('2026-02-01', '2026-07-31')],
      '2026-07-31',
    ],
    ['two contracts without a day between', [contract('2026-01-01', '2026-05-31'), contract('2026-06-01', null)], null],
    [
      'two contracts at once',
      [contract('2025-01-01', '2026-05-31'), contract('2025-02-01', '2026-08-31')],
      '2026-08-31',
    ],
    [
      'the latest, where all are over',
      [contract('2024-01-01', '2024-12-31'), contract('2025-02-01', '2025-07-31')],
      '2025-07-31',
    ],
    [
      'what was not called off',
      [contract('2025-01-01', '2026-04-30'), contract('2026-05-01', null, { contract_status: 'cancelled' })],
      '2026-04-30',
    ],
  ])('takes %s', async (_, employments, end) => {
    expect(await lookUp({ employments })).toMatchObject({ kind: 'record', record: { end } });
  });

  it.each([
    ['an ended contract without a day', { employments: [contract('2025-01-01', null, { is_ended: true })] }],
    ['an inactive person without a day', { hiring_status: 'inactive' }],
    [
      'contracts that were all called off',
      { employments: [contract('2026-07-01', null, { contract_status: 'user_cancelled' })] },
    ],
  ])('of %s needs a person', async (_, more) => {
    expect(await lookUp(more)).toEqual({ kind: 'review', code: 'employee-inactive' });
  });

  it.each([
    ['emails', { emails: undefined }],
    ['a department', { department: 7 }],
    ['employments', { employments: [] }],
    ['a start', { employments: [{ completion_date: null }] }],
    ['an end, be it null', { employments: [{ start_date: '2026-01-01' }] }],
    ['its own id', { id: '11111111-7d18-4a35-9f0e-c3a8d5719b64' }],
  ])('without %s is incomplete', async (_, more) => {
    expect(await lookUp(more)).toEqual({ kind: 'failed', reason: 'record-incomplete' });
  });
});

describe('a look-up', () => {
  for (const [how, fault, found] of FAILURES) {
    it(`that is answered ${how} changes nothing`, async () => {
      stage.fake.fail(fault);
      expect(await lookUp()).toEqual(found);
    });
  }

  it('with a token that Deel does not know is not allowed', async () => {
    const found = await stage.source({ apiToken: 'an old one' }).lookUp?.(IDA);
    expect(found).toEqual({ kind: 'failed', reason: 'vendor-unauthorized' });
  });

  it.each([...BAD_IDS, 'm7x2kq', `${IDA}/`, `${IDA}\n`])('of %j asks nobody', async (id) => {
    expect(await stage.source().lookUp?.(id)).toEqual({ kind: 'not-found' });
    expect(stage.fake.requests).toEqual([]);
  });
});

describe('the road', () => {
  it('from joining by moving to leaving, the last day moved and cancelled on the way', async () => {
    const { world, deliver, users } = stage.road();
    let sent = 0;
    const changed = async (more: object, type = 'worker.v2.updated') => {
      stage.fake.records.set(IDA, { ...EMPLOYED, ...more });
      sent += 1;
      return (await deliver(deelDelivery(KEY, type, { id: IDA }, { tracking_id: `trk-${sent}` })))[0];
    };
    expect(await changed({}, 'worker.v2.created')).toMatchObject({ outcome: 'created' });
    expect(users()).toEqual([{ email: 'ida@hamn.example', permissions: ['paywallBuilder', 'journey'] }]);
    expect(await changed({ department: 'Treasury' })).toMatchObject({ outcome: 'updated' });
    const dated = await changed({ department: 'Treasury', termination_last_day: '2026-03-10T00:00:00.000Z' });
    expect(dated).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-11T00:00:00.000Z' });
    await changed({ department: 'Treasury', termination_last_day: '2026-03-12T00:00:00.000Z' });
    await changed({ department: 'Treasury' });
    await world.runFor(20 * 86_400);
    expect(users()).toMatchObject([{ permissions: ['payments', 'billing'] }]);
    const last = await changed({ department: 'Treasury', completion_date: '2026-03-22', work_email: null });
    expect(last).toMatchObject({ type: 'offboard', effectiveAt: '2026-03-23T00:00:00.000Z' });
    await world.runFor(86_400);
    expect(users()).toMatchObject([{ permissions: [] }]);
  });

  it('of a coming joiner waits for the first day, in the worker’s own zone', async () => {
    const { world, deliver, users } = stage.road();
    stage.fake.records.set(IDA, { ...EMPLOYED, start_date: '2026-03-20', timezone: 'Asia/Kolkata' });
    const [job] = await deliver(deelDelivery(KEY, 'worker.v2.created', { id: IDA }));
    expect(job).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-19T18:30:00.000Z' });
    expect(users()).toEqual([]);
    await world.runFor(20 * 86_400);
    expect(users()).toHaveLength(1);
  });

  it('leaves no trace of what is nobody’s business, of names and of private addresses', async () => {
    const { deliver, kept } = stage.road();
    stage.fake.records.set(IDA, { ...EMPLOYED, ...CANARIES, last_name: 'canary-name' });
    const resource = { id: IDA, ...CANARIES, worker_email: CANARIES.personal_email, full_name: 'canary-name' };
    await deliver(deelDelivery(KEY, 'employee.updated.direct', [resource, { ...resource, id: 'm7x2kq' }]));
    expect(kept()).toContain('ida@hamn.example');
    expect(kept()).not.toMatch(/canary|private/i);
  });
});
