/** The sweep: once a minute, whatever is due. It alone is enough for everything to finish. */
import type { WakeUp, World } from '../lifecycle/ports.ts';
import { watchGuard } from './guard.ts';
import { reconcile } from './reconcile.ts';
import { rollOut } from './roll-out.ts';
import { watchLedger, watchWakes } from './watch.ts';
import { watchSources } from './watch-sources.ts';

/** How many of each kind one sweep takes on; what is left is the next one's. */
const LIMIT = 1_000;

/**
 * Wakes everybody whose wake is due, leavers first. Where the queue does not take the wake-up the sweep does the work itself.
 * @param hasTime whether there is time left for one more; consulted before each piece of work of its own.
 */
export async function sweep(world: World, hasTime: () => boolean = () => true): Promise<number> {
  const now = world.clock.now();
  const [people, jobs] = await Promise.all([world.people.due(now, LIMIT), world.jobs.due(now, LIMIT)]);
  const due = [
    ...people.map(({ id, isLeaver }) => ({ isLeaver, wakeUp: { personId: id } })),
    ...jobs.map(({ id, isLeaver }) => ({ isLeaver, wakeUp: { jobId: id } })),
  ].sort((a, b) => Number(b.isLeaver) - Number(a.isLeaver));
  for (const { wakeUp } of due) {
    if (!hasTime()) break;
    await wake(world, wakeUp);
  }
  world.monitor.count('wakes.due', due.length);
  watchWakes(world, [...people, ...jobs], now);
  await watchLedger(world, people, now);
  await watchGuard(world);
  await watchSources(world);
  await rollOut(world);
  return due.length;
}

async function wake(world: World, wakeUp: WakeUp): Promise<void> {
  try {
    await world.queue.send(wakeUp);
  } catch {
    world.monitor.count('queue.unavailable');
    await reconcile(world, wakeUp).catch(() => world.monitor.alarm('reconcile-failed', wakeUp));
  }
}
