/** Writes down what Conscent answered: on the account, on the job that asked, and where it concerns everybody, as the pause. */
import { acknowledge, type CallResult, linkedAccount } from '../lifecycle/account.ts';
import type { ConscentAnswer } from '../lifecycle/conscent-answer.ts';
import { type Instant, plusSeconds } from '../lifecycle/effective-date.ts';
import type { JobErrorCode } from '../lifecycle/errors.ts';
import { isOperators, lookAgainAt, type Pause, pauseAfter, type Verdict } from '../lifecycle/pause.ts';
import { type Attempt, type OpenJob, type Person, record } from '../lifecycle/person.ts';
import { untilFirst, untilFirstFrom, type World } from '../lifecycle/ports.ts';
import { lastIntervalSeconds, retryDelaySeconds } from '../lifecycle/retry.ts';
import { type CallStep, stepKey } from '../lifecycle/step.ts';

/** How long a call waits that was told to wait, where nobody else could be told. */
const UNWRITTEN_PAUSE_SECONDS = 60;
const UNANSWERED_PASSWORD_SECONDS = 60;

/** A call that was made under a claim. */
export interface Call {
  personId: string;
  claimId: string;
  step: CallStep;
  answer: ConscentAnswer;
  /** The job it was made for. */
  jobId: string | null;
  /** The id of the probe of a pause that it was. */
  probe: string | null;
  /** The token's name, where an operator asked for it. */
  by?: string;
}

/**
 * Records an answer, and answers the person as then stored. Where facts have been added meanwhile the person is read again; the account is
 * ours while the claim is.
 * @param claimed the person as the claim was written.
 */
export async function recordAnswer(world: World, call: Call, claimed: Person): Promise<Person | null> {
  const { answer, step } = call;
  if (answer.kind === 'created' && answer.userId) await reserveUserId(world, answer.userId, call);
  const pause = await keepPause(world, call);
  const readAgain = () => world.people.get(call.personId);
  return untilFirstFrom<Person | null, Person | null>(claimed, readAgain, async (person) => {
    if (!person) return null;
    const now = world.clock.now();
    const { claim } = person;
    const isOurs = claim?.id === call.claimId;
    const next = isOurs ? withAnswer(world, person, call, { now, pause }) : withLateId(person, call);
    // The claim's wake stands: whoever dies before they have settled is looked at when it would have run out, and no index is written.
    const at = isOurs ? claim.until : now;
    return next ? world.people.save(next, { at, isLeaver: step.kind === 'revoke' }) : person;
  });
}

/** The claim ran out before the answer came. An id is kept all the same: without it nobody could ever revoke. */
function withLateId(person: Person, { answer, step }: Call): Person | null {
  const id = answer.kind === 'created' ? answer.userId : undefined;
  if (!id || step.kind !== 'create' || person.account?.userId) return null;
  return { ...person, account: linkedAccount(id, step.email) };
}

interface Moment {
  now: Instant;
  pause: Pause | null;
}

function withAnswer(world: World, person: Person, call: Call, { now, pause }: Moment): Person {
  const { step, answer, jobId, by } = call;
  if (!person.account) return person;
  const repeatsCreate = world.settings.refusesDuplicates;
  const { account, result } = acknowledge(person.account, step, answer, { now, repeatsCreate });
  const isDone = 'done' in result;
  const open = person.open.map((job) => (job.jobId === jobId ? withResult(job, result, callsOf(answer)) : job));
  const what = isDone ? doneAs(step, result.done) : `${step.kind} failed: ${result.failed}`;
  const after = { ...person, account, open, claim: null, claims: 0 };
  // A password is nobody's plan: it leaves what is planned, and how often that has failed, as it is.
  if (step.kind === 'password') {
    // One that was never answered may still land, and would take the place of the next.
    const mayLand = answer.kind === 'silence' || answer.kind === 'unknown-answer';
    const passwordAfter = mayLand ? plusSeconds(now, UNANSWERED_PASSWORD_SECONDS) : null;
    return record({ ...after, passwordAfter }, { at: now, what, ...(by && { by }) });
  }
  const attempt = isDone ? null : attemptAfter(world, person, call, result, { now, pause });
  return record(
    { ...after, attempt, isReleased: person.isReleased && !isDone, policyHash: world.policy.hash },
    { at: now, what },
  );
}

function doneAs({ kind }: CallStep, done: string): string {
  return kind === 'password' ? 'password set' : done;
}

function withResult({ outcome, ...job }: OpenJob, result: CallResult, calls: number): OpenJob {
  const attempts = job.attempts + calls;
  // Of several calls for one job the first names the outcome; one that fails takes it back.
  return 'done' in result ? { ...job, attempts, outcome: outcome ?? result.done } : { ...job, attempts };
}

/** `attempts` counts calls to Conscent (DESIGN §3, rule 10): what was not sent for want of our own secret is none. */
function callsOf(answer: ConscentAnswer): number {
  return answer.kind === 'unavailable' && answer.because ? 0 : 1;
}

type Failed = Extract<CallResult, { failed: string }>;

function attemptAfter(world: World, person: Person, call: Call, failed: Failed, { now, pause }: Moment): Attempt {
  const { step } = call;
  const key = stepKey(step);
  const before = person.attempt?.step === key ? person.attempt.failures : 0;
  const error = failed.failed;
  // Whoever is stopped is alarmed when they are settled, which comes next, or is woken for.
  if (failed.next === 'stop') return { step: key, failures: before + 1, error, nextAt: null };
  if (failed.next === 'pause') return { step: key, failures: before, ...waitFor(pause, error, now) };
  const failure = { failures: before + 1, retryAfterSeconds: failed.retryAfterSeconds, random: world.random() };
  const seconds = retryDelaySeconds(world.settings.retrySchedule, failure);
  if (seconds !== null) return { step: key, failures: failure.failures, error, nextAt: plusSeconds(now, seconds) };
  if (step.kind !== 'revoke')
    return { step: key, failures: failure.failures, error: 'retries-exhausted', nextAt: null };
  world.monitor.alarm('leaver-not-revoked', { ...subject(call), reason: error, attempts: failure.failures });
  const again = lastIntervalSeconds(world.settings.retrySchedule, failure);
  return { step: key, failures: failure.failures, error, nextAt: plusSeconds(now, again) };
}

/** Until when a call waits that was told to, and why: an operator may have stopped everything meanwhile. */
function waitFor(pause: Pause | null, error: JobErrorCode, now: Instant): Pick<Attempt, 'error' | 'nextAt'> {
  if (pause === null) return { error, nextAt: plusSeconds(now, UNWRITTEN_PAUSE_SECONDS) };
  return { error: isOperators(pause) ? pause.reason : error, nextAt: lookAgainAt(pause, now) };
}

/**
 * What holds for all calls after this answer, where it says anything of that. An answer is never lost over it: the record is there for the
 * calls to come.
 */
async function keepPause(world: World, call: Call): Promise<Pause | null> {
  const { answer, probe } = call;
  const refusal = refusalOf(answer);
  if (refusal === null && probe === null) return null;
  try {
    return await untilFirst(async () => {
      const pause = await world.pause.get();
      const moment = { now: world.clock.now(), schedule: world.settings.retrySchedule, random: world.random() };
      const next = pauseAfter(pause, { probe, refusal }, moment);
      if (next !== pause) await world.pause.set(next, pause);
      if (refusal) world.monitor.alarm(refusal.reason, { ...subject(call), count: next?.failures ?? 0 });
      return next;
    });
  } catch {
    world.monitor.count('pause.unwritten');
    return null;
  }
}

function refusalOf(answer: ConscentAnswer): Verdict['refusal'] {
  if (answer.kind === 'unauthorized') return { reason: 'conscent-unauthorized' };
  if (answer.kind === 'throttled') return { reason: 'conscent-throttled', retryAfterSeconds: answer.retryAfterSeconds };
  return null;
}

/** Keeps the id from being linked to anybody else. The answer is never lost over it. */
async function reserveUserId(world: World, userId: string, call: Call): Promise<void> {
  const { personId } = call;
  try {
    await world.people.point({ kind: 'userId', userId }, personId, null);
  } catch {
    const [holder = null] = await world.people.find([{ kind: 'userId', userId }]).catch(() => []);
    if (holder === null) world.monitor.count('user-id.unreserved');
    else if (holder !== personId) world.monitor.alarm('user-id-repeated', subject(call));
  }
}

/** Whom and what an alarm is about. */
function subject({ personId, jobId }: Call): { personId: string; jobId?: string } {
  return { personId, ...(jobId !== null && { jobId }) };
}
