/**
 * Tells a ticket what became of its job: after the access change, by a wake of the job's own, on the retry schedule. At least once: a worker
 * that dies between the answer and the note tells it again.
 */
import { plusSeconds } from '../lifecycle/effective-date.ts';
import { type Job, noted } from '../lifecycle/job.ts';
import { MAX_DELAY_SECONDS, type World } from '../lifecycle/ports.ts';
import { type DueReply, dueReply, type ReplyAnswer, type ReplyState } from '../lifecycle/reply.ts';
import { retryDelaySeconds } from '../lifecycle/retry.ts';
import { whyUnsaid } from './unsaid.ts';

/** How long one worker has the say: longer than a call to a vendor takes. */
const CLAIM_SECONDS = 60;

interface Claimed {
  job: Job;
  due: DueReply;
}

/** Tells the ticket of a job what is due to be told. Answers whether anything was: such a job has no other road to go. */
export async function reply(world: World, read: Job): Promise<boolean> {
  const claimed = await claim(world, read);
  if (!claimed) return false;
  const { job, due } = claimed;
  const { jobId } = job;
  const unsaid = await whyUnsaid(world, job, due);
  const after = unsaid === null ? await tell(world, claimed) : { state: over(due), detail: unsaid };
  const stored = await world.jobs.change(jobId, (one) => withNote(world, { ...one, reply: after.state }, after.detail));
  if (stored) await wakeForReply(world, stored);
  return true;
}

/** Wakes a worker for what a job's ticket is to be told. Lost, it costs a minute: the sweep has the same wake. */
export async function wakeForReply({ clock, queue, monitor }: World, job: Job): Promise<void> {
  const due = dueReply(job);
  if (!due) return;
  const seconds = Math.max(Math.ceil((Date.parse(due.at) - Date.parse(clock.now())) / 1000), 0);
  if (seconds > MAX_DELAY_SECONDS) return;
  await queue.send({ jobId: job.jobId }, seconds).catch(() => monitor.count('queue.unavailable'));
}

/** Of several workers one tells it; should that one die, another does when its time is over. */
async function claim({ jobs, clock }: World, read: Job): Promise<Claimed | null> {
  const now = clock.now();
  const dueNow = (job: Job) => {
    const due = dueReply(job);
    return due && due.at <= now ? due : null;
  };
  if (!dueNow(read)) return null;
  let due: DueReply | null = null;
  const job = await jobs.change(read.jobId, (stored) => {
    due = dueNow(stored);
    return due ? { ...stored, reply: tryingAgain(stored, due, plusSeconds(now, CLAIM_SECONDS)) } : stored;
  });
  return job && due && { job, due };
}

/** What comes of telling it, for the job to keep. */
async function tell(world: World, { job, due }: Claimed): Promise<{ state: ReplyState; detail: string | null }> {
  const { jobId, source } = job;
  // Before it is told: the echo may be here before the answer is.
  await world.tickets.noteTold(source, due.ticket, { jobId, standing: due.standing });
  const answer = await world.reply(source, due.ticket, due.message);
  world.monitor.count(`reply.${answer.kind}`);
  if (answer.kind === 'told') return { state: over(due), detail: 'the ticket was told' };
  const why = answer.kind === 'failed' ? answer.reason : 'refused';
  const nextAt = nextTry(world, due, answer);
  if (nextAt === null) {
    world.monitor.alarm('reply-undelivered', { jobId, source, attempts: due.failures + 1 });
    return { state: over(due), detail: `the ticket could not be told: ${why}; it is given up` };
  }
  const state = tryingAgain(job, { ...due, failures: due.failures + 1 }, nextAt);
  // Every try would fill the history; what matters is that it began to fail, and how it ended.
  return { state, detail: due.failures > 0 ? null : `the ticket could not be told: ${why}; it is tried again` };
}

function nextTry({ clock, settings, random }: World, due: DueReply, answer: ReplyAnswer): string | null {
  if (answer.kind !== 'failed') return null;
  const failure = { failures: due.failures + 1, retryAfterSeconds: answer.retryAfterSeconds, random: random() };
  const seconds = retryDelaySeconds(settings.retrySchedule, failure);
  return seconds === null ? null : plusSeconds(clock.now(), seconds);
}

function tryingAgain({ reply: state }: Job, { standing, failures }: DueReply, nextAt: string): ReplyState {
  return { told: state?.told ?? null, trying: { standing, failures, nextAt } };
}

function over({ standing }: DueReply): ReplyState {
  return { told: standing, trying: null };
}

function withNote({ clock }: World, job: Job, detail: string | null): Job {
  return detail === null ? job : noted(job, { at: clock.now(), status: job.status, detail });
}
