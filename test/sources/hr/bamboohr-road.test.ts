import { describe, expect, it } from 'vitest';
import { retryJob } from '../../../shared/operate/change-job.ts';
import { bamboohr } from '../../../shared/sources/hr/bamboohr.ts';
import { bamboohrFake } from '../../fakes/vendors/bamboohr.ts';
import { BAMBOO_KEY, fromBamboo } from '../../fixtures/hr/bamboohr.ts';
import { DAY, type Road, useVendor } from '../stage.ts';

const NEWSROOM = [['paywallBuilder', 'journey']];
const TREASURY = [['payments', 'billing']];
const TOVE = { workEmail: 'tove@verlag.example', department: 'Newsroom', hireDate: '2026-02-02', status: 'Active' };

const vendor = useVendor({
  make: bamboohr,
  fake: () => bamboohrFake('key-of-the-api'),
  settings: { signingSecrets: [BAMBOO_KEY], companyDomain: 'verlag', apiKey: 'key-of-the-api' },
  context: { allowedDomains: ['verlag.example'] },
});

function start() {
  const { fake } = vendor;
  const road = vendor.road();
  const change = (members: object) => fake.records.set('308', { ...fake.records.get('308'), ...members });
  const deliver: Road['deliver'] = (sent, seconds = 3) => road.deliver(sent, seconds);
  const tell = (type: string) =>
    deliver((at) =>
      fromBamboo(
        { type, timestamp: at.replace(/\.\d+Z$/, '+0000'), data: { companyId: '881', employeeId: '308' } },
        at,
      ),
    );
  /** HR changes the record, and BambooHR says so. */
  const changed = async (members: object) => {
    change(members);
    return (await tell('employee.updated'))[0];
  };
  return { ...road, deliver, fake, change, changed, tell };
}

describe('a joiner', () => {
  it('has an account a moment after HR made the record, once, although created is followed by updated', async () => {
    const { world, change, tell, access } = start();
    change(TOVE);
    expect(await tell('employee.created')).toMatchObject([{ type: 'onboard', outcome: 'created' }]);
    expect(await tell('employee.updated')).toMatchObject([{ type: 'change', outcome: 'unchanged', attempts: 0 }]);
    expect(access()).toEqual(NEWSROOM);
    expect(world.fake.users).toMatchObject([{ email: 'tove@verlag.example' }]);
  });

  it('of a later day has none before it, however Inactive', async () => {
    const { world, changed, access } = start();
    const job = await changed({ ...TOVE, hireDate: '2026-03-09', status: 'Inactive' });
    expect(job).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-09T00:00:00.000Z' });
    await world.runFor(6 * DAY);
    expect(access()).toEqual([]);
    await world.runFor(DAY);
    expect(access()).toEqual(NEWSROOM);
  });

  it('whose hire is cancelled never has one', async () => {
    const { world, changed, access } = start();
    const joiner = { ...TOVE, hireDate: '2026-03-09', status: 'Inactive' };
    await changed(joiner);
    await changed({ ...joiner, terminationDate: '2026-03-05' });
    await world.runFor(20 * DAY);
    expect(access()).toEqual([]);
  });

  it('without a work email waits for it, and the personal one is not used', async () => {
    const { world, change, tell, access } = start();
    change({ ...TOVE, workEmail: null, homeEmail: 'tove@home.example' });
    expect(await tell('employee.created')).toMatchObject([{ status: 'retrying', error: { code: 'no-work-email' } }]);
    change({ workEmail: 'tove@verlag.example' });
    await world.runFor(60);
    expect(access()).toEqual(NEWSROOM);
  });
});

it('a mover holds what the new department holds, on the day of the move', async () => {
  const { changed, access } = start();
  await changed(TOVE);
  await changed({ _future: { department: 'Treasury' } });
  expect(access()).toEqual(NEWSROOM);
  expect(await changed({ department: 'Treasury', _future: {} })).toMatchObject({ type: 'change', outcome: 'updated' });
  expect(access()).toEqual(TREASURY);
});

describe('a termination', () => {
  it('that is created, moved, cancelled and stated again takes the access away at the right hour', async () => {
    const { world, changed, access } = start();
    await changed(TOVE);
    expect(await changed({ _future: { terminationDate: '2026-03-10' } })).toMatchObject({
      type: 'offboard',
      status: 'scheduled',
      effectiveAt: '2026-03-11T00:00:00.000Z',
    });
    await changed({ _future: { terminationDate: '2026-03-20' } });
    await world.runFor(12 * DAY);
    expect(access()).toEqual(NEWSROOM);
    await changed({ _future: {} });
    await world.runFor(20 * DAY);
    expect(access()).toEqual(NEWSROOM);
    await changed({ terminationDate: '2026-04-10' });
    await world.runFor(6 * DAY);
    expect(access()).toEqual(NEWSROOM);
    await world.runFor(3 * DAY);
    expect(access()).toEqual([[]]);
  });

  it('that has passed takes it away at once, mailbox or not', async () => {
    const { changed, access } = start();
    await changed(TOVE);
    const job = await changed({ status: 'Inactive', terminationDate: '2026-03-01', workEmail: null });
    expect(job).toMatchObject({ type: 'offboard', outcome: 'revoked', email: 'tove@verlag.example' });
    expect(access()).toEqual([[]]);
  });
});

describe('what is no termination by itself', () => {
  it.each([
    ['Inactive without a date', { status: 'Inactive' }, 'employee.updated', 'employee-inactive'],
    ['a deleted record', {}, 'employee.deleted', 'employee-deleted'],
  ])('%s needs a person, and the access stays', async (_, members, type, code) => {
    const { world, change, changed, tell, access } = start();
    await changed(TOVE);
    change(members);
    const [job] = await tell(type);
    expect(job).toMatchObject({ status: 'needs-attention', error: { code } });
    expect(world.alarms.map((alarm) => alarm.code)).toEqual([code]);
    expect(access()).toEqual(NEWSROOM);
    change({ status: 'Inactive', terminationDate: '2026-03-01' });
    await retryJob(world, { jobId: job?.jobId ?? '', by: 'hr-desk' });
    await world.runFor(1);
    expect(access()).toEqual([[]]);
  });

  it('a record that cannot be found needs a person', async () => {
    const { changed, tell, fake, access } = start();
    await changed(TOVE);
    fake.records.delete('308');
    expect(await tell('employee.updated')).toMatchObject([{ error: { code: 'employee-not-found' } }]);
    expect(access()).toEqual(NEWSROOM);
  });

  it('an API that is down, or shows half a record, is asked again', async () => {
    const { world, changed, fake, access } = start();
    await changed(TOVE);
    fake.fail({ status: 503, retryAfter: '40' });
    expect(await changed({ department: 'Treasury' })).toMatchObject({
      status: 'retrying',
      error: { code: 'vendor-unavailable' },
    });
    expect(access()).toEqual(NEWSROOM);
    await world.runFor(60);
    expect(access()).toEqual(TREASURY);
  });
});

it('two edits of one field in one second are one delivery, and the last is seen', async () => {
  const { change, changed, tell, access } = start();
  await changed(TOVE);
  change({ department: 'Sales' });
  const first = tell('employee.updated');
  const second = tell('employee.updated');
  change({ department: 'Treasury' });
  expect((await first)[0]?.jobId).toBe((await second)[0]?.jobId);
  expect(access()).toEqual(TREASURY);
});

it('a delivery that comes again, with its timestamp anew, is the same job', async () => {
  const { world, change, deliver } = start();
  change(TOVE);
  const body = { type: 'employee.updated', timestamp: '2026-03-02T07:59:00+0000', data: { employeeId: '308' } };
  const [first] = await deliver((at) => fromBamboo(body, at), 300);
  const [again] = await deliver((at) => fromBamboo(body, at));
  expect(again?.jobId).toBe(first?.jobId);
  expect(world.allJobs()).toHaveLength(1);
});

it('bank, salary, address, numbers and personal email of a body or a record are found nowhere', async () => {
  const canaries = Object.fromEntries(
    ['bankAccount', 'payRate', 'homeAddress', 'ssn', 'homeEmail', 'firstName', 'mobilePhone'].map((name) => [
      name,
      `canary-${name}@home.example`,
    ]),
  );
  const { fake, deliver, kept, access } = start();
  const whole = { id: '308', ...TOVE, jobTitle: null, location: null, employmentHistoryStatus: null };
  for (let question = 0; question < 2; question += 1)
    fake.fail({ status: 200, body: JSON.stringify({ ...canaries, ...whole, terminationDate: null }) });
  const employees = [
    { id: '308', action: 'Updated', changedFields: Object.keys(canaries), fields: canaries, ...canaries },
  ];
  await deliver((at) => fromBamboo({ employees }, at));
  await deliver((at) => fromBamboo({ employees: [{ ...employees[0], id: 'canary-id' }] }, at));
  expect(access()).toEqual(NEWSROOM);
  expect(kept()).toContain('tove@verlag.example');
  expect(kept()).not.toMatch(/canary|home\.example/);
});
