/** A changed policy reaches everybody, and of two that are deployed only the newest. */
import { describe, expect, it } from 'vitest';
import { plusSeconds } from '../../shared/lifecycle/effective-date.ts';
import { afterPage, type Rollout, rolloutOf } from '../../shared/lifecycle/rollout.ts';

const NOW = '2026-06-08T09:05:00.000Z';
const MINUTES = 60;
const later = (seconds: number) => plusSeconds(NOW, seconds);
const MONDAY = { hash: 'policy-of-monday', builtAt: '2026-06-08T09:00:00.000Z' };
const FRIDAY = { hash: 'policy-of-friday', builtAt: '2026-06-12T09:00:00.000Z' };
const LAST_PAGE = { cursor: null, found: 0 };

function begun(): Rollout {
  const rollout = rolloutOf(null, MONDAY, NOW);
  if (!rollout) throw new Error('nothing has begun');
  return rollout;
}

const done = afterPage({ ...begun(), roundBegunAt: later(15 * MINUTES) }, LAST_PAGE, later(16 * MINUTES));

describe('a policy', () => {
  it('that is the first there ever was begins', () => {
    expect(begun()).toMatchObject({ policyHash: MONDAY.hash, cursor: null, isDone: false });
  });

  it('that is newer than the one in force begins, wherever that one stands', () => {
    for (const stored of [begun(), done])
      expect(rolloutOf(stored, FRIDAY, later(1))).toMatchObject({
        policyHash: FRIDAY.hash,
        cursor: null,
        begunAt: later(1),
      });
  });

  it('that is older than the one in force begins nothing: its container is about to go', () => {
    expect(rolloutOf(rolloutOf(begun(), FRIDAY, NOW), MONDAY, NOW)).toBeNull();
  });

  it('that has reached everybody has nothing left to do, in a later build either', () => {
    const finished = { ...done, isDone: true };
    expect(rolloutOf(finished, MONDAY, later(9_999))).toBeNull();
    expect(rolloutOf(finished, { ...MONDAY, builtAt: FRIDAY.builtAt }, later(9_999))).toBeNull();
  });

  it('that is put back begins anew', () => {
    const friday = rolloutOf(done, FRIDAY, NOW);
    const again = { ...MONDAY, builtAt: '2026-06-15T09:00:00.000Z' };
    expect(rolloutOf(friday, again, NOW)).toMatchObject({ policyHash: MONDAY.hash });
  });
});

describe('its rounds', () => {
  it('go on page after page', () => {
    const page = { cursor: 'person#7', found: 3 };
    expect(afterPage(begun(), page, NOW)).toMatchObject({ cursor: 'person#7', found: 3, isDone: false });
  });

  it('begin again as long as one has found somebody who was planned under another policy', () => {
    const half = afterPage(begun(), { cursor: 'person#7', found: 3 }, later(20 * MINUTES));
    const whole = afterPage(half, LAST_PAGE, later(21 * MINUTES));
    expect(whole).toMatchObject({ cursor: null, found: 0, isDone: false });
    expect(rolloutOf(whole, MONDAY, later(21 * MINUTES))).toEqual(whole);
  });

  it('end with one that began when no old container could be left', () => {
    const early = afterPage(begun(), LAST_PAGE, NOW);
    expect(early.isDone).toBe(false);
    expect(rolloutOf(early, MONDAY, later(15 * MINUTES - 1))).toBeNull();
    const last = rolloutOf(early, MONDAY, later(15 * MINUTES));
    expect(last && afterPage(last, LAST_PAGE, later(15 * MINUTES))).toMatchObject({ isDone: true });
  });

  it('do not end with one that began before, however late it ends', () => {
    const half = afterPage(begun(), { cursor: 'person#7', found: 0 }, NOW);
    expect(afterPage(half, LAST_PAGE, later(20 * MINUTES)).isDone).toBe(false);
  });
});
