import { describe, expect, it } from 'vitest';
import { hibob } from '../../../shared/sources/hr/hibob.ts';
import { post } from '../../fakes/post.ts';
import { hibobFake } from '../../fakes/vendors/hibob.ts';
import { BOB_KEY, fromBob } from '../../fixtures/hr/hibob.ts';
import { DAY, useVendor } from '../stage.ts';

const NEWSROOM = [['paywallBuilder', 'journey']];
const TREASURY = [['payments', 'billing']];
const REVOKED = 'employee.access.revoked.immediately';
const ALF = {
  'root.email': 'alf@verlag.example',
  'work.department': 'Newsroom',
  'work.startDate': '2026-02-02',
  'internal.status': 'Active',
};

const vendor = useVendor({
  make: hibob,
  fake: () => hibobFake({ id: 'SERVICE-7', token: 'token-7' }),
  settings: { signingSecrets: [BOB_KEY], serviceUserId: 'SERVICE-7', serviceUserToken: 'token-7' },
  context: { allowedDomains: ['verlag.example'] },
});

function start() {
  const { fake } = vendor;
  const road = vendor.road();
  const change = (members: object) => fake.records.set('51', { ...fake.records.get('51'), ...members });
  const tell = async (type: string, seconds = 30) => {
    const body = (at: string) => ({
      companyId: 1,
      type,
      triggeredAt: at.replace('Z', '001'),
      data: { employeeId: '51' },
    });
    return (await road.deliver((at) => fromBob(body(at), at), seconds))[0];
  };
  const changed = (members: object, type = 'employee.updated') => {
    change(members);
    return tell(type);
  };
  return { ...road, fake, change, changed, tell };
}

describe('a joiner', () => {
  it('is asked for when the API has settled, twenty seconds later and no sooner', async () => {
    const { world, change, tell, fake, access } = start();
    change(ALF);
    expect(await tell('employee.created', 10)).toMatchObject({
      status: 'queued',
      nextAttemptAt: '2026-03-02T08:00:20.000Z',
    });
    expect(fake.requests).toEqual([]);
    await world.runFor(15);
    expect(access()).toEqual(NEWSROOM);
  });

  it('of a later day has no account before it', async () => {
    const { world, changed, access } = start();
    expect(await changed({ ...ALF, 'work.startDate': '2026-03-09' }, 'employee.created')).toMatchObject({
      status: 'scheduled',
      effectiveAt: '2026-03-09T00:00:00.000Z',
    });
    await world.runFor(6 * DAY);
    expect(access()).toEqual([]);
    await world.runFor(DAY);
    expect(access()).toEqual(NEWSROOM);
  });
});

it('a mover holds what the new department holds', async () => {
  const { changed, access } = start();
  await changed(ALF, 'employee.created');
  expect(await changed({ 'work.department': 'Treasury' }, 'table.entry.created')).toMatchObject({ outcome: 'updated' });
  expect(access()).toEqual(TREASURY);
});

it('a termination that is created, moved, cancelled and stated again takes the access away at the right hour', async () => {
  const { world, changed, access } = start();
  await changed(ALF, 'employee.created');
  expect(await changed({ 'internal.terminationDate': '2026-03-10' }, 'table.entry.created')).toMatchObject({
    type: 'offboard',
    status: 'scheduled',
    effectiveAt: '2026-03-11T00:00:00.000Z',
  });
  await changed({ 'internal.terminationDate': '2026-03-20' }, 'table.entry.updated');
  await world.runFor(12 * DAY);
  expect(access()).toEqual(NEWSROOM);
  await changed({ 'internal.terminationDate': null });
  await world.runFor(20 * DAY);
  expect(access()).toEqual(NEWSROOM);
  await changed({ 'internal.terminationDate': '2026-04-05' });
  await world.runFor(DAY);
  expect(access()).toEqual(NEWSROOM);
  await world.runFor(3 * DAY);
  expect(access()).toEqual([[]]);
});

describe('an employee who is said to have left', () => {
  it('is a leaver by the record, not by the event: on garden leave they are not, yet', async () => {
    const { world, changed, access } = start();
    await changed(ALF, 'employee.created');
    expect(await changed({ 'internal.terminationDate': '2026-03-31' }, 'employee.left')).toMatchObject({
      status: 'scheduled',
    });
    expect(access()).toEqual(NEWSROOM);
    await world.runFor(31 * DAY);
    expect(access()).toEqual([[]]);
  });

  it('and is inactive without a date needs a person: such a leaver must not be lost', async () => {
    const { changed, access } = start();
    await changed(ALF, 'employee.created');
    expect(await changed({ 'internal.status': 'Inactive' }, 'employee.left')).toMatchObject({
      status: 'needs-attention',
      error: { code: 'employee-inactive' },
    });
    expect(access()).toEqual(NEWSROOM);
  });
});

describe('access that is revoked immediately', () => {
  it('is gone a second later, without a question, although the termination lies ahead', async () => {
    const { changed, tell, fake, access } = start();
    await changed({ ...ALF, 'internal.terminationDate': '2026-05-31' }, 'employee.created');
    fake.requests.length = 0;
    expect(await tell(REVOKED, 1)).toMatchObject({ type: 'offboard', outcome: 'revoked' });
    expect(access()).toEqual([[]]);
    expect(fake.requests).toEqual([]);
  });

  it('stays gone when the record is looked up afterwards', async () => {
    const { world, changed, tell, access } = start();
    await changed(ALF, 'employee.created');
    await tell(REVOKED, 1);
    await changed({ 'internal.terminationDate': '2026-05-31' }, 'table.entry.created');
    await changed({ 'internal.status': 'Inactive' }, 'employee.left');
    await world.runFor(10 * DAY);
    expect(access()).toEqual([[]]);
  });

  it('of somebody whom only another source knew, by email, is gone as soon as their record says who they are', async () => {
    const { world, tell, access, fake } = start();
    await post(world, { type: 'onboard', person: { email: 'alf@verlag.example', department: 'Newsroom' } });
    fake.records.set('51', { ...ALF, 'internal.terminationDate': '2026-05-31' });
    await tell(REVOKED, 1);
    expect(access()).toEqual(NEWSROOM);
    await world.runFor(25);
    expect(access()).toEqual([[]]);
  });

  it('is given back where the termination itself is taken back', async () => {
    const { changed, tell, access } = start();
    await changed({ ...ALF, 'internal.terminationDate': '2026-05-31' }, 'employee.created');
    await tell(REVOKED, 1);
    await changed({ 'internal.terminationDate': null });
    expect(access()).toEqual(NEWSROOM);
  });
});

it.each([
  ['employee.deleted', 'employee-deleted'],
  ['employee.inactivated', 'employee-inactive'],
])('%s is no termination: it needs a person, and the access stays', async (type, code) => {
  const { changed, tell, access } = start();
  await changed(ALF, 'employee.created');
  expect(await tell(type)).toMatchObject({ status: 'needs-attention', error: { code } });
  expect(access()).toEqual(NEWSROOM);
});

it('bank, salary, address, numbers and personal email of a body or a record are found nowhere', async () => {
  const secret = ['financial/iban', 'payroll/salary', 'address/line1', 'identification/ssn', 'home/privateEmail'];
  const canaries = Object.fromEntries(secret.map((name) => [`/${name}`, { value: `canary-${name}@home.example` }]));
  const { fake, change, deliver, kept, access } = start();
  change(ALF);
  const flat = {
    ...canaries,
    '/root/email': { value: 'alf@verlag.example' },
    '/work/startDate': { value: '2026-02-02' },
  };
  const rest = {
    '/work/department': 'Newsroom',
    '/work/title': null,
    '/work/site': null,
    '/internal/terminationDate': null,
  };
  fake.fail({ status: 200, body: JSON.stringify({ ...flat, ...rest, humanReadable: canaries }) });
  const body = {
    companyId: 1,
    type: 'employee.updated',
    triggeredAt: 'canary',
    data: { employeeId: '51', email: 'canary', ...canaries },
  };
  await deliver((at) => fromBob(body, at), 30);
  await deliver((at) => fromBob({ ...body, data: { employeeId: 'canary' } }, at));
  expect(access()).toEqual(NEWSROOM);
  expect(kept()).toContain('alf@verlag.example');
  expect(kept()).not.toMatch(/canary|home\.example/);
});
