/**
 * Correlation: whom an event is about. Every address, and every (source, employee id), points at a person's own id.
 * An event that names two different people changes nothing.
 */
import { hasEnded } from './employment.ts';
import type { Fact } from './fact.ts';
import type { Folded } from './fold.ts';

/** The keys that may point at a person. */
export type IdentityKey =
  | { kind: 'email'; email: string }
  | { kind: 'externalId'; source: string; externalId: string }
  /** Keeps one Conscent userId from being linked to two people. */
  | { kind: 'userId'; userId: string };

/** Somebody a key points at, as far as correlation must know them. */
export interface Known {
  id: string;
  /** Nothing was ever stated of them, or they were only ever named by an employee id: they may be taken into another. */
  isAddressless: boolean;
  currentEmail: string | null;
  externalIds: readonly { source: string; externalId: string }[];
  /** What was known when the event occurred. */
  foldedThen: Folded;
}

/** Whom the keys of an event point at today. */
export interface Named {
  email: Known | null;
  previousEmail: Known | null;
  externalId: Known | null;
}

/** Whom the event is about, which keys shall point at them, and who turned out to be the same person. */
export type Identity =
  | { kind: 'person'; id: string | null; keys: IdentityKey[]; absorbs: string[]; takesAddressFrom: string | null }
  | { kind: 'conflict' };

const CONFLICT: Identity = { kind: 'conflict' };

/** Decides whom a fact is about. `id: null` is somebody new. */
export function identify(fact: Fact, named: Named): Identity {
  const reassigned = reassignedAddress(fact, named);
  if (reassigned === 'conflict') return CONFLICT;
  if (reassigned) return reassigned;
  const people = distinct([named.externalId, named.previousEmail, named.email]);
  const addressed = people.filter(({ isAddressless }) => !isAddressless);
  if (addressed.length > 1) return CONFLICT;
  const person = addressed[0] ?? people[0] ?? null;
  if (person && isReusedId(fact, named, person)) return CONFLICT;
  const absorbs = people.filter(({ id }) => id !== person?.id).map(({ id }) => id);
  return {
    kind: 'person',
    id: person?.id ?? null,
    keys: keysOf(fact, person !== null && !person.isAddressless),
    absorbs,
    takesAddressFrom: null,
  };
}

function distinct(people: (Known | null)[]): Known[] {
  const found = people.filter((known): known is Known => known !== null);
  return found.filter((known, index) => found.findIndex(({ id }) => id === known.id) === index);
}

function keysOf({ email, previousEmail, externalId, source, mayRename }: Fact, hasAddress: boolean): IdentityKey[] {
  const addresses = [...new Set([email, previousEmail])].filter((address) => address !== undefined);
  return [
    ...(externalId === undefined ? [] : [{ kind: 'externalId' as const, source, externalId }]),
    // A source that may not rename cannot bring somebody a further address either.
    ...(hasAddress && !mayRename ? [] : addresses.map((address) => ({ kind: 'email' as const, email: address }))),
  ];
}

/**
 * After a rename the old address keeps pointing at its person. A newer onboard that names it with another employee id of the same source is a
 * new person, who takes the address over; without an employee id nobody can tell.
 */
function reassignedAddress(fact: Fact, named: Named): Identity | 'conflict' | null {
  const holder = named.email;
  if (fact.previousEmail || !holder || !isOldAddress(fact, holder)) return null;
  const own = holder.externalIds.filter(({ source }) => source === fact.source);
  const isOwn = own.some(({ externalId }) => externalId === fact.externalId);
  // A change or an end names its holder as before, unless by another employee id of a source that knows the holder by one.
  if (isOwn || (fact.type !== 'onboard' && (fact.externalId === undefined || own.length === 0))) return null;
  if (fact.type !== 'onboard' || fact.externalId === undefined || own.length === 0) return 'conflict';
  const another = named.externalId;
  if (another && !another.isAddressless && another.id !== holder.id) return 'conflict';
  return {
    kind: 'person',
    id: another?.id ?? null,
    keys: keysOf(fact, false),
    absorbs: [],
    takesAddressFrom: holder.id,
  };
}

function isOldAddress({ email, occurredAt }: Fact, holder: Known): boolean {
  const then = holder.foldedThen.email.findLast(({ from }) => from <= occurredAt)?.value;
  return then !== undefined && then !== email && holder.foldedThen.addresses.includes(email ?? '');
}

/** An employee id that belonged to somebody who has left, with an address that is not theirs: a re-used id, until somebody says otherwise. */
function isReusedId({ email, previousEmail, occurredAt }: Fact, named: Named, person: Known): boolean {
  if (named.externalId?.id !== person.id || email === undefined || previousEmail !== undefined) return false;
  if (named.email !== null || person.currentEmail === null) return false;
  const last = person.foldedThen.employments.periods.at(-1);
  return last !== undefined && hasEnded(last, occurredAt);
}
