/**
 * The Conscent dashboard user as far as Conscent has acknowledged it. Only an answer changes what is known.
 *
 *   intend ──▶ unsure ──▶ answer ──▶ linked        the id and everything last acknowledged are known
 *                 │                ├▶ unlinked      it exists, or may; its id is not known
 *                 └── silence ─────┴▶ unsure        sent again, until an answer clears it
 */

import type { ConscentAnswer } from './conscent-answer.ts';
import { type Instant, plusMs } from './effective-date.ts';
import type { JobErrorCode } from './errors.ts';
import type { Access } from './permission.ts';
import type { CallStep } from './step.ts';

/** A call that was marked before it was made. */
export interface Intent {
  kind: CallStep['kind'];
  /** What the account was before, to return to when the call is known not to have worked. `null`: there was none. */
  before: 'linked' | 'unsure' | null;
}

/** A revoke, and what is still to be done about it (rule 12). */
export interface Revocation {
  /** When Conscent first acknowledged it. */
  at: Instant;
  /** When it was acknowledged last. */
  assertedAt: Instant;
  /** It followed silence: a slow call may still land and must be overwritten. */
  afterSilence: boolean;
}

export interface Account {
  state: 'linked' | 'unlinked' | 'unsure';
  userId: string | null;
  /** The address that was acknowledged, or that a create was sent with; `null` where a rename was never answered. */
  email: string | null;
  /** Acknowledged access: `none` after a revoke, `null` where nothing was ever acknowledged. */
  access: Access | 'none' | null;
  intent: Intent | null;
  /** Some call since the last acknowledged revoke got no answer, and may still land. */
  silent: boolean;
  revocation: Revocation | null;
  /** Why its id is not known, for an `unlinked` one. */
  lostBy: LostBy | null;
}

/** How an account came to be `unlinked`. */
export type LostBy = 'account-exists' | 'account-not-found' | 'account-unlinked';

/** What a call came to. */
export type CallResult =
  | { done: 'created' | 'updated' | 'revoked' }
  | { failed: JobErrorCode; next: 'retry' | 'pause' | 'stop'; retryAfterSeconds?: number | undefined };

/** An account that an operator, or Conscent's own answer, gave the id of. Nothing is acknowledged yet, so it is unsure. */
export function linkedAccount(userId: string, email: string | null): Account {
  return { state: 'unsure', userId, email, access: null, intent: null, silent: false, revocation: null, lostBy: null };
}

/** The account with an id that was found out: a call from before that was never answered may still land on it. */
export function foundAccount(
  known: Account | null,
  { userId, email }: { userId: string; email: string | null },
): Account {
  return { ...linkedAccount(userId, email), silent: known !== null && (known.silent || known.intent !== null) };
}

/** An account that exists, or may, and whose id nobody knows. */
export function lostAccount(email: string | null, lostBy: LostBy): Account {
  return { ...linkedAccount('', email), userId: null, state: 'unlinked', lostBy };
}

/** Marks an account `unsure` before a call, so that a crash is remembered as silence. */
export function intend(account: Account | null, { kind, email }: { kind: Intent['kind']; email?: string }): Account {
  const before = account?.state === 'unlinked' ? null : (account?.state ?? null);
  const known = account ?? { ...linkedAccount('', email ?? null), userId: null };
  return { ...known, state: 'unsure', intent: { kind, before } };
}

/**
 * What is known after an answer.
 * @param repeatsCreate whether Conscent refuses duplicates, so that a create may be sent again after silence.
 */
export function acknowledge(
  account: Account,
  step: CallStep,
  answer: ConscentAnswer,
  { now, repeatsCreate }: { now: Instant; repeatsCreate: boolean },
): { account: Account | null; result: CallResult } {
  switch (answer.kind) {
    case 'created':
    case 'updated':
      return worked(account, step, answer, now);
    case 'silence':
    case 'unknown-answer':
      return unanswered(account, step, answer.kind, repeatsCreate);
    case 'not-found':
      if (step.kind === 'create') return refused(account, 'conscent-rejected');
      return loses(account, 'account-not-found');
    case 'already-exists':
      if (step.kind !== 'create') return refused(account, 'conscent-rejected');
      return loses(account, 'account-exists');
    default:
      return refusedBy(account, answer);
  }
}

/** What is known of an account whose call was never answered because the worker died: the same as after silence. */
export function unansweredIntent(account: Account, repeatsCreate: boolean): Account {
  if (account.intent?.kind === 'create' && !repeatsCreate) return loses(doubted(account), 'account-unlinked').account;
  return doubted(account);
}

/** After silence, or a death: a call may have worked, and may still land. Of what it may have changed nothing is known. */
function doubted(account: Account): Account {
  const { kind } = account.intent ?? {};
  return {
    ...account,
    silent: true,
    email: kind === 'rename' ? null : account.email,
    revocation: kind === 'update' ? null : account.revocation,
  };
}

function worked(account: Account, step: CallStep, answer: ConscentAnswer, now: Instant) {
  const sure = { ...account, state: 'linked' as const, intent: null };
  switch (step.kind) {
    case 'create': {
      const userId = answer.kind === 'created' ? (answer.userId ?? null) : null;
      const state = userId === null ? ('unlinked' as const) : ('linked' as const);
      const lostBy = userId === null ? ('account-unlinked' as const) : null;
      const created = { ...sure, state, userId, email: step.email, access: step.access, lostBy };
      return { account: created, result: { done: 'created' as const } };
    }
    case 'update':
      return {
        account: { ...sure, access: step.access, revocation: null },
        result: { done: 'updated' as const },
      };
    case 'rename':
      return { account: { ...sure, email: step.email }, result: { done: 'updated' as const } };
    case 'password':
      // It says nothing of the access: what was not sure before still is not.
      return {
        account: { ...sure, state: account.intent?.before ?? account.state },
        result: { done: 'updated' as const },
      };
    case 'revoke':
      return { account: { ...sure, ...revoked(account, now) }, result: { done: 'revoked' as const } };
  }
}

function revoked({ revocation, silent }: Account, now: Instant): Pick<Account, 'access' | 'silent' | 'revocation'> {
  // The repetition that silence asked for has now been sent, unless this one followed another silence.
  return {
    access: 'none',
    silent: false,
    revocation: { at: revocation?.at ?? now, assertedAt: now, afterSilence: silent },
  };
}

function unanswered(account: Account, step: CallStep, kind: 'silence' | 'unknown-answer', repeatsCreate: boolean) {
  const failed = kind === 'silence' ? ('conscent-silence' as const) : ('conscent-unknown-answer' as const);
  if (step.kind === 'create' && !repeatsCreate) {
    return loses(doubted(account), 'account-unlinked');
  }
  return { account: doubted(account), result: { failed, next: 'retry' as const } };
}

/** It exists, or may: only an operator can find out. */
function loses(account: Account, lostBy: LostBy) {
  const lost: Account = {
    ...account,
    state: 'unlinked',
    userId: null,
    access: null,
    intent: null,
    revocation: null,
    lostBy,
  };
  return { account: lost, result: { failed: lostBy, next: 'stop' as const } };
}

type Refusal = Extract<ConscentAnswer, { kind: 'rejected' | 'unauthorized' | 'throttled' | 'unavailable' }>;

function refusedBy(account: Account, answer: Refusal) {
  switch (answer.kind) {
    case 'rejected':
      return refused(account, 'conscent-rejected');
    case 'unauthorized':
      return refused(account, 'conscent-unauthorized', 'pause');
    case 'throttled':
      return refused(account, 'conscent-throttled', 'pause', answer.retryAfterSeconds);
    case 'unavailable':
      return refused(account, answer.because ?? 'conscent-unavailable', 'retry', answer.retryAfterSeconds);
  }
}

/** Known not to have worked: the account is what it was. */
function refused(
  account: Account,
  failed: JobErrorCode,
  next: 'retry' | 'pause' | 'stop' = 'stop',
  retryAfterSeconds?: number,
) {
  const before = account.intent?.before ?? null;
  // An older call that was never answered is still unanswered.
  const intent = before === 'unsure' ? account.intent : null;
  const back = before === null ? null : { ...account, state: before, intent };
  return { account: back, result: { failed, next, retryAfterSeconds } };
}

const REASSERT_AFTER_SILENCE_MS = 60_000;
const DAY_MS = 86_400_000;
const REASSERT_DAYS = 7;

/**
 * When a revoke is sent once more: a minute after one that followed silence, and daily for a week, because a slow call that lands late,
 * or an edit in the dashboard, could re-enable a leaver unseen. `null`: never.
 * @param endedAt when the employment ended, if it has: the week of somebody who had lost their access before begins then.
 */
export function nextReassertion(account: Account | null, endedAt: Instant | null): Instant | null {
  if (!account?.revocation || account.state === 'unlinked') return null;
  const { at, assertedAt, afterSilence } = account.revocation;
  if (afterSilence) return plusMs(assertedAt, REASSERT_AFTER_SILENCE_MS);
  const from = endedAt !== null && endedAt > at ? endedAt : at;
  const days = Math.max(Math.floor((Date.parse(assertedAt) - Date.parse(from)) / DAY_MS), 0) + 1;
  return days > REASSERT_DAYS ? null : plusMs(from, days * DAY_MS);
}
