/**
 * What a ticket is told when its job finishes or needs a person (DESIGN: "reply"). Like access, it is level-triggered: what is due is the
 * difference between how the job stands and what the ticket was last told, so that a lost wake-up or a crash leaves something to do.
 */

import type { Instant } from './effective-date.ts';
import type { Job } from './job.ts';

/** How far a ticket has been told. */
export interface ReplyState {
  /** How its job stood when it was last told; `null`: it has not been told yet. */
  told: string | null;
  /** The standing that is being told; how often that has failed, and when it is tried (again) at the earliest. */
  trying: { standing: string; failures: number; nextAt: Instant } | null;
}

/** Nothing has been told yet. */
export const NOT_TOLD: ReplyState = { told: null, trying: null };

/** A message that is due. */
export interface DueReply {
  ticket: string;
  message: ReplyMessage;
  /** How the job stands, as `told` is to say. */
  standing: string;
  /** When it may be told at the earliest. */
  at: Instant;
  /** How often telling this has failed. */
  failures: number;
}

// No word of the event's: what is written into a ticket may be read by more people than its fields.
const SAID: Record<string, string> = {
  created: 'The Conscent account has been created.',
  updated: 'The Conscent access has been changed.',
  revoked: 'All access to Conscent has been taken away.',
  unchanged: 'Nothing had to be changed: Conscent access is already as asked.',
  stale: 'Nothing was changed: something newer was already known.',
  superseded: 'Nothing was changed: something newer made it void.',
  'no-access': 'Nothing was changed: no rule gives access to Conscent, and there is no account.',
  cancelled: 'Nothing was changed: it was withdrawn by an operator.',
};

/** What is due to be told of a job; `null` where nothing is. A job that asked for nothing is not spoken of, and a ticket that is gone cannot hear. */
export function dueReply(job: Job): DueReply | null {
  const { ticket, reply: state, status, outcome, error, jobId } = job;
  if (ticket === undefined || !state || !isTold(status) || outcome === 'unsupported') return null;
  if (error?.code === 'ticket-not-found') return null;
  // Our own trouble, which is tried again by itself, is no news for a ticket.
  if (error?.code === 'crashed') return null;
  const standing = `${status}/${outcome ?? error?.code ?? ''}`;
  if (state.told === standing) return null;
  const text = error ? `A person must act. ${error.detail}` : (SAID[outcome ?? status] ?? 'It is finished.');
  const trying = state.trying?.standing === standing ? state.trying : null;
  const { failures = 0, nextAt: at = job.history.at(-1)?.at ?? job.receivedAt } = trying ?? {};
  const message = { status, text: `${text} (conscent-lifecycle job ${jobId})`, isRepeated: failures > 0 };
  return { ticket, message, standing, at, failures };
}

function isTold(status: Job['status']): status is ReplyMessage['status'] {
  return status === 'succeeded' || status === 'ignored' || status === 'cancelled' || status === 'needs-attention';
}

/** What a ticket is told of its job: how the job stands, and in words. Nothing of what the ticket or its event said is in it. */
export interface ReplyMessage {
  status: 'succeeded' | 'ignored' | 'cancelled' | 'needs-attention';
  text: string;
  /** Telling it has failed before, perhaps after a part of it was done. */
  isRepeated: boolean;
}

/** What telling a ticket came to. `refused`: the vendor will never take it, because the ticket is gone perhaps. */
export type ReplyAnswer =
  | { kind: 'told' }
  | { kind: 'refused' }
  | { kind: 'failed'; reason: 'vendor-unavailable' | 'vendor-unauthorized'; retryAfterSeconds?: number };
