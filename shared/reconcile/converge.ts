/** Closes the difference between what a person should hold now and what Conscent last acknowledged, one claimed call at a time. */
import { unansweredIntent } from '../lifecycle/account.ts';
import type { JobErrorCode } from '../lifecycle/errors.ts';
import { lookAgainAt, mayCall, probing } from '../lifecycle/pause.ts';
import { foldPerson, type Person, viewAt } from '../lifecycle/person.ts';
import { type CallStep, plan, type Step, stepKey } from '../lifecycle/plan.ts';
import { Conflict, type Instant, type World } from '../lifecycle/ports.ts';
import { callOnce } from './call.ts';
import { isStoppedByGuard } from './guard.ts';

const MAX_STEPS = 6;
const MAX_CLAIMS = 5;

/**
 * Plans and calls until nothing is left to do now. Answers the person as then stored, with `attempt` saying why a difference remains;
 * `null` while somebody else holds the claim, who will look again before letting go.
 * @throws Conflict when the person was changed meanwhile.
 */
export async function converge(world: World, id: string): Promise<Person | null> {
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const stored = await world.people.get(id);
    const now = world.clock.now();
    if (!stored || isClaimed(stored, now)) return null;
    const person = letGo(stored, world);
    const step = planFor(person, world, now);
    const waiting = whyNotNow(person, step, now);
    if (waiting) return waiting;
    if (step.kind === 'nothing' || step.kind === 'stuck') return person;
    const paused = await whilePaused(world, person, step, now);
    if (paused) return paused;
    if (await isStoppedByGuard(world, person, step)) return waitUntil(person, step, { error: 'held', nextAt: null });
    await callOnce(world, person, step);
  }
  throw new Conflict();
}

function isClaimed({ claim }: Person, now: Instant): boolean {
  return claim !== null && claim.until > now;
}

/** A claim that ran out belonged to a worker that died: its call counts as unanswered. */
function letGo(person: Person, world: World): Person {
  if (person.claim === null) return person;
  const { account } = person;
  const unanswered = account?.intent ? unansweredIntent(account, world.settings.refusesDuplicates) : account;
  return { ...person, claim: null, account: unanswered };
}

function planFor(person: Person, world: World, now: Instant): Step {
  const folded = foldPerson(person, world.settings.defaultZone);
  const { desired, email } = viewAt(folded, world.policy, now);
  return plan({ account: person.account, desired, email, now });
}

/** The person with the reason why the step cannot be taken now, or `null` where it can. */
function whyNotNow(person: Person, step: Step, now: Instant): Person | null {
  const key = stepKey(step);
  if (step.kind === 'nothing') return { ...person, attempt: null, claims: 0, isReleased: false };
  if (step.kind === 'stuck')
    return { ...person, claims: 0, attempt: { step: key, failures: 0, error: step.code, nextAt: null } };
  const { attempt } = person;
  if (attempt?.step === key && (attempt.nextAt === null || attempt.nextAt > now)) return person;
  if (person.claims < MAX_CLAIMS) return null;
  return { ...person, claims: 0, attempt: { step: key, failures: MAX_CLAIMS, error: 'no-outcome', nextAt: null } };
}

/** Nobody calls while calls pause, except one probe at a time. Waiting uses up no attempt. */
async function whilePaused(world: World, person: Person, step: CallStep, now: Instant): Promise<Person | null> {
  const pause = await world.pause.get();
  if (pause === null) return null;
  const may = mayCall(pause, now);
  if (may === 'probe') await world.pause.set(probing(pause, now, world.settings.claimSeconds), pause);
  if (may !== 'wait') return null;
  return waitUntil(person, step, { error: pause.reason, nextAt: lookAgainAt(pause, now) });
}

function waitUntil(person: Person, step: CallStep, why: { error: JobErrorCode; nextAt: Instant | null }): Person {
  const key = stepKey(step);
  const failures = person.attempt?.step === key ? person.attempt.failures : 0;
  return { ...person, attempt: { step: key, failures, ...why } };
}
