/** How long it took until Conscent held what had been said, in simulated time: the oracle's answer against the effects at the wire, instant by instant. */

import { ask, inOrder, type Said } from '../lifecycle/oracle.ts';
import { comesIntoForce } from '../lifecycle/oracle-dates.ts';
import type { Effect } from './conscent.ts';
import { readAccessPolicy } from './policy.ts';

/** A stretch of time in which somebody's account was not what it should be, and then was. */
export interface Gap {
  from: number;
  to: number;
}

/** Everything that was said of somebody, with when it was heard of, and what was done to their account. */
export interface Course {
  heard: readonly { said: Said; at: number }[];
  effects: readonly Effect[];
}

/** The gaps that were closed; who should hold nothing and has no account is as they should be. */
export function gapsOf({ heard, effects }: Course, end: number): Gap[] {
  const gaps: Gap[] = [];
  let from: number | null = null;
  for (const now of instantsOf({ heard, effects }).filter((at) => at <= end)) {
    const isRight = matches(
      wantedAt(heard, now),
      effects.findLast(({ at }) => at <= now),
    );
    if (isRight && from !== null) gaps.push({ from, to: now });
    from = isRight ? null : (from ?? now);
  }
  return gaps;
}

/** When anything may have changed: something was heard, came into force or ran out, or was done. */
function instantsOf({ heard, effects }: Course): number[] {
  const words = inOrder(
    heard.map(({ said }) => said),
    'UTC',
  );
  const dates = words.flatMap(({ from, zone, event }) => {
    const until = event.access?.until;
    return [from, ...(until === undefined ? [] : [comesIntoForce(until, zone, true)])];
  });
  const all = [...heard.map(({ at }) => at), ...effects.map(({ at }) => at), ...dates];
  return [...new Set(all)].sort((a, b) => a - b);
}

type Access = ReturnType<typeof ask>['access'];

function wantedAt(heard: Course['heard'], now: number): Access {
  const saids = heard.filter(({ at }) => at <= now).map(({ said }) => said);
  return ask(saids, readAccessPolicy(), 'UTC', new Date(now).toISOString()).access;
}

function matches(wanted: Access, effect: Effect | undefined): boolean {
  const flags = effect?.flags ?? [];
  if (wanted === 'unknown') return true;
  if (wanted === 'none') return flags.length === 0;
  return effect !== undefined && wanted.permissions.join() === flags.join() && wanted.roles.includes(effect.role);
}
