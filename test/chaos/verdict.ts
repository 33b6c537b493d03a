/** The verdict on a run: what must hold at its end, by DESIGN §3 and by nothing of the code under test. */

import type { SandboxUser } from '../../infra/local/conscent-accounts.ts';
import type { Person } from '../../shared/lifecycle/person.ts';
import { ask, type Said } from '../lifecycle/oracle.ts';
import { flagsOf } from './conscent.ts';
import { jobFaults } from './job-verdict.ts';
import type { Machine } from './machine.ts';
import { addressAt } from './oracle-address.ts';
import { type Character, numberOf } from './people.ts';
import { readAccessPolicy } from './policy.ts';
import { type Evidence, saidOf } from './testimony.ts';

const ZONE = 'UTC';

/** Something that must not be, and about whom. */
export interface Fault {
  who: Character | null;
  what: string;
}

/** Somebody, as the verdict sees them. */
interface Case {
  who: Character;
  saids: Said[];
  users: SandboxUser[];
  person: Person | undefined;
  machine: Machine;
  evidence: Evidence;
  now: number;
}

/** Everything that is wrong at the end of a run. */
export function faultsOf(machine: Machine, characters: readonly Character[], evidence: Evidence): Fault[] {
  const now = machine.time.wall();
  const users = machine.conscent.users();
  const ofPeople = characters.flatMap((who) => {
    const person = evidence.books.personOf(who.email);
    const own = users.filter(({ email }) => numberOf(email) === who.number);
    const one: Case = { who, saids: saidOf(who, evidence), users: own, person, machine, evidence, now };
    return faultsOfOne(one).map((what) => ({ who, what }));
  });
  const missing = machine.tally.missing().map((kind) => ({ who: null, what: `never happened: ${kind}` }));
  return [...jobFaults(machine, evidence), ...ofPeople, ...missing];
}

function faultsOfOne(one: Case): string[] {
  const { saids, now } = one;
  const { access } = ask(saids, readAccessPolicy(), ZONE, new Date(now).toISOString());
  return [...doubles(one), ...(isLinked(one) ? linkedFaults(one, access) : strandedFaults(one, access))];
}

/** No second create had an effect; a user more than that is a second account. */
function doubles({ who, users, machine }: Case): string[] {
  const created = machine.conscent.calls.filter(
    ({ method, email, isDone }) => method === 'POST' && isDone && numberOf(email) === who.number,
  );
  return created.length > 1 || users.length > 1
    ? [`has ${users.length} accounts, made by ${created.length} calls`]
    : [];
}

/** Whether a call of ours can reach them, and no person was asked to do something first. */
function isLinked({ person }: Case): boolean {
  return person?.account?.state !== 'unlinked' && !(person?.attempt && person.attempt.nextAt === null);
}

type Access = ReturnType<typeof ask>['access'];

function linkedFaults({ users, saids, now }: Case, access: Access): string[] {
  const [user] = users;
  if (access === 'unknown') return [];
  const held = flagsOf(user);
  if (access === 'none') return held.length > 0 ? [`should hold nothing and holds ${held.join(' ')}`] : [];
  if (!user) return [`should hold ${access.permissions.join(' ')} and has no account`];
  const email = addressAt(saids, ZONE, now);
  return [
    ...(held.join() === access.permissions.join()
      ? []
      : [`holds ${held.join(' ')} and not ${access.permissions.join(' ')}`]),
    ...(access.roles.includes(user.role) ? [] : [`is ${user.role} and not ${access.roles.join(' or ')}`]),
    ...(user.email === email ? [] : [`is called ${user.email} and not ${email}`]),
  ];
}

/** Whoever cannot be reached was struck by something that explains it, and where they should hold nothing that was alarmed. */
function strandedFaults(one: Case, access: Access): string[] {
  const { person, users, machine } = one;
  const unexplained = isExplained(one) ? [] : [`is ${person?.account?.state} for no reason`];
  const holds = users.some((user) => flagsOf(user).length > 0);
  const isUnlinked = person?.account?.state === 'unlinked';
  if (access !== 'none' || !(holds || isUnlinked)) return unexplained;
  const codes = isUnlinked ? ['unlinked-leaver'] : ['leaver-not-revoked', 'held'];
  const isAlarmed = machine.output.alarms.some(({ personId, code }) => personId === person?.id && codes.includes(code));
  return isAlarmed
    ? unexplained
    : [...unexplained, `is a leaver, ${isUnlinked ? 'unlinked' : 'with permissions'}, and nobody was told`];
}

/** A call about them was made, or a worker died that may have made one: rules 7 and 8 know no other way to lose sight of an account. */
function isExplained({ who, person, machine, evidence: { accepted } }: Case): boolean {
  const own = accepted.filter(({ happening }) => happening.who === who).map(({ jobId }) => jobId);
  const isCalled = machine.conscent.calls.some(({ email }) => numberOf(email) === who.number);
  return isCalled || machine.chronicle.hasDeath(new Set([person?.id ?? '', ...own]));
}
