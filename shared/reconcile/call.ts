/** One claimed call to Conscent: claim, call, record. */
import { intend } from '../lifecycle/account.ts';
import { plusSeconds } from '../lifecycle/effective-date.ts';
import { causeOf } from '../lifecycle/judge.ts';
import type { Person } from '../lifecycle/person.ts';
import type { CallStep } from '../lifecycle/plan.ts';
import type { ConscentAnswer, World } from '../lifecycle/ports.ts';
import { recordAnswer } from './record-answer.ts';

/** On whose behalf a call is made. */
export interface Caller {
  /** The id of the probe of a pause that the call is. */
  probe?: string | null;
  /** The token's name, where an operator asked for it. */
  by?: string;
}

/**
 * Claims a person, makes the call and records the answer. The claim and the intent are one write, so that no call is ever made that the
 * ledger does not know of.
 * @returns the answer where it did what was asked, else `null`; the person's account says what is known then.
 * @throws Conflict when the person was changed since they were read; no call was made then.
 */
export async function callOnce(
  world: World,
  person: Person,
  step: CallStep,
  { probe = null, by }: Caller = {},
): Promise<ConscentAnswer | null> {
  const { settings, clock, monitor } = world;
  const until = plusSeconds(clock.now(), settings.claimSeconds);
  const claim = { id: world.newId(), until };
  const intended = { ...person, claim, claims: person.claims + 1, account: intend(person.account, step) };
  const jobId = causeOfCall(world, person, step);
  const saved = await world.people.save(intended, { at: until, isLeaver: step.kind === 'revoke' });
  // A worker that was frozen here must not call with a claim that somebody else may hold by the time the answer comes.
  if (plusSeconds(clock.now(), settings.callSeconds) >= until) return giveBack(world, person, saved);
  const answer = await call(world, person, step);
  monitor.info('Conscent answered', { personId: person.id, step: step.kind, answer: answer.kind });
  monitor.count(`conscent.${answer.kind}`);
  await recordAnswer(world, { personId: person.id, claimId: claim.id, step, answer, jobId, probe, ...(by && { by }) });
  return answer.kind === 'created' || answer.kind === 'updated' ? answer : null;
}

function causeOfCall({ policy, settings, clock }: World, person: Person, step: CallStep): string | null {
  if (step.kind === 'password') return null;
  return causeOf(step.kind, { person, policy, defaultZone: settings.defaultZone, now: clock.now() });
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
