/**
 * `npm run bench`: everything that docs/performance.md says, measured side by side in one run, printed and written there. `--quick` takes fewer
 * samples and writes nothing. Everything runs against embedded services on this machine, so the figures are the code's, not AWS's.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCold } from './cold.ts';
import { callsSection } from './report/calls.ts';
import { coldSection } from './report/cold.ts';
import { costSection } from './report/cost.ts';
import { machine } from './report/machine.ts';
import { sizesSection } from './report/sizes.ts';
import { warmSection } from './report/warm.ts';
import { setStage } from './stage.ts';
import { measureSweep, measureWarm } from './warm.ts';

const PAGE = join(import.meta.dirname, '../../docs/performance.md');
const FULL = { coldRounds: 25, warm: { rounds: 20, events: 50, warmUp: 8 } };
const QUICK = { coldRounds: 5, warm: { rounds: 5, events: 20, warmUp: 4 } };

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const { coldRounds, warm: warmOptions } = values.quick ? QUICK : FULL;
const load = loadavg()[0] ?? 0;
const sections: string[] = [];
const say = (section: string) => {
  sections.push(section);
  process.stdout.write(`${section}\n\n`);
};

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const stage = await setStage(folder);
const cold = await measureCold(stage, coldRounds);
say(coldSection(cold));
const warm = await measureWarm(stage, warmOptions);
say(warmSection(warm, warmOptions));
say(callsSection(stage.calls));
say(sizesSection(stage));
say(costSection({ calls: stage.calls, cold, warm, sweepCpuMs: await measureSweep(stage, 60) }));
await stage.close();
rmSync(folder, { recursive: true });

const head = `# Performance\n\nWritten by \`npm run bench\`, which measures everything here in one run, as it was: ${machine(load)}`;
if (!values.quick) writeFileSync(PAGE, `${[head, ...sections].join('\n\n')}\n`);
