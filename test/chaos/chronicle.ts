/** What happened in a run, line by line, so that a failure can be told as the story of one person. */
import type { SimulatedTime } from './simulated-time.ts';

/** One line. `about` is a job, a person's id or an address: whatever is known then. */
interface Line {
  at: number;
  about: string;
  text: string;
}

/** How the line of a death begins. */
export const DEATH = 'a worker dies';

/** The chronicle of a run. */
export class Chronicle {
  readonly #lines: Line[] = [];
  readonly #time: SimulatedTime;

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  note(about: string, text: string): void {
    this.#lines.push({ at: this.#time.now(), about, text });
  }

  /** Whether a worker that was woken for any of these died. */
  hasDeath(names: ReadonlySet<string>): boolean {
    return this.#lines.some(({ about, text }) => names.has(about) && text.startsWith(DEATH));
  }

  /** The newest lines about any of these. */
  of(names: ReadonlySet<string>, most: number): string[] {
    const own = this.#lines.filter(({ about }) => names.has(about));
    return own.slice(-most).map(({ at, text }) => `${new Date(at).toISOString()}  ${text}`);
  }
}
