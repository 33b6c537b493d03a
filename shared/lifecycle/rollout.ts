/**
 * The rollout of a changed access policy: everybody is planned anew, a page at a time, in as many rounds as it takes until nobody is left
 * who was last planned under another policy. During a deployment old and new containers run side by side; only the newest policy may begin.
 */
import type { Instant } from './ports.ts';

/** How far the policy in force has come. */
export interface Rollout {
  policyHash: string;
  /** When the policy was bundled. */
  builtAt: Instant;
  /** Where the next page begins; `null`: with the first. */
  cursor: string | null;
  /** How many this round has found so far that were planned under another policy. */
  found: number;
  isDone: boolean;
}

/** A policy that was deployed. */
export interface DeployedPolicy {
  hash: string;
  builtAt: Instant;
}

/** The rollout to go on with, or `null` where there is nothing to do: it is done, or a newer policy is in force. */
export function rolloutOf(stored: Rollout | null, { hash, builtAt }: DeployedPolicy): Rollout | null {
  const begun: Rollout = { policyHash: hash, builtAt, cursor: null, found: 0, isDone: false };
  if (stored === null) return begun;
  if (stored.policyHash === hash) return stored.isDone ? null : stored;
  return stored.builtAt < builtAt ? begun : null;
}

/** The rollout after a page. A round that found nobody was the last. */
export function afterPage(rollout: Rollout, page: { cursor: string | null; found: number }): Rollout {
  const found = rollout.found + page.found;
  if (page.cursor !== null) return { ...rollout, cursor: page.cursor, found };
  return { ...rollout, cursor: null, found: 0, isDone: found === 0 };
}
