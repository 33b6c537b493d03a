/**
 * `npm run bench`: everything that docs/performance.md says, measured side by side in one run, printed and written there. `--quick` takes fewer
 * samples and writes nothing. Everything runs against embedded services on this machine, so the figures are the code's, not AWS's.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCold } from './cold.ts';
import { measureEndToEnd } from './end-to-end.ts';
import { measureGrowth } from './growth.ts';
import { loadHandlers } from './load/handlers.ts';
import { forkServices } from './load/services.ts';
import { measureProfiles } from './profile.ts';
import { callsSection } from './report/calls.ts';
import { coldSection } from './report/cold.ts';
import { costSection, workerMs } from './report/cost.ts';
import { endToEndSection } from './report/end-to-end.ts';
import { growthSection } from './report/growth.ts';
import { machine } from './report/machine.ts';
import { profileSection } from './report/profile.ts';
import { sizesSection } from './report/sizes.ts';
import { warmSection } from './report/warm.ts';
import { setStage } from './stage.ts';
import { measureSweep, measureWarm } from './warm.ts';

const TRIED = readFileSync(join(import.meta.dirname, 'report/tried.md'), 'utf8').trimEnd();
const PAGE = join(import.meta.dirname, '../../docs/performance.md');
const CONCURRENCY = 5;
const CONSCENT_MS = 20;
const FULL = {
  coldRounds: 25,
  profiles: 10,
  warmOptions: { rounds: 20, events: 50, warmUp: 8 },
  endToEnd: { perSecond: [1, 10, 50], seconds: 20, burst: 1_000 },
  growth: { sizes: [1_000, 10_000, 100_000], runs: 20, due: 100 },
};
const QUICK = {
  coldRounds: 5,
  profiles: 3,
  warmOptions: { rounds: 5, events: 20, warmUp: 4 },
  endToEnd: { perSecond: [1, 10, 50], seconds: 5, burst: 100 },
  growth: { sizes: [100, 1_000, 10_000], runs: 12, due: 50 },
};

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const { coldRounds, profiles, warmOptions, endToEnd, growth } = values.quick ? QUICK : FULL;
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
say(profileSection(await measureProfiles(stage, folder, profiles), profiles));
const warm = await measureWarm(stage, warmOptions);
say(warmSection(warm, warmOptions));
say(callsSection(stage.calls));
say(sizesSection(stage));
const measurements = { calls: stage.calls, cold, warm, sweepCpuMs: await measureSweep(stage, 60) };
await stage.close();
rmSync(folder, { recursive: true });

const services = await forkServices(CONSCENT_MS);
const handlers = await loadHandlers(services, CONCURRENCY);
const onTheRoad = await measureEndToEnd(services, handlers, endToEnd);
say(
  endToEndSection(onTheRoad, { concurrency: CONCURRENCY, conscentMs: CONSCENT_MS, workerMs: workerMs(measurements) }),
);
await handlers.stop();
say(growthSection(await measureGrowth(services, handlers, growth), growth.due));
await services.close();
say(costSection(measurements));
say(TRIED);

const head = `# Performance\n\nWritten by \`npm run bench\`, which measures everything here in one run, as it was: ${machine(load)}`;
if (!values.quick) writeFileSync(PAGE, `${[head, ...sections].join('\n\n')}\n`);
