/** The workers of a run: how one is started, is killed, and what its end means for the queue. */
import { gatewayEvent, lambdaContext, type RequestLine, read } from '../middleware/request.ts';
import { DEATH } from './chronicle.ts';
import { messageEvent } from './handlers.ts';
import type { Machine } from './machine.ts';
import { CLAIM_MS, leapAhead, SKEW_MS } from './weather.ts';
import { type Death, diesAt, OVER_ITS_CALL, type Worker, workAs } from './workers.ts';

// infra/queues.yml and infra/functions.yml.
const VISIBILITY_MS = 360_000;
const MOST_RECEIVES = 5;
const WORKER_LIMIT_MS = 60_000;
const HTTP_LIMIT_MS = 29_000;
/** How many touches of the world a killed worker may have made. */
const LATEST_DEATH = 30;

/** How often a claim was lost to a worker that died over its call. */
export const CLAIM_LOST = 'claim lost to a worker that dies';

/** How a worker is started. */
export interface Start<T> {
  what: string;
  limitMs?: number;
  /** Where it dies; unless said otherwise as chance has it. */
  death?: Worker['death'];
  work(worker: Worker): Promise<T>;
  /** Its result; `null` where it died. */
  ended(result: T | null): void;
}

/** The workers of a run. */
export class Shift {
  readonly #machine: Machine;
  readonly #running = new Set<Worker>();
  readonly #jobs = new Map<number, string>();
  #ids = 0;
  /** The share of workers that are to be killed. */
  deathRate = 0.03;

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.enqueue = (body, delaySeconds) => this.#enqueue(body, delaySeconds, 1);
    machine.overtake = (worker) => this.#overtake(worker);
  }

  /** How many are at work on the queue. */
  get reconciling(): number {
    return [...this.#running].filter(({ what }) => what.startsWith('reconcile')).length;
  }

  /** Which job a worker was woken for. */
  readonly jobOfWorker = (worker: number): string | undefined => this.#jobs.get(worker);

  start<T>({ what, limitMs = WORKER_LIMIT_MS, death = this.#death(), work, ended }: Start<T>): Worker {
    const { time, tally } = this.#machine;
    const worker: Worker = {
      ...{ id: ++this.#ids, what, startedAt: time.now(), limitMs, touches: 0, trail: [], death },
      ...{ isDead: false, curse: 0 },
      onDeath: () => this.#mourn(worker, () => this.#end(worker, ended, null)),
    };
    this.#running.add(worker);
    void workAs(worker, () => work(worker)).then(
      (result) => this.#end(worker, ended, result),
      () => {
        tally.add('invocation failed');
        this.#end(worker, ended, null);
      },
    );
    return worker;
  }

  /** A worker that died has ended then, whatever becomes of its remains. */
  #end<T>(worker: Worker, ended: (result: T | null) => void, result: T | null): void {
    if (!this.#running.delete(worker)) return;
    this.#machine.gate.stir();
    ended(result);
  }

  #death(): Death | null {
    const { chance, tally } = this.#machine;
    if (!chance.happens(this.deathRate)) return null;
    // One way as often as the other; who has nothing to touch any more by then lives.
    const died = (when: Death['when']) => tally.counts.get(`worker killed ${when} a touch`) ?? 0;
    return { touch: chance.whole(1, LATEST_DEATH), when: died('before') < died('after') ? 'before' : 'after' };
  }

  #mourn(worker: Worker, bury: () => void): void {
    const last = worker.trail.at(-1) ?? '';
    this.#note(worker.what, `${DEATH} at ${last}`);
    const when = diesAt(worker, last);
    if (when !== null && worker.death === OVER_ITS_CALL) this.#loseClaim(CLAIM_LOST);
    else this.#machine.tally.add(when === null ? 'worker out of time' : `worker killed ${when} a touch`);
    bury();
  }

  /** The claim of a worker whose call hangs runs out, another one takes it over and dies, and its claim has run out too when the call ends. */
  #overtake({ what }: Worker): void {
    const [, body] = /^reconcile (.+)$/.exec(what) ?? [];
    const { agenda, time, tally, chance } = this.#machine;
    // As often as not, once it has gone all the way.
    if (tally.counts.get(CLAIM_LOST) !== 0 && chance.happens(0.5)) return;
    // Two leaps more, and whatever is signed now is refused for its age.
    if (body === undefined || time.ahead() > SKEW_MS) return;
    this.#loseClaim('claim of a call that hangs runs out');
    // As one of the sweep's own, whose death no message survives.
    agenda.add(time.now(), () => this.reconcile(body, Number.POSITIVE_INFINITY, OVER_ITS_CALL), true);
  }

  #loseClaim(kind: string): void {
    this.#machine.tally.add(kind);
    leapAhead(this.#machine, CLAIM_MS);
  }

  #note(what: string, text: string): void {
    const [, id] = /"(?:jobId|personId)":"([^"]+)"/.exec(what) ?? [];
    if (id) this.#machine.chronicle.note(id, text);
  }

  /** An HTTP request; `null` where its worker died, and the sender heard nothing. */
  ask(
    name: keyof Machine['handlers']['http'],
    line: RequestLine,
    then: (answer: ReturnType<typeof read> | null) => void,
  ): void {
    const handler = this.#machine.handlers.http[name];
    this.start({
      what: line.route,
      limitMs: HTTP_LIMIT_MS,
      work: async () => read(await handler(gatewayEvent(line), lambdaContext())),
      ended: then,
    });
  }

  #enqueue(body: string, delaySeconds: number, receives: number): void {
    const { agenda, time } = this.#machine;
    agenda.add(time.now() + delaySeconds * 1000, () => this.reconcile(body, receives), true);
  }

  /** A message is received. One whose worker failed or died comes again. */
  reconcile(body: string, receives = 1, death?: Worker['death']): Worker {
    const { handlers, tally } = this.#machine;
    const worker = this.start({
      what: `reconcile ${body}`,
      ...(death !== undefined && { death }),
      work: () => handlers.reconcile(messageEvent(body), lambdaContext()),
      ended: (result) => {
        if (result?.batchItemFailures.length === 0) return;
        if (receives < MOST_RECEIVES) this.#enqueue(body, VISIBILITY_MS / 1000, receives + 1);
        else tally.add('dead letter');
      },
    });
    this.#note(worker.what, `a worker begins${receives > 1 ? `, for the ${receives}. time` : ''}`);
    this.#jobs.set(worker.id, (JSON.parse(body) as { jobId?: string }).jobId ?? 'of a person');
    return worker;
  }

  /** The sweep, once. */
  sweep(): Worker {
    const { handlers, time } = this.#machine;
    return this.start({
      what: 'sweep',
      work: (worker) => {
        const getRemainingTimeInMillis = () => WORKER_LIMIT_MS - (time.now() - worker.startedAt);
        return handlers.sweep({}, { ...lambdaContext(), getRemainingTimeInMillis });
      },
      ended: () => {},
    });
  }
}
