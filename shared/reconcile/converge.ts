/** Closes the difference between what a person should hold now and what Conscent last acknowledged, one claimed call at a time. */
import { type Instant, plusSeconds } from '../lifecycle/effective-date.ts';
import { lookAgainAt, mayCall } from '../lifecycle/pause.ts';
import { type Attempt, foldPerson, letGo, type Person, viewAt } from '../lifecycle/person.ts';
import { plan } from '../lifecycle/plan.ts';
import { Conflict, type World } from '../lifecycle/ports.ts';
import { lastIntervalSeconds } from '../lifecycle/retry.ts';
import { endOf } from '../lifecycle/snapshot.ts';
import { type CallStep, type Step, stepKey } from '../lifecycle/step.ts';
import { callOnce, takeProbe } from './call.ts';
import { isStoppedByGuard } from './guard.ts';

const MAX_STEPS = 6;
const MAX_CLAIMS = 5;

/** A person for whom nothing is left to do at that instant. Who goes on from here must use the same instant: a later one may ask for more. */
export interface Converged {
  person: Person;
  now: Instant;
}

/**
 * Plans and calls until nothing is left to do now. Answers the person as then stored, with `attempt` saying why a difference remains;
 * `null` while somebody else holds the claim, who will look again before letting go.
 * @param known the person as stored; for somebody who never was there is nothing to do.
 * @throws Conflict when the person was changed meanwhile.
 */
export async function converge(world: World, known: Person): Promise<Converged | null> {
  let stored: Person | null = known;
  let failed: string | null = null;
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const now = world.clock.now();
    if (!stored || stored.version === 0 || isClaimed(stored, now)) return null;
    const free = letGo(stored, world.settings.refusesDuplicates);
    const step = planFor(free, world, now);
    // Who was released was released for that loss, and for no other.
    const person = step.kind === 'revoke' ? free : { ...free, isReleased: false };
    const settled = whyNotNow(world, person, step, now);
    if (settled) return { person: settled, now };
    // What has just failed is not tried again at once, however soon it is due: first its jobs are told.
    if (step.kind === 'nothing' || step.kind === 'stuck' || stepKey(step) === failed) return { person, now };
    const turn = await takeTurn(world, person, step, now);
    if ('error' in turn) return { person: waitFor(person, step, turn), now };
    const called = await callOnce(world, person, step, turn);
    stored = called.person;
    // Only what was written down as failed has: a call may not have been made, or its answer may have come after the claim ran out.
    failed = called.answer ? null : (stored?.attempt?.step ?? null);
  }
  throw new Conflict();
}

function isClaimed({ claim }: Person, now: Instant): boolean {
  return claim !== null && claim.until > now;
}

function planFor(person: Person, world: World, now: Instant): Step {
  const folded = foldPerson(person, world.settings.defaultZone);
  const { desired, email, employment } = viewAt(folded, world.policy, now);
  return plan({ account: person.account, desired, email, endedAt: endOf(employment), now });
}

/** The person with the reason why the step cannot be taken now, or `null` where it can. */
function whyNotNow(world: World, person: Person, step: Step, now: Instant): Person | null {
  const key = stepKey(step);
  if (step.kind === 'nothing') return { ...person, attempt: null, claims: 0 };
  if (step.kind === 'stuck')
    return { ...person, claims: 0, attempt: { step: key, failures: 0, error: step.code, nextAt: null } };
  if (isWaiting(person, key, now)) return person;
  if (person.claims < MAX_CLAIMS) return null;
  // A leaver is never given up.
  const nextAt = step.kind === 'revoke' ? lastRetry(world, now) : null;
  return { ...person, claims: 0, attempt: { step: key, failures: MAX_CLAIMS, error: 'no-outcome', nextAt } };
}

/** Whoever waits for an operator to let writes go on asks again at every look: it may have been done. */
function isWaiting({ attempt }: Person, key: string, now: Instant): boolean {
  if (attempt?.step !== key || attempt.error === 'writes-paused') return false;
  return attempt.nextAt === null || attempt.nextAt > now;
}

function lastRetry({ settings, random }: World, now: Instant): Instant {
  return plusSeconds(now, lastIntervalSeconds(settings.retrySchedule, { failures: MAX_CLAIMS, random: random() }));
}

/** Asks the guard, then the pause. Waiting uses up no attempt. */
async function takeTurn(world: World, person: Person, step: CallStep, now: Instant): Promise<Turn> {
  const pause = await world.pause.get();
  if (pause && mayCall(pause, now) === 'wait') return { error: pause.reason, nextAt: lookAgainAt(pause, now) };
  if (await isStoppedByGuard(world, person, step)) return { error: 'held', nextAt: null };
  return pause ? takeProbe(world, pause, now) : { probe: null };
}

/** Leave to call: as the probe of a pause, or as anybody; or why not, and when to look again. */
type Turn = { probe: string | null } | Pick<Attempt, 'error' | 'nextAt'>;

function waitFor(person: Person, step: CallStep, why: Pick<Attempt, 'error' | 'nextAt'>): Person {
  const key = stepKey(step);
  const failures = person.attempt?.step === key ? person.attempt.failures : 0;
  return { ...person, attempt: { step: key, failures, ...why } };
}
