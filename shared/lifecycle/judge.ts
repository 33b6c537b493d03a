/** What becomes of a person's jobs, once the person has been settled as far as is possible now; and which job a call is made for. */
import type { AccessPolicy } from './access-policy.ts';
import { sameAccess } from './desired-access.ts';
import type { Instant } from './effective-date.ts';
import { type JobErrorCode, jobError } from './errors.ts';
import { compareFacts, type Fact, jobIdOf, subjectsOf } from './fact.ts';
import type { FoldResult } from './fold.ts';
import type { JobNews, JobStatus, Outcome } from './job.ts';
import { foldPerson, needsPerson, type OpenJob, type Person, type View, viewAt } from './person.ts';
import { boundaries } from './snapshot.ts';
import type { CallStep } from './step.ts';

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
  const fact = mainFact(open, person.facts);
  const effectiveAt = open.folded?.effectiveAt ?? folded.effectiveAt[fact?.id ?? ''] ?? now;
  const base = {
    attempts: open.attempts,
    effectiveAt,
    nextAttemptAt: null,
    error: null,
    userId: person.account?.userId ?? null,
  };
  const finish = (outcome: Outcome, detail = detailOf(outcome, person)): JobNews => ({
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

  if (open.isCancelled) return wait('cancelled', 'withdrawn by an operator');
  if (!fact && !open.folded) return finish('stale', 'older than everything that is kept of this person');
  if (open.outcome) return finish(open.outcome);
  const attention = fact && attentionTo(fact, folded, judgement);
  if (attention) return wait('needs-attention', jobError(attention).detail, { error: attention });
  const voided = fact && voidedAs(fact, open, judgement, folded);
  if (voided) return finish(voided);
  if (effectiveAt > now) return wait('scheduled', `waits for ${effectiveAt}`);
  if (person.attempt) return waitForAttempt(person.attempt, wait);
  if ((fact ?? open.folded)?.type !== 'offboard' && person.account === null) return finish('no-access');
  return finish('unchanged');
}

/** What a job is judged by. A record may state a start and an end; its job is about what was the news of it. */
function mainFact({ jobId, type }: OpenJob, facts: readonly Fact[]): Fact | undefined {
  const own = facts.filter((fact) => jobIdOf(fact) === jobId);
  return own.find((fact) => (fact.type === 'offboard') === (type === 'offboard')) ?? own[0];
}

/** Why a fact needs a person, unless everything it speaks of has been spoken of again. */
function attentionTo(fact: Fact, folded: FoldResult, { person, policy }: Judgement): JobErrorCode | undefined {
  const { attention } = folded;
  if (isOutdated(fact, person.facts, folded)) return undefined;
  const profile = fact.grant?.profile;
  const isUnknown = profile !== undefined && !Object.hasOwn(policy.profiles, profile);
  return attention[fact.id] ?? (isUnknown ? 'unknown-profile' : undefined);
}

/** What became of a fact that makes no difference to access any more. */
function voidedAs(
  fact: Fact,
  { status }: OpenJob,
  judgement: Judgement,
  folded: FoldResult,
): 'stale' | 'superseded' | undefined {
  if (matters(fact, judgement)) return undefined;
  if (isOutdated(fact, judgement.person.facts, folded) && status !== 'scheduled') return 'stale';
  const facts = judgement.person.facts.filter((other) => compareFacts(other, fact) <= 0);
  const then = { ...judgement, person: { ...judgement.person, facts } };
  const isVoid = matters(fact, then) || (matters(fact, then, sameLife) && !matters(fact, judgement, sameLife));
  return isVoid ? 'superseded' : undefined;
}

function waitForAttempt(
  attempt: NonNullable<Person['attempt']>,
  wait: (status: JobStatus, detail: string, more: Partial<JobNews>) => JobNews,
): JobNews {
  const { error, nextAt } = attempt;
  if (error === 'held' || error === 'writes-paused') return wait('held', jobError(error).detail, { error });
  const status = needsPerson(attempt) ? 'needs-attention' : 'retrying';
  return wait(status, jobError(error).detail, { error, nextAttemptAt: nextAt });
}

/** What an outcome means for this person. */
function detailOf(outcome: Outcome, { account }: Person): string {
  if (outcome === 'created' && account?.state === 'unlinked')
    return 'Conscent created the account but did not say its userId. Link it: PUT /people/{email}/account';
  if (outcome === 'unchanged' && account === null) return 'there is no account, so there is nothing to take away';
  return OUTCOME_DETAILS[outcome];
}

const OUTCOME_DETAILS: Record<Outcome, string> = {
  created: 'Conscent created the account',
  updated: 'Conscent updated the account',
  revoked: 'Conscent took every permission away and has a password nobody knows',
  unchanged: 'Conscent already holds exactly this',
  stale: 'something newer was already known',
  superseded: 'something newer made it void',
  'no-access': 'nothing gives access now, and there is no account',
  unsupported: 'the event asks for nothing',
};

function finalStatus(outcome: Outcome): JobStatus {
  return outcome === 'created' || outcome === 'updated' || outcome === 'revoked' || outcome === 'unchanged'
    ? 'succeeded'
    : 'ignored';
}

/** Whether everything a fact speaks of has been spoken of again since. */
function isOutdated(fact: Fact, facts: readonly Fact[], { news }: FoldResult): boolean {
  const isNewer = (other: Fact) => compareFacts(fact, other) < 0 && jobIdOf(other) !== jobIdOf(fact);
  const newer = facts.filter(isNewer).map((other) => news[other.id] ?? other);
  return subjectsOf(news[fact.id] ?? fact).every((subject) =>
    newer.some((other) => subjectsOf(other).includes(subject)),
  );
}

type Same = (a: View, b: View, hasAccount: boolean) => boolean;

const sameView: Same = (a, b) => a.email === b.email && sameAccess(a.desired, b.desired);
const sameLife: Same = (a, b, hasAccount) => sameView(a, b, hasAccount) && a.employment.state === b.employment.state;
const sameHolding: Same = (a, b, hasAccount) =>
  [a, b].every((view) => holdsNothing(view, hasAccount)) || sameView(a, b, hasAccount);

/** Without an account there is nothing to take away, and whoever holds nothing is never renamed. */
function holdsNothing({ desired }: View, hasAccount: boolean): boolean {
  return desired === 'none' || (desired === 'unknown' && !hasAccount);
}

/** What all facts say, and what they would say without one. */
function withAndWithout(fact: Fact, { person, defaultZone }: Judgement): [all: FoldResult, rest: FoldResult] {
  return [foldPerson(person, defaultZone), foldPerson(person, defaultZone, ({ id }) => id === fact.id)];
}

/** Whether access, or the address (or whatever else is asked for), would be another from now on without the fact. */
function matters(fact: Fact, judgement: Judgement, isSame: Same = sameHolding): boolean {
  const { person, policy, now } = judgement;
  const [all, rest] = withAndWithout(fact, judgement);
  const instants = [now, ...boundaries(all, now), ...boundaries(rest, now)];
  const hasAccount = person.account !== null;
  return instants.some((at) => !isSame(viewAt(all, policy, at), viewAt(rest, policy, at), hasAccount));
}

/** Whether a call of this kind would carry something else now without the fact. */
function changesCall(kind: CallStep['kind'], fact: Fact, judgement: Judgement): boolean {
  const { policy, now } = judgement;
  const [all, rest] = withAndWithout(fact, judgement);
  const [one, other] = [viewAt(all, policy, now), viewAt(rest, policy, now)];
  return kind === 'rename' ? one.email !== other.email : !sameAccess(one.desired, other.desired);
}

/**
 * The open job that a call is made for: of the facts in force without which the call would carry something else now, the newest that speaks
 * of what the call is about (an onboard for a create, an offboard for a revoke); else the newest without which anything would be another,
 * else the newest in force.
 */
export function causeOf(kind: Exclude<CallStep['kind'], 'password'>, judgement: Judgement): string | null {
  const { person, now } = judgement;
  const wanted = { create: 'onboard', revoke: 'offboard', update: null, rename: null }[kind];
  const due = dueFacts(judgement);
  const made = due.filter((fact) => changesCall(kind, fact, judgement));
  // Of a fact that is in the base only its type is known still.
  const folded = person.open.find((job) => job.folded?.type === wanted && job.folded.effectiveAt <= now);
  const best =
    made.findLast(({ type }) => type === wanted) ??
    (folded && { id: folded.jobId }) ??
    made.at(-1) ??
    due.findLast((fact) => matters(fact, judgement)) ??
    due.at(-1);
  return best ? jobIdOf(best) : null;
}

/** The facts in force whose jobs are open, in order. */
function dueFacts({ person, defaultZone, now }: Judgement): Fact[] {
  const { effectiveAt, attention } = foldPerson(person, defaultZone);
  const isDue = ({ id }: Fact) => (effectiveAt[id] ?? now) <= now && !attention[id];
  return person.facts.filter((fact) => isDue(fact) && person.open.some(({ jobId }) => jobId === jobIdOf(fact)));
}
