/** The brake: an operator stops every write to Conscent, and lets it go on again. What is already under way ends by itself. */
import { plusSeconds } from '../lifecycle/effective-date.ts';
import { isOperators, lookAgainAt, operatorPause } from '../lifecycle/pause.ts';
import { untilFirst, type World } from '../lifecycle/ports.ts';
import type { PausedAnswer, ResumedAnswer } from './answers/action.ts';

/** How many people are woken when writes go on; whoever is left is the sweep's, within minutes. */
const WOKEN = 2_000;
const AT_ONCE = 50;

/** Stops every write, and answers since when, and how many have to wait now. Stopping twice is stopping once. */
export async function pauseWrites(world: World, { by }: { by: string }): Promise<PausedAnswer> {
  const { since } = await untilFirst(async () => {
    const stored = await world.pause.get();
    if (stored && isOperators(stored)) return stored;
    const pause = operatorPause(world.clock.now(), by);
    await world.pause.set(pause, stored);
    world.monitor.info('Writes paused', { token: by });
    return pause;
  });
  const waiting = await world.people.due(world.clock.now(), WOKEN);
  return { paused: true, since, waiting: waiting.length };
}

/**
 * Lets writes go on, and wakes those who wait, leavers first; answers how many. A pause that Conscent asked for is not the operator's to
 * end. Letting go on what goes on wakes nobody.
 */
export async function resumeWrites(world: World, { by }: { by: string }): Promise<ResumedAnswer> {
  const ended = await untilFirst(async () => {
    const stored = await world.pause.get();
    if (!stored || !isOperators(stored)) return null;
    await world.pause.set(null, stored);
    return stored;
  });
  if (!ended) return { paused: false, resumed: 0 };
  world.monitor.info('Writes go on', { token: by });
  const now = world.clock.now();
  // Everybody who waits looks again by then at the latest.
  const waiting = await world.people.due(plusSeconds(lookAgainAt(ended, now), 1), WOKEN);
  for (let from = 0; from < waiting.length; from += AT_ONCE) {
    const some = waiting.slice(from, from + AT_ONCE);
    await Promise.allSettled(some.map(({ id }) => world.queue.send({ personId: id })));
  }
  return { paused: false, resumed: waiting.length };
}
