/** Re-application: what a person should hold is sent to Conscent once more, because somebody may have edited it in the dashboard. */
import { Problem } from '../lifecycle/errors.ts';
import { foldPerson, type Person, record, viewAt } from '../lifecycle/person.ts';
import type { World } from '../lifecycle/ports.ts';
import { findPerson, saveAndWake, undisturbed } from './find-person.ts';

/**
 * Forgets what Conscent has acknowledged, so that all of it is sent again, and wakes the person.
 * @throws Problem `not-found`, `invalid-state` for somebody without a linked account or of whom no employment was ever stated, or
 * `unavailable` while a call for them is under way.
 */
export async function reapply(world: World, { address, by }: { address: string; by: string }): Promise<Person> {
  const person = await findPerson(world, address);
  const { account } = person;
  if (!account?.userId)
    throw new Problem('invalid-state', 'There is no linked account. Link it: PUT /people/{email}/account.');
  const now = world.clock.now();
  const { desired } = viewAt(foldPerson(person, world.settings.defaultZone), world.policy, now);
  if (desired === 'unknown') {
    throw new Problem(
      'invalid-state',
      'No employment was ever stated, so there is nothing to apply. Post an onboard or an offboard.',
    );
  }
  const unsure = { ...person, account: { ...account, state: 'unsure' as const }, attempt: null, claims: 0 };
  return undisturbed(world, person, () => saveAndWake(world, record(unsure, { at: now, what: 're-applied', by })));
}
