/** A run: stories are told while everything goes wrong, then it becomes calm, and what came of it is judged. */
import { readBooks } from './books.ts';
import { type Machine, machineOf, START } from './machine.ts';
import { operate } from './operator.ts';
import { charactersOf } from './people.ts';
import { playUntil } from './play.ts';
import { type Report, reportOf } from './report.ts';
import { type Accepted, sendAll } from './senders.ts';
import { CLAIM_LOST, Shift } from './shift.ts';
import { DAY, type Happening, HOUR, MINUTE, storiesOf } from './stories.ts';
import type { Evidence } from './testimony.ts';
import { faultsOf } from './verdict.ts';
import { makeWeather } from './weather.ts';

/** What a run is started with. */
export interface RunOptions {
  seed: number;
  events: number;
  people: number;
}

/** Plays a run. One a process: it takes the process's time and chance for good. */
export async function run(options: RunOptions): Promise<{ report: Report; machine: Machine }> {
  const { seed, events, people } = options;
  const machine = await machineOf({ seed, refusesDuplicates: seed % 2 === 0 });
  const shift = new Shift(machine);
  const characters = charactersOf(people);
  const happenings = storiesOf(characters, events, START + MINUTE, machine.chance.fork('stories'));
  const accepted = sendStories(machine, shift, happenings);
  const storiesEnd = happenings.at(-1)?.at ?? START;
  makeWeather(machine, START + MINUTE, storiesEnd);
  await live(machine, shift, storiesEnd);
  const books = await readBooks(machine);
  const evidence: Evidence = { accepted, told: machine.hr.told, books, jobOfWorker: shift.jobOfWorker };
  const faults = faultsOf(machine, characters, evidence);
  return { machine, report: reportOf({ options, machine, evidence, faults, characters }) };
}

/** What is accepted, which grows. */
function sendStories(machine: Machine, shift: Shift, happenings: readonly Happening[]): Accepted[] {
  const accepted: Accepted[] = [];
  sendAll(machine, shift, happenings, (one) => {
    accepted.push(one);
    const { who, told } = one.happening;
    machine.chronicle.note(`person ${who.number}`, `${told.by} is answered: ${one.jobId.slice(0, 6)}`);
  });
  machine.tally.expect('worker killed before a touch', 'worker killed after a touch', 'wake-ups reordered');
  machine.tally.expect(CLAIM_LOST);
  return accepted;
}

/** The stories with the sweep every minute; then two hours in which things still go wrong; then calm, until everything has come due. */
async function live(machine: Machine, shift: Shift, storiesEnd: number): Promise<void> {
  const troubleEnd = storiesEnd + 2 * HOUR;
  const end = storiesEnd + 4 * DAY;
  sweepEvery(machine, shift, { every: MINUTE, from: START, to: troubleEnd });
  sweepEvery(machine, shift, { every: HOUR, from: troubleEnd, to: end });
  for (let round = START + 20 * MINUTE; round < end; ) {
    await playUntil(machine, shift, round);
    if (round > troubleEnd) calm(machine, shift);
    await operate(machine, shift);
    round += round > troubleEnd ? 6 * HOUR : 20 * MINUTE;
  }
  await playUntil(machine, shift, end);
}

function calm(machine: Machine, shift: Shift): void {
  machine.calm();
  shift.deathRate = 0;
}

function sweepEvery(
  { agenda }: Machine,
  shift: Shift,
  { every, from, to }: { every: number; from: number; to: number },
): void {
  const sweep = (at: number) =>
    agenda.add(at, () => {
      shift.sweep();
      if (at + every < to) sweep(at + every);
    });
  sweep(from);
}
