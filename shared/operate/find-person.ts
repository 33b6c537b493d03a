/** Finds the person behind an address. */
import { Problem } from '../lifecycle/errors.ts';
import { emailSchema } from '../lifecycle/event.ts';
import type { Person } from '../lifecycle/person.ts';
import type { World } from '../lifecycle/ports.ts';

/** @throws Problem `not-found` for an address that is malformed or that nobody has. */
export async function findPerson({ people }: Pick<World, 'people'>, address: string): Promise<Person> {
  const read = emailSchema.safeParse(address);
  const [id] = read.success ? await people.find([{ kind: 'email', email: read.data }]) : [];
  const person = id ? await follow(people, id) : null;
  if (!person) throw new Problem('not-found', 'Nobody with this address is known.');
  return person;
}

async function follow(people: World['people'], id: string): Promise<Person | null> {
  const person = await people.get(id);
  return person?.mergedInto ? follow(people, person.mergedInto) : person;
}
