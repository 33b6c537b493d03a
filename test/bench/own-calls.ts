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

/** The calls of each function. */
export async function callsOfOurs(
  wire: Wire,
  files: Record<FunctionName, string>,
  reset: Reset,
): Promise<Record<FunctionName, OwnCalls>> {
  const calls = {} as Record<FunctionName, OwnCalls>;
  for (const name of FUNCTIONS) {
    reset(name, [FIRST, FIRST + 1]);
    const process = await startWarm(files[name], wire.environment);
    const invoke = async (index: number): Promise<Invocation> => {
      wire.forget();
      const { answer } = await process.handle([eventFor(name, index)]);
      return { calls: [...wire.calls], answer };
    };
    calls[name] = { cold: await invoke(FIRST), warm: await invoke(FIRST + 1) };
    await process.close();
  }
  return calls;
}
