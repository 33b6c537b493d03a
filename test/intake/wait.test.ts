import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { waitForJobs, waitPreference } from '../../shared/intake/wait.ts';
import type { Job } from '../../shared/lifecycle/job.ts';
import { sampleJob } from '../stores/ledger.ts';

const NOW = '2026-10-25T00:30:00.000Z';
const IN_FIVE_SECONDS = '2026-10-25T00:30:05.000Z';

const PREFERENCES: [header: string | undefined, seconds: number | null][] = [
  ['wait=10', 10],
  ['wait=0', 0],
  ['Wait=7', 7],
  ['wait="10"', 10],
  ['wait = 10', 10],
  ['respond-async, wait=10', 10],
  ['wait=10, respond-async', 10],
  ['wait=10; foo=bar', 10],
  ['return=minimal; foo="some parameter", wait=3', 3],
  ['wait=25', 25],
  ['wait=26', 25],
  ['wait=999999999', 25],
  // RFC 7240 §2: of a preference that is given twice, the first counts.
  ['wait=3, wait=20', 3],
  [undefined, null],
  ['', null],
  ['wait', null],
  ['wait=', null],
  ['wait=soon', null],
  ['wait=-1', null],
  ['wait=1.5', null],
  ['wait=5s', null],
  ['await=5', null],
  ['wait-for=5', null],
  ['respond-async; wait=5', null],
  ['note="say, wait=5"', null],
];

describe('the Prefer header', () => {
  for (const [header, seconds] of PREFERENCES) {
    it(`${JSON.stringify(header)} asks for ${seconds === null ? 'no wait' : `${seconds} s`}`, () => {
      expect(waitPreference(header)).toBe(seconds);
    });
  }
});

/** A ledger in which a job changes after some looks. */
function ledger(later: (looks: number) => Partial<Job>) {
  let looks = 0;
  const get = async (jobId: string) => {
    looks += 1;
    return sampleJob(jobId, later(looks));
  };
  const never = () => Promise.reject(new Error('not of this test'));
  return {
    clock: { now: () => NOW },
    jobs: { get, record: never, change: never, list: never, due: never, putOff: never },
    looks: () => looks,
  };
}

const SETTLED: [rule: string, job: Partial<Job>][] = [
  ['has succeeded', { status: 'succeeded' }],
  ['is ignored', { status: 'ignored' }],
  ['was cancelled', { status: 'cancelled' }],
  ['needs attention', { status: 'needs-attention' }],
  ['is held', { status: 'held' }],
  ['waits for a day after the wait', { status: 'scheduled', effectiveAt: '2026-10-25T00:30:05.001Z' }],
];
const MOVING: [rule: string, job: Partial<Job>][] = [
  ['is queued', { status: 'queued' }],
  ['is retried', { status: 'retrying', nextAttemptAt: '2026-10-26T00:00:00.000Z' }],
  ['waits for an instant within the wait', { status: 'scheduled', effectiveAt: IN_FIVE_SECONDS }],
];

describe('the wait', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  for (const [rule, job] of SETTLED) {
    it(`is over at once where the job ${rule}`, async () => {
      const { jobs, areSettled } = await waitForJobs(
        ledger(() => ({})),
        [sampleJob('j', job)],
        5,
      );
      expect(areSettled).toBe(true);
      expect(jobs).toMatchObject([job]);
    });
  }

  for (const [rule, job] of MOVING) {
    it(`lasts its time and no longer where the job ${rule}`, async () => {
      const world = ledger(() => job);
      const waiting = waitForJobs(world, [sampleJob('j')], 5);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(await waiting).toMatchObject({ areSettled: false, jobs: [job] });
      expect(world.looks()).toBeGreaterThan(2);
    });
  }

  it('ends as soon as all jobs have settled', async () => {
    const world = ledger((looks) => ({ status: looks > 6 ? 'succeeded' : 'queued' }));
    const waiting = waitForJobs(world, [sampleJob('a'), sampleJob('b'), sampleJob('c', { status: 'succeeded' })], 25);
    await vi.advanceTimersByTimeAsync(3_000);
    const { jobs, areSettled } = await waiting;
    expect(areSettled).toBe(true);
    expect(jobs.map(({ jobId, status }) => `${jobId} ${status}`)).toEqual([
      'a succeeded',
      'b succeeded',
      'c succeeded',
    ]);
  });

  it('of no seconds looks once and answers', async () => {
    const world = ledger(() => ({ status: 'succeeded' }));
    expect(await waitForJobs(world, [sampleJob('j')], 0)).toMatchObject({ areSettled: true });
    expect(world.looks()).toBe(1);
  });

  it('lets nobody hammer the ledger', async () => {
    const world = ledger(() => ({ status: 'queued' }));
    const waiting = waitForJobs(world, [sampleJob('j')], 25);
    await vi.advanceTimersByTimeAsync(25_000);
    await waiting;
    expect(world.looks()).toBeLessThan(80);
  });
});
