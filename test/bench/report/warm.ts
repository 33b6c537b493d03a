import { FUNCTIONS, type FunctionName } from '../contract.ts';
import { pairedRatio, quartiles } from '../statistics.ts';
import { WARM_CONTENDERS, type WarmOptions, type WarmSamples } from '../warm.ts';
import { judged, table } from './table.ts';

const GOAL = 1.3;
const NAMES = { ours: 'ours', bare: 'bare', usual: 'usual', express: 'Express' };

/** The section on the warm path. */
export function warmSection(measured: Record<FunctionName, WarmSamples>, { rounds, events }: WarmOptions): string {
  const rows = FUNCTIONS.flatMap((name) =>
    WARM_CONTENDERS.map((contender) => {
      const [ours, theirs] = [measured[name].ours, measured[name][contender]];
      const ratio = pairedRatio(
        ours.map(({ cpu }) => cpu),
        theirs.map(({ cpu }) => cpu),
      ).median;
      return [
        `\`${name}\``,
        NAMES[contender],
        middle(theirs.map(({ cpu }) => cpu)),
        middle(theirs.map(({ wall }) => wall)),
        contender === 'bare' ? judged(ratio, GOAL) : ratio.toFixed(2),
      ];
    }),
  );
  return [
    '## Warm path',
    '',
    `Milliseconds an event in a process that has handled some before, one event at a time; medians of ${rounds} rounds of ${events} events each, everybody in turn. *bare* verifies, parses and makes the same calls; for \`reconcile\` it is a loop of the same calls. The goal is at most ${GOAL} times its CPU.`,
    '',
    table(['', '', 'CPU', 'wall', 'ours ÷ it, by CPU'], rows),
  ].join('\n');
}

function middle(samples: readonly number[]): string {
  const { q1, median, q3 } = quartiles(samples);
  return `${median.toFixed(2)} [${q1.toFixed(2)}–${q3.toFixed(2)}]`;
}
