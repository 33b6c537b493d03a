import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { WakeUp } from '../../shared/lifecycle/ports.ts';
import { retryJob } from '../../shared/operate/change-job.ts';
import { MAX_RECEIVES, markCrashed } from '../../shared/reconcile/crashed.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { sweep } from '../../shared/reconcile/sweep.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { record, told } from './told.ts';

const TOVE = 'tove@pub.example';
const HOUR = 3_600;
const joiner = about(TOVE, 'onboard', { person: { department: 'Newsroom' } });

const codes = (world: MemoryWorld) => world.alarms.map(({ code }) => code);
const jobOf = (world: MemoryWorld, type: string) => world.allJobs().find((job) => job.type === type);
const holdings = (world: MemoryWorld) => world.fake.users.map(({ permissions }) => permissions.length);

/** Somebody whose job no worker survives. */
async function poisonJob(event: object = joiner) {
  const world = memoryWorld();
  const [job] = await post(world, event);
  world.messages.length = 0;
  const wakeUp = { jobId: job?.jobId ?? '' };
  await markCrashed(world, wakeUp);
  return { world, wakeUp };
}

/** Somebody with an account who is to leave tomorrow, and whom no worker survives. */
async function poisonLeaver(): Promise<{ world: MemoryWorld; wakeUp: WakeUp }> {
  const world = memoryWorld();
  await post(world, joiner);
  await world.runFor(1);
  await post(world, about(TOVE, 'offboard', { effectiveAt: '2026-03-02T20:00:00Z' }));
  await world.runFor(1);
  world.advance(13 * HOUR);
  const wakeUp = { personId: world.allPeople()[0]?.id ?? '' };
  await markCrashed(world, wakeUp);
  return { world, wakeUp };
}

test('a message is marked at the last receive that infra/queues.yml allows', () => {
  const [, count] = /maxReceiveCount: (\d+)/.exec(readFileSync('infra/queues.yml', 'utf8')) ?? [];
  expect(Number(count)).toBe(MAX_RECEIVES);
});

describe('a job that no worker survives', () => {
  test('needs a person, says why and is alarmed', async () => {
    const { world } = await poisonJob();
    expect(world.allJobs()).toMatchObject([{ status: 'needs-attention', error: { code: 'crashed', retryable: true } }]);
    expect(world.alarms).toMatchObject([{ code: 'crashed' }]);
  });

  test('is the loudest alarm where it may be a leaver’s', async () => {
    expect(codes((await poisonJob(about(TOVE, 'offboard'))).world)).toEqual(['crashed', 'leaver-not-revoked']);
    const world = memoryWorld();
    world.setBlow((point) => {
      if (point === 'before lookUp') throw new Error('crashed');
    });
    const job = await told(world, record());
    await markCrashed(world, { jobId: job()?.jobId ?? '' });
    expect(codes(world)).toContain('leaver-not-revoked');
  });

  test('is tried again an hour later, and not before', async () => {
    const { world, wakeUp } = await poisonJob();
    world.advance(HOUR - 1);
    await sweep(world);
    expect(world.messages).toEqual([]);
    world.advance(1);
    await sweep(world);
    expect(world.messages).toEqual([wakeUp]);
  });

  test('is done as soon as its message is brought back and a worker survives it', async () => {
    const { world, wakeUp } = await poisonJob();
    await reconcile(world, wakeUp);
    expect(world.allJobs()).toMatchObject([{ status: 'succeeded', outcome: 'created', error: null }]);
  });

  test('is looked up as soon as its message is brought back', async () => {
    const world = memoryWorld();
    world.setBlow((point) => {
      if (point === 'before lookUp') throw new Error('crashed');
    });
    const job = await told(world, record());
    const wakeUp = { jobId: job()?.jobId ?? '' };
    await markCrashed(world, wakeUp);
    world.setBlow(() => {});
    await reconcile(world, wakeUp);
    expect(job()).toMatchObject({ status: 'succeeded', outcome: 'created' });
  });

  test('is done where an operator retries it', async () => {
    const { world, wakeUp } = await poisonJob();
    expect(await retryJob(world, { ...wakeUp, by: 'desk' })).toMatchObject({ status: 'queued', error: null });
    await world.runFor(1);
    expect(world.allJobs()).toMatchObject([{ status: 'succeeded', outcome: 'created' }]);
  });

  test('says so once in its history, however often it is marked', async () => {
    const { world, wakeUp } = await poisonJob();
    for (let mark = 0; mark < 3; mark += 1) await markCrashed(world, wakeUp);
    expect(world.allJobs()[0]?.history.map(({ status }) => status)).toEqual(['queued', 'needs-attention']);
  });

  test('of nobody’s is nobody’s', async () => {
    const world = memoryWorld();
    await markCrashed(world, { jobId: 'nobody-s' });
    await markCrashed(world, { personId: 'nobody-s' });
    expect([world.alarms, world.allPeople(), world.allJobs()]).toEqual([[], [], []]);
  });

  test('that is finished stays finished: only what its ticket is to be told waits', async () => {
    const world = memoryWorld();
    const job = await told(world, record(), { ticket: 'T-1', reply: true } as object);
    const before = job();
    await markCrashed(world, { jobId: before?.jobId ?? '' });
    expect(job()).toMatchObject({ status: 'succeeded', outcome: 'created', error: null });
  });
});

describe('somebody whom no worker survives', () => {
  test('has every open job say so, and a leaver among them is the loudest alarm', async () => {
    const { world } = await poisonLeaver();
    expect(jobOf(world, 'offboard')).toMatchObject({ status: 'needs-attention', error: { code: 'crashed' } });
    expect(jobOf(world, 'onboard')).toMatchObject({ status: 'succeeded' });
    expect(codes(world)).toEqual(['crashed', 'leaver-not-revoked']);
  });

  test('is woken once an hour and no more', async () => {
    const { world, wakeUp } = await poisonLeaver();
    for (let minute = 0; minute < 59; minute += 1) {
      await sweep(world);
      world.advance(60);
    }
    expect(world.messages).toEqual([]);
    world.advance(60);
    await sweep(world);
    expect(world.messages).toEqual([wakeUp]);
  });

  test('loses their access as soon as one does survive, by the sweep alone', async () => {
    const { world } = await poisonLeaver();
    await world.runFor(HOUR + 120);
    expect(holdings(world)).toEqual([0]);
    expect(jobOf(world, 'offboard')).toMatchObject({ status: 'succeeded', outcome: 'revoked', error: null });
  });

  test('loses it at once where the message is brought back', async () => {
    const { world, wakeUp } = await poisonLeaver();
    await reconcile(world, wakeUp);
    expect(holdings(world)).toEqual([0]);
  });

  test('counts as a leaver where even that cannot be found out', async () => {
    const { world, wakeUp } = await poisonLeaver();
    const [person] = world.allPeople();
    await world.people.save({ ...person, facts: null } as never, null);
    world.alarms.length = 0;
    await markCrashed(world, wakeUp);
    expect(codes(world)).toEqual(['crashed', 'leaver-not-revoked']);
  });

  test('is left alone while somebody is at work on them', async () => {
    const { world, wakeUp } = await poisonLeaver();
    const [person] = world.allPeople();
    const claim = { id: 'a worker', until: '2026-03-02T23:59:00.000Z' };
    await world.people.save({ ...person, claim, attempt: null } as never, null);
    world.alarms.length = 0;
    await markCrashed(world, wakeUp);
    expect([world.alarms, world.allPeople()[0]?.attempt]).toEqual([[], null]);
  });
});
