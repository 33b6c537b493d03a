/** The guard in the ledger: asked before a revoke that takes access away, and written before the call is made. */

import type { Instant } from '../lifecycle/effective-date.ts';
import {
  type Guard,
  holdsAccess,
  isAlarmDue,
  isAmongFew,
  isCounted,
  isSmallShare,
  type Leaver,
  NO_LOSSES,
  withCount,
  withLoss,
} from '../lifecycle/guard.ts';
import type { Person } from '../lifecycle/person.ts';
import { Conflict, untilFirst, type World } from '../lifecycle/ports.ts';
import type { CallStep } from '../lifecycle/step.ts';

// Everybody who leaves at once writes the one record.
const TRIES = 40;

/**
 * Whether the guard stops a step. Where it does not, the loss has been counted, so that no two workers take the last place.
 * @throws Conflict where too many others write the record; the wake-up comes again.
 */
export async function isStoppedByGuard(world: World, person: Person, step: CallStep): Promise<boolean> {
  if (step.kind !== 'revoke' || !holdsAccess(person.account)) return false;
  const leaver = { personId: person.id, isReleased: person.isReleased };
  return untilFirst(async () => {
    const now = world.clock.now();
    const stored = await world.guard.get();
    const guard = await countedFor(world, stored ?? NO_LOSSES, leaver, now);
    const settings = world.settings.guard;
    if (!isAmongFew(guard, leaver, now, settings) && !isSmallShare(guard, leaver, now, settings)) {
      await keepCount(world, guard, stored);
      return true;
    }
    await world.guard.set(withLoss(guard, leaver, now, settings), stored);
    return false;
  }, TRIES);
}

/** The guard with everybody counted, where that matters and has not just been done. */
async function countedFor(world: World, guard: Guard, leaver: Leaver, now: Instant): Promise<Guard> {
  const settings = world.settings.guard;
  if (isAmongFew(guard, leaver, now, settings) || isCounted(guard, now)) return guard;
  const [active, held] = await Promise.all([world.people.ofStanding('active'), world.people.ofStanding('held')]);
  return withCount(guard, [...active, ...held], now, settings);
}

/** For the others who are about to be stopped; where somebody else was faster they count anew. */
async function keepCount(world: World, guard: Guard, stored: Guard | null): Promise<void> {
  if (guard === stored) return;
  await world.guard.set(guard, stored).catch((error: unknown) => {
    if (!(error instanceof Conflict)) throw error;
  });
}

/** Says once a window that the guard holds people, and how many. */
export async function watchGuard(world: World): Promise<void> {
  const held = (await world.people.ofStanding('held')).length;
  world.monitor.count('people.held', held);
  if (held === 0) return;
  const now = world.clock.now();
  const stored = await world.guard.get();
  const guard = stored ?? NO_LOSSES;
  if (!isAlarmDue(guard, now, world.settings.guard)) return;
  try {
    await world.guard.set({ ...guard, alarmedAt: now }, stored);
    world.monitor.alarm('held', { count: held });
  } catch (error) {
    // Somebody leaves this very moment; the next sweep says it.
    if (!(error instanceof Conflict)) throw error;
  }
}
