/** The crash matrix: the worker is killed before and after every touch of the world, for create, update and revoke; the sweep alone makes it good. */
import type { Job } from '../../shared/lifecycle/job.ts';
import { type Books, readBooks } from './books.ts';
import { flagsOf } from './conscent.ts';
import { type Machine, machineOf } from './machine.ts';
import { numberOf } from './people.ts';
import { playUntil } from './play.ts';
import { BEARER } from './secrets.ts';
import { jobIn } from './senders.ts';
import { Shift } from './shift.ts';
import { HOUR, MINUTE } from './stories.ts';
import type { Death } from './workers.ts';

export const COLUMNS = ['create', 'update', 'revoke'] as const;
export type Column = (typeof COLUMNS)[number];

/**
 * How a killed worker's work came to its end.
 * - `once`: by itself, with one call that had an effect.
 * - `again`: by itself; the call was sent once more, for nobody could know.
 * - `told`: an account may exist, nobody can know, and a person was told.
 * - `LOST`: none of these.
 */
export type Ending = 'once' | 'again' | 'told' | 'LOST';

/** One cell: where the worker died, and what became of it. */
export interface Cell {
  column: Column;
  /** The touch it died at: `settle: write the job`. */
  touch: string;
  when: Death['when'];
  ending: Ending;
}

/** The parts of the road (reconcile.ts): each ends with a write of the person. */
const PARTS = ['merge', 'plan', 'call', 'settle'];
const WRITE = 'write the person';
const CLAIM = 'claim the person';
const SECRET = 'read a secret';

let attempts = 0;

interface Attempt {
  column: Column;
  number: number;
  death: Death | null;
  /** Whether no secret is kept. */
  isCold: boolean;
  jobId: string;
  trail: readonly string[];
}

/** Plays every cell, each about somebody of their own. */
export async function playMatrix(): Promise<{ cells: Cell[]; machine: Machine }> {
  const environment = { GUARD_LIMIT: '100000' };
  const machine = await machineOf({ seed: 1, refusesDuplicates: false, isCalm: true, environment });
  const shift = new Shift(machine);
  shift.deathRate = 0;
  const dying: Attempt[] = [];
  for (const isCold of [false, true])
    for (const column of COLUMNS)
      for (const death of await deathsIn(machine, shift, { column, isCold }))
        dying.push(await attempt(machine, shift, { column, isCold, death }));
  await sweepFor(machine, shift, 3 * HOUR);
  const books = await readBooks(machine);
  return { cells: dying.map((one) => cellOf(machine, books, one)), machine };
}

/** Every touch of a worker that lives. Of one that finds no secret kept, only that it reads it. */
async function deathsIn(machine: Machine, shift: Shift, way: Pick<Attempt, 'column' | 'isCold'>): Promise<Death[]> {
  // The first one reads what the second one finds kept.
  await attempt(machine, shift, { ...way, death: null });
  const { trail } = await attempt(machine, shift, { ...way, death: null });
  return trail.flatMap((what, index) => {
    if (way.isCold && what !== SECRET) return [];
    return (['before', 'after'] as const).map((when) => ({ touch: index + 1, when }));
  });
}

/** Lets one worker do its work, and die where it is to die. Its message is lost with it. */
async function attempt(
  machine: Machine,
  shift: Shift,
  { column, death, isCold }: Pick<Attempt, 'column' | 'death' | 'isCold'>,
): Promise<Attempt> {
  const number = ++attempts;
  // Who died over a secret has it read still, as far as the process knows that all share here.
  if (isCold) await playUntil(machine, shift, machine.time.now() + 30_000);
  const email = `p${number}@paper.example`;
  if (column !== 'create') await post(machine, shift, eventOf('create', email));
  const jobId = await withoutQueue(machine, () => post(machine, shift, eventOf(column, email)));
  // No secret is kept for so long: it is read again.
  if (isCold) machine.time.moveTo(machine.time.now() + 6 * MINUTE);
  const { trail } = await withoutQueue(machine, async () => {
    const worker = shift.reconcile(JSON.stringify({ jobId }), Number.POSITIVE_INFINITY, death);
    await settle(machine, shift);
    return worker;
  });
  return { column, death, isCold, number, jobId, trail };
}

function eventOf(column: Column, email: string): object {
  if (column === 'create') return { type: 'onboard', person: { email, department: 'Finance' } };
  return column === 'update'
    ? { type: 'change', person: { email, department: 'Growth' } }
    : { type: 'offboard', person: { email } };
}

/** Whatever is sent to the queue meanwhile is lost. */
async function withoutQueue<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  const { enqueue } = machine;
  machine.enqueue = () => {};
  try {
    return await work();
  } finally {
    machine.enqueue = enqueue;
  }
}

async function post(machine: Machine, shift: Shift, event: object): Promise<string> {
  let jobId = '';
  const headers = { ...BEARER, 'content-type': 'application/json' };
  shift.ask('events', { route: 'POST /events', headers, body: JSON.stringify(event) }, (answer) => {
    jobId = jobIn(answer) ?? '';
  });
  await settle(machine, shift);
  return jobId;
}

/** Until nobody has anything to do within the next moments. */
async function settle(machine: Machine, shift: Shift): Promise<void> {
  await playUntil(machine, shift, machine.time.now() + 200);
}

async function sweepFor(machine: Machine, shift: Shift, ms: number): Promise<void> {
  const end = machine.time.now() + ms;
  for (let at = machine.time.now(); at < end; at += MINUTE) {
    shift.sweep();
    await playUntil(machine, shift, at + MINUTE);
    machine.time.moveTo(at + MINUTE);
  }
}

const WANTED: Record<Column, string[]> = {
  create: ['payments', 'subscriptionPlan', 'billing', 'taxation', 'export'],
  update: ['paywallBuilder', 'popUpBuilder', 'newsLetterBuilder', 'meterBannerBuilder', 'audienceSegment', 'journey'],
  revoke: [],
};

function cellOf(machine: Machine, books: Books, { column, number, death, jobId, trail }: Attempt): Cell {
  const { touch = 0, when = 'before' } = death ?? {};
  return {
    column,
    touch: named(trail, touch - 1),
    when,
    ending: endingOf(machine, books.jobs.get(jobId), { column, number }),
  };
}

/** A touch by the part of the road it belongs to, what it is, and, of several of a kind there, which. */
function named(trail: readonly string[], index: number): string {
  const touches: string[] = [];
  let part = 0;
  for (const what of trail.slice(0, index + 1)) {
    touches.push(`${PARTS[part]}: ${what}`);
    const isOver = what === (PARTS[part] === 'plan' ? CLAIM : WRITE);
    if (isOver) part = Math.min(part + 1, PARTS.length - 1);
  }
  const touch = touches.at(-1) ?? '';
  const before = touches.filter((one) => one === touch).length;
  return before === 1 ? touch : `${touch} (${before})`;
}

function endingOf(
  { conscent, output }: Machine,
  job: Job | undefined,
  { column, number }: Pick<Attempt, 'column' | 'number'>,
): Ending {
  const isTheirs = ({ email }: { email: string }) => numberOf(email) === number;
  const users = conscent.users().filter(isTheirs);
  const calls = conscent.calls.filter(isTheirs).length - (column === 'create' ? 0 : 1);
  const isRight = users.length === 1 && flagsOf(users[0]).toSorted().join() === WANTED[column].toSorted().join();
  if (job?.status === 'succeeded' && isRight) return calls === 1 ? 'once' : 'again';
  const isTold = output.alarms.some(({ personId, code }) => personId === job?.personId && code === 'account-unlinked');
  const isUnlinked = job?.status === 'needs-attention' && job.error?.code === 'account-unlinked';
  return column === 'create' && isUnlinked && isTold && users.length < 2 ? 'told' : 'LOST';
}
