/** Keeps one Conscent userId from being linked to two people: who links it points it at their person first. */
import * as z from 'zod/mini';
import { Problem } from '../lifecycle/errors.ts';
import type { Person } from '../lifecycle/person.ts';
import type { World } from '../lifecycle/ports.ts';
import { busy, personBehind } from './find-person.ts';

/** A userId is opaque: Conscent documents no format. */
export const userIdSchema = z.string('must be a string').check(
  z.trim(),
  z.minLength(1, 'must not be empty'),
  z.maxLength(128, 'must be at most 128 characters'),
  z.regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces'),
  z.refine((text) => text !== '.' && text !== '..', 'must not be a relative path'),
  // It goes into a path at Conscent, and whoever decodes that once more than we encode it would be led elsewhere.
  z.regex(/^[^/\\?#%]*$/, 'must not hold any of / \\ ? # %'),
);

/**
 * Points a userId at a person, before it is written on their account. Repeating it changes nothing.
 * @param newAddress of somebody new: pointed at them before the userId, and not at all where the userId cannot be theirs.
 * @throws Problem `user-id-taken`, or `unavailable` while a call for the person, or for who seems to have the id, is under way; Conflict.
 */
export async function reserveUserId(
  world: Pick<World, 'people' | 'clock'>,
  person: Person,
  { userId, newAddress }: { userId: string; newAddress?: string },
): Promise<void> {
  const { people, clock } = world;
  if (person.claim && person.claim.until > clock.now()) throw busy();
  const [holderId = null] = await people.find([{ kind: 'userId', userId }]);
  if (holderId !== null && holderId !== person.id) await requireAbandoned(world, holderId, { userId, person });
  if (newAddress !== undefined) await people.point({ kind: 'email', email: newAddress }, person.id, null);
  if (holderId !== person.id) await people.point({ kind: 'userId', userId }, person.id, holderId);
}

/** A reservation may be left over from a crash, or from somebody who became the person themselves; only an account makes it final. */
async function requireAbandoned(
  { people, clock }: Pick<World, 'people' | 'clock'>,
  holderId: string,
  { userId, person }: { userId: string; person: Person },
): Promise<void> {
  const holder = await personBehind(people, holderId);
  if (holder.id === person.id) return;
  if (holder.account?.userId === userId) {
    throw new Problem('user-id-taken', 'This userId is linked to somebody else. Look again in the dashboard.');
  }
  // Conscent may just have told the id to whoever calls for them.
  if (holder.claim !== null) throw busy();
  // Written under their version, so that whoever is about to link the id to them meets a conflict and looks again.
  await people.save(holder, holder.version === 0 ? null : { at: clock.now(), isLeaver: true });
}
