/** Facts whose jobs come again after they had expired: a sender may use a key, or a delivery, again then. */
import { isDeepStrictEqual } from 'node:util';
import { type Fact, jobIdOf } from './fact.ts';
import { opened, type Person } from './person.ts';

/** Whether a fact is known, and its job is still open: a worker may have added it and died. */
export function isUnderWay({ facts, open }: Person, fact: Fact): boolean {
  return facts.some(({ id }) => id === fact.id) && open.some(({ jobId }) => jobId === jobIdOf(fact));
}

/** Opens anew the jobs of facts that are known although their jobs are done. What was said under their ids then stays said, under ids of its own. */
export function reopened(person: Person, facts: readonly Fact[]): Person {
  const isKnown = (fact: Fact) => person.facts.some(({ id }) => id === fact.id);
  const again = facts.filter((fact) => isKnown(fact) && !isUnderWay(person, fact));
  if (again.length === 0) return person;
  const isReplaced = (known: Fact) => again.some((fact) => fact.id === known.id && !isDeepStrictEqual(fact, known));
  return {
    ...person,
    facts: person.facts.map((known) => (isReplaced(known) ? onItsOwn(known) : known)),
    open: again.reduce((open, fact) => opened(open, jobIdOf(fact)), person.open),
  };
}

function onItsOwn({ jobId, ...fact }: Fact): Fact {
  return { ...fact, id: `${fact.id}@${fact.occurredAt}` };
}
