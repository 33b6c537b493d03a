/** Keeps a person's facts bounded, whatever number of them comes. */

import type { Instant } from './effective-date.ts';
import { type Fact, jobIdOf } from './fact.ts';
import { foldFacts, nothingFolded } from './fold.ts';
import type { OpenJob, Person } from './person.ts';

// DynamoDB takes items of 400 KB; the base, the history and the open jobs need room too.
const MAX_FACTS = 200;
const MAX_FACT_BYTES = 200_000;
const MAX_PERSON_BYTES = 350_000;

/** Whether there is room for a person as they are: what is known of them has no bound of its own. */
export function fits(person: Person): boolean {
  return bytesOf(person) <= MAX_PERSON_BYTES;
}

/**
 * Keeps the facts bounded. First go attribute changes that a newer word in force has wholly replaced: no fact that may still come can bring
 * them back. Only where that is not enough are the oldest facts folded into the base.
 */
export function compact(person: Person, defaultZone: string, now: Instant): Person {
  if (surplusOf(person.facts) === 0) return person;
  const isOpen = (fact: Fact) => person.open.some(({ jobId }) => jobId === jobIdOf(fact));
  const kept = person.facts.filter((fact) => isOpen(fact) || !isReplaced(fact, person, now));
  const old = kept.slice(0, surplusOf(kept));
  const last = old.at(-1);
  if (!last) return { ...person, facts: kept };
  const { attention, effectiveAt, news, ...base } = foldFacts(old, person.base ?? nothingFolded(defaultZone));
  const open = person.open.map((job) => withoutFact(job, old, effectiveAt));
  return { ...person, facts: kept.slice(old.length), base, baseUntil: last.occurredAt, open };
}

/** A job may wait for years, for the end of a fixed term; what must be known to tell it then is kept beside it. */
function withoutFact(job: OpenJob, old: readonly Fact[], effectiveAt: Readonly<Record<string, Instant>>): OpenJob {
  // Of several facts of one job the last to come into force is waited for.
  const facts = old.filter((fact) => jobIdOf(fact) === job.jobId);
  const fact = facts.sort((a, b) => ((effectiveAt[a.id] ?? '') < (effectiveAt[b.id] ?? '') ? -1 : 1)).at(-1);
  const at = fact && effectiveAt[fact.id];
  return fact && at ? { ...job, folded: { type: fact.type, effectiveAt: at } } : job;
}

/** How many of the oldest facts are too many, by number and by size. */
function surplusOf(facts: readonly Fact[]): number {
  let bytes = 0;
  const newest = facts.toReversed().findIndex((fact, index) => {
    bytes += bytesOf(fact);
    return index >= MAX_FACTS || bytes > MAX_FACT_BYTES;
  });
  return newest === -1 ? 0 : facts.length - newest;
}

function isReplaced(fact: Fact, { facts }: Person, now: Instant): boolean {
  if (fact.employment || fact.grant || fact.record || fact.timeZone || fact.previousEmail || fact.effectiveAt)
    return false;
  const at = facts.indexOf(fact);
  const inForce = facts
    .slice(at + 1)
    .filter((other) => !other.effectiveAt && other.occurredAt <= now && other.mayRename);
  return (
    addsNoAddress(fact, facts.slice(0, at), inForce) &&
    Object.keys(fact.attributes).every((name) => inForce.some((other) => name in other.attributes))
  );
}

/** Whether an address says nothing that older facts, or newer ones with the employee id, do not say too. */
function addsNoAddress({ email, externalId }: Fact, older: readonly Fact[], newer: readonly Fact[]): boolean {
  if (email === undefined || newer.some((other) => other.email === email && other.externalId !== undefined))
    return true;
  return externalId === undefined && older.some((other) => other.email === email || other.previousEmail === email);
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
