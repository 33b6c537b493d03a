import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { QUEUES_TURN_SECONDS, sweep } from '../../shared/reconcile/sweep.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const MINUTE = 60;

/** A world in which jobs wait whose messages never reached anybody. */
async function forgotten(count: number, type: 'onboard' | 'offboard' = 'onboard'): Promise<MemoryWorld> {
  const world = memoryWorld();
  for (let index = 0; index < count; index += 1) await post(world, about(`forgotten${index}@pub.example`, type));
  world.messages.length = 0;
  return world;
}

async function sentIn(world: MemoryWorld, minutes: number): Promise<number> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await sweep(world);
    world.advance(MINUTE);
  }
  return world.messages.length;
}

describe('what the sweep has sent', () => {
  test('is the queue’s for as long as it hides a message, and is sent again after that', async () => {
    const world = await forgotten(1);
    expect(await sentIn(world, 6)).toBe(1);
    expect(await sentIn(world, 6)).toBe(2);
  });

  test('is the queue’s for just as long as infra/queues.yml says', () => {
    const [, seconds] = /VisibilityTimeout: (\d+)/.exec(readFileSync('infra/queues.yml', 'utf8')) ?? [];
    expect(Number(seconds)).toBe(QUEUES_TURN_SECONDS);
  });

  test('is looked at anew as soon as anything is written', async () => {
    const world = await forgotten(1);
    await sweep(world);
    const [job] = world.allJobs();
    await world.jobs.change(job?.jobId ?? '', (stored) => ({ ...stored, reference: 'somebody wrote' }));
    expect(await sentIn(world, 1)).toBe(2);
  });

  test('is everything: what one sweep has no room for, the next one takes', async () => {
    const world = await forgotten(1_200);
    await sweep(world);
    expect(world.messages).toHaveLength(1_000);
    world.advance(MINUTE);
    await sweep(world);
    expect(new Set(world.messages.map((wakeUp) => JSON.stringify(wakeUp))).size).toBe(1_200);
  });
});

describe('a wake-up that takes the sweep all its time', () => {
  test('goes last in the next sweep, so that it holds up the others once', async () => {
    const world = await forgotten(3, 'offboard');
    world.queue.send = () => Promise.reject(new Error('the queue is down'));
    const [poison] = world.allJobs();
    const { get } = world.jobs;
    let hasTime = true;
    world.jobs.get = async (jobId) => {
      if (jobId !== poison?.jobId) return get(jobId);
      hasTime = false;
      throw new Error('the time is over');
    };
    await sweep(world, () => hasTime);
    expect(world.allJobs().map(({ status }) => status)).toEqual(['queued', 'queued', 'queued']);
    world.advance(MINUTE);
    hasTime = true;
    await sweep(world, () => hasTime);
    expect(world.allJobs().map(({ status }) => status)).toEqual(['queued', 'succeeded', 'succeeded']);
  });
});

describe('a part of the sweep that fails', () => {
  const down = () => Promise.reject(new Error('the table is down'));
  const parts: [part: string, fail: (world: MemoryWorld) => void, own: string[]][] = [
    ['waking', (world) => (world.jobs.due = down), ['wakes.due', 'wakes.overdue', 'leavers.late']],
    ['the ledger’s watch', (world) => (world.jobs.list = down), ['leavers.late']],
    ['the guard’s watch', (world) => (world.people.ofStanding = down), ['people.held']],
    ['the sources’ watch', (world) => (world.configuredSources = down), ['sources.silent']],
    ['the roll-out', (world) => (world.people.page = down), ['rollout.woken']],
  ];
  const EVERYTHING = ['wakes.due', 'wakes.overdue', 'leavers.late', 'people.held', 'sources.silent', 'rollout.woken'];

  const measuredIn = (world: MemoryWorld) =>
    EVERYTHING.filter((name) => world.measured.some(([said]) => said === name));

  test('is none where all is well, and everything is measured', async () => {
    const world = await forgotten(1);
    await sweep(world);
    expect(measuredIn(world)).toEqual(EVERYTHING);
  });

  test.each(parts)('does not keep the others from running, and is said at the end: %s', async (_part, fail, own) => {
    const world = await forgotten(1);
    fail(world);
    await expect(sweep(world)).rejects.toThrow(AggregateError);
    expect(measuredIn(world)).toEqual(EVERYTHING.filter((name) => !own.includes(name)));
  });
});
