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
  const records: Records = { fake: bamboohrFake(options.apiKey), former: new Map(), told: [], staleOwed: 0 };
  globalThis.fetch = (input, init) => {
    const at = options.time.wall();
    const ask = (request: Request, worker: Worker) => answer(options, records, { request, worker: worker.id, at });
    return gated(options.gate, new Request(input as Request, init), ask);
  };
  return {
    told: records.told,
    edit: (employeeId, record) => {
      const before = records.fake.records.get(employeeId);
      if (before) records.former.set(employeeId, before as HrRecord);
      records.fake.records.set(employeeId, record);
    },
  };
}

interface Records {
  fake: ReturnType<typeof bamboohrFake>;
  /** What each record said before it was edited last. */
  former: Map<string, HrRecord>;
  told: Told[];
  /** Stale answers that were dealt where there is only one. */
  staleOwed: number;
}

type Asked = { request: Request } & Pick<Told, 'worker' | 'at'>;

/** `null`: never. */
function answer({ deck }: HrOptions, records: Records, { request, worker, at }: Asked): Response | null {
  const { fake, told } = records;
  const fault = deck.deal();
  if (fault !== null && fault !== 'stale') return failed(fault);
  if (fault === 'stale') records.staleOwed += 1;
  const employeeId = new URL(request.url).pathname.split('/').at(-1) ?? '';
  const now = fake.records.get(employeeId);
  const record = (staleRecord(records, employeeId) ?? now) as HrRecord;
  fake.records.set(employeeId, record);
  const response = answerOf(fake, request);
  if (now) fake.records.set(employeeId, now);
  told.push({ worker, employeeId, at, record });
  return response;
}

/** What the record said before, where a stale answer is owed and it said something else. */
function staleRecord(records: Records, employeeId: string): HrRecord | undefined {
  const former = records.staleOwed > 0 ? records.former.get(employeeId) : undefined;
  if (former) records.staleOwed -= 1;
  return former;
}

function answerOf(fake: Records['fake'], request: Request): Response {
  const { pathname, searchParams: query } = new URL(request.url);
  const path = pathname.replace('/_vendors/bamboohr', '');
  const headers = Object.fromEntries(request.headers);
  const { status, body } = fake.answer({ method: request.method, path, query, headers, body: '' });
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
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
