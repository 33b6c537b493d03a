/**
 * The stored pause: while Conscent refuses our credentials or asks us to slow down, nobody calls, one probe at a time finds out
 * whether it is over, and nobody's retry schedule is used up meanwhile.
 *
 *   open ── 401/403/429 ──▶ paused until T ── T ──▶ one caller probes ── any other answer ──▶ open
 *                                ▲                        │
 *                                └──── 401/403/429 ───────┘   (and while the probe runs, everybody else waits)
 */

import { plusSeconds } from './effective-date.ts';
import type { JobErrorCode } from './errors.ts';
import type { Instant } from './ports.ts';
import { probeDelaySeconds } from './retry.ts';

/** Why and until when nobody calls. */
export interface Pause {
  until: Instant;
  reason: JobErrorCode;
  since: Instant;
  /** How many calls in a row were refused so. */
  failures: number;
  /** Somebody is finding out whether it is over. */
  isProbed: boolean;
}

const PROBE_SECONDS = 10;

/** When a caller who must wait looks again: at the pause's end, or soon while a probe is under way. */
export function lookAgainAt({ until, isProbed }: Pause, now: Instant): Instant {
  const soon = plusSeconds(now, PROBE_SECONDS);
  return isProbed && soon < until ? soon : until;
}

/** What a caller does about a pause: call at once, probe (and take the pause over), or wait. */
export function mayCall(pause: Pause | null, now: Instant): 'call' | 'probe' | 'wait' {
  if (pause === null) return 'call';
  return pause.until <= now ? 'probe' : 'wait';
}

/** The pause while one caller probes: long enough to outlive a probe that died. */
export function probing(pause: Pause, now: Instant, leaseSeconds: number): Pause {
  return { ...pause, until: plusSeconds(now, leaseSeconds), isProbed: true };
}

/** The pause after a call was refused. */
export function extendPause(
  pause: Pause | null,
  refusal: { reason: JobErrorCode; retryAfterSeconds?: number | undefined },
  { now, schedule, random }: { now: Instant; schedule: readonly number[]; random: number },
): Pause {
  const failures = (pause?.failures ?? 0) + 1;
  const seconds = probeDelaySeconds(schedule, { failures, retryAfterSeconds: refusal.retryAfterSeconds, random });
  return {
    until: plusSeconds(now, seconds),
    reason: refusal.reason,
    since: pause?.since ?? now,
    failures,
    isProbed: false,
  };
}
