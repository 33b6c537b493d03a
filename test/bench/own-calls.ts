/** What ours calls, one invocation at a time, as the wire saw it. */
import { eventFor, FUNCTIONS, type FunctionName, jobFor } from './contract.ts';
import { startCold, startWarm } from './process.ts';
import type { Item } from './wire/ledger.ts';
import type { Call, Wire } from './wire/wire.ts';

/** Who is the first; the others are numbered from there. */
export const FIRST = 1;

/** One invocation: what it called, and what it answered. */
export interface Invocation {
  calls: Call[];
  answer: unknown;
}

/** The first event of a process, and one of those after it. */
export interface OwnCalls {
  cold: Invocation;
  warm: Invocation;
  /** Bytes that one invocation logs. */
  logBytes: number;
}

/** Lets the wire forget everything, but for the jobs that wake-ups of these people look for. */
export type Reset = (name: FunctionName, people: readonly number[]) => void;

/** Records somebody's job through `webhooks`; from then on the wire can be reset. */
export async function recordFirst(wire: Wire, webhooks: string): Promise<Reset> {
  await startCold(webhooks, { event: eventFor('webhooks', FIRST), environment: wire.environment });
  const [item] = wire.ledger.items('jobs');
  if (!item) throw new Error('Nothing was recorded');
  return (name, people) => reset(wire, item, name === 'reconcile' ? people : []);
}

function reset(wire: Wire, item: Item, people: readonly number[]): void {
  wire.forget();
  wire.ledger.clear();
  for (const index of people) wire.ledger.put('jobs', jobFor(index, { item, index: FIRST }));
}

/** Somebody's events, and `sweep` with nothing due. */
export type Measured = FunctionName | 'sweep';

/** The calls of each function. @param fileOf the bundle of a function of ours. */
export async function callsOfOurs(
  wire: Wire,
  fileOf: (name: Measured) => string,
  reset: Reset,
): Promise<Record<Measured, OwnCalls>> {
  const calls = {} as Record<Measured, OwnCalls>;
  for (const name of [...FUNCTIONS, 'sweep'] as const) {
    if (name !== 'sweep') reset(name, [FIRST, FIRST + 1]);
    calls[name] = await callsOf(wire, fileOf(name), (index) => (name === 'sweep' ? {} : eventFor(name, index)));
  }
  return calls;
}

async function callsOf(wire: Wire, bundle: string, eventOf: (index: number) => object): Promise<OwnCalls> {
  const process = await startWarm(bundle, wire.environment, 'counted');
  const invoke = async (index: number): Promise<Invocation> => {
    wire.forget();
    const { answer } = await process.handle([eventOf(index)]);
    return { calls: [...wire.calls], answer };
  };
  const [cold, warm] = [await invoke(FIRST), await invoke(FIRST + 1)];
  return { cold, warm, logBytes: (await process.close()) / 2 };
}
