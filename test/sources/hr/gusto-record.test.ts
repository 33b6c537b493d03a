import { describe, expect, it } from 'vitest';
import { gusto } from '../../../shared/sources/hr/gusto.ts';
import { gustoFake } from '../../fakes/vendors/gusto.ts';
import { gustoDelivery } from '../../fixtures/hr/gusto.ts';
import { useVendor } from '../stage.ts';
import { BAD_IDS, CANARIES, FAILURES, NO_DATES, NOT_DATES } from '../tables.ts';

const TOKEN = 'mill verification token';
const ROSA = 'e41b7f90-6c2d-4a58-8b13-9d0f5a7c2e64';
const SETTINGS = { signingSecrets: [TOKEN], apiToken: 'mill-api' };
const stage = useVendor({
  make: gusto,
  fake: () => gustoFake({ api: 'mill-api', system: 'mill-system' }),
  settings: SETTINGS,
});
const INCOMPLETE = { kind: 'failed', reason: 'record-incomplete' };
const EMPLOYED = {
  work_email: 'Rosa@Mill.example',
  email: 'rosa.private@post.example',
  department: 'Newsroom',
  title: 'Reporter',
  hire_date: '2026-01-12',
};

const lookUp = (more: object = {}, context: Parameters<typeof stage.source>[1] = {}) => {
  stage.fake.records.set(ROSA, { ...EMPLOYED, ...more });
  return stage.source({}, context).lookUp?.(ROSA);
};

describe('a record', () => {
  it('says where and as what somebody works, and nothing else', async () => {
    expect(await lookUp(CANARIES)).toEqual({
      kind: 'record',
      record: {
        employeeId: ROSA,
        email: 'rosa@mill.example',
        start: '2026-01-12',
        end: null,
        attributes: { department: 'Newsroom', jobTitle: 'Reporter', employmentType: 'full_time' },
      },
    });
  });

  it('ends with the last day of work, be it to come or passed', async () => {
    expect(await lookUp({ effective_date: '2026-06-30' })).toMatchObject({ record: { end: '2026-06-30' } });
    const passed = { effective_date: '2026-04-30', terminated: true };
    expect(await lookUp(passed)).toMatchObject({ record: { end: '2026-04-30' } });
  });

  it.each(NO_DATES)('has no end on %j', async (effective_date) => {
    expect(await lookUp({ effective_date })).toMatchObject({ kind: 'record', record: { end: null } });
  });

  it('of somebody who was hired again does not end with the last time', async () => {
    const again = { hire_date: '2026-04-01', effective_date: '2025-11-30' };
    expect(await lookUp(again)).toMatchObject({ record: { start: '2026-04-01', end: null } });
    const coming = { ...again, hire_date: '2026-07-01', terminated: true };
    expect(await lookUp(coming)).toMatchObject({ record: { start: '2026-07-01', end: null } });
  });

  it('of several terminations ends with the last', async () => {
    const terminations = [{ effective_date: '2026-06-30' }, { effective_date: '2026-05-31' }];
    expect(await lookUp({ terminations })).toMatchObject({ record: { end: '2026-06-30' } });
  });

  it('is of the primary job', async () => {
    const job = (title: string, hire_date: string, primary: boolean) => ({ title, hire_date, primary });
    const jobs = [job('Tutor', '2025-01-01', false), job('Reporter', '2026-02-01', true)];
    expect(await lookUp({ jobs })).toMatchObject({
      record: { start: '2026-02-01', attributes: { jobTitle: 'Reporter' } },
    });
  });

  it('without a job has no start yet', async () => {
    expect(await lookUp({ jobs: [] })).toMatchObject({ record: { start: null, attributes: { jobTitle: null } } });
  });

  it('counts in the zone that is configured: terminated, and yet to begin there', async () => {
    await lookUp({ hire_date: '2026-05-06', effective_date: '2025-11-30', terminated: true });
    const at = async (now: string) => await stage.source({ timeZone: 'Asia/Tokyo' }, { now: () => now }).lookUp?.(ROSA);
    expect(await at('2026-05-05T14:59:59.999Z')).toMatchObject({ record: { end: null, timeZone: 'Asia/Tokyo' } });
    expect(await at('2026-05-05T15:00:00.000Z')).toEqual({ kind: 'review', code: 'employee-inactive' });
  });

  it('of somebody terminated without a day needs a person', async () => {
    expect(await lookUp({ terminated: true })).toEqual({ kind: 'review', code: 'employee-inactive' });
  });

  it.each(['', 'rosa', 'rosa@post.example', null])(
    'with the work address %j has none; the private one is never used',
    async (work_email) => {
      const found = await lookUp({ work_email }, { allowedDomains: ['mill.example'] });
      expect(found).toMatchObject({ kind: 'record', record: { email: null } });
    },
  );

  it.each(['work_email', 'department', 'terminated', 'terminations', 'jobs'])(
    'without %s is incomplete',
    async (member) => {
      expect(await lookUp({ [member]: undefined })).toEqual(INCOMPLETE);
    },
  );

  it.each([
    ['a job without a start', { jobs: [{ title: 'Reporter' }] }],
    ['a date that cannot be read', { effective_date: '06/30/2026' }],
    ...NOT_DATES.map((effective_date): [string, object] => [`an end that reads ${effective_date}`, { effective_date }]),
    ['another id', { uuid: '11111111-6c2d-4a58-8b13-9d0f5a7c2e64' }],
  ])('with %s is incomplete', async (_, more) => {
    expect(await lookUp(more)).toEqual(INCOMPLETE);
  });
});

describe('a look-up', () => {
  for (const [how, fault, found] of FAILURES) {
    it(`that is answered ${how} changes nothing`, async () => {
      stage.fake.fail(fault);
      expect(await lookUp()).toEqual(found);
    });
  }

  it('with a token that has expired is not allowed', async () => {
    const found = await stage.source({ apiToken: 'two hours old' }).lookUp?.(ROSA);
    expect(found).toEqual({ kind: 'failed', reason: 'vendor-unauthorized' });
  });

  it.each([...BAD_IDS, `${ROSA}/jobs`, `${ROSA}\n`])('of %j asks nobody', async (id) => {
    expect(await stage.source().lookUp?.(id)).toEqual({ kind: 'not-found' });
    expect(stage.fake.requests).toEqual([]);
  });
});

describe('the road', () => {
  it('from joining by moving to leaving, the last day moved and cancelled on the way', async () => {
    const { world, deliver, users } = stage.road();
    let sent = 0;
    const told = async (event: string, more: object = {}) => {
      stage.fake.records.set(ROSA, { ...EMPLOYED, ...more });
      sent += 1;
      return (
        await deliver(gustoDelivery(TOKEN, event, ROSA, { uuid: `2f9a6c1b-08d4-4e73-b5a2-00000000000${sent}` }))
      )[0];
    };
    expect(await told('employee.created')).toMatchObject({ outcome: 'created' });
    expect(users()).toEqual([{ email: 'rosa@mill.example', permissions: ['paywallBuilder', 'journey'] }]);
    const moved = { department: 'Treasury' };
    expect(await told('employee.updated', moved)).toMatchObject({ outcome: 'updated' });
    const dated = await told('employee.terminated', { ...moved, effective_date: '2026-03-10' });
    expect(dated).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-11T00:00:00.000Z' });
    await told('employee.updated', { ...moved, effective_date: '2026-03-12' });
    await told('employee.termination_cancelled', moved);
    await world.runFor(20 * 86_400);
    expect(users()).toMatchObject([{ permissions: ['payments', 'billing'] }]);
    const gone = { ...moved, effective_date: '2026-03-21', terminated: true, work_email: null };
    expect(await told('employee.terminated_effective', gone)).toMatchObject({ outcome: 'revoked' });
    expect(users()).toMatchObject([{ permissions: [] }]);
    await told('employee.rehire_effective', { ...EMPLOYED, hire_date: '2026-03-22' });
    expect(users()).toMatchObject([{ permissions: ['paywallBuilder', 'journey'] }]);
  });

  it('of a coming joiner waits for the first day', async () => {
    const { world, deliver, users } = stage.road();
    stage.fake.records.set(ROSA, { ...EMPLOYED, hire_date: '2026-03-20' });
    const [job] = await deliver(gustoDelivery(TOKEN, 'employee.created', ROSA));
    expect(job).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-20T00:00:00.000Z' });
    await world.runFor(20 * 86_400);
    expect(users()).toHaveLength(1);
  });

  it('leaves no trace of what is nobody’s business, of names and of private addresses', async () => {
    const { deliver, kept } = stage.road();
    stage.fake.records.set(ROSA, { ...EMPLOYED, ...CANARIES, last_name: 'canary-name' });
    await deliver(gustoDelivery(TOKEN, 'employee.updated', ROSA, { ...CANARIES, last_name: 'canary-name' }));
    expect(kept()).toContain('rosa@mill.example');
    expect(kept()).not.toMatch(/canary|private|verification/i);
  });
});
