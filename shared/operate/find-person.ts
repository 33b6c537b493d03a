/** Finds the person behind an address, for an operator who is about to do something about them. */
import { Problem } from '../lifecycle/errors.ts';
import { emailSchema } from '../lifecycle/event.ts';
import { newPerson, type Person } from '../lifecycle/person.ts';
import { Conflict, type World } from '../lifecycle/ports.ts';

const RETRY_AFTER_SECONDS = 10;

/** @throws Problem `not-found` for an address that is malformed or that nobody has. */
export async function findPerson({ people }: Pick<World, 'people'>, address: string): Promise<Person> {
  const read = emailSchema.safeParse(address);
  const [id] = read.success ? await people.find([{ kind: 'email', email: read.data }]) : [];
  const person = id ? await personBehind(people, id) : null;
  if (!person?.version) throw new Problem('not-found', 'Nobody with this address is known.');
  return person;
}

/** The person an id leads to, through those who turned out to be somebody else. Somebody never written is somebody new. */
export async function personBehind(people: World['people'], id: string): Promise<Person> {
  const person = (await people.get(id)) ?? newPerson(id);
  return person.mergedInto === null ? person : personBehind(people, person.mergedInto);
}

/**
 * Does something about a person whom nobody else is at work on.
 * @throws Problem `unavailable`, with when to come again, while a call for them is under way or somebody else is faster.
 */
export async function undisturbed<T>({ clock }: World, person: Person, act: () => Promise<T>): Promise<T> {
  if (person.claim && person.claim.until > clock.now()) throw busy();
  try {
    return await act();
  } catch (error) {
    throw error instanceof Conflict ? busy() : error;
  }
}

/** Writes what an operator did about a person, and wakes them: at once by the queue, else by the sweep. */
export async function saveAndWake({ people, queue, clock, monitor }: World, person: Person): Promise<Person> {
  // An operator acts on few, and any of them may be a leaver.
  const saved = await people.save(person, { at: clock.now(), isLeaver: true });
  await queue.send({ personId: person.id }).catch(() => monitor.count('queue.unavailable'));
  return saved;
}

/** Somebody else is writing the person, or calling Conscent for them. */
export function busy(): Problem {
  return new Problem('unavailable', 'A call for this person is under way. Try again in a moment.', {
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  });
}
