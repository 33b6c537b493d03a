/** Chance in a run: one seeded generator, so that a seed is a run. */

/** Numbers that look random and are the same for the same seed. */
export interface Chance {
  /** In [0, 1). */
  next(): number;
  happens(probability: number): boolean;
  /** A whole number of the range, both ends included. */
  whole(from: number, to: number): number;
  pick<T>(all: readonly T[]): T;
  shuffled<T>(all: readonly T[]): T[];
  /** Another generator, so that what one part of a run asks for does not move what another gets. */
  fork(name: string): Chance;
}

/** mulberry32: small, fast, and good enough to make trouble with. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    happens: (probability) => next() < probability,
    pick: (all) => picked(all, whole(0, all.length - 1)),
    shuffled: (all) => shuffle([...all], whole),
    fork: (name) => chanceOf(hashOf(`${seed} ${name}`)),
  };
}

function picked<T>(all: readonly T[], index: number): T {
  if (index >= all.length) throw new Error('There is nothing to pick from');
  return all[index] as T;
}

function shuffle<T>(all: T[], whole: (from: number, to: number) => number): T[] {
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = whole(0, last);
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
