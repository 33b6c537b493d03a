/** A changed policy reaches everybody, and of two that are deployed only the newest. */
import { describe, expect, it } from 'vitest';
import { afterPage, rolloutOf } from '../../shared/lifecycle/rollout.ts';

const MONDAY = { hash: 'policy-of-monday', builtAt: '2026-06-08T09:00:00.000Z' };
const FRIDAY = { hash: 'policy-of-friday', builtAt: '2026-06-12T09:00:00.000Z' };
const begun = rolloutOf(null, MONDAY);
const done = begun && afterPage(begun, { cursor: null, found: 0 });

describe('a policy', () => {
  it('that is the first there ever was begins', () => {
    expect(begun).toMatchObject({ policyHash: MONDAY.hash, cursor: null, isDone: false });
  });

  it('that is newer than the one in force begins, wherever that one stands', () => {
    for (const stored of [begun, done])
      expect(rolloutOf(stored, FRIDAY)).toMatchObject({ policyHash: FRIDAY.hash, cursor: null });
  });

  it('that is older than the one in force begins nothing: its container is about to go', () => {
    const friday = rolloutOf(begun, FRIDAY);
    expect(rolloutOf(friday, MONDAY)).toBeNull();
  });

  it('that has reached everybody has nothing left to do, in a later build either', () => {
    expect(rolloutOf(done, MONDAY)).toBeNull();
    expect(rolloutOf(done, { ...MONDAY, builtAt: FRIDAY.builtAt })).toBeNull();
  });

  it('that is put back begins anew', () => {
    const friday = rolloutOf(done, FRIDAY);
    expect(rolloutOf(friday, { ...MONDAY, builtAt: '2026-06-15T09:00:00.000Z' })).toMatchObject({
      policyHash: MONDAY.hash,
    });
  });
});

describe('its rounds', () => {
  it('go on page after page', () => {
    expect(begun && afterPage(begun, { cursor: 'person#7', found: 3 })).toMatchObject({
      cursor: 'person#7',
      found: 3,
      isDone: false,
    });
  });

  it('begin again as long as one has found somebody who was planned under another policy', () => {
    const half = begun && afterPage(begun, { cursor: 'person#7', found: 3 });
    const whole = half && afterPage(half, { cursor: null, found: 0 });
    expect(whole).toMatchObject({ cursor: null, found: 0, isDone: false });
    expect(whole && afterPage(whole, { cursor: null, found: 0 })).toMatchObject({ isDone: true });
  });
});
