/** What holds at an instant, of all that the facts say. */

import type { Instant } from './effective-date.ts';
import { type Employments, hasEnded, type Period, periodAt } from './employment.ts';
import type { Dated, Folded, Grant } from './fold.ts';

/** What holds of a dated list at an instant. */
function inForce<T>(said: readonly Dated<T>[], at: Instant): T | undefined {
  return said.findLast(({ from }) => from <= at)?.value;
}

/** What is known of somebody's employment at an instant. */
export interface Employment {
  state: 'unknown' | 'future' | 'employed' | 'ended';
  start: Instant | null;
  end: Instant | null;
}

/** When an employment ended; `null` where it has not. */
export function endOf({ state, end }: Employment): Instant | null {
  return state === 'ended' ? end : null;
}

/** A person at an instant. */
export interface Snapshot {
  employment: Employment;
  email: string | null;
  attributes: Record<string, string>;
  /** The grants that count: in force, not run out, given in the period that holds now. */
  grants: Grant[];
}

/** What the facts say of the person at an instant. */
export function snapshotAt(folded: Folded, at: Instant): Snapshot {
  const held = Object.entries(folded.attributes).map(([name, said]) => [name, inForce(said, at)] as const);
  const known = held.filter((entry): entry is readonly [string, string] => entry[1] != null);
  const { periods } = folded.employments;
  const numbers = periodAt(periods, at)?.numbers ?? [];
  return {
    employment: employmentAt(folded.employments, at),
    email: inForce(folded.email, at) ?? folded.email[0]?.value ?? null,
    attributes: Object.fromEntries(known),
    grants: Object.values(folded.grants).flatMap((said) => {
      const grant = inForce(said, at);
      return grant && numbers.includes(grant.period) && (grant.until === null || at < grant.until) ? [grant] : [];
    }),
  };
}

function employmentAt({ periods }: Employments, at: Instant): Employment {
  const current = periodAt(periods, at);
  if (current) return { ...bounds(current), state: current.start === null ? 'unknown' : 'employed' };
  const ended = periods.findLast((period) => hasEnded(period, at));
  if (ended) return { ...bounds(ended), state: 'ended' };
  const coming = periods[0];
  return coming ? { ...bounds(coming), state: 'future' } : { state: 'unknown', start: null, end: null };
}

function bounds({ start, end }: Period): { start: Instant | null; end: Instant | null } {
  return { start, end };
}

/** Every instant after `now` at which what holds may change, in order. Each is a wake. */
export function boundaries(folded: Folded, now: Instant): Instant[] {
  const grants = Object.values(folded.grants).flat();
  const all = [
    ...folded.employments.periods.flatMap(({ start, end }) => [start, end]),
    ...Object.values(folded.attributes).flatMap((said) => said.map(({ from }) => from)),
    ...folded.email.map(({ from }) => from),
    ...grants.flatMap(({ from, value }) => [from, value.until]),
  ];
  return [...new Set(all.filter((at): at is Instant => at !== null && at > now))].sort();
}
