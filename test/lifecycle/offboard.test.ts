/** DESIGN rule 1's table, what an offboard does, a test or more a row. Every expected instant is worked out by hand. */
import { describe, expect, it } from 'vitest';
import type { Said } from './oracle.ts';
import { june, say, seen } from './saying.ts';

const stateAt = (saids: readonly Said[], at: string) => seen(saids, at).employment.state;
const boundsAt = (saids: readonly Said[], at: string) => seen(saids, at).employment;

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
    const said = [
      say('onboard', june(1)),
      say('offboard', june(5)),
      say('offboard', june(8), { by: 'api', effectiveAt: end }),
    ];
    expect(boundsAt(said, june(9))).toMatchObject({ state: 'ended', end: june(5) });
    expect(stateAt(said, june(13))).toBe('ended');
  });

  it.each([june(4), june(8)])('with a day of %s, said before a hire of the 8th begins, cancels the hire', (end) => {
    const said = [say('onboard', june(1), { effectiveAt: june(8) }), say('offboard', june(3), { effectiveAt: end })];
    for (const at of [june(3), june(8), june(20)]) expect(seen(said, at).desired).toBe('none');
    expect(stateAt(said, june(20))).not.toBe('employed');
  });

  it('after the day of a coming hire ends it instead', () => {
    const said = [
      say('onboard', june(1), { effectiveAt: june(8) }),
      say('offboard', june(3), { effectiveAt: june(15) }),
    ];
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

  it.each(['hibob', 'zendesk', 'okta', 'api'])(
    'from %s of somebody unheard of means: unknown before, ended from its day on',
    (by) => {
      const said = [say('offboard', june(2), { by, effectiveAt: june(6) })];
      expect(seen(said, june(5))).toMatchObject({ employment: { state: 'unknown' }, desired: 'unknown' });
      expect(seen(said, june(6))).toMatchObject({ employment: { state: 'ended' }, desired: 'none' });
    },
  );

  it('of somebody of whom only a change was known means the same', () => {
    const said = [
      say('change', june(1), { person: { email: 'noor@paper.example', department: 'Desk' } }),
      say('offboard', june(4)),
    ];
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
