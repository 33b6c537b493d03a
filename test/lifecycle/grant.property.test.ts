/** Rule 5, by properties: whatever is said, a grant never outlives its date or the employment. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../shared/lifecycle/permission.ts';
import { instants, sayings } from './arbitrary.ts';
import { RULES, seen } from './saying.ts';

/** What is said of a person, and instants of which all that was said before them is known. */
const lives = fc.tuple(sayings, instants).map(([saids, at]) => ({
  looks: at.map((instant) => ({
    instant,
    saids: saids.filter(({ event }) => (event.occurredAt ?? '') <= instant),
  })),
}));

describe('whatever is said of a person, at every instant', () => {
  it('a grant has not run out, and gives nothing to anybody but the employed', () => {
    fc.assert(
      fc.property(lives, ({ looks }) => {
        for (const { saids, instant } of looks) {
          const { grants, employment, desired } = seen(saids, instant);
          for (const { until } of grants) expect(until === null || until > instant).toBe(true);
          if (employment.state === 'future' || employment.state === 'ended') expect(grants).toEqual([]);
          if (employment.state !== 'employed') expect(desired).toBeTypeOf('string');
        }
      }),
      { numRuns: 800 },
    );
  });

  it('nobody holds a permission that no rule’s profile and no grant names', () => {
    fc.assert(
      fc.property(lives, ({ looks }) => {
        for (const { saids, instant } of looks) {
          const { desired } = seen(saids, instant);
          if (typeof desired === 'string') continue;
          const asked = saids.flatMap(({ event }) => event.access ?? []);
          const named = new Set<string>([
            ...Object.values(RULES.profiles).flatMap(({ permissions }) => permissions),
            ...asked.flatMap(({ permissions }) => Object.keys(permissions ?? {})),
          ]);
          expect(PERMISSIONS.filter((flag) => desired.permissions.includes(flag) && !named.has(flag))).toEqual([]);
        }
      }),
      { numRuns: 400 },
    );
  });
});
