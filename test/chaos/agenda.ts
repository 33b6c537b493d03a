/** What is to happen at some time of a run. */

/** One thing to happen. */
export interface Item {
  at: number;
  start(): void;
  /** Workers that are not woken from outside wait for one another. */
  isWakeUp: boolean;
}

/** What is to happen, in no order until it is due. */
export class Agenda {
  #items: Item[] = [];

  add(at: number, start: () => void, isWakeUp = false): void {
    this.#items.push({ at, start, isWakeUp });
  }

  /** What is due, the longest due first. */
  due(now: number): Item[] {
    return this.#items.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
  }

  take(item: Item): void {
    this.#items.splice(this.#items.indexOf(item), 1);
  }

  /** When the next thing is to happen that is not due yet. */
  nextAfter(now: number): number {
    return Math.min(...this.#items.flatMap(({ at }) => (at > now ? [at] : [])));
  }
}
