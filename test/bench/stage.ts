/** The stage of the benchmark: the wire, the bundles, and that everybody on it keeps the contract before anything is timed. */
import { type Bundles, buildOurs, buildPeers, CONTENDERS, type Ours } from './bundles.ts';
import { FUNCTIONS, perFunction, SECRETS } from './contract.ts';
import { requireContract } from './keeps-contract.ts';
import { callsOfOurs, type Measured, type OwnCalls, type Reset, recordFirst } from './own-calls.ts';
import { traceOf } from './trace.ts';
import { startWire, type Wire } from './wire/wire.ts';

/** Everything is there and does what it must. */
export interface Stage {
  wire: Wire;
  bundles: Bundles;
  ours: Ours;
  calls: Record<Measured, OwnCalls>;
  reset: Reset;
  close(): Promise<void>;
}

/** Builds and checks everything. @param folder where the bundles go. */
export async function setStage(folder: string): Promise<Stage> {
  const wire = await startWire(SECRETS);
  const ours = await buildOurs(folder);
  const reset = await recordFirst(wire, ours.fileOf('webhooks'));
  const calls = await callsOfOurs(wire, ours.fileOf, reset);
  const traces = perFunction((name) => ({ cold: traceOf(calls[name].cold), warm: traceOf(calls[name].warm) }));
  const peers = await buildPeers(folder, traces);
  const bundles = perFunction((name) => ({ ours: ours.fileOf(name), ...peers[name] }));
  const stage = { wire, bundles, ours, calls, reset, close: wire.close };
  for (const name of FUNCTIONS)
    for (const contender of [...CONTENDERS, 'bare'] as const) await requireContract(stage, name, contender);
  return stage;
}
