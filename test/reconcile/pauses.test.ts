/** Rule 10 under many hands: one pause, one probe at a time, and no answer lost over it. */
import { describe, expect, test } from 'vitest';
import type { ConscentAnswer } from '../../shared/lifecycle/conscent-answer.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const DAY = 86_400;
const throttled = (retryAfterSeconds?: number): ConscentAnswer => ({
  kind: 'throttled',
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
});
const addressOf = (who: number) => `person-${who}@pub.example`;

/** So many people to be created, whose calls have all begun before the first one is answered. */
async function atOnce(count: number, answers: readonly ConscentAnswer[]): Promise<MemoryWorld> {
  const world = memoryWorld();
  world.fake.faults = answers.map((answer) => ({ takesEffect: false, answer }));
  for (let who = 0; who < count; who += 1)
    await post(world, about(addressOf(who), 'onboard', { person: { department: 'Newsroom' } }));
  const { create } = world.conscent;
  const begun = Promise.withResolvers<void>();
  let calls = 0;
  world.conscent.create = async (email, access) => {
    calls += 1;
    if (calls === count) begun.resolve();
    await begun.promise;
    return create(email, access);
  };
  await Promise.allSettled(world.messages.splice(0).map((message) => reconcile(world, message)));
  world.conscent.create = create;
  return world;
}

describe('many calls that are asked to slow down at once', () => {
  test.each([5, 20])('(%i of them) are all remembered, and one account comes of each', async (count) => {
    const world = await atOnce(
      count,
      Array.from({ length: count }, () => throttled(30)),
    );
    expect(await world.pause.get()).toMatchObject({ failures: 1 });
    await world.runFor(2 * DAY);
    expect(world.allJobs().map(({ outcome }) => outcome)).toEqual(Array.from({ length: count }, () => 'created'));
    expect(world.fake.users).toHaveLength(count);
  });

  test('pause until the latest of the times they were told', async () => {
    const world = await atOnce(3, [throttled(60), throttled(1_800), throttled()]);
    expect(await world.pause.get()).toMatchObject({ until: '2026-03-02T08:30:00.000Z' });
  });
});

describe('a request to slow down that names no time to wait', () => {
  test('is tried again on the schedule, not at once', async () => {
    const world = memoryWorld();
    world.fake.faults = Array.from({ length: 3 }, () => ({ takesEffect: false, answer: throttled(0) }));
    await post(world, about(addressOf(1), 'onboard', { person: { department: 'Newsroom' } }));
    for (const message of world.messages.splice(0)) await reconcile(world, message);
    expect(world.fake.calls).toHaveLength(1);
    expect(world.allJobs()).toMatchObject([{ status: 'retrying', attempts: 1, error: { code: 'conscent-throttled' } }]);
    await world.runFor(DAY);
    expect(world.allJobs()).toMatchObject([{ status: 'succeeded', outcome: 'created', attempts: 4 }]);
  });
});

describe('a retry that is due at once', () => {
  test('waits until its job has been told', async () => {
    const world = memoryWorld({ settings: { retrySchedule: [0.0001, 0.0001, 0.0001] } });
    world.fake.faults = [0, 1].map(() => ({ takesEffect: false, answer: { kind: 'unavailable' as const } }));
    await post(world, about(addressOf(1), 'onboard', { person: { department: 'Newsroom' } }));
    for (const message of world.messages.splice(0)) await reconcile(world, message);
    expect(world.fake.calls).toHaveLength(1);
    expect(world.allJobs()).toMatchObject([{ status: 'retrying', attempts: 1 }]);
  });
});

describe('people who wait for a pause to end', () => {
  test('have one wake-up each on the queue, however long it lasts', async () => {
    const world = memoryWorld();
    world.fake.faults = Array.from({ length: 2_000 }, () => ({
      takesEffect: false,
      answer: { kind: 'unauthorized' as const, status: 401 },
    }));
    for (let who = 0; who < 5; who += 1)
      await post(world, about(addressOf(who), 'onboard', { person: { department: 'Newsroom' } }));
    const waiting: number[] = [];
    for (let hours = 0; hours < 4; hours += 1) {
      await world.runFor(3_600);
      waiting.push(world.messages.length);
    }
    expect(Math.max(...waiting)).toBeLessThanOrEqual(10);
  });
});
