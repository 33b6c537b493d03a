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
import { untilFirst, type WakeUp, type World } from '../lifecycle/ports.ts';
import { converge } from './converge.ts';
import { follow } from './correlate.ts';
import { mergeJob } from './merge.ts';
import { reply } from './reply.ts';
import { settle } from './settle.ts';

/** Brings one person as far as is possible now. Safe to repeat, to run twice at once and to kill. */
export async function reconcile(world: World, wakeUp: WakeUp): Promise<void> {
  // Told in a turn of its own: nobody's access waits in this one for a vendor that is slow to listen.
  if ('jobId' in wakeUp && (await reply(world, wakeUp.jobId))) return;
  const id = 'jobId' in wakeUp ? await mergeJob(world, wakeUp.jobId) : (await follow(world, wakeUp.personId)).id;
  if (id !== null) await bring(world, id);
}

async function bring(world: World, id: string): Promise<void> {
  await untilFirst(async () => {
    const converged = await converge(world, id);
    if (converged) await settle(world, converged);
  });
}

/** Reads a queue message. @throws Error for one that is not ours, without quoting it. */
export function readWakeUp(text: string): WakeUp {
  const value: unknown = JSON.parse(text);
  const { jobId, personId } = (value ?? {}) as Record<string, unknown>;
  if (typeof jobId === 'string') return { jobId };
  if (typeof personId === 'string') return { personId };
  throw new Error('A message on the queue is no wake-up');
}
