/** DESIGN rule 1's table, what an onboard does, a test or more a row. Every expected instant is worked out by hand. */
import { describe, expect, it } from 'vitest';
import type { Said } from './oracle.ts';
import { attention, june, say, seen } from './saying.ts';

const stateAt = (saids: readonly Said[], at: string) => seen(saids, at).employment.state;
const boundsAt = (saids: readonly Said[], at: string) => seen(saids, at).employment;

describe('an onboard', () => {
  it('said while nothing is known opens a period at its day', () => {
    const said = [say('onboard', june(1), { effectiveAt: '2026-06-05' })];
    expect(boundsAt(said, june(4, 23))).toEqual({ state: 'future', start: june(5), end: null });
    expect(boundsAt(said, june(5))).toEqual({ state: 'employed', start: june(5), end: null });
  });

  it('without a day is in force from when it occurred', () => {
    expect(boundsAt([say('onboard', june(3, 7))], june(3, 7))).toMatchObject({ state: 'employed', start: june(3, 7) });
  });

  it('that moves a coming period to before one that goes on makes them one, as long as the coming one was', () => {
    const said = [
      say('onboard', june(1), { effectiveAt: june(2) }),
      say('offboard', june(1), { effectiveAt: june(2, 18) }),
      say('onboard', june(2), { effectiveAt: june(3) }),
      say('offboard', june(2), { effectiveAt: june(4) }),
      say('onboard', june(2, 6), { effectiveAt: june(1) }),
    ];
    expect(boundsAt(said, june(2, 19))).toEqual({ state: 'employed', start: june(1), end: june(4) });
    expect(stateAt(said, june(4))).toBe('ended');
  });

  it('said after the last period has ended opens the next one', () => {
    const said = [
      say('onboard', june(1)),
      say('offboard', june(4)),
      say('onboard', june(8), { effectiveAt: june(10) }),
    ];
    expect(stateAt(said, june(3))).toBe('employed');
    expect(boundsAt(said, june(9))).toMatchObject({ state: 'ended', end: june(4) });
    expect(boundsAt(said, june(10))).toEqual({ state: 'employed', start: june(10), end: null });
  });

  it('said in the very instant in which the period ends finds it ended', () => {
    const said = [
      say('onboard', june(1)),
      say('offboard', june(2), { effectiveAt: june(4) }),
      say('onboard', june(4), { effectiveAt: june(6) }),
    ];
    expect(stateAt(said, june(5))).toBe('ended');
    expect(stateAt(said, june(6))).toBe('employed');
  });

  it.each([
    ['earlier', june(4)],
    ['later', june(12)],
  ])('said before the period begins moves its start to an %s day', (_, start) => {
    const said = [say('onboard', june(1), { effectiveAt: june(8) }), say('onboard', june(2), { effectiveAt: start })];
    expect(boundsAt(said, june(3))).toEqual({ state: 'future', start, end: null });
    expect(stateAt(said, start)).toBe('employed');
  });

  it('that moves the start of a fixed term keeps its end', () => {
    const said = [
      say('onboard', june(1), { effectiveAt: june(8) }),
      say('offboard', june(2), { effectiveAt: june(20) }),
      say('onboard', june(3), { by: 'greenhouse', effectiveAt: june(10) }),
    ];
    expect(boundsAt(said, june(15))).toEqual({ state: 'employed', start: june(10), end: june(20) });
  });

  it('said while employed without an end changes nothing, whoever says it', () => {
    for (const by of ['hibob', 'greenhouse', 'api']) {
      const said = [say('onboard', june(1)), say('onboard', june(5), { by, effectiveAt: june(9) })];
      expect(boundsAt(said, june(6))).toEqual({ state: 'employed', start: june(1), end: null });
      expect(attention(said)).toEqual({});
    }
  });

  it.each([
    ['after', june(10)],
    ['on', june(8)],
  ])('said while an end is coming %s its day takes the end away', (_, end) => {
    const said = [
      say('onboard', june(1)),
      say('offboard', june(3), { effectiveAt: end }),
      say('onboard', june(5), { effectiveAt: june(8) }),
    ];
    expect(boundsAt(said, june(6))).toEqual({ state: 'employed', start: june(1), end: null });
    expect(stateAt(said, june(28))).toBe('employed');
  });

  it('said while an end is coming before its day opens the next period', () => {
    const said = [
      say('onboard', june(1)),
      say('offboard', june(3), { effectiveAt: june(7) }),
      say('onboard', june(5), { effectiveAt: june(9) }),
    ];
    expect(boundsAt(said, june(6))).toEqual({ state: 'employed', start: june(1), end: june(7) });
    expect(stateAt(said, june(8))).toBe('ended');
    expect(boundsAt(said, june(9))).toEqual({ state: 'employed', start: june(9), end: null });
  });

  it('whose period reaches back to an earlier one makes one of both', () => {
    const said = [say('onboard', june(1)), say('offboard', june(4)), say('onboard', june(6), { effectiveAt: june(4) })];
    expect(boundsAt(said, june(7))).toEqual({ state: 'employed', start: june(1), end: null });
    expect(stateAt(said, june(5))).toBe('employed');
  });

  it('of an older day that arrives after an offboard nobody knew the start of is folded in front of it', () => {
    const said = [say('offboard', june(9)), say('onboard', june(2))];
    expect(boundsAt(said, june(5))).toEqual({ state: 'employed', start: june(2), end: june(9) });
    expect(stateAt(said, june(9))).toBe('ended');
  });

  it.each([june(3), june(9)])(
    'newer than an offboard nobody knew the start of makes somebody employed, also from %s',
    (start) => {
      const said = [
        say('offboard', june(2), { effectiveAt: june(9) }),
        say('onboard', june(5), { effectiveAt: start }),
      ];
      expect(boundsAt(said, june(10))).toEqual({ state: 'employed', start, end: null });
    },
  );

  it('backdated to before such an offboard, after it has passed, makes somebody employed', () => {
    const said = [say('offboard', june(5)), say('onboard', june(7), { effectiveAt: june(3) })];
    expect(stateAt(said, june(8))).toBe('employed');
  });
});
