/**
 * The gate: whatever a worker asks of the world waits here until the run lets it pass, one at a time. So the order in which workers get on is the
 * run's, and so is the touch at which one dies.
 */
import type { SimulatedTime } from './simulated-time.ts';
import { diesAt, type Worker } from './workers.ts';

/** Rounds of the event loop without any news after which nobody has anything to do. */
const QUIET_ROUNDS = 4;
const MOST_ROUNDS = 20_000;

/** Something that a worker asks of the world. */
export interface Touch {
  worker: Worker;
  /** What it is, in a few words: `put person`. */
  what: string;
  /** Does it, and resolves when the answer is on its way, or will never be. */
  serve(): Promise<void>;
  /** Sees to it that no answer arrives. */
  mute(): void;
}

/** The gate of a run. */
export class Gate {
  readonly held: Touch[] = [];
  /** How many have passed. */
  passed = 0;
  readonly #time: SimulatedTime;
  #news = 0;
  #serving = 0;

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  /** Something was done, somewhere: whoever waits for quiet waits on. */
  stir(): void {
    this.#news += 1;
  }

  /** A worker asks. Of a dead one nobody hears. */
  arrive(touch: Touch): void {
    const { worker, what } = touch;
    this.stir();
    if (!worker.isDead && this.#time.now() - worker.startedAt >= worker.limitMs) kill(worker);
    if (worker.isDead) return;
    worker.touches += 1;
    worker.trail.push(what);
    if (diesAt(worker, what) === 'before') kill(worker);
    else this.held.push(touch);
  }

  /** Lets one pass. */
  async pass(touch: Touch): Promise<void> {
    this.held.splice(this.held.indexOf(touch), 1);
    const { worker } = touch;
    if (worker.isDead) return;
    const isLast = diesAt(worker, touch.what) !== null;
    if (isLast) touch.mute();
    this.passed += 1;
    this.#serving += 1;
    await touch.serve();
    this.#serving -= 1;
    this.stir();
    if (isLast) kill(worker);
  }

  /** Resolves when everybody waits: here, or for time to pass. */
  async quiet(): Promise<void> {
    let rounds = 0;
    for (let quiet = 0; quiet < QUIET_ROUNDS; quiet += 1) {
      const before = this.#news;
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#news !== before || this.#serving > 0) quiet = -1;
      rounds += 1;
      if (rounds > MOST_ROUNDS) throw new Error('The run never becomes quiet');
    }
  }
}

function kill(worker: Worker): void {
  worker.isDead = true;
  worker.onDeath();
}
