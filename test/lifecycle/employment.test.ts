/** DESIGN rule 1's table, a test or more a row, and rule 3's say over ends. Every expected instant is worked out by hand. */
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

  it('said after the last period has ended opens the next one', () => {
    const said = [say('onboard', june(1)), say('offboard', june(4)), say('onboard', june(8), { effectiveAt: june(10) })];
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
    const said = [say('onboard', june(1)), say('offboard', june(3), { effectiveAt: end }), say('onboard', june(5), { effectiveAt: june(8) })];
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

  it.each([june(3), june(9)])('newer than an offboard nobody knew the start of makes somebody employed, also from %s', (start) => {
    const said = [say('offboard', june(2), { effectiveAt: june(9) }), say('onboard', june(5), { effectiveAt: start })];
    expect(boundsAt(said, june(10))).toEqual({ state: 'employed', start, end: null });
  });

  it('backdated to before such an offboard, after it has passed, makes somebody employed', () => {
    const said = [say('offboard', june(5)), say('onboard', june(7), { effectiveAt: june(3) })];
    expect(stateAt(said, june(8))).toBe('employed');
  });
});

describe('an offboard', () => {
  it('said while employed ends the period on its day', () => {
    const said = [say('onboard', june(1)), say('offboard', june(3), { effectiveAt: june(7) })];
    expect(stateAt(said, june(6, 23))).toBe('employed');
    expect(boundsAt(said, june(7))).toEqual({ state: 'ended', start: june(1), end: june(7) });
  });

  it.each([june(5), june(12)])('said while an end is coming moves it, also to %s', (end) => {
    const said = [
      say('onboard', june(1)),
      say('offboard', june(2), { effectiveAt: june(9) }),
      say('offboard', june(3), { by: 'okta', effectiveAt: end }),
    ];
    expect(boundsAt(said, june(4))).toMatchObject({ state: 'employed', end });
  });

  it.each([june(2), june(12)])('said after the period has ended never moves the end, not even to %s', (end) => {
    const said = [say('onboard', june(1)), say('offboard', june(5)), say('offboard', june(8), { by: 'api', effectiveAt: end })];
    expect(boundsAt(said, june(9))).toMatchObject({ state: 'ended', end: june(5) });
    expect(stateAt(said, june(13))).toBe('ended');
  });

  it.each([june(4), june(8)])('with a day of %s, said before a hire of the 8th begins, cancels the hire', (end) => {
    const said = [say('onboard', june(1), { effectiveAt: june(8) }), say('offboard', june(3), { effectiveAt: end })];
    for (const at of [june(3), june(8), june(20)]) expect(seen(said, at).desired).toBe('none');
    expect(stateAt(said, june(20))).not.toBe('employed');
  });

  it('after the day of a coming hire ends it instead', () => {
    const said = [say('onboard', june(1), { effectiveAt: june(8) }), say('offboard', june(3), { effectiveAt: june(15) })];
    expect(stateAt(said, june(10))).toBe('employed');
    expect(stateAt(said, june(15))).toBe('ended');
  });

  it('that cancels the next hire also ends the employment that is left', () => {
    const said = [
      say('onboard', june(1)),
      say('offboard', june(2), { effectiveAt: june(10) }),
      say('onboard', june(3), { effectiveAt: june(20) }),
      say('offboard', june(4), { effectiveAt: june(6) }),
    ];
    expect(boundsAt(said, june(5))).toMatchObject({ state: 'employed', end: june(6) });
    expect(stateAt(said, june(25))).toBe('ended');
  });

  it('that cancels the next hire leaves an end that has passed where it is', () => {
    const said = [
      say('onboard', june(1)),
      say('offboard', june(2)),
      say('onboard', june(3), { effectiveAt: june(20) }),
      say('offboard', june(4)),
    ];
    expect(boundsAt(said, june(25))).toMatchObject({ state: 'ended', end: june(2) });
  });

  it.each(['hibob', 'zendesk', 'okta', 'api'])('from %s of somebody unheard of means: unknown before, ended from its day on', (by) => {
    const said = [say('offboard', june(2), { by, effectiveAt: june(6) })];
    expect(seen(said, june(5))).toMatchObject({ employment: { state: 'unknown' }, desired: 'unknown' });
    expect(seen(said, june(6))).toMatchObject({ employment: { state: 'ended' }, desired: 'none' });
  });

  it('of somebody of whom only a change was known means the same', () => {
    const said = [say('change', june(1), { person: { email: 'noor@paper.example', department: 'Desk' } }), say('offboard', june(4))];
    expect(seen(said, june(3)).desired).toBe('unknown');
    expect(seen(said, june(4)).desired).toBe('none');
  });

  it('wins over an onboard of the same instant, whatever their places in the array', () => {
    const said = [say('offboard', june(5), { position: 0 }), say('onboard', june(5), { position: 1 })];
    expect(stateAt(said, june(6))).toBe('ended');
  });
});

describe('a change', () => {
  it('alone leaves employment unknown, so that nothing is sent to Conscent', () => {
    const said = [say('change', june(1), { person: { email: 'noor@paper.example', department: 'Desk' } })];
    expect(seen(said, june(2))).toMatchObject({ employment: { state: 'unknown' }, desired: 'unknown' });
  });
});
