/** `npm run replay`: after the people's table was restored, makes again what has been made of jobs since. */
import { isInstant, toInstant } from '../../shared/lifecycle/effective-date.ts';
import type { Monitor, World } from '../../shared/lifecycle/ports.ts';
import { planReplay, replay as replayJobs } from '../../shared/operate/replay.ts';
import { type Config, readConfig } from '../../shared/platform/config.ts';
import { mergeJob } from '../../shared/reconcile/merge.ts';
import { wire } from '../../shared/wiring.ts';
import { type Call, type Environment, exitCodeOf, readOptions, thisCall, UsageError } from './command-line.ts';

const USAGE = `npm run replay -- --since 2026-11-24T08:15:00Z [--dry-run]

After the people's table was restored to an instant: what jobs have said since is added to their people again, what was cancelled since is
withdrawn again, and the accounts that Conscent has made since are linked. Pause writes before, and resume them after. Twice is once.

  --since     the instant that the table was restored to
  --dry-run   say what there is to do, and do nothing

It works on the ledger itself, with the environment of a function (JOBS_TABLE, PEOPLE_TABLE, QUEUE_URL, …) and the credentials of the AWS SDK.
`;

const OPTIONS = { since: { type: 'string' }, 'dry-run': { type: 'boolean' }, help: { type: 'boolean' } } as const;

const QUIET: Monitor = { info: () => {}, alarm: () => {}, count: () => {}, time: () => {} };

/** Replays and answers the exit code: 0 where everything is at work again, 1 where something is left to a person, 2 where it was called wrongly. */
export function replay({ argv, env, write }: Call): Promise<number> {
  return exitCodeOf(async () => {
    const values = readOptions(argv, OPTIONS);
    if (values.help) write(USAGE);
    if (values.help) return 0;
    const since = readSince(values.since);
    const world = { ...wire(readEnvironment(env)).world, monitor: QUIET };
    return run(world, since, { write, isDry: values['dry-run'] === true }).catch((error: unknown) => {
      // AWS's own words name the table, the action and the caller.
      write(`${error instanceof Error ? error.message : 'It failed.'}\nRun it again: what is done is done.\n`);
      return 1;
    });
  }, write);
}

async function run(world: World, since: string, { write, isDry }: { write: Call['write']; isDry: boolean }) {
  const plan = await planReplay(world, since);
  const { jobs, withdrawn } = plan;
  write(`Since ${since}: ${jobs.length} jobs, ${withdrawn.length} cancelled\n`);
  if (isDry) write('Nothing was done; without --dry-run they are replayed.\n');
  if (isDry) return 0;
  const left = await replayJobs(world, plan, (job) => mergeJob(world, job));
  for (const { jobId, why } of left) write(`job ${jobId}: ${why}\n`);
  write(
    left.length === 0
      ? 'All are at work again.\n'
      : `All are at work again but ${left.length}, for you to look into.\n`,
  );
  return left.length === 0 ? 0 : 1;
}

function readSince(value: string | undefined): string {
  if (value === undefined || !isInstant(value))
    throw new UsageError('--since must be an instant: 2026-11-24T08:15:00Z.');
  return toInstant(value);
}

function readEnvironment(env: Environment): Config {
  try {
    return readConfig(env);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The environment is not a function’s.');
  }
}

if (import.meta.main) process.exitCode = await replay(thisCall());
