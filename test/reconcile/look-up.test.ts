/** Thin events: the worker looks the employee up and acts on the record, never on the event's name. */
import { describe, expect, test } from 'vitest';
import { accept } from '../../shared/intake/accept.ts';
import type { EmployeeRecord, Lookup } from '../../shared/lifecycle/ports.ts';
import { retryJob } from '../../shared/operate/change-job.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import type { Notice } from '../../shared/sources/source.ts';
import { post, postFrom } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const DAY = 86_400;
const HR = 'hr-one 77';
const EBBA = 'ebba@pub.example';
const RECORD: EmployeeRecord = {
  employeeId: '77',
  email: EBBA,
  start: '2026-03-01',
  end: null,
  attributes: { department: 'Newsroom', jobTitle: null },
};
const record = (more: Partial<EmployeeRecord> = {}): Lookup => ({ kind: 'record', record: { ...RECORD, ...more } });

/** What a webhook says, and what the HR system answers when it is asked. */
async function told(world: MemoryWorld, answer: Lookup, notice: Partial<Notice> = {}, seconds = 1) {
  world.records.set(HR, answer);
  const [accepted] = await accept(world, [{ kind: 'lookup', employeeId: '77', ...notice } as Notice], {
    source: 'hr-one',
    authority: ['employment', 'attributes'],
    deliveryId: world.newId(),
    seed: world.newId(),
    requestHash: null,
    receivedAt: world.clock.now(),
  });
  await world.runFor(seconds);
  return () => world.allJobs().find(({ jobId }) => jobId === accepted?.job.jobId);
}

const access = (world: MemoryWorld) => world.fake.users.map(({ permissions }) => permissions);

describe('a record', () => {
  test('of somebody who works there makes an account, and the job says whose it turned out to be', async () => {
    const world = memoryWorld();
    const job = await told(world, record());
    expect(job()).toMatchObject({ status: 'succeeded', outcome: 'created', type: 'onboard', email: EBBA });
    expect(world.fake.users).toMatchObject([{ email: EBBA, permissions: ['paywallBuilder', 'journey'] }]);
  });

  test('that has changed is acted upon, and one that has not is not', async () => {
    const world = memoryWorld();
    await told(world, record());
    const moved = await told(world, record({ attributes: { department: 'Treasury' } }));
    expect(moved()).toMatchObject({ type: 'change', outcome: 'updated' });
    const same = await told(world, record({ attributes: { department: 'Treasury' } }));
    expect(same()).toMatchObject({ type: 'change', status: 'succeeded', outcome: 'unchanged', attempts: 0 });
  });

  test('of a coming joiner waits for the first day', async () => {
    const world = memoryWorld();
    const job = await told(world, record({ start: '2026-03-20', timeZone: 'Asia/Kolkata' }));
    expect(job()).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-19T18:30:00.000Z' });
    await world.runFor(20 * DAY);
    expect(job()).toMatchObject({ outcome: 'created' });
  });

  test('of an end that is stated, moved and taken back leaves the access alone until the right hour', async () => {
    const world = memoryWorld();
    await told(world, record());
    const stated = await told(world, record({ end: '2026-03-10' }));
    expect(stated()).toMatchObject({ type: 'offboard', status: 'scheduled', effectiveAt: '2026-03-11T00:00:00.000Z' });
    const moved = await told(world, record({ end: '2026-03-20' }));
    await world.runFor(12 * DAY);
    expect(access(world)).toEqual([['paywallBuilder', 'journey']]);
    expect(stated()).toMatchObject({ status: 'ignored' });
    expect(moved()).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-21T00:00:00.000Z' });
    await told(world, record({ end: null }));
    await world.runFor(30 * DAY);
    expect(access(world)).toEqual([['paywallBuilder', 'journey']]);
    expect(moved()).toMatchObject({ status: 'ignored', outcome: 'superseded' });
    await told(world, record({ end: '2026-04-20' }));
    await world.runFor(10 * DAY);
    expect(access(world)).toEqual([[]]);
  });

  test('of somebody who joins for a fixed term makes an account, and takes it away in time', async () => {
    const world = memoryWorld();
    const job = await told(world, record({ end: '2026-03-10' }));
    expect(job()).toMatchObject({ type: 'onboard', outcome: 'created' });
    await world.runFor(20 * DAY);
    expect(access(world)).toEqual([[]]);
  });

  test('whose first day is corrected still has its end', async () => {
    const world = memoryWorld();
    await told(world, record({ end: '2026-03-10' }));
    await told(world, record({ start: '2026-02-15', end: '2026-03-10' }));
    await world.runFor(20 * DAY);
    expect(access(world)).toEqual([[]]);
  });

  test('that states a passed end re-opens nothing, and takes the access away at once', async () => {
    const world = memoryWorld();
    await told(world, record());
    const left = await told(world, record({ end: '2026-03-01', attributes: { department: 'Treasury' } }));
    expect(left()).toMatchObject({ type: 'offboard', outcome: 'revoked' });
    await told(world, record({ start: '2026-02-01', end: '2026-03-01' }));
    await world.runFor(10 * DAY);
    expect(access(world)).toEqual([[]]);
  });

  test('of somebody who is taken back after the end has passed makes them employed again', async () => {
    const world = memoryWorld();
    await told(world, record());
    await told(world, record({ end: '2026-03-01' }));
    await told(world, record({ end: null }));
    expect(access(world)).toEqual([['paywallBuilder', 'journey']]);
  });

  test('does not re-open what another source has ended', async () => {
    const world = memoryWorld();
    await told(world, record());
    await postFrom(world, { type: 'offboard', person: { email: EBBA } }, 'tickets', ['employment', 'grants']);
    const job = await told(world, record({ start: '2026-03-02' }));
    expect(job()).toMatchObject({ status: 'needs-attention', error: { code: 'ended-elsewhere' } });
    expect(access(world)).toEqual([[]]);
  });
});

describe('of two records in a row', () => {
  const HIRE = '2026-03-20';

  test('the second takes nothing from the job of the first: neither a coming hire’s', async () => {
    const world = memoryWorld();
    const hired = await told(world, record({ start: HIRE }));
    await told(world, record({ start: HIRE }));
    expect(hired()).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-20T00:00:00.000Z' });
    await world.runFor(20 * DAY);
    expect(hired()).toMatchObject({ outcome: 'created' });
  });

  test('the second takes nothing from the job of the first: nor a stated end’s', async () => {
    const world = memoryWorld();
    await told(world, record());
    const left = await told(world, record({ end: '2026-03-10' }));
    await told(world, record({ end: '2026-03-10', attributes: { department: 'Newsroom', jobTitle: 'Editor' } }));
    expect(left()).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-11T00:00:00.000Z' });
    await world.runFor(20 * DAY);
    expect(left()).toMatchObject({ outcome: 'revoked' });
  });

  test('the second takes nothing from the job of the first: nor one’s that needs a person', async () => {
    const world = memoryWorld();
    await told(world, record());
    await postFrom(world, { type: 'offboard', person: { email: EBBA } }, 'tickets', ['employment', 'grants']);
    const job = await told(world, record({ start: '2026-03-02' }));
    await told(world, record({ start: '2026-03-02' }));
    expect(job()).toMatchObject({ status: 'needs-attention', error: { code: 'ended-elsewhere' } });
  });
});

describe('a record that is no plain one', () => {
  test('that states no start changes attributes today, whatever end it states', async () => {
    const world = memoryWorld();
    await post(world, { type: 'onboard', person: { email: EBBA, department: 'Newsroom' } });
    await told(world, record({ start: null, end: '2026-03-20', attributes: { department: 'Treasury' } }));
    expect(access(world)).toEqual([['payments', 'billing']]);
    await world.runFor(20 * DAY);
    expect(access(world)).toEqual([[]]);
  });

  test('of a coming employment ends the one before it when that ended, and begins anew on its first day', async () => {
    const world = memoryWorld();
    await told(world, record({ start: '2020-01-01' }));
    const gap = { start: '2026-03-20', formerEnd: '2026-03-01' };
    const left = await told(world, record(gap));
    expect(left()).toMatchObject({ type: 'offboard', outcome: 'revoked' });
    await told(world, record(gap), {}, 10 * DAY);
    expect(access(world)).toEqual([[]]);
    await world.runFor(10 * DAY);
    expect(access(world)).toEqual([['paywallBuilder', 'journey']]);
  });

  test('of a hire that was called off keeps a joiner out, and may be followed by another', async () => {
    const world = memoryWorld();
    const hired = await told(world, record({ start: '2026-03-20' }));
    const off = await told(world, record({ start: '2026-03-20', withdrawn: true }));
    expect(off()).toMatchObject({ type: 'offboard', status: 'succeeded' });
    expect(hired()).toMatchObject({ status: 'ignored', outcome: 'superseded' });
    await world.runFor(20 * DAY);
    expect(access(world)).toEqual([]);
    await told(world, record({ start: '2026-03-20' }));
    expect(access(world)).toEqual([['paywallBuilder', 'journey']]);
  });

  test('of a hire that was called off takes nothing from whom another source employs, but asks a person', async () => {
    const world = memoryWorld();
    await post(world, { type: 'onboard', person: { email: EBBA, department: 'Newsroom' } });
    const off = await told(world, record({ start: '2026-03-20', withdrawn: true }));
    expect(off()).toMatchObject({ status: 'needs-attention', error: { code: 'hire-begun' } });
    expect(access(world)).toEqual([['paywallBuilder', 'journey']]);
  });
});

describe('a look-up that gives no whole record', () => {
  test.each<[name: string, late: Lookup]>([
    ['fails', { kind: 'failed', reason: 'vendor-unavailable' }],
    ['finds nobody', { kind: 'not-found' }],
  ])('because it %s, later than a faster one that did, changes and alarms nothing', async (_, late) => {
    const world = memoryWorld();
    const job = await told(world, record(), {}, 0);
    const message = { jobId: job()?.jobId ?? '' };
    const slow = Promise.withResolvers<Lookup>();
    world.lookUp = () => slow.promise;
    const slower = reconcile(world, message);
    world.lookUp = async () => record();
    await reconcile(world, message);
    const done = job();
    slow.resolve(late);
    await slower;
    expect(done).toMatchObject({ status: 'succeeded', outcome: 'created' });
    expect(job()).toEqual(done);
    expect(world.alarms).toEqual([]);
  });

  test.each<[name: string, answer: Lookup, code: string]>([
    ['fails', { kind: 'failed', reason: 'vendor-unavailable' }, 'vendor-unavailable'],
    ['is not allowed', { kind: 'failed', reason: 'vendor-unauthorized' }, 'vendor-unauthorized'],
    ['gives only a part', { kind: 'failed', reason: 'record-incomplete' }, 'record-incomplete'],
  ])('because it %s changes nothing and is repeated', async (_, answer, code) => {
    const world = memoryWorld();
    await told(world, record());
    const job = await told(world, answer);
    expect(job()).toMatchObject({ status: 'retrying', error: { code, retryable: true }, attempts: 0 });
    expect(job()?.nextAttemptAt).toBeTruthy();
    expect(access(world)).toEqual([['paywallBuilder', 'journey']]);
    world.records.set(HR, record({ end: '2026-03-01' }));
    await world.runFor(60);
    expect(job()).toMatchObject({ outcome: 'revoked' });
  });

  test('for days is alarmed and still repeated, for it may be a leaver’s', async () => {
    const world = memoryWorld();
    await told(world, record());
    const job = await told(world, { kind: 'failed', reason: 'vendor-unavailable' }, {}, 10 * DAY);
    expect(job()).toMatchObject({ status: 'retrying' });
    expect(world.alarms.map(({ code }) => code)).toContain('lookup-failing');
    world.records.set(HR, record({ end: '2026-03-01' }));
    await world.runFor(DAY);
    expect(job()).toMatchObject({ outcome: 'revoked' });
  });

  test('waits as long as the HR system asks', async () => {
    const world = memoryWorld();
    const job = await told(world, { kind: 'failed', reason: 'vendor-unavailable', retryAfterSeconds: 600 });
    expect(job()?.nextAttemptAt).toBe('2026-03-02T08:10:00.000Z');
  });

  test.each<[name: string, answer: Lookup, code: string]>([
    ['because nobody has the id', { kind: 'not-found' }, 'employee-not-found'],
    ['that a person must judge', { kind: 'review', code: 'employee-inactive' }, 'employee-inactive'],
  ])('%s is never a termination: it needs attention', async (_, answer, code) => {
    const world = memoryWorld();
    await told(world, record());
    const job = await told(world, answer, {}, DAY);
    expect(job()).toMatchObject({ status: 'needs-attention', error: { code } });
    expect(world.alarms.map((alarm) => alarm.code)).toContain(code);
    expect(access(world)).toEqual([['paywallBuilder', 'journey']]);
    world.records.set(HR, record({ end: '2026-03-01' }));
    await retryJob(world, { jobId: job()?.jobId ?? '', by: 'hr-desk' });
    await world.runFor(1);
    expect(job()).toMatchObject({ outcome: 'revoked' });
  });
});

describe('a vendor that lags behind its own events', () => {
  test('is asked when it has settled, and not before', async () => {
    const world = memoryWorld();
    const job = await told(world, record(), { settleSeconds: 20 }, 10);
    expect(job()).toMatchObject({ status: 'queued', nextAttemptAt: '2026-03-02T08:00:20.000Z' });
    expect(world.fake.users).toEqual([]);
    await world.runFor(15);
    expect(job()).toMatchObject({ outcome: 'created' });
  });
});

describe('a joiner without a work email', () => {
  test('waits for one: now and then before the first day', async () => {
    const world = memoryWorld();
    const job = await told(world, record({ email: null, start: '2026-03-20' }));
    expect(job()).toMatchObject({ status: 'retrying', error: { code: 'no-work-email', retryable: true } });
    // The last interval of the schedule, a tenth of it jitter.
    expect(job()?.nextAttemptAt).toBe('2026-03-03T00:48:00.000Z');
    world.records.set(HR, record({ start: '2026-03-20' }));
    await world.runFor(DAY);
    expect(job()).toMatchObject({ status: 'scheduled', email: EBBA });
    await world.runFor(20 * DAY);
    expect(world.fake.users).toHaveLength(1);
  });

  test('waits for one: on the schedule from the first day on', async () => {
    const world = memoryWorld();
    const job = await told(world, record({ email: null }));
    expect(job()?.nextAttemptAt).toBe('2026-03-02T08:00:05.250Z');
    world.records.set(HR, record());
    await world.runFor(60);
    expect(job()).toMatchObject({ outcome: 'created' });
  });

  test('is no failure before the first day: from then on the schedule begins at its beginning', async () => {
    const world = memoryWorld();
    const job = await told(world, record({ email: null, start: '2026-03-20' }), {}, 17 * DAY);
    await world.runFor(57_700);
    expect(world.clock.now() > '2026-03-20').toBe(true);
    world.records.set(HR, record({ start: '2026-03-20' }));
    await world.runFor(120);
    expect(job()).toMatchObject({ outcome: 'created' });
  });

  test('is asked for again on the first day, if that comes sooner', async () => {
    const world = memoryWorld();
    const job = await told(world, record({ email: null, start: '2026-03-03' }));
    expect(job()?.nextAttemptAt).toBe('2026-03-03T00:00:00.000Z');
  });
});

describe('a leaver', () => {
  test('whose mailbox is gone already is found by employee id', async () => {
    const world = memoryWorld();
    await told(world, record());
    const job = await told(world, record({ email: null, end: '2026-03-01' }));
    expect(job()).toMatchObject({ outcome: 'revoked', email: EBBA });
  });

  test('whom nobody ever heard of waits for no email', async () => {
    const world = memoryWorld();
    const job = await told(world, record({ email: null, end: '2026-03-01' }));
    expect(job()).toMatchObject({ status: 'succeeded', outcome: 'unchanged' });
  });

  test('known under the address by another source is revoked when the record names it', async () => {
    const world = memoryWorld();
    await post(world, { type: 'onboard', person: { email: EBBA, department: 'Newsroom' } });
    await world.runFor(1);
    const job = await told(world, record({ end: '2026-03-01' }));
    expect(job()).toMatchObject({ outcome: 'revoked' });
  });
});

describe('what a person must judge', () => {
  test('is recorded as such, looked at by nobody, and looked up when somebody says so', async () => {
    const world = memoryWorld();
    const job = await told(world, record({ end: '2026-03-01' }), { kind: 'review', code: 'employee-deleted' }, DAY);
    expect(job()).toMatchObject({ status: 'needs-attention', error: { code: 'employee-deleted' } });
    expect(world.alarms.map(({ code }) => code)).toEqual(['employee-deleted']);
    await retryJob(world, { jobId: job()?.jobId ?? '', by: 'hr-desk' });
    await world.runFor(1);
    expect(job()).toMatchObject({ status: 'succeeded' });
  });

  test('asks for nothing where it is a simulation', async () => {
    const world = memoryWorld();
    const job = await told(world, record(), { kind: 'skip' }, DAY);
    expect(job()).toMatchObject({ status: 'ignored', outcome: 'unsupported' });
    expect(world.messages).toEqual([]);
    expect(world.fake.calls).toEqual([]);
  });
});
