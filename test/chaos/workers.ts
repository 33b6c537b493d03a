/** Invocations of the handlers, and how they die: from some touch of the world on nothing that one does reaches anybody. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** Where a worker dies: at its nth touch of the world, before it has an effect or after, when the answer is not heard. */
export interface Death {
  touch: number;
  when: 'before' | 'after';
}

/** The death of a worker that has made up its mind to call Conscent, and comes no further. */
export const OVER_ITS_CALL = 'over its call';

/** One invocation of a handler. */
export interface Worker {
  id: number;
  /** Which function, and what for. */
  what: string;
  startedAt: number;
  /** Lambda stops it then. */
  limitMs: number;
  /** How often it has touched the world. */
  touches: number;
  /** What it touched, where somebody wants to know. */
  trail: string[];
  death: Death | typeof OVER_ITS_CALL | null;
  isDead: boolean;
  /** How many of its next requests to the ledger fail. */
  curse: number;
  /** Called when it dies. */
  onDeath(): void;
}

/** Whether a worker dies at this touch, which is its last; before it where it is to die over its call. */
export function diesAt({ death, touches }: Worker, what: string): 'before' | 'after' | null {
  if (death === OVER_ITS_CALL) return what === 'POST' || what === 'PATCH' ? 'before' : null;
  return death !== null && touches >= death.touch ? death.when : null;
}

const storage = new AsyncLocalStorage<Worker>();
const all = new Map<number, Worker>();

/** Who is at work in this very piece of code. */
export function currentWorker(): Worker | undefined {
  return storage.getStore();
}

/** A worker by its id. */
export function workerOf(id: number): Worker | undefined {
  return all.get(id);
}

/** Lets a worker work; answers what became of it, or `null` where it died. */
export async function workAs<T>(worker: Worker, work: () => Promise<T>): Promise<T | null> {
  all.set(worker.id, worker);
  try {
    const result = await storage.run(worker, work);
    return worker.isDead ? null : result;
  } catch (error) {
    if (worker.isDead) return null;
    throw error;
  } finally {
    all.delete(worker.id);
  }
}
