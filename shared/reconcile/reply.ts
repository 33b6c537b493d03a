/**
 * Tells a ticket what became of its job: after the access change, by a wake of the job's own, on the retry schedule. At least once: a worker
 * that dies between the answer and the note tells it again.
 */
import { plusSeconds } from '../lifecycle/effective-date.ts';
import { type Job, noted } from '../lifecycle/job.ts';
import { MAX_DELAY_SECONDS, type ReplyAnswer, type World } from '../lifecycle/ports.ts';
import { type DueReply, dueReply, type ReplyState } from '../lifecycle/reply.ts';
import { retryDelaySeconds } from '../lifecycle/retry.ts';
import { isEcho } from './echo.ts';

/** How long one worker has the say: longer than a call to a vendor takes. */
const CLAIM_SECONDS = 60;

interface Claimed {
  job: Job;
  due: DueReply;
}

/** Tells the ticket of a job whatever is due to be told. */
export async function reply(world: World, jobId: string): Promise<void> {
  const claimed = await claim(world, jobId);
  if (!claimed) return;
  const { job: told, due } = claimed;
  if (await isEcho(world, told, due)) return leaveUnsaid(world, claimed);
  const { source } = told;
  const answer = await world.reply(source, due.ticket, due.message);
  world.monitor.count(`reply.${answer.kind}`);
  const state = stateAfter(world, due, answer);
  const isGivenUp = answer.kind !== 'told' && state.told === due.standing;
  if (isGivenUp) world.monitor.alarm('reply-undelivered', { jobId, source, attempts: due.state.failures + 1 });
  const job = await world.jobs.change(jobId, (stored) => withNote(world, { ...stored, reply: state }, due, answer));
  if (job) await wakeForReply(world, job);
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
async function claim({ jobs, clock }: World, jobId: string): Promise<Claimed | null> {
  const now = clock.now();
  const dueNow = (job: Job | null) => {
    const due = job && dueReply(job);
    return due && due.at <= now ? due : null;
  };
  if (!dueNow(await jobs.get(jobId))) return null;
  let due: DueReply | null = null;
  const job = await jobs.change(jobId, (stored) => {
    due = dueNow(stored);
    return due ? { ...stored, reply: { ...due.state, nextAt: plusSeconds(now, CLAIM_SECONDS) } } : stored;
  });
  return job && due && { job, due };
}

async function leaveUnsaid({ jobs, clock, monitor }: World, { job: { jobId }, due }: Claimed): Promise<void> {
  monitor.count('reply.echo');
  const reply = { told: due.standing, failures: 0, nextAt: null };
  const detail = 'the ticket heard this a moment ago and is not told again';
  await jobs.change(jobId, (job) => noted({ ...job, reply }, { at: clock.now(), status: job.status, detail }));
}

function stateAfter({ clock, settings, random }: World, due: DueReply, answer: ReplyAnswer): ReplyState {
  const over = { told: due.standing, failures: 0, nextAt: null };
  if (answer.kind !== 'failed') return over;
  const failures = due.state.failures + 1;
  const failure = { failures, retryAfterSeconds: answer.retryAfterSeconds, random: random() };
  const seconds = retryDelaySeconds(settings.retrySchedule, failure);
  return seconds === null ? over : { ...due.state, failures, nextAt: plusSeconds(clock.now(), seconds) };
}

/** Every try would fill the history; what matters is that it began to fail, and how it ended. */
function withNote({ clock }: World, job: Job, due: DueReply, answer: ReplyAnswer): Job {
  const note = (detail: string) => noted(job, { at: clock.now(), status: job.status, detail });
  if (answer.kind === 'told') return note('the ticket was told');
  const why = answer.kind === 'failed' ? answer.reason : 'refused';
  if (job.reply?.told === due.standing) return note(`the ticket could not be told: ${why}; it is given up`);
  return due.state.failures > 0 ? job : note(`the ticket could not be told: ${why}; it is tried again`);
}
