/** When a failed call is repeated, and how long all calls pause. Randomness is an argument, so that the rules are testable. */

/** Eleven attempts over 31.7 hours before jitter, which only ever adds. */
export const DEFAULT_RETRY_SCHEDULE_SECONDS: readonly number[] = [
  5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600,
];

/** `Retry-After` is honoured up to one hour. */
const MAX_RETRY_AFTER_SECONDS = 3_600;
/** While calls pause, somebody probes at least this often. */
const MAX_PROBE_INTERVAL_SECONDS = 300;
const JITTER = 0.1;

/** What crashes each time is tried again this much later, besides by whoever mends the cause. */
export const CRASHED_AGAIN_SECONDS = 3_600;

/** What is known when a call has failed. */
export interface Failure {
  /** How many attempts have failed so far, this one included. */
  failures: number;
  retryAfterSeconds?: number | undefined;
  /** In [0, 1). */
  random: number;
}

/**
 * Seconds until the next attempt, or `null` when the schedule is used up. A `Retry-After` that is longer than the schedule's step wins, up to one hour.
 */
export function retryDelaySeconds(schedule: readonly number[], failure: Failure): number | null {
  const step = schedule[failure.failures - 1];
  if (step === undefined) return null;
  return Math.max(step * (1 + JITTER * failure.random), retryAfter(failure));
}

/** Seconds until a revoke is tried again when the schedule is used up: a leaver is never given up. */
export function lastIntervalSeconds(schedule: readonly number[], failure: Failure): number {
  const step = schedule.at(-1) ?? MAX_RETRY_AFTER_SECONDS;
  return Math.max(step * (1 + JITTER * failure.random), retryAfter(failure));
}

/**
 * Seconds until a paused Conscent is probed again: its own `Retry-After`, else the schedule's step, at most five minutes. A `Retry-After` of
 * nothing, or a date that has passed, asks for no certain time.
 */
export function probeDelaySeconds(schedule: readonly number[], failure: Failure): number {
  if (retryAfter(failure) > 0) return retryAfter(failure);
  const step = schedule[failure.failures - 1] ?? MAX_PROBE_INTERVAL_SECONDS;
  return Math.min(step * (1 + JITTER * failure.random), MAX_PROBE_INTERVAL_SECONDS);
}

function retryAfter({ retryAfterSeconds = 0 }: Failure): number {
  return Math.min(Math.max(retryAfterSeconds, 0), MAX_RETRY_AFTER_SECONDS);
}
