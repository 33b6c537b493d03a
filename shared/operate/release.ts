/** Releasing: somebody has looked, and the leavers whom the guard has stopped may go. What was already done stays done. */
import { lossesWithin } from '../lifecycle/guard.ts';
import { type Person, record } from '../lifecycle/person.ts';
import { untilFirst, type World } from '../lifecycle/ports.ts';
import type { ReleasedAnswer } from './answers/action.ts';
import { findPerson, saveAndWake } from './find-person.ts';

/** How many people are released at a time. */
const AT_ONCE = 25;

/** Releases one person; `released: 0` where the guard does not hold them. @throws Problem `not-found`. */
export async function releasePerson(
  world: World,
  { address, by }: { address: string; by: string },
): Promise<ReleasedAnswer> {
  const { id } = await findPerson(world, address);
  return answer(world, [await release(world, id, by)]);
}

/** Releases everybody whom the guard holds now. Repeating it releases those who have come since, and nobody twice. */
export async function releaseAll(world: World, { by }: { by: string }): Promise<ReleasedAnswer> {
  const held = await world.people.ofStanding('held');
  const released: boolean[] = [];
  for (let from = 0; from < held.length; from += AT_ONCE) {
    const some = held.slice(from, from + AT_ONCE);
    released.push(...(await Promise.all(some.map((id) => release(world, id, by)))));
  }
  return answer(world, released);
}

async function answer({ guard, clock, settings }: World, released: readonly boolean[]): Promise<ReleasedAnswer> {
  const revoked = lossesWithin(await guard.get(), clock.now(), settings.guard);
  return { released: released.filter((one) => one).length, revoked };
}

async function release(world: World, id: string, by: string): Promise<boolean> {
  return untilFirst(async () => {
    const person = await world.people.get(id);
    if (person?.attempt?.error !== 'held') return false;
    await saveAndWake(world, released(person, world.clock.now(), by));
    return true;
  });
}

function released(person: Person, now: string, by: string): Person {
  return record({ ...person, attempt: null, isReleased: true }, { at: now, what: 'released', by });
}
