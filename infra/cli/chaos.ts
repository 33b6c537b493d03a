/** `npm run chaos`: everything goes wrong at once, and what must hold all the same is checked (test/chaos). A run a process. */
import { parseArgs } from 'node:util';
import { playMatrix } from '../../test/chaos/matrix.ts';
import { matrixTable } from '../../test/chaos/matrix-table.ts';
import { playOutage } from '../../test/chaos/outage.ts';
import { outageReport } from '../../test/chaos/outage-report.ts';
import { run } from '../../test/chaos/run.ts';

const USAGE = `npm run chaos -- [--seed N] [--events N] [--people N]   a run; the seed is the run
npm run chaos -- --matrix                               a worker killed at every touch of the world
npm run chaos -- --down HOURS [--seed N]                Conscent is down for so long`;

const EVENTS_A_PERSON = 15;

/** What was asked for. @throws Error where that makes no sense. */
function readArguments() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { seed: text, events: text, people: text, down: text, matrix: flag, help: flag };
  const { values } = parseArgs({ options });
  const events = numberIn(values.events ?? '200', 'events');
  const people = numberIn(values.people ?? String(Math.max(60, Math.ceil(events / EVENTS_A_PERSON))), 'people');
  const hours = values.down === undefined ? null : numberIn(values.down, 'down');
  const seed = numberIn(values.seed ?? String(Date.now() % 1_000_000), 'seed');
  return { seed, events, people, hours, isMatrix: values.matrix === true, isHelp: values.help === true };
}

function numberIn(text: string, name: string): number {
  if (!/^\d{1,9}$/.test(text) || (name !== 'seed' && Number(text) < 1)) throw new Error(`--${name} must be a number`);
  return Number(text);
}

async function play(asked: ReturnType<typeof readArguments>): Promise<boolean> {
  if (asked.isMatrix) {
    const { cells, machine } = await playMatrix();
    machine.output.print(matrixTable(cells).join('\n'));
    return cells.every(({ ending }) => ending !== 'LOST');
  }
  if (asked.hours !== null) {
    const outage = await playOutage({ hours: asked.hours, seed: asked.seed });
    outage.machine.output.print(outageReport(outage, asked.hours).join('\n'));
    return outage.kinds.leaver.right === outage.kinds.leaver.succeeded;
  }
  const { report, machine } = await run(asked);
  machine.output.print(report.text);
  return report.isFine;
}

try {
  const asked = readArguments();
  if (asked.isHelp) process.stdout.write(`${USAGE}\n`);
  process.exit(asked.isHelp || (await play(asked)) ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'It failed'}\n${USAGE}\n`);
  process.exit(2);
}
