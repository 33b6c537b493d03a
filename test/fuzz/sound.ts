/** What must hold after every try, whatever was sent: no 5xx, no job without a cause, and nothing of anybody where it does not belong. */
import { isFinished, type Job } from '../../shared/lifecycle/job.ts';
import { jobsOf, type Stage, TOKEN } from './stage.ts';

const ADDRESS = /[\w.+-]+@[\w-]+\.[a-z]{2,}/i;
const UNREADABLE = /^(sha256 [0-9a-f]{64}|looked up); wrong at \S/;
/** What can be written within the gateway's 30 seconds. */
const MAX_JOBS = 2_500;
/** DynamoDB takes no larger item. */
const MAX_ITEM_BYTES = 400 * 1024;

/** What is wrong after a try; empty where nothing is. @param planted must not be anywhere. */
export function faultsOf(stage: Stage, planted: readonly string[] = []): string[] {
  const { answers, logs, statuses, thrown } = stage.seen;
  return [
    ...statuses.filter((status) => status >= 500 || status === 0).map((status) => `answered ${status}`),
    ...thrown.map((where) => `thrown by ${where}`),
    ...(/stackTrace|node_modules|\.ts:\d/.test(answers) ? ['an answer with internals'] : []),
    ...(ADDRESS.test(logs) ? ['an address in the logs'] : []),
    ...(jobsOf(stage).length > MAX_JOBS ? [`${jobsOf(stage).length} jobs of one delivery`] : []),
    ...leaks(stage, [...planted, TOKEN]),
    ...jobsOf(stage).flatMap((job) => wrongOf(job).map((what) => `${what} in ${JSON.stringify(job).slice(0, 900)}`)),
    ...stage.world.allPeople().flatMap((person) => tooLarge(person)),
  ];
}

function leaks({ world, seen, deliver: _ }: Stage, planted: readonly string[]): string[] {
  const places = {
    answers: seen.answers,
    logs: seen.logs,
    ledger: JSON.stringify([world.allJobs(), world.allPeople()]),
  };
  return Object.entries(places).flatMap(([place, all]) =>
    planted.filter((value) => all.includes(value)).map((value) => `${value} in the ${place}`),
  );
}

/** What about a job leaves whoever reads it in the dark. */
function wrongOf(job: Job): string[] {
  const { status, history, error, outcome } = job;
  const last = history.at(-1);
  const rules: [string, boolean][] = [
    ['a history that does not end with the status', last?.status === status],
    ['an entry without a word', history.every(({ detail }) => detail.trim() !== '')],
    ['a finished job without an outcome', !isFinished(status) || status === 'cancelled' || outcome !== null],
    ['a finished job without its end', !isFinished(status) || job.finishedAt != null],
    ['a scheduled job without a date', status !== 'scheduled' || job.effectiveAt !== null],
    ['a wait without a reason', !['retrying', 'held', 'needs-attention'].includes(status) || error != null],
    ['a retry without a time', status !== 'retrying' || job.nextAttemptAt != null],
    [
      'an unreadable one without hash or pointer',
      error?.code !== 'unreadable' || history.some(({ detail }) => UNREADABLE.test(detail)),
    ],
    ['a job that nobody has looked at', status !== 'queued'],
  ];
  return [...rules.filter(([, holds]) => !holds).map(([rule]) => rule), ...tooLarge(job)];
}

function tooLarge(item: object): string[] {
  return Buffer.byteLength(JSON.stringify(item)) > MAX_ITEM_BYTES ? ['an item larger than the ledger takes'] : [];
}
