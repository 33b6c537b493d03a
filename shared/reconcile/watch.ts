/**
 * What the sweep sees in the ledger once a minute and says as numbers. Unlike an alarm that is raised once, a number is there for as long as
 * what it says is so: alarms made of these stay on until it is over.
 */
import { type Instant, plusSeconds } from '../lifecycle/effective-date.ts';
import { isAskedOfSomebody, isLateLeavers, type Job, type JobStatus } from '../lifecycle/job.ts';
import { isOperators } from '../lifecycle/pause.ts';
import type { Due, World } from '../lifecycle/ports.ts';

/** From when on a leaver who still has access is late. */
const LATE_AFTER_SECONDS = 15 * 60;
/** How long somebody is asked about a job that is no leaver's: one that nobody wants to try again must not hide for ever that others need it. */
const ASKED_FOR_SECONDS = 7 * 86_400;
/** DynamoDB answers 1 MB at a time at most, which is about as many. */
const PAGE = 500;

/** How long the longest overdue wake has been due. */
export function watchWakes({ monitor }: World, due: readonly Due[], now: Instant): void {
  const oldest = due.map(({ at }) => at).sort()[0] ?? now;
  monitor.time('wakes.overdue', (Date.parse(now) - Date.parse(oldest)) / 1000);
}

/**
 * Numbers of who waits, and of what stops them. A job that is not known to be its person's yet may count beside them.
 * @param due whatever has a wake that is due: a leaver whom nobody has looked at for so long is as late as one with whom it has failed.
 */
export async function watchLedger(world: World, due: readonly Due[], now: Instant): Promise<void> {
  const { people, pause, monitor } = world;
  const since = plusSeconds(now, -LATE_AFTER_SECONDS);
  const overdue = due.filter(({ isLeaver, at }) => isLeaver && at <= since).map(({ id }) => id);
  const [stopped, retrying] = await Promise.all([everyJob(world, 'needs-attention'), everyJob(world, 'retrying')]);
  const failed = [...stopped, ...retrying].filter((job) => isLateLeavers(job, since)).map(({ jobId }) => jobId);
  monitor.count('leavers.late', new Set([...overdue, ...(await people.lateLeavers(since)), ...failed]).size);
  const asked = stopped.filter((job) => isAskedOfSomebody(job, plusSeconds(now, -ASKED_FOR_SECONDS)));
  monitor.count('jobs.needs-attention', asked.length);
  const stop = await pause.get();
  monitor.count('pause.operator', stop && isOperators(stop) ? 1 : 0);
  monitor.count('pause.conscent', stop && (stop.under || !isOperators(stop)) ? 1 : 0);
}

/** Every job of a status, because one of a leaver may stand behind however many others. */
async function everyJob(world: World, status: JobStatus, after: string | null = null): Promise<Job[]> {
  const { jobs, next } = await world.jobs.list({ status }, { after, limit: PAGE });
  return next === null ? jobs : [...jobs, ...(await everyJob(world, status, next))];
}
