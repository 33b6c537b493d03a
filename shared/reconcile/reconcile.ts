/**
 * The one road. A wake-up says where to look; what is done depends only on the ledger, the policy and the clock.
 *
 *   job ─▶ merge ─▶ person ─▶ converge: plan ─▶ claim ─▶ call ─▶ record ─┐
 *                                ▲                                       │
 *                                └───────────────────────────────────────┘ until there is nothing to do now ─▶ settle: jobs, next wake
 *
 * A crash at any point leaves a wake behind: the job's until its fact is added, the person's from then on, and the job's again for as long
 * as its ticket is to be told.
 */
import type { Job } from '../lifecycle/job.ts';
import type { Person } from '../lifecycle/person.ts';
import { untilFirstFrom, type WakeUp, type World } from '../lifecycle/ports.ts';
import { converge } from './converge.ts';
import { follow } from './correlate.ts';
import { mergeJob } from './merge.ts';
import { reply } from './reply.ts';
import { settle } from './settle.ts';

/** Brings one person as far as is possible now. Safe to repeat, to run twice at once and to kill. */
export async function reconcile(world: World, wakeUp: WakeUp): Promise<void> {
  if ('personId' in wakeUp) return bring(world, await follow(world, wakeUp.personId));
  const job = await world.jobs.get(wakeUp.jobId);
  // Told in a turn of its own: nobody's access waits in this one for a vendor that is slow to listen.
  if (!job || (await reply(world, job))) return;
  const merged = await mergeJob(world, job);
  if (merged) await bring(world, merged.person, merged.job);
}

/** What was read on the way here is not read again: every write is conditional on it, and where one fails that is read anew. */
async function bring(world: World, known: Person, job?: Job): Promise<void> {
  const readAgain = () => world.people.get(known.id);
  await untilFirstFrom<Person | null, void>(known, readAgain, async (person) => {
    const converged = person && (await converge(world, person));
    if (converged) await settle(world, converged, job);
  });
}

/** An id of ours. What a message holds stands in the log, so it must be nothing else, an address least of all. */
const ID = /^[\w-]{1,64}$/;

/** Reads a queue message. @throws Error for one that is not ours, without quoting it. */
export function readWakeUp(text: string): WakeUp {
  const value: unknown = JSON.parse(text);
  const { jobId, personId } = (value ?? {}) as Record<string, unknown>;
  if (isId(jobId)) return { jobId };
  if (isId(personId)) return { personId };
  throw new Error('A message on the queue is no wake-up');
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}
