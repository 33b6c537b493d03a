/** From job to fact: what an accepted event says is added to the person it is about. */

import { compact, fits } from '../lifecycle/compaction.ts';
import { jobError } from '../lifecycle/errors.ts';
import { effectiveFrom, employmentOnly, type Fact, factOf } from '../lifecycle/fact.ts';
import { isFinished, type Job, type JobNews, tell } from '../lifecycle/job.ts';
import { addFact, type Person } from '../lifecycle/person.ts';
import { untilFirst, type World } from '../lifecycle/ports.ts';
import { correlate, follow } from './correlate.ts';

/**
 * Adds a job's fact to its person and answers the person's id, or `null` where there is nothing more to do. Repeating it changes nothing:
 * the fact carries the job's id.
 */
export async function mergeJob(world: World, jobId: string): Promise<string | null> {
  const job = await world.jobs.get(jobId);
  if (!job?.event || isFinished(job.status)) return null;
  if (job.personId !== null) return (await follow(world, job.personId)).id;
  if (job.status === 'needs-attention') return null;
  return untilFirst(() => mergeFact(world, job));
}

async function mergeFact(world: World, job: Job): Promise<string | null> {
  if (!job.event) return null;
  const { fact } = factOf(job.event, { ...job, jobId: job.jobId });
  const id = await correlate(world, fact);
  if (id === 'conflict')
    return finish(world, { job, fact }, { status: 'needs-attention', outcome: null, error: 'identity-conflict' });
  const person = await follow(world, id);
  const added = roomFor(world, person, fact);
  if (added === 'too late') return finish(world, { job, fact }, { status: 'ignored', outcome: 'stale', error: null });
  if (added === 'too large') {
    return finish(world, { job, fact }, { status: 'needs-attention', outcome: null, error: 'person-too-large' });
  }
  if (added !== person) await world.people.save(added, { at: world.clock.now(), isLeaver: fact.employment === 'end' });
  return person.id;
}

/** The person with the fact. There is always room for an end, if for nothing else that its event says. */
function roomFor({ settings, clock }: World, person: Person, fact: Fact): Person | 'too late' | 'too large' {
  const withFact = (one: Fact) => {
    const added = addFact(person, one);
    return added && compact(added, settings.defaultZone, clock.now());
  };
  if (person.facts.some(({ id }) => id === fact.id)) return person;
  const added = withFact(fact);
  if (added === null) return 'too late';
  if (fits(added)) return added;
  return fact.employment === 'end' ? (withFact(employmentOnly(fact)) ?? 'too late') : 'too large';
}

/** Ends a job that never became a person's fact. */
async function finish(
  world: World,
  { job, fact }: { job: Job; fact: Fact },
  end: Pick<JobNews, 'status' | 'outcome' | 'error'>,
): Promise<null> {
  const now = world.clock.now();
  const news: JobNews = {
    ...end,
    attempts: 0,
    effectiveAt: effectiveFrom(fact, world.settings.defaultZone),
    nextAttemptAt: null,
    userId: null,
    detail: end.error ? jobError(end.error).detail : 'older than everything that is kept of this person',
  };
  await world.jobs.change(job.jobId, (stored) => tell(stored, news, now, world.policy.hash));
  if (end.error) world.monitor.alarm(end.error, { jobId: job.jobId, source: job.source });
  return null;
}
