/** Thin events: the worker looks the employee up; whatever is no whole record changes nothing. */
import { describe, expect, test } from 'vitest';
import type { Lookup } from '../../shared/lifecycle/lookup.ts';
import { retryJob } from '../../shared/operate/change-job.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { post } from '../fakes/post.ts';
import { memoryWorld } from '../fakes/world.ts';
import { access, DAY, EBBA, HR, record, told } from './told.ts';

describe('a look-up that gives no whole record', () => {
  test.each<[name: string, late: Lookup]>([
    ['fails', { kind: 'failed', reason: 'vendor-unavailable' }],
    ['finds nobody', { kind: 'not-found' }],
  ])('because it %s, later than a faster one that did, changes and alarms nothing', async (_, late) => {
    const world = memoryWorld();
    const job = await told(world, record(), { settleSeconds: 5 }, 0);
    world.advance(5);
    expect(job()).toMatchObject({ status: 'queued' });
    const message = { jobId: job()?.jobId ?? '' };
    const slow = Promise.withResolvers<Lookup>();
    const asked = Promise.withResolvers<void>();
    world.lookUp = () => {
      asked.resolve();
      return slow.promise;
    };
    const slower = reconcile(world, message);
    await asked.promise;
    world.lookUp = async () => record();
    await reconcile(world, message);
    const done = job();
    slow.resolve(late);
    await slower;
    expect(done).toMatchObject({ status: 'succeeded', outcome: 'created' });
    expect({ ...job(), version: done?.version }).toEqual(done);
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
    expect(job()).toMatchObject({ status: 'needs-attention', error: { code }, email: EBBA, reference: '77' });
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
    expect(job()).toMatchObject({ status: 'needs-attention', error: { code: 'employee-deleted' }, reference: '77' });
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
