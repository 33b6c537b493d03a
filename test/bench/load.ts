/**
 * `npm run load`: an import and onboard of many people, then webhooks in a burst, through the real handlers in this process. The embedded services
 * run as a process of their own, so memory is the handlers' alone; the figures are the code's and the emulators', not AWS's.
 */
import { parseArgs } from 'node:util';
import { type Batch, type LoadOptions, type LoadReport, runLoad } from './load/run.ts';

/** The last batch may take so many times the CPU that the first one took: beyond that growth is not linear. */
const GROWTH_FACTOR = 1.5;
/** What the heap may gain from the first batch to the last. */
const HEAP_GROWTH_MB = 20;

const numbers = { people: '10000', webhooks: '5000', parallel: '50', concurrency: '5', 'delay-ms': '20' };
const options = Object.fromEntries(
  Object.entries(numbers).map(([name, preset]) => [name, { type: 'string' as const, default: preset }]),
);
const { values } = parseArgs({ options });
const asked = (name: keyof typeof numbers) => Number(values[name]);

const load: LoadOptions = {
  people: asked('people'),
  batch: 1_000,
  webhooks: asked('webhooks'),
  parallel: asked('parallel'),
  concurrency: asked('concurrency'),
  delayMs: asked('delay-ms'),
  isolated: true,
  onBatch: ({ people, seconds, cpuSeconds, heapMb }) =>
    say(
      `${String(people).padStart(6)} people   ${seconds.toFixed(1)} s for the last 1,000, ${cpuSeconds.toFixed(1)} s of them CPU   heap ${heapMb.toFixed(1)} MB`,
    ),
};

const report = await runLoad(load);
const faults = [...sayBurst(report), ...sayCounts(report), ...sayGrowth(report.batches)];
say(faults.length === 0 ? 'Everything holds.' : faults.map((fault) => `DOES NOT HOLD: ${fault}`).join('\n'));
process.exitCode = faults.length === 0 ? 0 : 1;

function sayBurst({ burst }: LoadReport): string[] {
  const { acceptMs, acceptSeconds, seconds } = burst;
  const at = (share: number) => (acceptMs[Math.floor((acceptMs.length - 1) * share)] ?? 0).toFixed(1);
  const rate = (inSeconds: number) => (acceptMs.length / inSeconds).toFixed(0);
  say(`burst of ${acceptMs.length} webhooks, ${load.parallel} at once: accept p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
  say(`throughput: ${rate(acceptSeconds)} a second accepted, ${rate(seconds)} a second until Conscent has changed`);
  return [];
}

function sayCounts({ lost, jobs, wrong, accounts, mostAtOnce, peakRssMb }: LoadReport): string[] {
  say(`${jobs} jobs, ${lost.length} not final; ${accounts} accounts, ${wrong.length} wrong`);
  say(
    `calls to Conscent in flight: ${mostAtOnce} at most, of ${load.concurrency} allowed; peak RSS ${peakRssMb.toFixed(0)} MB`,
  );
  return [
    ...(lost.length > 0 ? ['nothing is lost'] : []),
    ...(wrong.length > 0 ? ['everybody holds what they must'] : []),
    ...(mostAtOnce > load.concurrency ? ['never more calls at once than allowed'] : []),
  ];
}

function sayGrowth(batches: readonly Batch[]): string[] {
  const [first, last] = [batches[0], batches.at(-1)];
  if (!first || !last || first === last) return [];
  const growth = last.cpuSeconds / first.cpuSeconds;
  const heap = last.heapMb - first.heapMb;
  say(
    `growth: at ${last.people} people one takes ${growth.toFixed(2)} times the CPU it took at ${first.people}; heap ${heap >= 0 ? '+' : ''}${heap.toFixed(1)} MB`,
  );
  return [
    ...(growth > GROWTH_FACTOR ? [`growth is linear, within ${GROWTH_FACTOR}`] : []),
    ...(heap > HEAP_GROWTH_MB ? [`memory is flat, within ${HEAP_GROWTH_MB} MB`] : []),
  ];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
