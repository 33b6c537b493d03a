/** Cold start: a fresh process a sample, everybody in turn, so that what the machine does besides strikes all alike. */
import { CONTENDERS, type Contender } from './bundles.ts';
import { eventFor, FUNCTIONS, type FunctionName, perFunction } from './contract.ts';
import { type ColdStart, startCold } from './process.ts';
import type { Stage } from './stage.ts';

/** Rounds that are not counted: the bundles get into the page cache. */
const WARM_UP = 2;

/** All samples of one function, by contender; those of one round have the same index. */
export type ColdSamples = Record<Exclude<Contender, 'bare'>, ColdStart[]>;

/** Measures it. */
export async function measureCold(stage: Stage, rounds: number): Promise<Record<FunctionName, ColdSamples>> {
  const samples = perFunction(noSamples);
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const name of FUNCTIONS) {
      for (const contender of CONTENDERS) {
        const sample = await once(stage, name, contender);
        if (round >= 0) samples[name][contender].push(sample);
      }
    }
  }
  return samples;
}

function noSamples(): ColdSamples {
  return Object.fromEntries(CONTENDERS.map((contender) => [contender, []])) as unknown as ColdSamples;
}

function once({ bundles, wire, reset }: Stage, name: FunctionName, contender: Contender): Promise<ColdStart> {
  reset(name, [1]);
  return startCold(bundles[name][contender], { event: eventFor(name, 1), environment: wire.environment });
}
