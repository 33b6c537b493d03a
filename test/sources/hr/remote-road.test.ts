/** Remote from its webhook to the dashboard. The world's clock begins on 2 March 2026, 08:00 UTC. */
import { describe, expect, it } from 'vitest';
import { retryJob } from '../../../shared/operate/change-job.ts';
import { remote } from '../../../shared/sources/hr/remote.ts';
import { remoteFake } from '../../fakes/vendors/remote.ts';
import { remoteHeaders, remoteSample } from '../../fixtures/hr/remote.ts';
import { newCanaries } from '../../fixtures/sample.ts';
import { DAY, useVendor, wire } from '../stage.ts';

const ID = '2f9a7c10-6d3e-4a83-b1f5-7f0e9c1d4a55';
const NEWSROOM = ['paywallBuilder', 'journey'];
const vendor = useVendor({ make: remote, fake: () => remoteFake(), settings: remoteSample.settings('') });

function road(settings: object = {}) {
  const made = vendor.road(settings);
  const send = (body: object) =>
    made.deliver((at) => ({ headers: remoteHeaders(JSON.stringify(body), new Date(at)), body: wire(body) }));
  /** What happens at Remote, and the event that tells of it. */
  const happens = async (event_type: string, change: object) => {
    vendor.fake.records.set(ID, { ...vendor.fake.records.get(ID), ...change });
    const body = { event_type, employment_id: ID };
    return (await send(body))[0];
  };
  return { ...made, send, happens };
}

describe('a joiner', () => {
  it('gets an account', async () => {
    const { happens, access } = road();
    expect(await happens('employment.onboarding.completed', {})).toMatchObject({ type: 'onboard', outcome: 'created' });
    expect(access()).toEqual([NEWSROOM]);
  });

  it('to come waits for the first day, and follows it when it moves', async () => {
    const { world, happens, access } = road({ timeZone: 'Pacific/Auckland' });
    const coming = { provisional_start_date: '2026-03-10', status: 'invited' };
    expect(await happens('employment.onboarding.started', coming)).toMatchObject({
      status: 'scheduled',
      effectiveAt: '2026-03-09T11:00:00.000Z',
    });
    await happens('employment.start_date.changed', { provisional_start_date: '2026-03-12' });
    await world.runFor(8 * DAY);
    expect(access()).toEqual([]);
    await world.runFor(3 * DAY);
    expect(access()).toEqual([NEWSROOM]);
  });

  it('whose onboarding is cancelled never gets access', async () => {
    const { world, happens, access } = road();
    await happens('employment.onboarding.started', { provisional_start_date: '2026-03-10', status: 'invited' });
    const cancelled = await happens('employment.onboarding.cancelled', {
      status: 'archived',
      user_status: 'cancelled',
    });
    expect(cancelled).toMatchObject({ type: 'offboard', status: 'succeeded' });
    await world.runFor(30 * DAY);
    expect(access()).toEqual([]);
  });

  it('without a work address waits for one', async () => {
    const { world, happens, access, job } = road();
    const joined = await happens('employment.onboarding.completed', { work_email: null });
    expect(joined).toMatchObject({ status: 'retrying', error: { code: 'no-work-email' } });
    vendor.fake.records.set(ID, {});
    await world.runFor(60);
    expect(access()).toEqual([NEWSROOM]);
    expect(job(joined?.jobId)).toMatchObject({ outcome: 'created' });
  });
});

describe('a mover', () => {
  it('gets the other department’s permissions', async () => {
    const { happens, access } = road();
    await happens('employment.onboarding.completed', {});
    const moved = await happens('employment.details.updated', { department: 'Treasury', job_title: 'Cashier' });
    expect(moved).toMatchObject({ type: 'change', outcome: 'updated' });
    expect(access()).toEqual([['payments', 'billing']]);
  });
});

describe('a termination', () => {
  it('that is created, moved and cancelled leaves the access alone; one that comes takes it at the right hour', async () => {
    const { world, happens, access } = road({ timeZone: 'Europe/Lisbon' });
    await happens('employment.onboarding.completed', {});
    const leaving = { status: 'offboarding', termination_date: '2026-03-10' };
    expect(await happens('offboarding.submitted', leaving)).toMatchObject({ type: 'offboard', status: 'scheduled' });
    await happens('offboarding.review_started', { termination_date: '2026-03-20' });
    await world.runFor(10 * DAY);
    expect(access()).toEqual([NEWSROOM]);
    await happens('offboarding.deleted', { status: 'active', termination_date: null });
    await world.runFor(20 * DAY);
    expect(access()).toEqual([NEWSROOM]);
    const left = await happens('offboarding.completed', { status: 'offboarding', termination_date: '2026-04-30' });
    // Summer time: the last day ends at 23:00 UTC.
    expect(left?.effectiveAt).toBe('2026-04-30T23:00:00.000Z');
    await world.runFor(28 * DAY + 14 * 3600);
    expect([world.clock.now().slice(0, 13), access()]).toEqual(['2026-04-29T22', [NEWSROOM]]);
    await world.runFor(DAY + 3600);
    expect(access()).toEqual([[]]);
  });

  it('is found by its id when the mailbox is gone already', async () => {
    const { happens, access } = road();
    await happens('employment.onboarding.completed', {});
    const gone = { status: 'archived', user_status: 'inactive', work_email: null, termination_date: '2026-03-01' };
    expect(await happens('offboarding.completed', gone)).toMatchObject({ outcome: 'revoked' });
    expect(access()).toEqual([[]]);
  });

  it('of a deactivated user without a date needs a person, who may look the record up again', async () => {
    const { world, happens, access, job } = road();
    await happens('employment.onboarding.completed', {});
    const asked = await happens('employment.user_status.deactivated', { user_status: 'inactive' });
    expect(asked).toMatchObject({ status: 'needs-attention', error: { code: 'employee-inactive' } });
    expect(access()).toEqual([NEWSROOM]);
    vendor.fake.records.set(ID, { status: 'archived', termination_date: '2026-03-01' });
    await retryJob(world, { jobId: asked?.jobId ?? '', by: 'hr-desk' });
    await world.runFor(1);
    expect(job(asked?.jobId)).toMatchObject({ outcome: 'revoked' });
  });
});

describe('a look-up that fails', () => {
  it('changes nothing and is tried again, when the vendor says', async () => {
    const { world, happens, access } = road();
    await happens('employment.onboarding.completed', {});
    vendor.fake.fail({ status: 429, retryAfter: '600' });
    const failed = await happens('offboarding.completed', { status: 'archived', termination_date: '2026-03-01' });
    expect(failed).toMatchObject({ status: 'retrying', error: { code: 'vendor-unavailable' } });
    await world.runFor(590);
    expect(access()).toEqual([NEWSROOM]);
    await world.runFor(20);
    expect(access()).toEqual([[]]);
  });

  it('because nobody has the id is no termination', async () => {
    const { happens, world, access } = road();
    await happens('employment.onboarding.completed', {});
    vendor.fake.fail({ status: 404 });
    expect(await happens('employment.updated', {})).toMatchObject({ error: { code: 'employee-not-found' } });
    await world.runFor(DAY);
    expect(access()).toEqual([NEWSROOM]);
  });
});

describe('personal data', () => {
  it('of the body and the record is in no job, person or message', async () => {
    const canaries = newCanaries();
    const { send, kept } = road();
    const { id, employee } = remoteSample.record?.(canaries) ?? { id: '', employee: {} };
    vendor.fake.records.set(id, employee);
    await send(remoteSample.body(canaries));
    const all = kept();
    expect(all).toContain(remoteSample.email);
    expect(canaries.planted.filter((planted) => all.includes(planted))).toEqual([]);
  });
});
