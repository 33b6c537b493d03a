/**
 * What the sweep sees in the ledger once a minute and says as numbers. Unlike an alarm that is raised once, a number is there for as long as
 * what it says is so: alarms made of these stay on until it is over.
 */
import { plusSeconds } from '../lifecycle/effective-date.ts';
import { isOperators } from '../lifecycle/pause.ts';
import type { Due, Instant, World } from '../lifecycle/ports.ts';

/** From when on a leaver who still has access is late. */
const LATE_AFTER_SECONDS = 15 * 60;
/** More jobs than this in need of a person are not counted, because each is read for it. */
const COUNTED_JOBS = 100;

/** How long the longest overdue wake has been due. */
export function watchWakes({ monitor }: World, due: readonly Due[], now: Instant): void {
  const oldest = due.map(({ at }) => at).sort()[0] ?? now;
  monitor.time('wakes.overdue', (Date.parse(now) - Date.parse(oldest)) / 1000);
}

/** @param due the people whose wake is due: a leaver whom nobody has looked at for so long is as late as one with whom it has failed. */
export async function watchLedger(world: World, due: readonly Due[], now: Instant): Promise<void> {
  const { people, jobs, pause, monitor } = world;
  const since = plusSeconds(now, -LATE_AFTER_SECONDS);
  const overdue = due.filter(({ isLeaver, at }) => isLeaver && at <= since).map(({ id }) => id);
  const late = new Set([...overdue, ...(await people.lateLeavers(since))]);
  monitor.count('leavers.late', late.size);
  const { jobs: open } = await jobs.list({ status: 'needs-attention' }, { after: null, limit: COUNTED_JOBS });
  monitor.count('jobs.needs-attention', open.length);
  const stop = await pause.get();
  monitor.count('pause.operator', stop && isOperators(stop) ? 1 : 0);
  monitor.count('pause.conscent', stop && (stop.under || !isOperators(stop)) ? 1 : 0);
}
