/** One claimed call to Conscent: claim, call, record. */
import { intend } from '../lifecycle/account.ts';
import type { ConscentAnswer } from '../lifecycle/conscent-answer.ts';
import { type Instant, plusSeconds } from '../lifecycle/effective-date.ts';
import { causeOf } from '../lifecycle/judge.ts';
import { mayCall, type Pause, probing } from '../lifecycle/pause.ts';
import { letGo, type Person, record } from '../lifecycle/person.ts';
import type { World } from '../lifecycle/ports.ts';
import type { CallStep } from '../lifecycle/step.ts';
import { recordAnswer } from './record-answer.ts';

/** On whose behalf a call is made. */
export interface Caller {
  /** The id of the probe of a pause that the call is. */
  probe?: string | null;
  /** The token's name, where an operator asked for it. */
  by?: string;
}

/** What came of a call. */
interface Called {
  answer: ConscentAnswer | null;
  person: Person | null;
}

/**
 * Claims a person, makes the call and records the answer. The claim and the intent are one write, so that no call is ever made that the
 * ledger does not know of.
 * @returns the answer where it did what was asked, else `null`; and the person as stored then, whose account says what is known.
 * @throws Conflict when the person was changed since they were read; no call was made then.
 */
export async function callOnce(
  world: World,
  person: Person,
  step: CallStep,
  { probe = null, by }: Caller = {},
): Promise<Called> {
  const { settings, clock, monitor } = world;
  const until = plusSeconds(clock.now(), settings.claimSeconds);
  const claim = { id: world.newId(), until };
  // Noted before the call: a worker that dies over it does not come to say how late the leaver is.
  const leavingSince = person.leavingSince ?? (step.kind === 'revoke' ? clock.now() : null);
  const claimed = { ...person, claim, claims: person.claims + 1, account: intend(person.account, step), leavingSince };
  // What an operator asked for is in the history even if the worker dies over it.
  const intended = by ? record(claimed, { at: clock.now(), what: `${step.kind} asked for`, by }) : claimed;
  const jobId = causeOfCall(world, person, step);
  const saved = await world.people.save(intended, { at: until, isLeaver: step.kind === 'revoke' });
  // A worker that was frozen here must not call with a claim that somebody else may hold by the time the answer comes.
  if (plusSeconds(clock.now(), settings.callSeconds) >= until)
    return { answer: null, person: await giveBack(world, person, saved) };
  const answer = await call(world, person, step);
  monitor.info('Conscent answered', { personId: person.id, step: step.kind, answer: answer.kind });
  monitor.count(`conscent.${answer.kind}`);
  const recorded = { personId: person.id, claimId: claim.id, step, answer, jobId, probe, ...(by && { by }) };
  const isDone = answer.kind === 'created' || answer.kind === 'updated';
  return { answer: isDone ? answer : null, person: await recordAnswer(world, recorded, saved) };
}

/** Makes the coming call the one probe of a pause whose time has come. @throws Conflict when somebody else was faster. */
export async function takeProbe(world: World, pause: Pause, now: Instant): Promise<{ probe: string }> {
  const probe = world.newId();
  await world.pause.set(probing(pause, now, { probe, leaseSeconds: world.settings.claimSeconds }), pause);
  return { probe };
}

/**
 * Makes a call that an operator asked for, as the probe of a pause whose time has come.
 * @returns as `callOnce`; `paused` while nobody may call.
 * @throws Conflict when the person was changed since they were read, or somebody else probes.
 */
export async function callForOperator(
  world: World,
  person: Person,
  step: CallStep,
  by: string,
): Promise<ConscentAnswer | 'paused' | null> {
  const now = world.clock.now();
  const pause = await world.pause.get();
  if (pause && mayCall(pause, now) === 'wait') return 'paused';
  const turn = pause ? await takeProbe(world, pause, now) : {};
  return (await callOnce(world, letGo(person, world.settings.refusesDuplicates), step, { ...turn, by })).answer;
}

function causeOfCall({ policy, settings, clock }: World, person: Person, step: CallStep): string | null {
  if (step.kind === 'password') return null;
  return causeOf(step.kind, { person, policy, defaultZone: settings.defaultZone, now: clock.now() });
}

function giveBack(world: World, person: Person, { version, claims }: Person): Promise<Person> {
  return world.people.save({ ...person, version, claims }, { at: world.clock.now(), isLeaver: true });
}

function call(world: World, { account }: Person, step: CallStep): Promise<ConscentAnswer> {
  if (step.kind === 'create') return world.conscent.create(step.email, step.access);
  // No other step is made without an id.
  return world.conscent.update(account?.userId ?? '', step);
}
