/** Thin events: the worker acts on the employee's record, never on the event's name. */
import { describe, expect, test } from 'vitest';
import { post, postFrom } from '../fakes/post.ts';
import { memoryWorld } from '../fakes/world.ts';
import { access, DAY, EBBA, record, told } from './told.ts';

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
    expect(moved()).toMatchObject({ type: 'change', outcome: 'updated', effectiveAt: '2026-03-02T08:00:01.000Z' });
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

describe('a record of a special kind', () => {
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
