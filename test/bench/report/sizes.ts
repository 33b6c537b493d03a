import { CONTENDERS, type Ours } from '../bundles.ts';
import { FUNCTIONS } from '../contract.ts';
import { type Input, inputsOf, packagesOf, sizeOf } from '../sizes.ts';
import type { Stage } from '../stage.ts';
import { judged, kilobytes, table } from './table.ts';

/** Thousands of bytes, of `webhooks`. */
const GOAL = { raw: 700, gzip: 200 };
const HEAVIEST = 10;

/** The section on what is deployed. */
export function sizesSection({ bundles, ours }: Pick<Stage, 'bundles' | 'ours'>): string {
  const { raw, gzip } = sizeOf(bundles.webhooks.ours);
  const goals = `Goal for \`webhooks\`: at most ${GOAL.raw} raw and ${GOAL.gzip} packed: ${judged(raw / 1000, GOAL.raw, 1)}, ${judged(gzip / 1000, GOAL.gzip, 1)}.`;
  return [
    '## Bundle sizes',
    '',
    'Thousands of bytes, SDK included, as they are and packed with gzip; the peers are bundled with the same settings.',
    '',
    sizeTable(ours),
    '',
    peerTable(bundles),
    '',
    goals,
    '',
    ...FUNCTIONS.map((name) => heaviest(name, inputsOf(ours.metafile)[name] ?? [])),
  ].join('\n');
}

function sizeTable({ metafile, fileOf }: Ours): string {
  const rows = Object.keys(inputsOf(metafile)).map((name) => {
    const { raw, gzip } = sizeOf(fileOf(name));
    return [`\`${name}\``, kilobytes(raw), kilobytes(gzip)];
  });
  return table(['ours', 'raw', 'gzip'], rows);
}

function peerTable(bundles: Stage['bundles']): string {
  const rows = FUNCTIONS.map((name) => [
    `\`${name}\``,
    ...CONTENDERS.map((contender) => {
      const { raw, gzip } = sizeOf(bundles[name][contender]);
      return `${kilobytes(raw)} / ${kilobytes(gzip)}`;
    }),
  ]);
  return table(['raw / gzip', ...CONTENDERS], rows);
}

function heaviest(name: string, inputs: readonly Input[]): string {
  const lines = (some: readonly Input[]) =>
    some.slice(0, HEAVIEST).map(({ path, bytes }) => [short(path), kilobytes(bytes)]);
  const [files, packages] = [lines(inputs), lines(packagesOf(inputs))];
  const rows = packages.map((line, index) => [...line, ...(files[index] ?? [])]);
  return `${table([`\`${name}\`: packages`, 'kB', 'inputs', 'kB'], rows)}\n`;
}

function short(path: string): string {
  return path.replace(/^.*node_modules\//, '');
}
