/** What the tests of imports share: two people, and the accounts that Conscent already has for them. */
import { findPerson } from '../../shared/operate/find-person.ts';
import { importPeople } from '../../shared/operate/import-people.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

export const TYR = 'tyr@hamn.example';
export const VAR = 'var@hamn.example';

export const bring = (world: MemoryWorld, lines: object[], allowedDomains: string[] = []) =>
  importPeople(world, {
    type: 'application/x-ndjson',
    file: Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')),
    by: 'desk',
    allowedDomains,
  });
export const accountOf = async (world: MemoryWorld, address: string) => (await findPerson(world, address)).account;

/** Somebody whom Conscent gave an account without telling its id. */
export async function unlinked(world = memoryWorld(), email = TYR): Promise<MemoryWorld> {
  world.fake.faults = [{ takesEffect: true, answer: { kind: 'created' } }];
  await post(world, about(email, 'onboard', { person: { department: 'Newsroom' } }));
  await world.runFor(30);
  world.messages.length = 0;
  return world;
}
