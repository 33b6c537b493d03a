/** The figures of a run. */
import type { Job } from '../../shared/lifecycle/job.ts';
import { type Gap, gapsOf } from './convergence.ts';
import { numberOf } from './people.ts';
import type { Judged } from './report.ts';
import { lookUpsByJob, saidOf } from './testimony.ts';

/** What is printed of a run, wrong or not. */
export function figuresOf(judged: Judged): string[] {
  return [
    '',
    'what went wrong, and how often',
    ...table(judged.machine.tally.counts),
    '',
    'what became of the events',
    ...table(statusesOf(judged)),
    '',
    ...recoveryLines(judged),
    '',
  ];
}

function table(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${String(count).padStart(8)}  ${kind}`);
}

function statusesOf({ evidence: { accepted, books } }: Judged): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { jobId } of accepted) {
    const { status, outcome, error } = books.jobs.get(jobId) ?? {};
    const kind = [status, outcome ?? error?.code].filter(Boolean).join(', ');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function recoveryLines(judged: Judged): string[] {
  const { machine } = judged;
  const { alone, withHelp } = gaps(judged);
  return [
    `${recoveries(judged)} calls to Conscent went well after one about the same person had not; ${machine.conscent.calls.length} calls in all`,
    `converged ${alone.length + withHelp.length} times; by itself within ${spread(alone)}; where a person had to act within ${spread(withHelp)}`,
    `touches of the world ${machine.gate.passed}; simulated time ${words(machine.time.now() - machine.startedAt)}`,
  ];
}

/** Calls that did what they asked, after one for the same person that failed. */
function recoveries({ machine: { conscent } }: Judged): number {
  const failing = new Set<number>();
  let count = 0;
  for (const { email, fault, isDone } of conscent.calls) {
    const number = numberOf(email);
    if (fault !== null || !isDone) failing.add(number);
    else if (failing.delete(number)) count += 1;
  }
  return count;
}

function gaps({ characters, evidence, machine }: Judged): { alone: number[]; withHelp: number[] } {
  const sorted = { alone: [] as number[], withHelp: [] as number[] };
  const lookUps = lookUpsByJob(evidence);
  for (const who of characters) {
    const own = evidence.accepted.filter(({ happening }) => happening.who === who);
    const heardAt = new Map(own.map(({ jobId, at }) => [jobId, at]));
    const heard = saidOf(who, evidence).map((said) => {
      const jobId = said.origin.jobId.split('/')[0] ?? '';
      return { said, at: Math.max(heardAt.get(jobId) ?? 0, lookUps.get(jobId) ?? 0) };
    });
    const effects = machine.conscent.effects.filter(({ email }) => numberOf(email) === who.number);
    const jobs = own.flatMap(({ jobId }) => evidence.books.jobs.get(jobId) ?? []);
    for (const gap of gapsOf({ heard, effects }, machine.time.now()))
      (isHelped(gap, jobs) ? sorted.withHelp : sorted.alone).push(gap.to - gap.from);
  }
  return sorted;
}

/** Whether a job of theirs waited for a person meanwhile. */
function isHelped({ from, to }: Gap, jobs: readonly Job[]): boolean {
  return jobs.some(({ history }) =>
    history.some(({ at, status }, index) => {
      if (status !== 'held' && status !== 'needs-attention') return false;
      const until = history[index + 1]?.at;
      return Date.parse(at) <= to && (until === undefined || Date.parse(until) >= from);
    }),
  );
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => words(sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0);
  return `${at(0.5)} (half), ${at(0.99)} (99 %), ${at(1)} (worst)`;
}

/** Milliseconds, as people say them. */
function words(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7_200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
