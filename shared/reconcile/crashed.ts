/**
 * Wake-ups that no worker survives. Whatever ends a worker (an error, its time-out, its memory) it cannot tell; but SQS says how often it has
 * handed a message out, so the last worker to get it writes down, before it tries, what the ledger is to say should it die too:
 *
 *   receive 1 … 4: try ─ receive 5: mark, try ─▶ the dead-letter queue; the job is `needs-attention`, `crashed`, its next wake an hour later
 */
import { type Instant, plusSeconds } from '../lifecycle/effective-date.ts';
import { crashed, type Job, mayEnd } from '../lifecycle/job.ts';
import { crashedPerson, foldPerson, losesAccess, type Person, viewAt } from '../lifecycle/person.ts';
import { untilFirst, type WakeUp, type World } from '../lifecycle/ports.ts';
import { CRASHED_AGAIN_SECONDS } from '../lifecycle/retry.ts';
import { follow } from './correlate.ts';

/** After so many receives SQS moves a message to the dead-letter queue: `maxReceiveCount` of infra/queues.yml. */
export const MAX_RECEIVES = 5;

/** Marks the job of a wake-up, or its person and their open jobs, as what crashes each time, and alarms. What works after all takes it back. */
export async function markCrashed(world: World, wakeUp: WakeUp): Promise<void> {
  if ('personId' in wakeUp) return markPerson(world, wakeUp.personId);
  const job = await world.jobs.get(wakeUp.jobId);
  if (!job) return;
  const isOwn = job.personId === null || job.finishedAt != null;
  return isOwn ? markJob(world, job) : markPerson(world, job.personId ?? '');
}

async function markJob(world: World, { jobId, source }: Job): Promise<void> {
  const { now, nextAt } = instants(world);
  const job = await world.jobs.change(jobId, (stored) => crashed(stored, now, nextAt));
  world.monitor.alarm('crashed', { jobId, source });
  if (job?.error?.code === 'crashed' && mayEnd(job))
    world.monitor.alarm('leaver-not-revoked', { jobId, reason: 'crashed' });
}

async function markPerson(world: World, id: string): Promise<void> {
  const { now, nextAt } = instants(world);
  const person = await untilFirst(async () => {
    const stored = await follow(world, id);
    // Whoever holds the claim is at work, and alive.
    if (stored.version === 0 || (stored.claim && stored.claim.until > now)) return null;
    // Nobody will come to settle them: how late a leaver is counts from here, unless it is known better.
    const leavingSince = stored.leavingSince ?? (isLeaver(world, stored, now) ? now : null);
    return world.people.save({ ...crashedPerson(stored, nextAt), leavingSince }, { at: nextAt, isLeaver: true });
  });
  if (!person) return;
  for (const { jobId } of person.open) await world.jobs.change(jobId, (job) => crashed(job, now, nextAt));
  const jobId = person.open[0]?.jobId;
  const who = { personId: person.id, ...(jobId && { jobId }) };
  world.monitor.alarm('crashed', who);
  if (person.leavingSince !== null) world.monitor.alarm('leaver-not-revoked', { ...who, reason: 'crashed' });
}

function instants({ clock }: World): { now: Instant; nextAt: Instant } {
  const now = clock.now();
  return { now, nextAt: plusSeconds(now, CRASHED_AGAIN_SECONDS) };
}

/** Where this cannot even be found out, they count as one. */
function isLeaver({ policy, settings }: World, person: Person, now: Instant): boolean {
  try {
    return losesAccess(person, viewAt(foldPerson(person, settings.defaultZone), policy, now).desired);
  } catch {
    return true;
  }
}
