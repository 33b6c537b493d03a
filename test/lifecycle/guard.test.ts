/** Rule 9: more people than the limit, and more than the percentage of those with access, losing it within the window are too many. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Account, linkedAccount } from '../../shared/lifecycle/account.ts';
import { plusSeconds } from '../../shared/lifecycle/effective-date.ts';
import {
  type Guard,
  holdsAccess,
  isAlarmDue,
  isAmongFew,
  isCounted,
  isSmallShare,
  lossesWithin,
  NO_LOSSES,
  withCount,
  withLoss,
} from '../../shared/lifecycle/guard.ts';
import type { Access } from '../../shared/lifecycle/permission.ts';

const NOW = '2026-06-10T12:00:00.000Z';
const SETTINGS = { limit: 3, percent: 20, windowSeconds: 3_600 };
const later = (seconds: number) => plusSeconds(NOW, seconds);
const leaver = (personId: string, isReleased = false) => ({ personId, isReleased });
const people = (count: number) => Array.from({ length: count }, (_, who) => `p-${who}`);

/** A guard that has let so many go, a minute apart. */
function letGo(count: number, isReleased = false): Guard {
  return people(count).reduce(
    (guard, id, minute) => withLoss(guard, leaver(id, isReleased), later(minute * 60), SETTINGS),
    NO_LOSSES,
  );
}

describe('the guard lets somebody go', () => {
  it('who is one of no more than the limit, whatever share that is', () => {
    expect(isAmongFew(letGo(2), leaver('x'), later(200), SETTINGS)).toBe(true);
    expect(isAmongFew(letGo(3), leaver('x'), later(200), SETTINGS)).toBe(false);
  });

  it('who is one of no more than the percentage, whatever number that is', () => {
    const among = (active: string[]) => withCount(letGo(3), active, later(200), SETTINGS);
    // The fourth of 20 is a fifth of them; of 19 it is more. Those who have left count among the people.
    expect(isSmallShare(among(people(20)), leaver('p-19'), later(200), SETTINGS)).toBe(true);
    expect(isSmallShare(among(people(19)), leaver('p-18'), later(200), SETTINGS)).toBe(false);
    expect(isSmallShare(among(people(20).slice(3)), leaver('p-19'), later(200), SETTINGS)).toBe(true);
  });

  it('whom it has counted already, who needs no second place', () => {
    expect(isAmongFew(letGo(3), leaver('p-0'), later(200), SETTINGS)).toBe(true);
    expect(lossesWithin(withLoss(letGo(3), leaver('p-0'), later(200), SETTINGS), later(200), SETTINGS)).toHaveLength(3);
  });

  it('who was released, and counts released ones against nobody', () => {
    expect(isAmongFew(letGo(3), leaver('x', true), later(200), SETTINGS)).toBe(true);
    expect(isAmongFew(letGo(30, true), leaver('x'), later(2_000), SETTINGS)).toBe(true);
  });

  it('when those before have left the window', () => {
    const guard = letGo(3);
    expect(isAmongFew(guard, leaver('x'), later(3_599), SETTINGS)).toBe(false);
    expect(isAmongFew(guard, leaver('x'), later(3_600), SETTINGS)).toBe(true);
    expect(Object.keys(withLoss(guard, leaver('x'), later(3_600), SETTINGS).losses)).toEqual(['p-1', 'p-2', 'x']);
  });

  it('and holds everybody where nothing is allowed', () => {
    const none = { ...SETTINGS, limit: 0, percent: 0 };
    expect(isAmongFew(NO_LOSSES, leaver('x'), NOW, none)).toBe(false);
    expect(isSmallShare(withCount(NO_LOSSES, people(1_000), NOW, none), leaver('x'), NOW, none)).toBe(false);
  });
});

describe('whatever is tried, in whatever order', () => {
  const attempt = fc.record({
    who: fc.integer({ min: 0, max: 29 }),
    seconds: fc.integer({ min: 0, max: 1_500 }),
    isReleased: fc.boolean(),
  });

  it('no more than the limit, or the percentage, lose access within any window unreleased', () => {
    fc.assert(
      fc.property(
        fc.array(attempt, { maxLength: 80 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 40 }),
        (attempts, limit, percent) => {
          const settings = { limit, percent, windowSeconds: 3_600 };
          let guard = NO_LOSSES;
          let seconds = 0;
          const losses: { who: number; at: number; isReleased: boolean }[] = [];
          for (const { who, seconds: pause, isReleased } of attempts) {
            seconds += pause;
            const one = leaver(`p-${who}`, isReleased);
            const may =
              isAmongFew(guard, one, later(seconds), settings) ||
              isSmallShare(withCount(guard, people(30), later(seconds), settings), one, later(seconds), settings);
            if (!may) continue;
            guard = withLoss(guard, one, later(seconds), settings);
            losses.push({ who, at: seconds, isReleased });
          }
          for (const { at } of losses) {
            const within = losses.filter((loss) => loss.at <= at && loss.at > at - 3_600 && !loss.isReleased);
            const most = Math.max(limit, Math.floor((30 * percent) / 100));
            expect(new Set(within.map(({ who }) => who)).size).toBeLessThanOrEqual(most);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the count of everybody with access', () => {
  it('is good for a minute, and one that was never made for no time', () => {
    const guard = withCount(NO_LOSSES, people(5), NOW, SETTINGS);
    expect([isCounted(NO_LOSSES, NOW), isCounted(guard, later(59)), isCounted(guard, later(60))]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('never made lets nobody go as a small share', () => {
    expect(isSmallShare(NO_LOSSES, leaver('x'), NOW, SETTINGS)).toBe(false);
  });
});

describe('the record', () => {
  it('has room however many are released: only of those does it forget any', () => {
    const id = (who: number) => `8f14e45f-ceea-467f-a9d1-${String(who).padStart(12, '0')}`;
    let guard = people(3).reduce((so, who) => withLoss(so, leaver(who), NOW, SETTINGS), NO_LOSSES);
    for (let who = 0; who < 1_050; who += 1) guard = withLoss(guard, leaver(id(who), true), later(1), SETTINGS);
    expect(Object.keys(guard.losses)).toHaveLength(3 + 1_000);
    expect(Buffer.byteLength(JSON.stringify(guard))).toBeLessThan(400 * 1024);
    expect(isAmongFew(guard, leaver('x'), later(1), SETTINGS)).toBe(false);
    expect(guard.losses[id(1_049)]).toBeDefined();
  });
});

describe('that people are held', () => {
  it('is alarmed once a window', () => {
    expect(isAlarmDue(NO_LOSSES, NOW, SETTINGS)).toBe(true);
    const alarmed = { ...NO_LOSSES, alarmedAt: NOW };
    expect(isAlarmDue(alarmed, later(3_599), SETTINGS)).toBe(false);
    expect(isAlarmDue(alarmed, later(3_600), SETTINGS)).toBe(true);
  });
});

describe('a revoke takes something away', () => {
  const account = linkedAccount('u-1', 'noor@paper.example');
  const held: Access = { role: 'ADMIN', permissions: ['ga4'] };
  const revocation = { at: NOW, assertedAt: NOW, afterSilence: false };

  const people: [name: string, account: Account | null, expected: boolean][] = [
    ['of whom nothing is known but the id', account, true],
    ['who holds a permission', { ...account, state: 'linked', access: held }, true],
    ['who holds none', { ...account, state: 'linked', access: { role: 'ADMIN', permissions: [] } }, false],
    ['who was revoked', { ...account, state: 'linked', access: 'none', revocation }, false],
    ['whose revoke is to be repeated', { ...account, access: 'none', revocation }, false],
    ['who was revoked before an update that was never answered', { ...account, access: 'none' }, true],
    [
      'who held none before an update that was never answered',
      { ...account, access: { role: 'ADMIN', permissions: [] } },
      true,
    ],
    ['without an account', null, false],
  ];
  it.each(people)('from somebody %s: %s', (_, of, expected) => {
    expect(holdsAccess(of)).toBe(expected);
  });
});
