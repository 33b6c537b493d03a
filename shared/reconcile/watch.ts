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
/** Jobs are read this many at a time. */
const PAGE = 100;

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
  const isLate = (job: Job) => isLateLeavers(job, since);
  const failing = (['needs-attention', 'retrying'] as const).map((status) => someOf(world, status, isLate, since));
  const failed = (await Promise.all(failing)).flat().map(({ jobId }) => jobId);
  monitor.count('leavers.late', new Set([...overdue, ...(await people.lateLeavers(since)), ...failed]).size);
  const isAsking = (job: Job) => isAskedOfSomebody(job, plusSeconds(now, -ASKED_FOR_SECONDS));
  monitor.count('jobs.needs-attention', (await someOf(world, 'needs-attention', isAsking, null)).length);
  const stop = await pause.get();
  monitor.count('pause.operator', stop && isOperators(stop) ? 1 : 0);
  monitor.count('pause.conscent', stop && (stop.under || !isOperators(stop)) ? 1 : 0);
}

/**
 * Of the jobs of a status those that are meant, newest first; of many, some. However many others there are, they hide none.
 * @param after leaves out what was received since; a place in the list begins with its instant.
 */
async function someOf(
  world: World,
  status: JobStatus,
  isMeant: (job: Job) => boolean,
  after: Instant | null,
): Promise<Job[]> {
  const { jobs, next } = await world.jobs.list({ status }, { after, limit: PAGE });
  const meant = jobs.filter(isMeant);
  return meant.length > 0 || next === null ? meant : someOf(world, status, isMeant, next);
}
