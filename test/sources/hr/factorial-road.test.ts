/** Factorial from its webhook to the dashboard. The world's clock begins on 2 March 2026, 08:00 UTC. */
import { describe, expect, it } from 'vitest';
import { factorial } from '../../../shared/sources/hr/factorial.ts';
import { factorialEmployee, factorialFake } from '../../fakes/vendors/factorial.ts';
import { factorialBody, factorialSample } from '../../fixtures/hr/factorial.ts';
import { newCanaries } from '../../fixtures/sample.ts';
import { DAY, useVendor, wire } from '../stage.ts';

const ID = 12;
const NEWSROOM = ['paywallBuilder', 'journey'];
const HEADERS = factorialSample.headers('', new Date(0));
const vendor = useVendor({ make: factorial, fake: () => factorialFake(), settings: factorialSample.settings('') });

function road(settings: object = {}) {
  const made = vendor.road(settings);
  const hear = async (body: object) => (await made.deliver({ headers: HEADERS, body: wire(body) }))[0];
  /** What happens at Factorial, and the body that tells of it: the employee, whatever happened. */
  const happens = (change: object) => {
    vendor.fake.records.set(String(ID), { ...vendor.fake.records.get(String(ID)), ...change });
    return hear(factorialBody(ID, { ...change, updated_at: made.world.clock.now() }));
  };
  return { ...made, hear, happens };
}

describe('a joiner', () => {
  it('gets an account from what is looked up, not from the body', async () => {
    const { happens, access } = road();
    expect(await happens({})).toMatchObject({ type: 'onboard', outcome: 'created', email: 'nuria@press.example' });
    expect(access()).toEqual([NEWSROOM]);
  });

  it('to come waits for the first day, in the zone of the workplace', async () => {
    const { world, happens, access } = road();
    const contract_versions = [{ effective_on: '2026-03-20', starts_on: '2026-03-20', job_title: 'Editor' }];
    expect(await happens({ contract_versions })).toMatchObject({
      status: 'scheduled',
      effectiveAt: '2026-03-19T23:00:00.000Z',
    });
    await world.runFor(20 * DAY);
    expect(access()).toEqual([NEWSROOM]);
  });

  it('without an address they log in with waits for one', async () => {
    const { world, happens, access, job } = road();
    const joined = await happens({ login_email: null });
    expect(joined).toMatchObject({ status: 'retrying', error: { code: 'no-work-email' } });
    vendor.fake.records.set(String(ID), {});
    await world.runFor(60);
    expect(access()).toEqual([NEWSROOM]);
    expect(job(joined?.jobId)).toMatchObject({ outcome: 'created' });
  });
});

describe('a mover', () => {
  it('whose team changes gets the other permissions', async () => {
    const { happens, hear, access } = road();
    await happens({});
    vendor.fake.records.set(String(ID), { teams: ['Treasury'] });
    expect(await hear({ id: 3, employee_id: ID, team_id: 2, lead: false })).toMatchObject({ outcome: 'updated' });
    expect(access()).toEqual([['payments', 'billing']]);
  });

  it('whose contract changes on a later day is looked up again when that day has begun', async () => {
    const { world, happens, hear } = road({ timeZone: 'Europe/Madrid' });
    await happens({});
    const contract_versions = [
      { effective_on: '2026-02-02', starts_on: '2026-02-02', job_title: 'Editor' },
      { effective_on: '2026-03-10', starts_on: '2026-02-02', job_title: 'Managing Editor' },
    ];
    vendor.fake.records.set(String(ID), { contract_versions });
    await hear({ id: 5, employee_id: ID, effective_on: '2026-03-10', updated_at: '2026-03-02T08:00:00Z' });
    const titles = () =>
      world.allPeople().map(({ facts }) => facts.findLast(({ attributes }) => attributes['jobTitle']));
    await world.runFor(7 * DAY);
    expect(titles()).toMatchObject([{ attributes: { jobTitle: 'Editor' } }]);
    await world.runFor(DAY);
    expect(titles()).toMatchObject([{ attributes: { jobTitle: 'Managing Editor' } }]);
  });
});

describe('a termination', () => {
  it('that is created, moved and cancelled leaves the access alone; one that comes takes it at the right hour', async () => {
    const { world, happens, access } = road();
    await happens({});
    const leaving = await happens({ is_terminating: true, terminated_on: '2026-03-10' });
    expect(leaving).toMatchObject({ type: 'offboard', status: 'scheduled', effectiveAt: '2026-03-10T23:00:00.000Z' });
    await happens({ terminated_on: '2026-03-20' });
    await world.runFor(12 * DAY);
    expect(access()).toEqual([NEWSROOM]);
    await happens({ is_terminating: false, terminated_on: null });
    await world.runFor(20 * DAY);
    expect(access()).toEqual([NEWSROOM]);
    await happens({ is_terminating: true, terminated_on: '2026-04-10' });
    // Summer time in Girona: the day ends at 22:00 UTC.
    await world.runFor((Date.parse('2026-04-10T21:59:00Z') - Date.parse(world.clock.now())) / 1000);
    expect(access()).toEqual([NEWSROOM]);
    await world.runFor(120);
    expect(access()).toEqual([[]]);
  });

  it('is found by its id when the login is gone already', async () => {
    const { happens, access } = road();
    await happens({});
    const gone = { active: false, login_email: null, terminated_on: '2026-03-01' };
    expect(await happens(gone)).toMatchObject({ outcome: 'revoked' });
    expect(access()).toEqual([[]]);
  });

  it('without a date needs a person and takes nothing away', async () => {
    const { world, happens, access } = road();
    await happens({});
    expect(await happens({ active: false })).toMatchObject({ error: { code: 'employee-inactive' } });
    await world.runFor(DAY);
    expect(access()).toEqual([NEWSROOM]);
  });

  it('said by the body alone takes nothing away', async () => {
    const { hear, happens, access } = road();
    await happens({});
    const body = factorialBody(ID, { terminated_on: '2026-03-01', active: false, updated_at: '2026-03-02T07:00:00Z' });
    expect(await hear(body)).toMatchObject({ outcome: 'unchanged' });
    expect(access()).toEqual([NEWSROOM]);
  });
});

describe('two subscriptions that tell of one change', () => {
  it('are one job', async () => {
    const { world, happens, hear } = road();
    await happens({});
    await hear(factorialBody(ID, { updated_at: '2026-03-02T08:00:00.000Z' }));
    expect(world.allJobs()).toHaveLength(1);
  });
});

describe('personal data', () => {
  it('of the body and the record is in no job, person or message', async () => {
    const canaries = newCanaries();
    const { hear, kept } = road();
    const { id, employee } = factorialSample.record?.(canaries) ?? { id: '', employee: factorialEmployee() };
    vendor.fake.records.set(id, employee);
    await hear(factorialSample.body(canaries));
    const all = kept();
    expect(all).toContain(factorialSample.email);
    expect(canaries.planted.filter((planted) => all.includes(planted))).toEqual([]);
  });
});
