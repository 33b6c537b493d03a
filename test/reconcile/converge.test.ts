/** A claim may run out under whoever holds it. What was not done then is still to be done. */
import { describe, expect, test } from 'vitest';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const DAY = 86_400;
/** Longer than a claim less a call; longer than a claim. */
const [FROZEN, GONE] = [60, 80];

/** Somebody who has left, and the wake-up that says so. */
async function leaving(): Promise<{ world: MemoryWorld; wakeUp: { jobId: string } }> {
  const world = memoryWorld();
  await post(world, about('ida@pub.example', 'onboard', { person: { department: 'Newsroom' } }));
  await world.runFor(5);
  const [job] = await post(world, about('ida@pub.example', 'offboard'));
  world.messages.splice(0);
  return { world, wakeUp: { jobId: job?.jobId ?? '' } };
}

/** Runs `then` at the first of the points that comes once somebody holds a claim. */
function onceClaimed(world: MemoryWorld, point: string, then: () => void): void {
  let isDone = false;
  world.setBlow((at) => {
    if (isDone || at !== point || !world.allPeople().some(({ claim }) => claim !== null)) return;
    isDone = true;
    then();
  });
}

describe('a leaver is revoked', () => {
  test('whose worker was frozen between claim and call, and so did not call', async () => {
    const { world, wakeUp } = await leaving();
    onceClaimed(world, 'after people.save', () => world.advance(FROZEN));
    await reconcile(world, wakeUp);
    expect(world.fake.users[0]?.permissions).toEqual([]);
    expect((await world.jobs.get(wakeUp.jobId))?.outcome).toBe('revoked');
  });

  test('by the sweep where one worker fails too late and the other dies over the same call', async () => {
    const { world, wakeUp } = await leaving();
    const { update } = world.conscent;
    world.conscent.update = async () => {
      // Frozen over its call; whoever takes the claim that has run out dies over theirs.
      world.advance(GONE);
      world.conscent.update = () => Promise.reject(new Error('killed'));
      await reconcile(world, { personId: world.allPeople()[0]?.id ?? '' }).catch(() => {});
      world.conscent.update = update;
      world.advance(GONE);
      return { kind: 'unavailable' };
    };
    await reconcile(world, wakeUp);
    await world.runFor(DAY);
    expect(world.fake.users[0]?.permissions).toEqual([]);
    expect((await world.jobs.get(wakeUp.jobId))?.outcome).toBe('revoked');
  });
});
