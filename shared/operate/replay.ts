/**
 * Makes again what has been made of jobs since an instant, for a people's table that was restored to it: jobs are the log, people are what was
 * made of it. First what was withdrawn since is withdrawn; then each job, in the order they came, is added to its person, who gets back the
 * account that the job names. What is to be looked up, the workers look up after that. Ended half-way it is begun anew; twice is once.
 */

import { lostAccount } from '../lifecycle/account.ts';
import type { Instant } from '../lifecycle/effective-date.ts';
import { Problem } from '../lifecycle/errors.ts';
import { JOB_STATUSES, type Job, type JobStatus } from '../lifecycle/job.ts';
import { newPerson, type Person } from '../lifecycle/person.ts';
import { untilFirst, type World } from '../lifecycle/ports.ts';
import { accountKnownBy, keysOfJob, replayed } from '../lifecycle/replay.ts';
import { withdrawFact } from './change-job.ts';
import { personBehind, saveAndWake } from './find-person.ts';
import { freeFormerId } from './link-account.ts';
import { reserveUserId } from './reserve-user-id.ts';

const PAGE = 500;
const BY = 'replay';

/** What has happened to jobs since: which were cancelled, and which are to be made again. */
export interface Replay {
  withdrawn: Job[];
  jobs: Job[];
}

/** What is left to a person, by job. */
export interface Left {
  jobId: string;
  why: string;
}

/** Adds what a job says to its person. Answers `null` where it cannot be added now. */
export type Merge = (job: Job) => Promise<{ person: Person } | null>;

/** What has happened since then to jobs that were somebody's, in the order they came. A job that never was has lost nothing. */
export async function planReplay({ jobs }: Pick<World, 'jobs'>, since: Instant): Promise<Replay> {
  const listed: Job[] = [];
  for (const status of JOB_STATUSES) listed.push(...(await touched(jobs, status, since)));
  const inOrder = listed.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const isCancelled = ({ status }: Job) => status === 'cancelled';
  return { withdrawn: inOrder.filter(isCancelled), jobs: inOrder.filter((job) => !isCancelled(job)) };
}

/** Replays what is planned. Answers what is left to a person. */
export async function replay(world: World, { withdrawn, jobs }: Replay, merge: Merge): Promise<Left[]> {
  const left: Left[] = [];
  const trying = async ({ jobId }: Job, work: Promise<void>) => {
    await work.catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      left.push({ jobId, why: error.message });
    });
  };
  for (const job of withdrawn) await trying(job, withdrawFact(world, job, BY));
  for (const job of jobs) await trying(job, again(world, job, merge));
  return left;
}

/** Every page, because a job may have been received long before something happened to it. */
async function touched(jobs: World['jobs'], status: JobStatus, since: Instant, after?: string): Promise<Job[]> {
  const page = await jobs.list({ status }, { after: after ?? null, limit: PAGE });
  const found = page.jobs.filter(
    ({ personId, isReplayed, history }) => (personId !== null || isReplayed) && (history.at(-1)?.at ?? '') >= since,
  );
  return page.next === null ? found : [...found, ...(await touched(jobs, status, since, page.next))];
}

function placeOf({ receivedAt, position, jobId }: Job): string {
  return `${receivedAt}#${String(position).padStart(6, '0')}#${jobId}`;
}

async function again(world: World, job: Job, merge: Merge): Promise<void> {
  const { jobs, queue, clock, monitor } = world;
  const queued = await jobs.change(job.jobId, (stored) => replayed(stored, clock.now()));
  if (queued?.status !== 'queued') return;
  const person = queued.event ? (await merge(queued))?.person : await whoIsLookedUp(world, job);
  await queue.send({ jobId: job.jobId }).catch(() => monitor.count('queue.unavailable'));
  if (person) await relink(world, person, job);
  else if (job.userId) throw new Problem('invalid-state', `Its fact could not be added, nor ${job.userId} linked.`);
}

/** Of whoever is to be looked up only the account is of interest here: they are whom the vendor's id, or else the address, leads to. */
async function whoIsLookedUp({ people, newId }: World, job: Job): Promise<Person | null> {
  if (accountKnownBy(job, null) === null) return null;
  const keys = keysOfJob(job);
  const id = (await people.find(keys)).find((found) => found !== null);
  if (id) return personBehind(people, id);
  const person = newPerson(newId());
  for (const key of keys) await people.point(key, person.id, null);
  return person;
}

/** Gives a person the account that their job names, or says why its id is not known. */
function relink(world: World, { id }: Person, job: Job): Promise<void> {
  return untilFirst(async () => {
    const person = await personBehind(world.people, id);
    const account = accountKnownBy(job, person.account);
    if (account === person.account) return;
    const { userId } = job;
    if (userId)
      await reserveUserId(world, person, { userId }).catch((error) => withoutId(world, person, { job, error }));
    await saveAndWake(world, { ...person, account, attempt: null, claim: null, claims: 0 });
    if (userId) await freeFormerId(world, person, userId);
  });
}

/** Whose id is somebody else's now has an account all the same: a second one must not be made. */
async function withoutId(world: World, person: Person, { job, error }: { job: Job; error: unknown }): Promise<never> {
  const isTaken = error instanceof Problem && error.code === 'user-id-taken';
  if (isTaken && person.account === null)
    await saveAndWake(world, { ...person, account: lostAccount(job.email, 'account-exists') });
  throw error;
}
