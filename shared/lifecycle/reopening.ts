/** Facts whose jobs come again after they had expired: a sender may use a key, or a delivery, again then. */
import { type Fact, jobIdOf } from './fact.ts';
import { opened, type Person } from './person.ts';
import { wordsOf } from './repetition.ts';

/** Whether a fact's job is open already: a worker may have added the fact and died. */
export function isUnderWay({ open }: Person, fact: Fact): boolean {
  return open.some(({ jobId }) => jobId === jobIdOf(fact));
}

/** Opens anew the jobs of facts that are known although their jobs are done. What was said under their ids then stays said, under ids of its own. */
export function reopened(person: Person, facts: readonly Fact[]): Person {
  const isKnown = (fact: Fact) => person.facts.some(({ id }) => id === fact.id);
  const again = facts.filter((fact) => isKnown(fact) && !isUnderWay(person, fact));
  if (again.length === 0) return person;
  const isReplaced = (known: Fact) => again.some((fact) => fact.id === known.id && saysMore(fact, known));
  return {
    ...person,
    facts: person.facts.map((known) => (isReplaced(known) ? onItsOwn(known) : known)),
    open: again.reduce((open, fact) => opened(open, jobIdOf(fact)), person.open),
  };
}

/**
 * Most deliveries have no time of their own, and whoever has recorded one could send it again: the same hire at another time of receipt brings
 * nobody back. An end counts all the same; a record is what its vendor says now; and whoever has a token of ours needs no recording.
 */
function saysMore(fact: Fact, known: Fact): boolean {
  const isItsOwn = fact.source === 'api' || fact.record === true || fact.employment === 'end';
  return isItsOwn && (fact.occurredAt !== known.occurredAt || wordsOf(fact) !== wordsOf(known));
}

function onItsOwn({ jobId, ...fact }: Fact): Fact {
  return { ...fact, id: `${fact.id}@${fact.occurredAt}` };
}
