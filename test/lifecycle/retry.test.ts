/** Rule 10: when a failed call is repeated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_RETRY_SCHEDULE_SECONDS,
  lastIntervalSeconds,
  probeDelaySeconds,
  retryDelaySeconds,
} from '../../shared/lifecycle/retry.ts';

const SCHEDULE = [10, 100, 1_000];
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the default schedule', () => {
  it('makes at least eight attempts over at least thirty hours, whatever the jitter', () => {
    expect(DEFAULT_RETRY_SCHEDULE_SECONDS.length + 1).toBeGreaterThanOrEqual(8);
    fc.assert(
      fc.property(random, (jitter) => {
        const delays = DEFAULT_RETRY_SCHEDULE_SECONDS.map(
          (_, index) => retryDelaySeconds(DEFAULT_RETRY_SCHEDULE_SECONDS, { failures: index + 1, random: jitter }) ?? 0,
        );
        expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThanOrEqual(30 * 3_600);
      }),
    );
  });
});

describe('a retry', () => {
  it('waits longer each time, with jitter, and is used up after the last', () => {
    const delays = [1, 2, 3, 4].map((failures) => retryDelaySeconds(SCHEDULE, { failures, random: 0 }));
    expect(delays).toEqual([10, 100, 1_000, null]);
    expect(retryDelaySeconds(SCHEDULE, { failures: 1, random: 0.9 })).not.toBe(
      retryDelaySeconds(SCHEDULE, { failures: 1, random: 0.1 }),
    );
  });

  it('never comes before Retry-After, which is honoured up to one hour', () => {
    const wait = (retryAfterSeconds: number, failures = 1) =>
      retryDelaySeconds(SCHEDULE, { failures, retryAfterSeconds, random: 0 });
    expect(wait(60)).toBe(60);
    expect(wait(3_600)).toBe(3_600);
    expect(wait(86_400)).toBe(3_600);
    expect(wait(60, 3)).toBe(1_000);
    expect(wait(-5)).toBe(10);
  });

  it('that is used up is not brought back by Retry-After', () => {
    expect(retryDelaySeconds(SCHEDULE, { failures: 4, retryAfterSeconds: 5, random: 0 })).toBeNull();
  });

  it('of a revoke goes on at the last interval', () => {
    expect(lastIntervalSeconds(SCHEDULE, { failures: 9, random: 0 })).toBe(1_000);
    expect(lastIntervalSeconds(SCHEDULE, { failures: 9, retryAfterSeconds: 2_000, random: 0 })).toBe(2_000);
    expect(lastIntervalSeconds([], { failures: 1, random: 0 })).toBeGreaterThan(0);
  });
});

describe('a probe', () => {
  const probe = (failures: number, retryAfterSeconds?: number, jitter = 0) =>
    probeDelaySeconds(SCHEDULE, { failures, retryAfterSeconds, random: jitter });

  it('comes after Retry-After, up to one hour', () => {
    expect(probe(1, 900)).toBe(900);
    expect(probe(1, 90_000)).toBe(3_600);
  });

  it('else on the schedule, and never later than five minutes', () => {
    expect([1, 2, 3, 4, 50].map((failures) => probe(failures))).toEqual([10, 100, 300, 300, 300]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), random, (failures, jitter) => {
        expect(probe(failures, undefined, jitter)).toBeLessThanOrEqual(300);
      }),
    );
  });
});
