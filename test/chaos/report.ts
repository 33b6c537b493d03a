/** What a run prints. */
import { figuresOf } from './figures.ts';
import type { Machine } from './machine.ts';
import type { Character } from './people.ts';
import type { RunOptions } from './run.ts';
import type { Evidence } from './testimony.ts';
import type { Fault } from './verdict.ts';

/** A run, judged and in words. */
export interface Report {
  isFine: boolean;
  text: string;
}

export interface Judged {
  options: RunOptions;
  machine: Machine;
  evidence: Evidence;
  characters: readonly Character[];
  faults: Fault[];
}

/** How many faults, and how many lines of somebody's story, are printed. */
const MOST_FAULTS = 20;
const MOST_LINES = 60;

/** The figures of a run and, where something is wrong, the seed, who it is about, and their story. */
export function reportOf(judged: Judged): Report {
  const { options, machine, faults } = judged;
  const { seed, events, people } = options;
  const mode = machine.refusesDuplicates ? 'refuses a second account' : 'takes a second account';
  const wrong = faults.slice(0, MOST_FAULTS).map(({ who, what }) => `WRONG  ${who ? who.email : 'the run'} ${what}`);
  const lines = [
    `chaos, seed ${seed}: ${events} events about ${people} people; Conscent ${mode}`,
    ...figuresOf(judged),
    ...wrong,
    ...storyOf(judged),
    faults.length === 0
      ? `seed ${seed}: nothing lost, nothing doubled, no leaver left in`
      : `seed ${seed}: ${faults.length} things are wrong. Again: npm run chaos -- --seed ${seed} --events ${events} --people ${people}`,
  ];
  return { isFine: faults.length === 0, text: lines.join('\n') };
}

/** The story of the first person something is wrong with: what was said, what became of it, and what was done. */
function storyOf({ faults, machine: { chronicle }, evidence: { accepted, books } }: Judged): string[] {
  const who = faults.find((fault) => fault.who !== null)?.who;
  if (!who) return [];
  const own = accepted.filter(({ happening }) => happening.who === who);
  const person = `person ${who.number}`;
  const names = new Set([person, books.personOf(who.email)?.id ?? '', ...own.map(({ jobId }) => jobId)]);
  const events = own.map(({ jobId, happening: { told } }) => {
    const { status, outcome, error } = books.jobs.get(jobId) ?? {};
    const said = JSON.stringify(told.by === 'bamboohr' ? told.record : told.event);
    return `  ${jobId.slice(0, 6)} ${told.by} ${said}: ${status} ${outcome ?? error?.code ?? ''}`;
  });
  return [`The story of ${who.email}:`, ...events, ...chronicle.of(names, MOST_LINES)];
}
