/** Conscent is down for a day, or for two: everything waits, then converges by itself, leavers first; a revoke is never given up. */
import { type Books, readBooks } from './books.ts';
import { flagsOf } from './conscent.ts';
import { type Machine, machineOf } from './machine.ts';
import { numberOf } from './people.ts';
import { playUntil } from './play.ts';
import { BEARER } from './secrets.ts';
import { Shift } from './shift.ts';
import { HOUR, MINUTE } from './stories.ts';

/** The sweep comes every minute; here it is late, so that many are due at once. What is due within a quarter of an hour the queue brings. */
const SWEEP_MS = 15 * MINUTE;
/** How many join, move and leave while it is down. */
const EACH = 8;
/** The longest interval of the retry schedule, with its jitter: by then everybody has tried again. */
const LONGEST_WAIT_MS = 18 * HOUR;

const KINDS = ['joiner', 'mover', 'leaver'] as const;
type Kind = (typeof KINDS)[number];

/** What came of an outage. */
export interface Outage {
  /** How many of each kind Conscent holds right by then, how many jobs succeeded, and how many wait for a person who was told. */
  kinds: Record<Kind, { right: number; succeeded: number; told: number }>;
  /** Whether anything was done while it was down. */
  effectsWhileDown: number;
  /** Of the calls that were made within a minute of one another once it was well: how many for others came before one for a leaver. */
  overtaken: number;
  /** How long the last one took, once it was well again. */
  lastMs: number;
  machine: Machine;
}

/** Plays an outage of so many hours. */
export async function playOutage({ hours, seed }: { hours: number; seed: number }): Promise<Outage> {
  const environment = { GUARD_LIMIT: '100' };
  const machine = await machineOf({ seed, refusesDuplicates: false, isCalm: true, environment });
  const shift = new Shift(machine);
  shift.deathRate = 0;
  // So that the order in which the sweep wakes can be seen in the calls.
  machine.isOrderly = true;
  const everybody = Array.from({ length: EACH * KINDS.length }, (_, number) => number);
  for (const number of everybody.filter((one) => kindOf(one) !== 'joiner'))
    post(shift, { type: 'onboard', person: person(number, 'Finance') });
  await live(machine, shift, 10 * MINUTE);
  machine.conscent.isDown = true;
  const before = machine.conscent.effects.length;
  for (const number of everybody) post(shift, eventOf(number));
  await live(machine, shift, hours * HOUR);
  const effectsWhileDown = machine.conscent.effects.length - before;
  machine.conscent.isDown = false;
  const wellAt = machine.time.now();
  await live(machine, shift, LONGEST_WAIT_MS);
  return { ...judge(machine, await readBooks(machine), wellAt), effectsWhileDown, machine };
}

function kindOf(number: number): Kind {
  return KINDS[number % KINDS.length] ?? 'joiner';
}

function person(number: number, department: string) {
  return { email: `p${number}@paper.example`, department };
}

function eventOf(number: number): object {
  if (kindOf(number) === 'leaver') return { type: 'offboard', person: { email: `p${number}@paper.example` } };
  return { type: kindOf(number) === 'joiner' ? 'onboard' : 'change', person: person(number, 'Growth') };
}

function post(shift: Shift, event: object): void {
  const headers = { ...BEARER, 'content-type': 'application/json' };
  shift.ask('events', { route: 'POST /events', headers, body: JSON.stringify(event) }, () => {});
}

async function live(machine: Machine, shift: Shift, ms: number): Promise<void> {
  const end = machine.time.now() + ms;
  while (machine.time.now() < end) {
    const next = Math.min(machine.time.now() + SWEEP_MS, end);
    shift.sweep();
    await playUntil(machine, shift, next);
    machine.time.moveTo(next);
  }
}

function judge(machine: Machine, books: Books, wellAt: number): Omit<Outage, 'machine' | 'effectsWhileDown'> {
  const { conscent } = machine;
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, countsOf(machine, books, kind)])) as Outage['kinds'];
  const calls = conscent.calls.filter(({ at }) => at >= wellAt);
  const isLeavers = ({ email }: { email: string }) => kindOf(numberOf(email)) === 'leaver';
  const first = new Map(calls.toReversed().map((call) => [call.email, call]));
  const firsts = [...first.values()].sort((a, b) => a.at - b.at);
  const overtaken = firsts.filter(
    (call, index) =>
      isLeavers(call) && firsts.slice(0, index).some((other) => !isLeavers(other) && isSameSweep(other, call)),
  );
  const last = firsts.at(-1)?.at ?? wellAt;
  return { kinds, overtaken: overtaken.length, lastMs: last - wellAt };
}

function isSameSweep(a: { at: number }, b: { at: number }): boolean {
  return Math.abs(a.at - b.at) < MINUTE;
}

function countsOf({ conscent, output }: Machine, { jobs }: Books, kind: Kind): Outage['kinds'][Kind] {
  const own = [...jobs.values()].filter((job) => kindOf(numberOf(job.email ?? '')) === kind);
  const last = own.filter(({ type }) => kind === 'joiner' || type !== 'onboard');
  const users = conscent.users().filter(({ email }) => kindOf(numberOf(email)) === kind);
  const isTold = (personId: string | null) => output.alarms.some((alarm) => alarm.personId === personId);
  return {
    right: users.filter((user) => (kind === 'leaver' ? flagsOf(user).length === 0 : flagsOf(user).includes('journey')))
      .length,
    succeeded: last.filter(({ status }) => status === 'succeeded').length,
    told: last.filter(({ status, personId }) => status === 'needs-attention' && isTold(personId)).length,
  };
}
