/**
 * The rollout of a changed access policy: everybody is planned anew, a page at a time, in as many rounds as it takes until nobody is left
 * who was last planned under another policy. During a deployment old and new containers run side by side: only the newest policy may begin,
 * and the last round begins when the old containers are gone, because until then one of them may undo what was done.
 */
import { type Instant, plusSeconds } from './effective-date.ts';

// A container that is replaced ends with the invocation that it has: within minutes.
const SETTLE_SECONDS = 900;

/** How far the policy in force has come. */
export interface Rollout {
  policyHash: string;
  /** When the policy was bundled. */
  builtAt: Instant;
  begunAt: Instant;
  roundBegunAt: Instant;
  /** Where the next page begins; `null`: with the first. */
  cursor: string | null;
  /** How many this round has found so far that were planned under another policy. */
  found: number;
  /** No page is read before then. */
  notBefore: Instant;
  isDone: boolean;
}

/** A policy that was deployed. */
export interface DeployedPolicy {
  hash: string;
  builtAt: Instant;
}

/** The rollout to go on with, or `null` where there is nothing to do now: it rests or is done, or a newer policy is in force. */
export function rolloutOf(stored: Rollout | null, { hash, builtAt }: DeployedPolicy, now: Instant): Rollout | null {
  if (stored?.policyHash === hash) return stored.isDone || stored.notBefore > now ? null : stored;
  if (stored && stored.builtAt >= builtAt) return null;
  return {
    ...{ policyHash: hash, builtAt, begunAt: now, roundBegunAt: now, notBefore: now },
    ...{ cursor: null, found: 0, isDone: false },
  };
}

/** The rollout after a page. A round that found nobody is the last, if it began when no old container was left. */
export function afterPage(rollout: Rollout, page: { cursor: string | null; found: number }, now: Instant): Rollout {
  const found = rollout.found + page.found;
  const roundBegunAt = rollout.cursor === null ? now : rollout.roundBegunAt;
  if (page.cursor !== null) return { ...rollout, roundBegunAt, cursor: page.cursor, found };
  const settled = plusSeconds(rollout.begunAt, SETTLE_SECONDS);
  const isLast = found === 0 && roundBegunAt >= settled;
  const notBefore = found === 0 && !isLast ? settled : rollout.notBefore;
  return { ...rollout, roundBegunAt, cursor: null, found: 0, notBefore, isDone: isLast };
}
