/** Our own answer may come back: an update of a ticket by us is sent like any other. */
import { plusSeconds } from '../lifecycle/effective-date.ts';
import type { Job } from '../lifecycle/job.ts';
import type { World } from '../lifecycle/ports.ts';
import type { DueReply } from '../lifecycle/reply.ts';

/** What a ticket says so soon after it was told is what our own update of it has set off. */
const ECHO_SECONDS = 300;
/** How many of the newest jobs are looked through for the one that an echo is of. */
const ECHO_JOBS = 50;

/**
 * Whether a ticket heard the very same a moment ago, from the job of its last delivery. Where the event came to nothing again, answering it
 * would set off the next, for ever. What became of an access is always told.
 */
export async function isEcho(
  { jobs }: Pick<World, 'jobs'>,
  job: Job,
  { ticket, standing }: DueReply,
): Promise<boolean> {
  if (job.status !== 'needs-attention' && job.status !== 'ignored') return false;
  const earliest = plusSeconds(job.receivedAt, -ECHO_SECONDS);
  const page = await jobs.list({ status: job.status }, { after: null, limit: ECHO_JOBS });
  return page.jobs.some((other) => {
    // It has not moved since, so its history ends with its ticket's being told; that may be noted after the echo has come.
    const toldAt = other.history.at(-1)?.at ?? '';
    const isOfTicket = other.jobId !== job.jobId && other.source === job.source && other.ticket === ticket;
    return isOfTicket && other.reply?.told === standing && toldAt >= earliest;
  });
}
