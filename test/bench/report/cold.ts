import { CONTENDERS } from '../bundles.ts';
import type { ColdSamples } from '../cold.ts';
import { FUNCTIONS, type FunctionName } from '../contract.ts';
import type { ColdStart } from '../process.ts';
import { pairedRatio, quartiles } from '../statistics.ts';
import { judged, table } from './table.ts';

const GOALS = {
  webhooks: { floor: 1.15, usual: 0.5 },
  events: { floor: 1.15, usual: 0.5 },
  reconcile: { floor: 1.25, usual: 0.5 },
};

const NAMES = { ours: 'ours', floor: 'floor', usual: 'usual', express: 'Express' };

/** From the bundle's first byte to the answer: what Node itself takes to start is everybody's alike. */
const answering = ({ loading, answered }: ColdStart) => answered - loading;

/** The section on cold starts. */
export function coldSection(measured: Record<FunctionName, ColdSamples>): string {
  return [
    '## Cold start',
    '',
    `A fresh process loads the bundle and handles its first event to the answer; milliseconds, ${measured.webhooks.ours.length} processes each, everybody in turn. *load* is until the bundle has run, *to the answer* from there on what the first event takes too, *CPU* the time of all threads for both, *whole process* also what Node takes to start. Ratios are medians of ours ÷ theirs, round by round; brackets hold the middle half of the samples.`,
    '',
    ...FUNCTIONS.map((name) => functionTable(name, measured[name])),
    goalTable(measured),
  ].join('\n');
}

function functionTable(name: FunctionName, samples: ColdSamples): string {
  const rows = CONTENDERS.map((contender) => {
    const theirs = samples[contender];
    const ratioBy = (of: (start: ColdStart) => number) =>
      pairedRatio(samples.ours.map(of), theirs.map(of)).median.toFixed(2);
    return [
      NAMES[contender],
      middle(theirs.map(({ loading, loaded }) => loaded - loading)),
      middle(theirs.map(answering)),
      middle(theirs.map(({ cpu }) => cpu)),
      middle(theirs.map(({ answered }) => answered)),
      contender === 'ours' ? '1' : ratioBy(answering),
      contender === 'ours' ? '1' : ratioBy(({ cpu }) => cpu),
    ];
  });
  const head = [`\`${name}\``, 'load', 'to the answer', 'CPU', 'whole process', 'ours ÷ it', 'by CPU'];
  return `${table(head, rows)}\n`;
}

function middle(samples: readonly number[]): string {
  const { q1, median, q3 } = quartiles(samples);
  return `${median.toFixed(1)} [${q1.toFixed(1)}–${q3.toFixed(1)}]`;
}

function goalTable(measured: Record<FunctionName, ColdSamples>): string {
  const rows = FUNCTIONS.flatMap((name) =>
    (['floor', 'usual'] as const).map((peer) => {
      const { ours, [peer]: theirs } = measured[name];
      const wall = pairedRatio(ours.map(answering), theirs.map(answering)).median;
      const cpu = pairedRatio(
        ours.map((start) => start.cpu),
        theirs.map((start) => start.cpu),
      ).median;
      const goal = GOALS[name][peer];
      return [`\`${name}\` ÷ ${peer}`, `≤ ${goal}`, judged(wall, goal), judged(cpu, goal)];
    }),
  );
  return table(['ours ÷ it', 'goal', 'to the answer', 'CPU'], rows);
}
