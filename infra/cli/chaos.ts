/** `npm run chaos`: everything goes wrong at once, and what must hold all the same is checked. */
import { run } from '../../test/chaos/run.ts';

const { report, machine } = await run({ seed: Number(process.argv[2]), events: Number(process.argv[3]), people: Number(process.argv[4]) });
machine.output.print(report.text);
process.exit(report.isFine ? 0 : 1);
