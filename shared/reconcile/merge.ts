/** From job to fact: what an accepted event says is added to the person it is about. */

import { compact, fits } from '../lifecycle/compaction.ts';
import { type JobErrorCode, jobError } from '../lifecycle/errors.ts';
import type { EventType } from '../lifecycle/event.ts';
import { effectiveFrom, employmentOnly, type Fact, factOf } from '../lifecycle/fact.ts';
import { isFinished, isStopped, type Job, type JobNews, type Outcome, tell } from '../lifecycle/job.ts';
import { addFacts, foldPerson, type Person } from '../lifecycle/person.ts';
import { untilFirst, type World } from '../lifecycle/ports.ts';
import { recordMember, saidBefore } from '../lifecycle/record-news.ts';
import { isUnderWay, reopened } from '../lifecycle/reopening.ts';
import { newsOfTicket, type TicketNews } from '../lifecycle/repetition.ts';
import { NOBODYS } from '../lifecycle/replay.ts';
import { correlate, follow } from './correlate.ts';
import { isLookup, lookUpFacts, type Stated } from './look-up.ts';
import { wakeForReply } from './reply.ts';

/** A person as then stored, and the job that led to them as it was last read or written. */
interface Merged {
  person: Person;
  job: Job;
}

/**
 * Adds what a job says to its person and answers both, or `null` where there is nothing more to do. Repeating it changes nothing: the facts
 * carry the job's id.
 */
export async function mergeJob(world: World, job: Job): Promise<Merged | null> {
  if (isFinished(job.status) || isStopped(job)) return null;
  if (job.personId !== null) return joined(world, job, job.personId);
  const stated = await statedBy(world, job);
  const person = stated && (await untilFirst(() => mergeFacts(world, stated)));
  return person && { person, job: stated.job };
}

/** Whoever lets go of a job has told it its end before; else they were restored from before there was such a job, and it is added anew. */
async function joined(world: World, job: Job, personId: string): Promise<Merged | null> {
  const person = await follow(world, personId);
  if (person.open.some(({ jobId }) => jobId === job.jobId)) return { person, job };
  // Written before it is merged: from here on it has a wake of its own again.
  const orphan = await world.jobs.change(job.jobId, (one) => (isFinished(one.status) ? one : { ...one, ...NOBODYS }));
  return orphan && mergeJob(world, orphan);
}

async function statedBy(world: World, job: Job): Promise<Stated | null> {
  if (isLookup(job)) return lookUpFacts(world, job);
  return job.event && { job, facts: [factOf(job.event, job).fact] };
}

async function mergeFacts(world: World, stated: Stated): Promise<Person | null> {
  const { job, facts } = stated;
  const [fact] = facts;
  if (!fact) return null;
  const person = await correlate(world, fact);
  if (person === 'conflict') return attend(world, stated, 'identity-conflict');
  const news = job.isReplayed ? 'news' : newsOf(world, person, fact);
  if (news === 'repetition') return ignore(world, stated, 'unsupported', 'its ticket has said this before');
  if (news === 'reopening') return attend(world, stated, 'ticket-reopens');
  const added = roomFor(world, person, facts);
  if (added === 'too late') return ignore(world, stated, 'stale', 'older than everything that is kept of this person');
  if (added === 'too large') return attend(world, stated, 'person-too-large');
  const isLeaver = facts.some(({ employment }) => employment === 'end');
  return added === person ? person : world.people.save(added, { at: world.clock.now(), isLeaver });
}

/** What a worker has added and died over is what it was then. */
function newsOf({ settings }: World, person: Person, fact: Fact): TicketNews {
  if (isUnderWay(person, fact)) return 'news';
  return newsOfTicket(fact, foldPerson(person, settings.defaultZone).tickets, person.withdrawn);
}

/** The person with the facts. There is always room for an end, if for nothing else that its event says. */
function roomFor({ settings, clock }: World, known: Person, facts: readonly Fact[]): Person | 'too late' | 'too large' {
  const person = reopened(known, facts);
  const type = typeOf(person, facts, settings.defaultZone);
  const withFacts = (some: readonly Fact[]) => {
    const added = addFacts(person, some, type);
    return added && compact(added, settings.defaultZone, clock.now());
  };
  if (facts.every((fact) => person.facts.some(({ id }) => id === fact.id))) return person;
  const added = withFacts(facts);
  // What is folded away already is as its open job has it.
  if (added === null) return facts.some((fact) => isUnderWay(person, fact)) ? person : 'too late';
  if (fits(added)) return added;
  const ends = facts.filter(({ employment }) => employment === 'end');
  return ends.length > 0 ? (withFacts(ends.map(employmentOnly)) ?? 'too late') : 'too large';
}

/** What a record turns out to be the news of; an event says so itself. */
function typeOf(person: Person, facts: readonly Fact[], zone: string): EventType | undefined {
  const [first] = facts;
  if (!first?.record) return undefined;
  const before = saidBefore(foldPerson(person, zone), first);
  const isNews = (fact: Fact) => {
    const member = recordMember(fact);
    return member && before[member[0]] !== member[1];
  };
  const newsOf = (kind: Fact['employment']) => facts.find((fact) => fact.employment === kind && isNews(fact));
  const [start, end] = [newsOf('start'), newsOf('end')];
  if (newsOf('withdrawal')) return 'offboard';
  // Who joins for a fixed term joins.
  if (end && (!start || effectiveFrom(end, zone) <= end.occurredAt)) return 'offboard';
  return start ? 'onboard' : 'change';
}

function ignore(world: World, stated: Stated, outcome: Outcome, detail: string): Promise<null> {
  return finish(world, stated, { status: 'ignored', outcome, error: null, detail });
}

async function attend(world: World, stated: Stated, error: JobErrorCode): Promise<null> {
  const { detail } = jobError(error);
  // Before it is written: then nothing wakes anybody for it any more, and a worker that died in between would have told nobody.
  world.monitor.alarm(error, { jobId: stated.job.jobId, source: stated.job.source });
  return finish(world, stated, { status: 'needs-attention', outcome: null, error, detail });
}

/** Ends a job that never became a person's fact. */
async function finish(
  world: World,
  { job, facts }: Stated,
  end: Pick<JobNews, 'status' | 'outcome' | 'error' | 'detail'>,
): Promise<null> {
  const now = world.clock.now();
  const [effectiveAt = now] = facts.map((fact) => effectiveFrom(fact, world.settings.defaultZone));
  const news: JobNews = { ...end, attempts: 0, effectiveAt, nextAttemptAt: null, userId: null };
  // A record that states an end is a leaver's to whoever looks at it, though it is nobody's yet.
  const type = facts.some(({ employment }) => employment === 'end') ? 'offboard' : null;
  const told = await world.jobs.change(job.jobId, (stored) => ({
    ...tell(stored, news, now, world.policy.hash),
    type: stored.type ?? type,
  }));
  if (told) await wakeForReply(world, told);
  return null;
}
