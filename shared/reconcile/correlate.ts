/** Correlation in the ledger: finds or makes the person a fact is about, and points every key of the event at them. */
import type { Fact } from '../lifecycle/fact.ts';
import { compareFacts } from '../lifecycle/fact.ts';
import { foldFacts, nothingFolded } from '../lifecycle/fold.ts';
import { type IdentityKey, identify, type Known } from '../lifecycle/identity.ts';
import { foldPerson, newPerson, type Person } from '../lifecycle/person.ts';
import { Conflict, type World } from '../lifecycle/ports.ts';
import { snapshotAt } from '../lifecycle/snapshot.ts';

/** Whom a key leads to: the id that it has, the person as they were read, and what is known of them. */
interface Found {
  pointer: string | null;
  person: Person | null;
  known: Known | null;
}

/**
 * The person a fact is about, as they were read, or `conflict`.
 *
 * Order of writes: take in those who turned out to be the same → point the keys → (the caller) add the fact. A crash in between leaves
 * pointers to somebody of whom nothing is known yet, whom the next event may take in; never two people under one address.
 * @throws Conflict when somebody else was faster; the caller begins anew.
 */
export async function correlate(world: World, fact: Fact): Promise<Person | 'conflict'> {
  const { email, previousEmail, externalId } = await lookUp(world, fact);
  const identity = identify(fact, {
    email: email.known,
    previousEmail: previousEmail.known,
    externalId: externalId.known,
  });
  if (identity.kind === 'conflict') return 'conflict';
  const id = identity.id ?? world.newId();
  for (const absorbed of identity.absorbs) await absorb(world, absorbed, id);
  const pointers = { email, previousEmail, externalId };
  for (const key of identity.keys) await pointAt(world, key, id, pointerOf(key, fact, pointers));
  if (identity.absorbs.length > 0) return follow(world, id);
  return Object.values(pointers).find(({ person }) => person?.id === id)?.person ?? newPerson(id);
}

function pointerOf(
  key: IdentityKey,
  fact: Fact,
  found: Record<'email' | 'previousEmail' | 'externalId', Found>,
): string | null {
  if (key.kind === 'externalId') return found.externalId.pointer;
  return key.kind === 'email' && key.email === fact.email ? found.email.pointer : found.previousEmail.pointer;
}

async function pointAt(world: World, key: IdentityKey, id: string, pointer: string | null): Promise<void> {
  if (pointer !== id) await world.people.point(key, id, pointer);
}

async function lookUp(world: World, fact: Fact): Promise<Record<'email' | 'previousEmail' | 'externalId', Found>> {
  const { email, previousEmail, externalId, source } = fact;
  const keys: [name: 'email' | 'previousEmail' | 'externalId', key: IdentityKey][] = [];
  if (email) keys.push(['email', { kind: 'email', email }]);
  if (previousEmail && previousEmail !== email) keys.push(['previousEmail', { kind: 'email', email: previousEmail }]);
  if (externalId) keys.push(['externalId', { kind: 'externalId', source, externalId }]);
  const pointers = await world.people.find(keys.map(([, key]) => key));
  const nobody: Found = { pointer: null, person: null, known: null };
  const found = { email: nobody, previousEmail: nobody, externalId: nobody };
  for (const [index, [name]] of keys.entries()) {
    const pointer = pointers[index] ?? null;
    const person = pointer && (await follow(world, pointer));
    if (person) found[name] = { pointer, person, known: describe(person, fact, world.settings.defaultZone) };
  }
  return found;
}

/** The person an id leads to, through those who turned out to be somebody else. Somebody never written is somebody new. */
export async function follow(world: Pick<World, 'people'>, id: string): Promise<Person> {
  const person = (await world.people.get(id)) ?? newPerson(id);
  return person.mergedInto === null ? person : follow(world, person.mergedInto);
}

function describe(person: Person, fact: Fact, zone: string): Known {
  const now = foldPerson(person, zone);
  const earlier = person.facts.filter((other) => compareFacts(other, fact) < 0);
  return {
    id: person.id,
    isAddressless:
      person.base === null && person.account === null && now.email.length === 0 && now.addresses.length === 0,
    currentEmail: snapshotAt(now, fact.occurredAt).email,
    externalIds: person.externalIds,
    foldedThen: foldFacts(earlier, person.base ?? nothingFolded(zone)),
  };
}

/** Takes somebody who was only ever named by an employee id into the person they turned out to be: first the facts, then the forwarding. */
async function absorb(world: World, absorbedId: string, intoId: string): Promise<void> {
  const absorbed = (await world.people.get(absorbedId)) ?? newPerson(absorbedId);
  if (absorbed.mergedInto !== null) return;
  // Somebody imported the account meanwhile: two people after all.
  if (absorbed.account !== null) throw new Conflict();
  if (absorbed.facts.length > 0 || absorbed.externalIds.length > 0) {
    const into = (await world.people.get(intoId)) ?? newPerson(intoId);
    await world.people.save(takeIn(into, absorbed), { at: world.clock.now(), isLeaver: true });
  }
  await world.people.save({ ...newPerson(absorbedId), version: absorbed.version, mergedInto: intoId }, null);
}

function takeIn(into: Person, absorbed: Person): Person {
  const isNew =
    <T>(known: readonly T[], same: (a: T, b: T) => boolean) =>
    (one: T) =>
      !known.some((other) => same(one, other));
  // What is older than the base comes too late, whoever brings it.
  const timely = absorbed.facts.filter(({ occurredAt }) => into.baseUntil === null || occurredAt > into.baseUntil);
  const facts = timely.filter(isNew(into.facts, (a, b) => a.id === b.id));
  const ids = absorbed.externalIds.filter(
    isNew(into.externalIds, (a, b) => a.source === b.source && a.externalId === b.externalId),
  );
  const open = absorbed.open.filter(isNew(into.open, (a, b) => a.jobId === b.jobId));
  return {
    ...into,
    facts: [...into.facts, ...facts].sort(compareFacts),
    externalIds: [...into.externalIds, ...ids],
    open: [...into.open, ...open],
    history: [...absorbed.history, ...into.history],
  };
}
