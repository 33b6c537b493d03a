/** The job: the ledger's record of one accepted event, and the rules that say what became of it. */
import type { AccessPolicy } from './access-policy.ts';
import { sameAccess } from './desired-access.ts';
import { type JobError, type JobErrorCode, jobError } from './errors.ts';
import type { CanonicalEvent, EventType } from './event.ts';
import { type Authority, compareFacts, type Fact, subjectsOf } from './fact.ts';
import { boundaries, type FoldResult } from './fold.ts';
import { foldPerson, type OpenJob, type Person, viewAt } from './person.ts';
import type { Instant } from './ports.ts';

/** Where a job may stand (DESIGN: "Job"). */
export const JOB_STATUSES = [
  'queued',
  'scheduled',
  'retrying',
  'held',
  'needs-attention',
  'succeeded',
  'ignored',
  'cancelled',
] as const;

/** Where a job stands. */
export type JobStatus = (typeof JOB_STATUSES)[number];

/** What a finished job came to. */
export type Outcome =
  | 'created'
  | 'updated'
  | 'revoked'
  | 'unchanged'
  | 'stale'
  | 'superseded'
  | 'no-access'
  | 'unsupported';

/** What was accepted, less the names: Conscent has no field for them, so they are not kept. */
export type StoredEvent = Omit<CanonicalEvent, 'person'> & {
  person: Omit<CanonicalEvent['person'], 'firstName' | 'lastName'>;
};

export interface Job {
  jobId: string;
  version: number;
  source: string;
  deliveryId: string;
  type: EventType | null;
  email: string | null;
  reference: string | null;
  status: JobStatus;
  outcome: Outcome | null;
  /** Calls to Conscent made on its behalf. */
  attempts: number;
  receivedAt: Instant;
  effectiveAt: Instant | null;
  nextAttemptAt?: Instant | null;
  finishedAt?: Instant | null;
  userId?: string | null;
  error?: JobError | null;
  policyHash: string | null;
  history: { at: Instant; status: JobStatus; detail: string }[];
  /** Internal from here on. */
  event: StoredEvent | null;
  position: number;
  authority: Authority[];
  /** Hash of the request that carried it, for `Idempotency-Key`. */
  requestHash: string;
  /** Whose fact it has become. */
  personId: string | null;
}

/** What a job is told when its person has been settled. */
export interface JobNews {
  status: JobStatus;
  outcome: Outcome | null;
  attempts: number;
  effectiveAt: Instant;
  nextAttemptAt: Instant | null;
  error: JobErrorCode | null;
  userId: string | null;
  detail: string;
}

/** Whether a job has come to its end. */
export function isFinished(status: JobStatus): boolean {
  return status === 'succeeded' || status === 'ignored' || status === 'cancelled';
}

/** A job's place in every list: by when it was received, and among those of the same instant by id. It never changes. */
export function listKey({ receivedAt, jobId }: Pick<Job, 'receivedAt' | 'jobId'>): string {
  return `${receivedAt}#${jobId}`;
}

const MAX_JOB_HISTORY = 50;

/** Applies news to a job. The history grows only where something changed, so that telling twice is telling once. */
export function tell(job: Job, news: JobNews, now: Instant, policyHash: string): Job {
  if (isFinished(job.status)) return job;
  const isNew =
    job.status !== news.status || job.attempts !== news.attempts || (job.error?.code ?? null) !== news.error;
  const entry = { at: now, status: news.status, detail: news.detail };
  return {
    ...job,
    status: news.status,
    outcome: news.outcome,
    attempts: news.attempts,
    effectiveAt: news.effectiveAt,
    nextAttemptAt: news.nextAttemptAt,
    finishedAt: isFinished(news.status) ? now : null,
    userId: news.userId,
    error: news.error ? jobError(news.error) : null,
    policyHash,
    history: isNew ? [...job.history, entry].slice(-MAX_JOB_HISTORY) : job.history,
  };
}

/** What judging a person's jobs needs. */
export interface Judgement {
  person: Person;
  policy: AccessPolicy;
  defaultZone: string;
  now: Instant;
}

/** Judges every open job of a person who has been settled as far as is possible now. */
export function judgeJobs(judgement: Judgement): Map<string, JobNews> {
  const folded = foldPerson(judgement.person, judgement.defaultZone);
  return new Map(judgement.person.open.map((open) => [open.jobId, judge(open, folded, judgement)]));
}

function judge(open: OpenJob, folded: FoldResult, judgement: Judgement): JobNews {
  const { person, now } = judgement;
  const fact = person.facts.find(({ id }) => id === open.jobId);
  const effectiveAt = folded.effectiveAt[open.jobId] ?? now;
  const base = {
    attempts: open.attempts,
    effectiveAt,
    nextAttemptAt: null,
    error: null,
    userId: person.account?.userId ?? null,
  };
  const finish = (outcome: Outcome, detail: string): JobNews => ({
    ...base,
    status: finalStatus(outcome),
    outcome,
    detail,
  });
  const wait = (status: JobStatus, detail: string, more: Partial<JobNews> = {}): JobNews => ({
    ...base,
    status,
    outcome: null,
    detail,
    ...more,
  });

  if (!fact) return finish('stale', 'older than everything that is kept of this person');
  if (open.outcome) return finish(open.outcome, OUTCOME_DETAILS[open.outcome]);
  const attention = folded.attention[fact.id];
  if (attention && !isOutdated(fact, person.facts))
    return wait('needs-attention', jobError(attention).detail, { error: attention });
  if (!matters(fact, judgement)) {
    if (isOutdated(fact, person.facts) && open.status !== 'scheduled') return finish('stale', OUTCOME_DETAILS.stale);
    if (mattersAlone(fact, judgement)) return finish('superseded', OUTCOME_DETAILS.superseded);
  }
  if (effectiveAt > now) return wait('scheduled', `waits for ${effectiveAt}`);
  if (person.attempt) return waitForAttempt(person.attempt, wait);
  if (fact.type !== 'offboard' && person.account === null) return finish('no-access', OUTCOME_DETAILS['no-access']);
  return finish('unchanged', OUTCOME_DETAILS.unchanged);
}

function waitForAttempt(
  { error, nextAt }: NonNullable<Person['attempt']>,
  wait: (status: JobStatus, detail: string, more: Partial<JobNews>) => JobNews,
): JobNews {
  const status = nextAt === null ? 'needs-attention' : 'retrying';
  return wait(status, jobError(error).detail, { error, nextAttemptAt: nextAt });
}

const OUTCOME_DETAILS: Record<Outcome, string> = {
  created: 'Conscent created the account',
  updated: 'Conscent updated the account',
  revoked: 'Conscent took every permission away and has a password nobody knows',
  unchanged: 'Conscent already holds exactly this',
  stale: 'something newer was already known',
  superseded: 'something newer made it void',
  'no-access': 'no rule gives access, and there is no account',
  unsupported: 'the event asks for nothing',
};

function finalStatus(outcome: Outcome): JobStatus {
  return outcome === 'created' || outcome === 'updated' || outcome === 'revoked' || outcome === 'unchanged'
    ? 'succeeded'
    : 'ignored';
}

/** Whether everything a fact speaks of has been spoken of again since. */
function isOutdated(fact: Fact, facts: readonly Fact[]): boolean {
  const newer = facts.filter((other) => compareFacts(fact, other) < 0);
  return subjectsOf(fact).every((subject) => newer.some((other) => subjectsOf(other).includes(subject)));
}

/** Whether access, or the address, would be another from now on without the fact. */
function matters(fact: Fact, judgement: Judgement): boolean {
  return differs(judgement, (other) => other.id === fact.id);
}

/** Whether it mattered when it was the newest. */
function mattersAlone(fact: Fact, judgement: Judgement): boolean {
  const facts = judgement.person.facts.filter((other) => compareFacts(other, fact) <= 0);
  return differs({ ...judgement, person: { ...judgement.person, facts } }, (other) => other.id === fact.id);
}

function differs({ person, policy, defaultZone, now }: Judgement, without: (fact: Fact) => boolean): boolean {
  const all = foldPerson(person, defaultZone);
  const rest = foldPerson(person, defaultZone, without);
  const instants = [now, ...boundaries(all, now), ...boundaries(rest, now)];
  return instants.some((at) => {
    const [one, other] = [viewAt(all, policy, at), viewAt(rest, policy, at)];
    return one.email !== other.email || !sameAccess(one.desired, other.desired);
  });
}

/**
 * The open job that a call is made for: of the facts in force without which the call would be another, the newest that speaks of what the
 * call is about (an onboard for a create, an offboard for a revoke); else the newest in force.
 */
export function causeOf(kind: 'create' | 'update' | 'rename' | 'revoke', judgement: Judgement): string | null {
  const { person, now } = judgement;
  const folded = foldPerson(person, judgement.defaultZone);
  const isDue = ({ id }: Fact) => (folded.effectiveAt[id] ?? now) <= now && !folded.attention[id];
  const due = person.facts.filter((fact) => isDue(fact) && person.open.some(({ jobId }) => jobId === fact.id));
  const made = due.filter((fact) => matters(fact, judgement));
  const wanted = { create: 'onboard', revoke: 'offboard', update: null, rename: null }[kind];
  const best = made.findLast(({ type }) => type === wanted) ?? made.at(-1) ?? due.at(-1);
  return best?.id ?? null;
}
