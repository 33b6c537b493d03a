/** A fresh password for somebody who has to get in: set at Conscent, answered once and kept nowhere. */

import type { ConscentAnswer } from '../lifecycle/conscent-answer.ts';
import { Problem } from '../lifecycle/errors.ts';
import { foldPerson, type Person, viewAt } from '../lifecycle/person.ts';
import type { World } from '../lifecycle/ports.ts';
import type { CallStep } from '../lifecycle/step.ts';
import { findPerson, undisturbed } from './find-person.ts';

/** How long the call itself may still be on its way after silence. */
const RETRY_AFTER_SECONDS = 60;

/** Makes one claimed call; answers what Conscent answered, and `null` where that was not what was asked. */
export type CallForOperator = (
  world: World,
  person: Person,
  step: CallStep,
  by: string,
) => Promise<ConscentAnswer | 'paused' | null>;

/**
 * Sets a fresh password. The claim lets one set it at a time, so that the password in force is the one that was answered last.
 * @throws Problem `not-found`; `invalid-state` for somebody who is not employed, holds no access or has no linked account; `unavailable`
 * while a call for them is under way, calls are paused, or Conscent did not do it.
 */
export async function setPassword(
  world: World,
  call: CallForOperator,
  { address, by }: { address: string; by: string },
): Promise<string> {
  const person = await findPerson(world, address);
  requireAccess(world, person);
  if (person.passwordAfter !== null && person.passwordAfter > world.clock.now()) throw notSet();
  const password = world.newPassword();
  const answer = await undisturbed(world, person, () => call(world, person, { kind: 'password', password }, by));
  if (answer === 'paused') throw paused();
  // Somebody may have been kept waiting by the claim, a leaver among them.
  await world.queue.send({ personId: person.id }).catch(() => world.monitor.count('queue.unavailable'));
  if (!answer) throw notSet();
  return password;
}

function requireAccess({ settings, policy, clock }: World, person: Person): void {
  const { employment, desired } = viewAt(foldPerson(person, settings.defaultZone), policy, clock.now());
  const why =
    employment.state !== 'employed'
      ? 'The person is not employed, so nobody may have a password.'
      : typeof desired === 'string'
        ? 'The person should hold no access, so nobody may have a password.'
        : person.account?.userId
          ? null
          : 'The person has no linked account. Link it first: PUT /people/{email}/account.';
  if (why) throw new Problem('invalid-state', why);
}

function paused(): Problem {
  return new Problem(
    'unavailable',
    'Calls to Conscent are paused. Try again later, or where an operator has stopped them, let them go on: POST /guard/resume.',
    { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
  );
}

function notSet(): Problem {
  return new Problem(
    'unavailable',
    'Conscent did not confirm the new password, which may be in force all the same. Set another one in a minute; the history of the person says what happened.',
    { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
  );
}
