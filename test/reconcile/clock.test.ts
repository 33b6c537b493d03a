/** Rule 2 where clocks are what they are: they move while we think, and no two hosts agree. */
import { describe, expect, test } from 'vitest';
import { plusMs } from '../../shared/lifecycle/effective-date.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const MONTH = 30 * 86_400;

async function employed(): Promise<MemoryWorld> {
  const world = memoryWorld();
  await post(world, about('olof@pub.example', 'onboard', { person: { department: 'Newsroom' } }));
  await world.runFor(1);
  return world;
}

/** Delivers what is on the queue to a worker whose clock ticks to the next millisecond after so many looks at it. */
async function deliver(world: MemoryWorld, looks: number): Promise<void> {
  const { now } = world.clock;
  let looked = 0;
  world.clock.now = () => plusMs(now(), looked++ < looks ? -1 : 0);
  for (const message of world.messages.splice(0)) await reconcile(world, message);
  world.clock.now = now;
}

describe('an end that comes while a worker is at work', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('after it has looked at the clock %i times is never missed', async (looks) => {
    const world = await employed();
    await post(world, about('olof@pub.example', 'offboard', { effectiveAt: world.clock.now() }));
    await deliver(world, looks);
    await world.runFor(MONTH);
    expect(world.fake.users).toMatchObject([{ permissions: [] }]);
    expect(world.allJobs().at(-1)).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
  });
});
