/**
 * Tells a ticket what became of its job: after the access change, by a wake of the job's own, on the retry schedule. At least once: a worker
 * that dies between the answer and the note tells it again.
 */
import { plusSeconds } from '../lifecycle/effective-date.ts';
import { type Job, noted } from '../lifecycle/job.ts';
import { MAX_DELAY_SECONDS, type ReplyAnswer, type World } from '../lifecycle/ports.ts';
import { type DueReply, dueReply, type ReplyState } from '../lifecycle/reply.ts';
import { retryDelaySeconds } from '../lifecycle/retry.ts';

/** Of those that wait for a person, how many of the newest are looked through. */
const WAITING = 100;
/** A ticket that need not be told. */
const KNOWN = { kind: 'known' } as const;
type Answer = ReplyAnswer | typeof KNOWN;

/** How long one worker has the say: longer than a call to a vendor takes. */
const CLAIM_SECONDS = 60;

/** Tells the ticket of a job whatever is due to be told. */
export async function reply(world: World, jobId: string): Promise<void> {
  const claimed = await claim(world, jobId);
  if (!claimed) return;
  const { source, due } = claimed;
  const isKnown = await isToldAlready(world, jobId, claimed);
  const answer = isKnown ? KNOWN : await world.reply(source, due.ticket, due.message);
  world.monitor.count(`reply.${answer.kind}`);
  const state = stateAfter(world, due, answer);
  const isGivenUp = !['told', 'known'].includes(answer.kind) && state.told === due.standing;
  if (isGivenUp) world.monitor.alarm('reply-undelivered', { jobId, source, attempts: due.state.failures + 1 });
  const job = await world.jobs.change(jobId, (stored) => withNote(world, { ...stored, reply: state }, due, answer));
  if (job) await wakeForReply(world, job);
}

/**
 * What we write into a ticket may set the rule off that sent it, and as long as it waits for a person every round would end in the same words.
 * What is done asks nothing when it is sent again, and so is not told again either (repetition.ts).
 */
async function isToldAlready({ jobs }: World, jobId: string, { source, due }: Claimed): Promise<boolean> {
  if (due.message.status !== 'needs-attention') return false;
  const waiting = await jobs.list({ status: 'needs-attention' }, { after: null, limit: WAITING });
  const isSame = (job: Job) => job.source === source && job.ticket === due.ticket && job.reply?.told === due.standing;
  return waiting.jobs.some((job) => job.jobId !== jobId && isSame(job));
}

/** Wakes a worker for what a job's ticket is to be told. Lost, it costs a minute: the sweep has the same wake. */
export async function wakeForReply({ clock, queue, monitor }: World, job: Job): Promise<void> {
  const due = dueReply(job);
  if (!due) return;
  const seconds = Math.max(Math.ceil((Date.parse(due.at) - Date.parse(clock.now())) / 1000), 0);
  if (seconds > MAX_DELAY_SECONDS) return;
  await queue.send({ jobId: job.jobId }, seconds).catch(() => monitor.count('queue.unavailable'));
}

interface Claimed {
  source: string;
  due: DueReply;
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
  return job && due && { source: job.source, due };
}

function stateAfter({ clock, settings, random }: World, due: DueReply, answer: Answer): ReplyState {
  const over = { told: due.standing, failures: 0, nextAt: null };
  if (answer.kind !== 'failed') return over;
  const failures = due.state.failures + 1;
  const failure = { failures, retryAfterSeconds: answer.retryAfterSeconds, random: random() };
  const seconds = retryDelaySeconds(settings.retrySchedule, failure);
  return seconds === null ? over : { ...due.state, failures, nextAt: plusSeconds(clock.now(), seconds) };
}

/** Every try would fill the history; what matters is that it began to fail, and how it ended. */
function withNote({ clock }: World, job: Job, due: DueReply, answer: Answer): Job {
  const note = (detail: string) => noted(job, { at: clock.now(), status: job.status, detail });
  if (answer.kind === 'told') return note('the ticket was told');
  if (answer.kind === 'known') return note('the ticket has been told so before');
  const why = answer.kind === 'failed' ? answer.reason : 'refused';
  if (job.reply?.told === due.standing) return note(`the ticket could not be told: ${why}; it is given up`);
  return due.state.failures > 0 ? job : note(`the ticket could not be told: ${why}; it is tried again`);
}
