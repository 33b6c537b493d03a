/** The stage of the benchmark: the wire, the bundles, and that everybody on it keeps the contract before anything is timed. */
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { type Bundles, buildOurs, buildPeers, CONTENDERS } from './bundles.ts';
import { FUNCTIONS, type FunctionName, perFunction, SECRETS } from './contract.ts';
import { requireContract } from './keeps-contract.ts';
import { callsOfOurs, type OwnCalls, type Reset, recordFirst } from './own-calls.ts';
import { traceOf } from './trace.ts';
import { startWire, type Wire } from './wire/wire.ts';

/** Everything is there and does what it must. */
export interface Stage {
  wire: Wire;
  bundles: Bundles;
  metafile: Metafile;
  /** The file of any function of ours. */
  files(name: string): string;
  calls: Record<FunctionName, OwnCalls>;
  reset: Reset;
  close(): Promise<void>;
}

/** Builds and checks everything. @param folder where the bundles go. */
export async function setStage(folder: string): Promise<Stage> {
  const wire = await startWire(SECRETS);
  const ours = await buildOurs(folder);
  const reset = await recordFirst(wire, ours.files.webhooks);
  const calls = await callsOfOurs(wire, ours.files, reset);
  const traces = perFunction((name) => ({ cold: traceOf(calls[name].cold), warm: traceOf(calls[name].warm) }));
  const peers = await buildPeers(folder, traces);
  const bundles = perFunction((name) => ({ ours: ours.files[name], ...peers[name] }));
  const files = (name: string) => join(folder, 'ours', `${name}.js`);
  const stage = { wire, bundles, metafile: ours.metafile, files, calls, reset, close: wire.close };
  for (const name of FUNCTIONS)
    for (const contender of [...CONTENDERS, 'bare'] as const) await requireContract(stage, name, contender);
  return stage;
}
