/**
 * What the sweep sees in the ledger once a minute and says as numbers. Unlike an alarm that is raised once, a number is there for as long as
 * what it says is so: alarms made of these stay on until it is over.
 */
import { type Instant, plusSeconds } from '../lifecycle/effective-date.ts';
import { isLateLeavers, type JobStatus } from '../lifecycle/job.ts';
import { isOperators } from '../lifecycle/pause.ts';
import type { Due, World } from '../lifecycle/ports.ts';

/** From when on a leaver who still has access is late. */
const LATE_AFTER_SECONDS = 15 * 60;
/** More jobs than this in need of a person, or failing, are not counted, because each is read for it. */
const COUNTED_JOBS = 100;

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
  const { people, jobs, pause, monitor } = world;
  const since = plusSeconds(now, -LATE_AFTER_SECONDS);
  const overdue = due.filter(({ isLeaver, at }) => isLeaver && at <= since).map(({ id }) => id);
  const listed = (status: JobStatus) => jobs.list({ status }, { after: null, limit: COUNTED_JOBS });
  const [stopped, retrying] = await Promise.all([listed('needs-attention'), listed('retrying')]);
  const failed = [...stopped.jobs, ...retrying.jobs].filter((job) => isLateLeavers(job, since));
  const late = [...overdue, ...(await people.lateLeavers(since)), ...failed.map(({ jobId }) => jobId)];
  monitor.count('leavers.late', new Set(late).size);
  monitor.count('jobs.needs-attention', stopped.jobs.length);
  const stop = await pause.get();
  monitor.count('pause.operator', stop && isOperators(stop) ? 1 : 0);
  monitor.count('pause.conscent', stop && (stop.under || !isOperators(stop)) ? 1 : 0);
}
