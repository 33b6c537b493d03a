/** Faults are dealt from a deck, so that every kind comes before any comes again: what was to go wrong does go wrong. */
import type { Chance } from './chance.ts';

/** Counts what went wrong, by kind. What is expected and never counted fails the run. */
export class Tally {
  readonly counts = new Map<string, number>();

  /** Names what must happen. */
  expect(...kinds: string[]): void {
    for (const kind of kinds) this.counts.set(kind, this.counts.get(kind) ?? 0);
  }

  add(kind: string, number = 1): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + number);
  }

  /** What should have happened and did not. */
  missing(): string[] {
    return [...this.counts].filter(([, count]) => count === 0).map(([kind]) => kind);
  }
}

/** What is dealt from a deck. */
export interface Deck<T extends string> {
  /** A fault, or `null` where this time nothing goes wrong. */
  deal(): T | null;
  /** From now on nothing goes wrong. */
  close(): void;
}

/** How often a deck deals. */
export interface DeckOptions {
  /** How the kinds are called in the tally: `ledger throttled`. */
  of: string;
  /** Until every kind has been dealt once … */
  firstRound: number;
  /** … and from then on. */
  after: number;
}

/** A shuffled deck of the kinds, dealt again and again. */
export function deckOf<T extends string>(
  kinds: readonly T[],
  { of, firstRound, after }: DeckOptions,
  { chance, tally }: { chance: Chance; tally: Tally },
): Deck<T> {
  tally.expect(...kinds.map((kind) => `${of} ${kind}`));
  const cards = cardsOf(kinds, chance);
  let isClosed = false;
  return {
    deal: () => {
      const isDealt = chance.happens(cards.round < 2 ? firstRound : after);
      if (isClosed || !isDealt) return null;
      const kind = cards.next();
      tally.add(`${of} ${kind}`);
      return kind;
    },
    close: () => {
      isClosed = true;
    },
  };
}

function cardsOf<T extends string>(kinds: readonly T[], chance: Chance) {
  let left: T[] = [];
  const cards = {
    /** How often the deck has been shuffled. */
    round: 0,
    next: (): T => {
      if (left.length === 0) {
        left = chance.shuffled(kinds);
        cards.round += 1;
      }
      return left.pop() as T;
    },
  };
  return cards;
}
