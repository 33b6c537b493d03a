import type { Grown, Step } from '../growth.ts';
import { kilobytes, table } from './table.ts';

const STEPS = {
  accept: 'accept a webhook',
  join: 'reconcile: joins',
  leave: 'reconcile: leaves',
  leaveCounted: 'the same, counting everybody',
  sweep: 'sweep, nothing due',
  sweepDue: 'sweep, some due',
} as const;

/** The section on growth. @param due how many people are due in the sweep that has something to do. */
export function growthSection(grown: readonly Grown[], due: number): string {
  const names = Object.keys(STEPS) as (keyof typeof STEPS)[];
  const rows = names.flatMap((name) => {
    const cells = (of: (step: Step) => string) => grown.map((one) => of(one[name]));
    const title = name === 'sweepDue' ? `sweep, ${due} due` : STEPS[name];
    return [
      [title, 'CPU ms', ...cells(({ cpuMs }) => cpuMs.toFixed(1))],
      ['', 'calls', ...cells(({ calls }) => String(calls))],
      ['', 'kB answered', ...cells(({ answered }) => kilobytes(answered))],
    ];
  });
  return [
    '## Growth',
    '',
    'The same work while the tables grow: everybody is an active person with an account, two or three pointers and a job that succeeded. Medians of one event at a time; CPU of the handlers, calls to AWS, and what those answered. Of the leavers beyond the guard’s limit one a minute makes it count who is active: that row is this one run.',
    '',
    table(['', '', ...grown.map(({ people }) => `${people.toLocaleString('en')} people`)], rows),
  ].join('\n');
}
