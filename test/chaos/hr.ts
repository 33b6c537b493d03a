/** The HR system of a run: the fake BambooHR behind the gate, with answers that are empty, partial, stale or none. */
import { bamboohrFake } from '../fakes/vendors/bamboohr.ts';
import type { Deck } from './deck.ts';
import type { Gate } from './gate.ts';
import type { SimulatedTime } from './simulated-time.ts';
import { currentWorker, type Worker } from './workers.ts';

/** An employee by BambooHR's own names. */
export type HrRecord = {
  workEmail: string;
  department: string | null;
  jobTitle: string;
  hireDate: string;
  terminationDate: string;
  status: 'Active';
};

export const HR_FAULTS = ['empty', 'partial', 'stale', '503', '429', 'hang', 'not JSON'] as const;
export type HrFault = (typeof HR_FAULTS)[number];

/** A whole record that was answered. */
export interface Told {
  worker: number;
  employeeId: string;
  /** What the worker's clock showed when it asked. */
  at: number;
  record: HrRecord;
}

/** The HR system of a run. */
export interface RunHr {
  /** Whole answers, in order. */
  told: Told[];
  edit(employeeId: string, record: HrRecord): void;
}

/** What the HR system of a run needs. */
export interface HrOptions {
  gate: Gate;
  time: SimulatedTime;
  deck: Deck<HrFault>;
  apiKey: string;
}

/** Takes the place of `fetch`, with which vendors are asked. */
export function hrOfRun(options: HrOptions): RunHr {
  const fake = bamboohrFake(options.apiKey);
  const former = new Map<string, HrRecord>();
  const told: Told[] = [];
  const ask = (request: Request, worker: Worker, at: number) => {
    const url = new URL(request.url);
    const employeeId = url.pathname.split('/').at(-1) ?? '';
    const fault = options.deck.deal();
    if (fault !== null && fault !== 'stale') return failed(fault);
    const now = fake.records.get(employeeId);
    const stale = fault === 'stale' ? former.get(employeeId) : undefined;
    if (stale) fake.records.set(employeeId, stale);
    const headers = Object.fromEntries(request.headers);
    const path = url.pathname.replace('/_vendors/bamboohr', '');
    const { status, body } = fake.answer({ method: request.method, path, query: url.searchParams, headers, body: '' });
    const record = (stale ?? now) as HrRecord;
    told.push({ worker: worker.id, employeeId, at, record });
    if (now) fake.records.set(employeeId, now);
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
  };
  globalThis.fetch = (input, init) => {
    const at = options.time.wall();
    return gated(options.gate, new Request(input as Request, init), (request, worker) => ask(request, worker, at));
  };
  return {
    told,
    edit: (employeeId, record) => {
      const before = fake.records.get(employeeId);
      if (before) former.set(employeeId, before as HrRecord);
      fake.records.set(employeeId, record);
    },
  };
}

function gated(
  gate: Gate,
  request: Request,
  ask: (request: Request, worker: Worker) => Response | null,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const worker = currentWorker();
    if (!worker) return reject(new Error('Nobody asks'));
    let isMuted = false;
    request.signal.addEventListener('abort', () => reject(request.signal.reason));
    gate.arrive({
      worker,
      what: 'ask the HR system',
      mute: () => {
        isMuted = true;
      },
      serve: async () => {
        const answer = ask(request, worker);
        if (answer && !isMuted) resolve(answer);
      },
    });
  });
}

/** `null`: never. */
function failed(fault: Exclude<HrFault, 'stale'>): Response | null {
  const json = { 'content-type': 'application/json' };
  switch (fault) {
    case 'empty':
      return new Response('{}', { headers: json });
    case 'partial':
      return new Response('{"department":"Finance","status":"Active"}', { headers: json });
    case 'not JSON':
      return new Response('<html>sign in</html>', { headers: { 'content-type': 'text/html' } });
    case '503':
      return new Response(null, { status: 503 });
    case '429':
      return new Response(null, { status: 429, headers: { 'retry-after': '20' } });
    case 'hang':
      return null;
  }
}
