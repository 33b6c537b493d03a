/** The fold, by properties: any order and any duplication of arrival end in what DESIGN says, at every instant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addFact, foldPerson, newPerson, type Person } from '../../shared/lifecycle/person.ts';
import { arrivals, instants, sayings } from './arbitrary.ts';
import { ask, endedElsewhere, type Said } from './oracle.ts';
import { factSaid, folded, RULES, seen } from './saying.ts';

const story = sayings.chain((saids) => fc.record({ saids: fc.constant(saids), arrived: arrivals(saids) }));

function arrive(arrived: readonly Said[]): Person {
  const start: Person = newPerson('person-1');
  return arrived.reduce((person, said) => addFact(person, factSaid(said)) ?? person, start);
}

describe('whatever is said of a person', () => {
  it('folds to the same in any order of arrival and any number of times', () => {
    fc.assert(
      fc.property(story, ({ saids, arrived }) => {
        expect(foldPerson(arrive(arrived), 'UTC')).toEqual(folded(saids));
      }),
      { numRuns: 600 },
    );
  });

  it('gives the employment, attributes and access of the oracle at every instant', () => {
    fc.assert(
      fc.property(sayings, instants, (saids, at) => {
        for (const instant of at)
          compare(
            saids.filter(({ event }) => (event.occurredAt ?? '') <= instant),
            instant,
          );
      }),
      { numRuns: 1200 },
    );
  });

  it('names every onboard that had no say over the end, and no other', () => {
    fc.assert(
      fc.property(story, ({ saids, arrived }) => {
        const { attention } = foldPerson(arrive(arrived), 'UTC');
        const refused = Object.entries(attention).filter(([, code]) => code === 'ended-elsewhere');
        expect(refused.map(([id]) => id).sort()).toEqual(endedElsewhere(saids, 'UTC').sort());
      }),
      { numRuns: 1000 },
    );
  });
});

function compare(saids: readonly Said[], instant: string): void {
  const expected = ask(saids, RULES, 'UTC', instant);
  const view = seen(saids, instant);
  expect(view.attributes).toEqual(expected.attributes);
  const { state } = view.employment;
  expect(state === 'future' || state === 'ended' ? 'not-employed' : state).toBe(expected.state);
  const { access } = expected;
  if (typeof access === 'string' || typeof view.desired === 'string') {
    expect(view.desired).toEqual(access);
    return;
  }
  expect(view.desired.permissions).toEqual(access.permissions);
  expect(access.roles).toContain(view.desired.role);
}
