/** The warm path: CPU time an event, in processes that stay; everybody works on the same lists in turn. */
import type { Contender } from './bundles.ts';
import { eventFor, FUNCTIONS, type FunctionName } from './contract.ts';
import { startWarm, type WarmProcess } from './process.ts';
import type { Stage } from './stage.ts';
import { quantile } from './statistics.ts';

/** Everybody who is measured on the warm path. */
export const WARM_CONTENDERS = ['ours', 'bare', 'usual', 'express'] as const satisfies readonly Contender[];

/** CPU and wall milliseconds an event, by contender; those of one round have the same index. */
export type WarmSamples = Record<(typeof WARM_CONTENDERS)[number], { cpu: number; wall: number }[]>;

/** How much is measured. */
export interface WarmOptions {
  rounds: number;
  /** Events a round and contender. */
  events: number;
  /** Rounds that are not counted: the code is compiled. */
  warmUp: number;
}

/** Measures it. */
export async function measureWarm(stage: Stage, options: WarmOptions): Promise<Record<FunctionName, WarmSamples>> {
  const measured = {} as Record<FunctionName, WarmSamples>;
  for (const name of FUNCTIONS) measured[name] = await measureFunction(stage, name, options);
  return measured;
}

async function measureFunction(stage: Stage, name: FunctionName, options: WarmOptions): Promise<WarmSamples> {
  const { bundles, wire } = stage;
  const start = async (contender: Contender) =>
    [contender, await startWarm(bundles[name][contender], wire.environment)] as const;
  const processes = await Promise.all(WARM_CONTENDERS.map(start));
  const samples = Object.fromEntries(WARM_CONTENDERS.map((contender) => [contender, []])) as unknown as WarmSamples;
  for (let round = -options.warmUp; round < options.rounds; round += 1) {
    for (const [contender, process] of processes) {
      const sample = await handle(stage, name, process, options.events);
      if (round >= 0 && contender !== 'floor') samples[contender].push(sample);
    }
  }
  for (const [, process] of processes) await process.close();
  return samples;
}

async function handle(stage: Stage, name: FunctionName, process: WarmProcess, count: number) {
  const people = Array.from({ length: count }, (_, index) => index);
  stage.reset(name, people);
  const { cpu, wall } = await process.handle(people.map((index) => eventFor(name, index)));
  return { cpu: cpu / count, wall: wall / count };
}

/** CPU milliseconds of a sweep that finds nothing due: the median of some. */
export async function measureSweep({ ours, wire }: Stage, times: number): Promise<number> {
  const process = await startWarm(ours.fileOf('sweep'), wire.environment);
  const samples: number[] = [];
  for (let round = 0; round < times; round += 1) samples.push((await process.handle([{}])).cpu);
  await process.close();
  return quantile(samples.slice(samples.length / 2), 0.5);
}
