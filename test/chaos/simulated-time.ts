/**
 * Time that only passes when it is told to: `Date`, timers and `AbortSignal.timeout` of the whole process. Nothing of the code under test is
 * replaced; what it asks Node for is. A run has a process of its own, so nothing is ever put back.
 */
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';

interface Timer {
  at: number;
  order: number;
  work: () => void;
}

/** Milliseconds since 1970 throughout. */
export class SimulatedTime {
  #now: number;
  #skew = 0;
  #orders = 0;
  readonly #timers = new Map<number, Timer>();

  constructor(start: number) {
    this.#now = start;
  }

  /** True time, which never goes back. */
  now(): number {
    return this.#now;
  }

  /** What the clocks of the workers show. */
  wall(): number {
    return this.#now + this.#skew;
  }

  /** How far the clocks of the workers are ahead. */
  ahead(): number {
    return this.#skew;
  }

  /** Puts the workers' clocks wrong by so much. */
  skew(ms: number): void {
    this.#skew = ms;
  }

  /** When the next timer fires. */
  next(): number | undefined {
    return this.#first()?.at;
  }

  /** Moves on, and fires what is due on the way in its order. */
  moveTo(at: number): void {
    for (let timer = this.#first(); timer && timer.at <= at; timer = this.#first()) {
      this.#timers.delete(timer.order);
      this.#now = Math.max(this.#now, timer.at);
      timer.work();
    }
    this.#now = Math.max(this.#now, at);
  }

  /** Calls back after some time; answers how to call that off. */
  after(ms: number, work: () => void): number {
    const order = ++this.#orders;
    this.#timers.set(order, { at: this.#now + Math.max(Number(ms) || 0, 0), order, work });
    return order;
  }

  callOff(order: number): void {
    this.#timers.delete(order);
  }

  #first(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers.values()) if (!first || timer.at < first.at) first = timer;
    return first;
  }

  /** Gives the process this time instead of the real one. */
  rule(): void {
    this.#ruleDates();
    this.#ruleTimers();
    AbortSignal.timeout = (ms: number) => {
      const controller = new AbortController();
      this.after(ms, () => controller.abort(new DOMException('The operation timed out', 'TimeoutError')));
      return controller.signal;
    };
    Object.assign(timersPromises, {
      setTimeout: (ms: number, value: unknown) => new Promise((resolve) => this.after(ms, () => resolve(value))),
    });
    syncBuiltinESMExports();
  }

  #ruleDates(): void {
    const wall = () => this.wall();
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...args: [] | [number]) {
        super(...((args.length === 0 ? [wall()] : args) as [number]));
      }
      static override now = wall;
      static override [Symbol.hasInstance](value: unknown) {
        return value instanceof RealDate;
      }
    } as unknown as DateConstructor;
  }

  #ruleTimers(): void {
    const setTimeout = (work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      timerOf(this.after(ms, () => work(...args)));
    const setInterval = (work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
      const timer = timerOf(0);
      const again = () => {
        timer.order = this.after(Math.max(ms, 1), () => {
          again();
          work(...args);
        });
      };
      again();
      return timer;
    };
    const clear = (timer: unknown) => this.callOff(Number(timer));
    Object.assign(globalThis, { setTimeout, setInterval, clearTimeout: clear, clearInterval: clear });
  }
}

/** What Node's own timers can do, as far as anybody asks. */
function timerOf(order: number) {
  const timer = {
    order,
    ref: () => timer,
    unref: () => timer,
    hasRef: () => true,
    refresh: () => timer,
    [Symbol.toPrimitive]: () => timer.order,
  };
  return timer;
}
