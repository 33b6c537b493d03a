/** One claimed call to Conscent: claim, call, record. */
import { intend } from '../lifecycle/account.ts';
import { plusSeconds } from '../lifecycle/effective-date.ts';
import { causeOf } from '../lifecycle/job.ts';
import type { Person } from '../lifecycle/person.ts';
import type { CallStep } from '../lifecycle/plan.ts';
import type { ConscentAnswer, World } from '../lifecycle/ports.ts';
import { recordAnswer } from './record-answer.ts';

/**
 * Claims a person, makes the call and records the answer. The claim and the intent are one write, so that no call is ever made that the
 * ledger does not know of.
 * @param by the token's name, where an operator asked for it.
 * @returns Conscent's answer; `null` where too little of the claim was left to make the call.
 * @throws Conflict when the person was changed since they were read; no call was made then.
 */
export async function callOnce(
  world: World,
  person: Person,
  step: CallStep,
  by?: string,
): Promise<ConscentAnswer | null> {
  const { settings, clock, monitor } = world;
  const now = clock.now();
  const until = plusSeconds(now, settings.claimSeconds);
  const claim = { id: world.newId(), until };
  const jobId = causeOfCall(world, person, step, now);
  const intended = { ...person, claim, claims: person.claims + 1, account: intend(person.account, step) };
  const saved = await world.people.save(intended, { at: until, isLeaver: step.kind === 'revoke' });
  // A worker that was frozen here must not call with a claim that somebody else may hold by the time the answer comes.
  if (plusSeconds(clock.now(), settings.callSeconds) >= until) return giveBack(world, person, saved);
  const answer = await call(world, person, step);
  monitor.info('Conscent answered', { personId: person.id, step: step.kind, answer: answer.kind });
  monitor.count(`conscent.${answer.kind}`);
  await recordAnswer(world, { personId: person.id, claimId: claim.id, step, answer, jobId, ...(by && { by }) });
  return answer;
}

function causeOfCall({ policy, settings }: World, person: Person, step: CallStep, now: string): string | null {
  if (step.kind === 'password') return null;
  return causeOf(step.kind, { person, policy, defaultZone: settings.defaultZone, now });
}

async function giveBack(world: World, person: Person, { version, claims }: Person): Promise<null> {
  await world.people.save({ ...person, version, claims }, { at: world.clock.now(), isLeaver: true });
  return null;
}

function call(world: World, { account }: Person, step: CallStep): Promise<ConscentAnswer> {
  if (step.kind === 'create') return world.conscent.create(step.email, step.access);
  // No other step is made without an id.
  return world.conscent.update(account?.userId ?? '', step);
}
