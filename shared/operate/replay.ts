/**
 * Makes again what has been made of jobs since an instant, for a people's table that was restored to it. Jobs are the log, people are what was
 * made of it: what a job said becomes a fact once more, and as facts have their own places in time the order does not matter.
 *
 * The accounts that Conscent has made since → what was withdrawn since → the jobs. Whoever ends it half-way begins anew; twice is once.
 */
import type { Instant } from '../lifecycle/effective-date.ts';
import { Problem } from '../lifecycle/errors.ts';
import { JOB_STATUSES, type Job, type JobStatus, noted } from '../lifecycle/job.ts';
import type { World } from '../lifecycle/ports.ts';
import { withdrawFact } from './change-job.ts';
import { importAccount } from './import-account.ts';

const PAGE = 500;
const BY = 'replay';

/** Jobs by what is to be done about them. */
export interface Replay {
  /** The first job, by account, that names one. */
  accounts: Job[];
  withdrawn: Job[];
  jobs: Job[];
}

/** What could not be done, for a person to look into. */
export interface Left {
  jobId: string;
  why: string;
}

/** What has happened since then to the jobs that were somebody's, the oldest first. A job that never was has lost nothing. */
export async function planReplay({ jobs }: Pick<World, 'jobs'>, since: Instant): Promise<Replay> {
  const listed: Job[] = [];
  for (const status of JOB_STATUSES) listed.push(...(await touched(jobs, status, since)));
  const all = listed.sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));
  const withdrawn = all.filter(({ status }) => status === 'cancelled');
  const accounts = new Map(all.toReversed().map((job) => [job.userId, job]));
  return {
    accounts: [...accounts.values()].filter(({ userId }) => userId != null),
    withdrawn,
    jobs: all.filter((job) => !withdrawn.includes(job)),
  };
}

/** Replays what is planned. Answers what is left to a person. */
export async function replay(world: World, { accounts, withdrawn, jobs }: Replay): Promise<Left[]> {
  const left: Left[] = [];
  const trying = async ({ jobId }: Job, work: Promise<unknown>) => {
    await work.catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      left.push({ jobId, why: error.message });
    });
  };
  for (const job of accounts) await trying(job, link(world, job));
  for (const job of withdrawn) await trying(job, withdrawFact(world, job, BY));
  for (const job of jobs) await queueAgain(world, job);
  return left;
}

/** Every page, because a job may have been received long before something happened to it. */
async function touched(jobs: World['jobs'], status: JobStatus, since: Instant, after?: string): Promise<Job[]> {
  const page = await jobs.list({ status }, { after: after ?? null, limit: PAGE });
  const found = page.jobs.filter(({ personId, history }) => personId !== null && (history.at(-1)?.at ?? '') >= since);
  return page.next === null ? found : [...found, ...(await touched(jobs, status, since, page.next))];
}

/** An account that Conscent made since would be made twice. */
async function link(world: World, { email, userId }: Job): Promise<void> {
  const [holder] = userId ? await world.people.find([{ kind: 'userId', userId }]) : [];
  if (!userId || holder) return;
  if (email === null) throw new Problem('invalid-state', `The account ${userId} has no address.`);
  await importAccount(world, { email, userId }, BY);
}

async function queueAgain({ jobs, queue, clock, monitor }: World, { jobId }: Job): Promise<void> {
  await jobs.change(jobId, ({ lookup, ...job }) => ({
    ...noted(job, { at: clock.now(), status: 'queued', detail: 'replayed: the table of its person was restored' }),
    personId: null,
    outcome: null,
    error: null,
    finishedAt: null,
    nextAttemptAt: null,
    ...(lookup && { lookup: { ...lookup, failures: 0 } }),
  }));
  // Lost, it costs a minute: a job that is nobody's has a wake.
  await queue.send({ jobId }).catch(() => monitor.count('queue.unavailable'));
}
