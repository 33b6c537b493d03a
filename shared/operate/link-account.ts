/** Linking: an operator looked in the Conscent dashboard and says which userId is this person's. */
import * as z from 'zod/mini';
import { foundAccount } from '../lifecycle/account.ts';
import { Problem } from '../lifecycle/errors.ts';
import { violations } from '../lifecycle/event.ts';
import { foldPerson, type Person, record, viewAt } from '../lifecycle/person.ts';
import type { World } from '../lifecycle/ports.ts';
import { findPerson, saveAndWake, undisturbed } from './find-person.ts';
import { reserveUserId, userIdSchema } from './reserve-user-id.ts';

/** The body of `PUT /people/{email}/account`. */
export const linkSchema = z.strictObject({ userId: userIdSchema });

/** Who links what to whom. */
export interface Link {
  address: string;
  body: unknown;
  /** The token's name, for the audit. */
  by: string;
}

/**
 * Links an account and wakes the person: what Conscent holds is not known, so all of it is sent again.
 * @throws Problem `invalid-request`, `not-found`, `user-id-taken`, or `unavailable` while a call for the person is under way.
 */
export async function linkAccount(world: World, { address, body, by }: Link): Promise<Person> {
  const read = linkSchema.safeParse(body, { reportInput: true });
  if (!read.success) {
    throw new Problem('invalid-request', 'Send {"userId": "…"}.', { violations: violations(read.error.issues) });
  }
  const person = await findPerson(world, address);
  const { userId } = read.data;
  return undisturbed(world, person, async () => {
    await reserveUserId(world, person, { userId });
    const linked = await saveAndWake(world, link(world, person, userId, by));
    await freeFormerId(world, person, userId);
    return linked;
  });
}

/** An id that was linked by mistake may be somebody else's. */
export async function freeFormerId({ people }: World, { id, account }: Person, userId: string): Promise<void> {
  const former = account?.userId;
  if (former && former !== userId) await people.point({ kind: 'userId', userId: former }, null, id).catch(() => {});
}

function link({ clock, policy, settings }: World, person: Person, userId: string, by: string): Person {
  const now = clock.now();
  const { email } = viewAt(foldPerson(person, settings.defaultZone), policy, now);
  // What Conscent acknowledged of the address still holds.
  const account = foundAccount(person.account, { userId, email: person.account ? person.account.email : email });
  return record({ ...person, account, attempt: null, claim: null, claims: 0 }, { at: now, what: 'account linked', by });
}
