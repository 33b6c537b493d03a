/** What a ticket is not told although it would be due: what it has just heard, and what it has itself replaced. */
import { compareFacts, jobIdOf } from '../lifecycle/fact.ts';
import type { Job } from '../lifecycle/job.ts';
import type { World } from '../lifecycle/ports.ts';
import type { DueReply } from '../lifecycle/reply.ts';
import { follow } from './correlate.ts';

/** Why a ticket is not told, in words for its job's history; `null` where it is. What became of an access is always told. */
export async function whyUnsaid(world: World, job: Job, due: DueReply): Promise<string | null> {
  if (job.status !== 'needs-attention' && job.status !== 'ignored') return null;
  // Our own update may be sent like any other; where the event came to nothing again, answering it would set off the next, for ever.
  if ((await world.tickets.lastTold(job.source, due.ticket)) === due.standing)
    return 'the ticket has heard this already';
  return (await isReplaced(world, job)) ? 'the ticket has said something else since, and hears of that' : null;
}

/** Whether the same ticket has said something newer of the person. */
async function isReplaced(world: World, { jobId, personId, source, ticket, status }: Job): Promise<boolean> {
  if (status !== 'ignored' || personId === null) return false;
  const { facts } = await follow(world, personId);
  const own = facts.find((fact) => jobIdOf(fact) === jobId);
  const isNewer = (fact: (typeof facts)[number]) => own === undefined || compareFacts(own, fact) < 0;
  return facts.some((fact) => fact.source === source && fact.ticket === ticket && fact !== own && isNewer(fact));
}
