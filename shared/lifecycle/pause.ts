/**
 * The stored pause: while Conscent refuses our credentials or asks us to slow down, nobody calls, one probe at a time finds out
 * whether it is over, and nobody's retry schedule is used up meanwhile. Operators may pause everything too; only they end that.
 *
 *   open ── 401/403/429 ──▶ paused until T ── T ──▶ one caller probes ── any other answer to it ──▶ open
 *                                ▲                        │
 *                                └─ 401/403/429 to it ────┘   (and while the probe runs, everybody else waits)
 */

import { type Instant, plusSeconds } from './effective-date.ts';
import type { JobErrorCode } from './errors.ts';
import { probeDelaySeconds } from './retry.ts';

/** Why and until when nobody calls. */
export interface Pause {
  until: Instant;
  reason: JobErrorCode;
  since: Instant;
  /** How many probes in a row were refused, the call that began it included. */
  failures: number;
  /** The id of the call that is finding out whether it is over; `null`: nobody is. */
  probe: string | null;
  /** The token's name, where an operator paused. */
  by?: string;
  /** What Conscent asked for, and goes on to ask for, under the pause of an operator. */
  under?: Pause | null;
}

const PROBE_SECONDS = 10;
const LOOK_AGAIN_SECONDS = 300;
/** Sorts after every instant there is (DESIGN rule 2). */
const NEVER: Instant = '9999-12-31T23:59:59.999Z';

/** The pause of an operator, which no answer of Conscent's ends, on top of what there is. */
export function operatorPause(under: Pause | null, now: Instant, by: string): Pause {
  return { until: NEVER, reason: 'writes-paused', since: now, failures: 0, probe: null, by, under };
}

/** Whether only an operator ends it. */
export function isOperators({ reason }: Pause): boolean {
  return reason === 'writes-paused';
}

/** When a caller who must wait looks again: at the pause's end, or before where that may come sooner than it says. */
export function lookAgainAt(pause: Pause, now: Instant): Instant {
  if (isOperators(pause)) return plusSeconds(now, LOOK_AGAIN_SECONDS);
  const soon = plusSeconds(now, PROBE_SECONDS);
  return pause.probe !== null && soon < pause.until ? soon : pause.until;
}

/** What a caller does about a pause: call at once, probe (and take the pause over), or wait. */
export function mayCall(pause: Pause | null, now: Instant): 'call' | 'probe' | 'wait' {
  if (pause === null) return 'call';
  return pause.until <= now ? 'probe' : 'wait';
}

/** The pause while one caller probes: long enough to outlive a probe that died. */
export function probing(
  pause: Pause,
  now: Instant,
  { probe, leaseSeconds }: { probe: string; leaseSeconds: number },
): Pause {
  return { ...pause, until: plusSeconds(now, leaseSeconds), probe };
}

/** What an answer means for everybody. */
export interface Verdict {
  /** The id of the probe that was answered; `null`: the call was none. */
  probe: string | null;
  /** Conscent refused our credentials or asked us to slow down. */
  refusal: { reason: JobErrorCode; retryAfterSeconds?: number | undefined } | null;
}

/** The clock, the retry schedule, and a number in [0, 1) for jitter. */
export interface Moment {
  now: Instant;
  schedule: readonly number[];
  random: number;
}

/**
 * The pause after an answer; the very same where it says nothing new. Only the probe ends or prolongs a pause: the answer to a call from
 * before it says nothing of now, but that nobody should call before the time it names.
 */
export function pauseAfter(pause: Pause | null, { probe, refusal }: Verdict, moment: Moment): Pause | null {
  const isProbe = pause !== null && pause.probe !== null && pause.probe === probe;
  if (pause !== null && isOperators(pause)) {
    const under = pauseAfter(pause.under ?? null, { probe, refusal }, moment);
    return under === (pause.under ?? null) ? pause : { ...pause, under };
  }
  if (refusal === null) return isProbe ? null : pause;
  if (pause === null || isProbe) return refusedAgain(pause, refusal, moment);
  const until = plusSeconds(
    moment.now,
    probeDelaySeconds(moment.schedule, { ...refusal, ...moment, failures: pause.failures }),
  );
  return until > pause.until && pause.probe === null ? { ...pause, until } : pause;
}

function refusedAgain(pause: Pause | null, refusal: NonNullable<Verdict['refusal']>, moment: Moment): Pause {
  const failures = (pause?.failures ?? 0) + 1;
  const seconds = probeDelaySeconds(moment.schedule, { ...refusal, ...moment, failures });
  const until = plusSeconds(moment.now, seconds);
  return { until, reason: refusal.reason, since: pause?.since ?? moment.now, failures, probe: null };
}
