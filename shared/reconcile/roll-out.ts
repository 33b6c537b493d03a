/** Plans everybody anew when the access policy has changed: a batch a sweep, so that what it changes meets the guard little by little. */
import { Conflict, type World } from '../lifecycle/ports.ts';
import { afterPage, type Rollout, rolloutOf } from '../lifecycle/rollout.ts';

/** How many people one sweep wakes at least, if there are so many; a page more or less does not matter. */
const BATCH = 250;

/** Wakes the next people who were last planned under another policy. Two sweeps at once do no harm: one of them is then a repetition. */
export async function rollOut(world: World): Promise<void> {
  const stored = await world.rollout.get();
  const deployed = { hash: world.policy.hash, builtAt: world.policyBuiltAt };
  const rollout = rolloutOf(stored, deployed, world.clock.now());
  if (!rollout) return;
  const { next, woken } = await wakeBatch(world, rollout);
  world.monitor.count('rollout.woken', woken);
  await world.rollout.set(next, stored).catch((error: unknown) => {
    if (!(error instanceof Conflict)) throw error;
  });
}

async function wakeBatch(world: World, rollout: Rollout): Promise<{ next: Rollout; woken: number }> {
  let next = rollout;
  let woken = 0;
  do {
    const { people, cursor } = await world.people.page(next.cursor);
    const others = people.filter(({ policyHash }) => policyHash !== rollout.policyHash);
    // Lost, a wake-up costs a round: who was not planned anew is found again.
    await Promise.allSettled(others.map(({ id }) => world.queue.send({ personId: id })));
    woken += others.length;
    next = afterPage(next, { cursor, found: others.length }, world.clock.now());
  } while (next.cursor !== null && woken < BATCH);
  return { next, woken };
}
