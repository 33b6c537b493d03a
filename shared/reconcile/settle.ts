/** Tells a person's jobs what became of them, and notes when to look again. */
import { isFinished, type JobNews, judgeJobs, tell } from '../lifecycle/job.ts';
import { foldPerson, losesAccess, nextWake, type OpenJob, type Person, viewAt } from '../lifecycle/person.ts';
import type { Instant, World } from '../lifecycle/ports.ts';

// SQS: DelaySeconds is at most 15 minutes. What is due later is the sweep's.
const MAX_DELAY_SECONDS = 900;

/**
 * Settles a person. Jobs first, the person last: until the person is written the open jobs are still there to be told again.
 * @throws Conflict when the person was changed meanwhile.
 */
export async function settle(world: World, person: Person): Promise<void> {
  const { policy, settings } = world;
  const now = world.clock.now();
  const news = judgeJobs({ person, policy, defaultZone: settings.defaultZone, now });
  for (const [jobId, item] of news) await tellJob(world, person, jobId, item);
  const open = person.open.flatMap((job) => stillOpen(job, news.get(job.jobId)));
  const settled = { ...person, open, policyHash: policy.hash };
  const wake = nextWake(settled, policy, settings.defaultZone, now);
  await world.people.save(settled, wake);
  watch(world, settled);
  if (wake) await wakeSoon(world, person.id, wake.at, now);
}

async function tellJob(world: World, person: Person, jobId: string, news: JobNews): Promise<void> {
  const now = world.clock.now();
  let isNews = false;
  const job = await world.jobs.change(jobId, (stored) => {
    const email = stored.email ?? viewAt(foldPerson(person, world.settings.defaultZone), world.policy, now).email;
    isNews = stored.status !== news.status;
    return { ...tell(stored, news, now, world.policy.hash), personId: person.id, email };
  });
  if (!job || !isNews) return;
  world.monitor.info('Job settled', {
    jobId,
    source: job.source,
    status: job.status,
    outcome: job.outcome ?? '',
    attempts: job.attempts,
  });
  world.monitor.count(`outcome.${job.outcome ?? job.status}`);
  const isPersons = news.error !== null && news.error === person.attempt?.error;
  if (job.status === 'needs-attention' && !isPersons)
    world.monitor.alarm(news.error ?? 'needs-attention', { jobId, source: job.source });
}

function stillOpen({ outcome, ...job }: OpenJob, news: JobNews | undefined): OpenJob[] {
  return news && !isFinished(news.status) ? [{ ...job, status: news.status }] : [];
}

/** Somebody who is stuck is alarmed whether or not a job waits for it; a leaver whom no call can reach is the loudest alarm there is. */
function watch(world: World, person: Person): void {
  const { attempt, open } = person;
  const jobId = open[0]?.jobId;
  // Of those who are held the sweep speaks, once a window and of all together.
  if (attempt?.error === 'held') return;
  if (attempt?.nextAt === null) world.monitor.alarm(attempt.error, { personId: person.id, ...(jobId && { jobId }) });
  const { desired } = viewAt(foldPerson(person, world.settings.defaultZone), world.policy, world.clock.now());
  if (!losesAccess(person, desired)) return;
  if (person.account?.userId === null) world.monitor.alarm('unlinked-leaver', { personId: person.id });
  else if (person.attempt?.nextAt === null)
    world.monitor.alarm('leaver-not-revoked', { personId: person.id, code: person.attempt.error });
}

async function wakeSoon(world: World, personId: string, at: Instant, now: Instant): Promise<void> {
  const seconds = Math.max(Math.ceil((Date.parse(at) - Date.parse(now)) / 1000), 1);
  if (seconds > MAX_DELAY_SECONDS) return;
  // Lost, it costs a minute: the sweep has the same wake.
  await world.queue.send({ personId }, seconds).catch(() => world.monitor.count('queue.unavailable'));
}
