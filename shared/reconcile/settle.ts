/** Tells a person's jobs what became of them, and notes when to look again. */

import type { Instant } from '../lifecycle/effective-date.ts';
import { isFinished, type Job, type JobNews, tell } from '../lifecycle/job.ts';
import { judgeJobs } from '../lifecycle/judge.ts';
import {
  foldPerson,
  losesAccess,
  needsPerson,
  nextWake,
  type OpenJob,
  type Person,
  viewAt,
} from '../lifecycle/person.ts';
import { MAX_DELAY_SECONDS, type World } from '../lifecycle/ports.ts';
import type { Converged } from './converge.ts';
import { wakeForReply } from './reply.ts';

/**
 * Settles a person, as of the instant they converged at: what came due since is a wake that has passed, and looked at at once.
 * Jobs first, the person last: until the person is written the open jobs are still there to be told again.
 * @param read the job that led here, as it was last read or written.
 * @throws Conflict when the person was changed meanwhile.
 */
export async function settle(world: World, { person, now }: Converged, read?: Job): Promise<void> {
  const { policy, settings } = world;
  const news = judgeJobs({ person, policy, defaultZone: settings.defaultZone, now });
  for (const [jobId, item] of news)
    await tellJob(world, { person, now }, item, read?.jobId === jobId ? { jobId, read } : { jobId });
  const open = person.open.flatMap((job) => stillOpen(job, news.get(job.jobId)));
  const { desired } = viewAt(foldPerson(person, settings.defaultZone), policy, now);
  const leavingSince = losesAccess(person, desired) ? (person.leavingSince ?? now) : null;
  const after = { ...person, open, policyHash: policy.hash, leavingSince };
  const wake = nextWake(after, policy, settings.defaultZone, now);
  // Alarms before the write: whoever is stuck may have no wake after it, and a worker that died in between would have told nobody.
  watch(world, after);
  await world.people.save({ ...after, wakeAt: wake?.at ?? null }, wake);
  // A wake that was there before has its message already; two would become four.
  if (wake && wake.at !== person.wakeAt) await wakeSoon(world, person.id, wake.at);
}

async function tellJob(
  world: World,
  { person, now }: Converged,
  news: JobNews,
  { jobId, read }: { jobId: string; read?: Job },
): Promise<void> {
  let isNews = false;
  const open = person.open.find((one) => one.jobId === jobId);
  const job = await world.jobs.change(
    jobId,
    (stored) => {
      const email = stored.email ?? viewAt(foldPerson(person, world.settings.defaultZone), world.policy, now).email;
      isNews = stored.status !== news.status;
      const type = stored.type ?? open?.type ?? null;
      return { ...tell(stored, news, now, world.policy.hash), personId: person.id, email, type };
    },
    read,
  );
  if (!job) return;
  alarmOf(world, job, { news, person, open });
  if (!isNews) return;
  await wakeForReply(world, job);
  const { source, status, outcome, attempts } = job;
  world.monitor.info('Job settled', { jobId, source, status, outcome: outcome ?? '', attempts });
  world.monitor.count(`outcome.${outcome ?? status}`);
  timeChange(world, job);
}

/**
 * A job that needs a person is alarmed once; what is the person's is watched with them. What was told before is as the person has it, who is
 * written last: the job may have been written by a worker that died before it could say so.
 */
function alarmOf(
  { monitor }: World,
  { jobId, source, status }: Job,
  { news, person, open }: { news: JobNews; person: Person; open: OpenJob | undefined },
): void {
  const isPersons = news.error !== null && news.error === person.attempt?.error;
  if (status !== 'needs-attention' || open?.status === status || isPersons) return;
  monitor.alarm(news.error ?? 'needs-attention', { jobId, source });
}

const CHANGES = ['created', 'updated', 'revoked'];

/** What a date in the future makes one wait for is no slowness of ours. */
function timeChange({ clock, monitor }: World, { outcome, receivedAt, effectiveAt }: Job): void {
  if (outcome === null || !CHANGES.includes(outcome)) return;
  const from = effectiveAt !== null && effectiveAt > receivedAt ? effectiveAt : receivedAt;
  monitor.time('accepted.changed', Math.max(Date.parse(clock.now()) - Date.parse(from), 0) / 1000);
}

function stillOpen({ outcome, ...job }: OpenJob, news: JobNews | undefined): OpenJob[] {
  return news && !isFinished(news.status) ? [{ ...job, status: news.status }] : [];
}

/** Somebody who is stuck is alarmed whether or not a job waits for it; a leaver whom no call can reach is the loudest alarm there is. */
function watch(world: World, person: Person): void {
  const { attempt, open } = person;
  const jobId = open[0]?.jobId;
  const about = { personId: person.id, ...(jobId && { jobId }) };
  // Of those who are held the sweep speaks, once a window and of all together.
  if (attempt?.error === 'held') return;
  const isStuck = attempt !== null && needsPerson(attempt);
  if (isStuck) world.monitor.alarm(attempt.error, about);
  // No job says so to whoever lists those that need attention.
  if (isStuck && !jobId) world.monitor.count('person.stuck');
  if (person.leavingSince === null) return;
  if (person.account?.userId === null) world.monitor.alarm('unlinked-leaver', about);
  else if (isStuck) world.monitor.alarm('leaver-not-revoked', { ...about, reason: attempt.error });
}

async function wakeSoon(world: World, personId: string, at: Instant): Promise<void> {
  const seconds = Math.max(Math.ceil((Date.parse(at) - Date.parse(world.clock.now())) / 1000), 1);
  if (seconds > MAX_DELAY_SECONDS) return;
  // Lost, it costs a minute: the sweep has the same wake.
  await world.queue.send({ personId }, seconds).catch(() => world.monitor.count('queue.unavailable'));
}
