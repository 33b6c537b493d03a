/** Rule 5's grants and the employment they are given in. */
import { describe, expect, it } from 'vitest';
import type { CanonicalEvent } from '../../shared/lifecycle/event.ts';
import type { Permission } from '../../shared/lifecycle/permission.ts';
import type { Said } from './oracle.ts';
import { attention, june, type Saying, say, seen } from './saying.ts';

type Asked = NonNullable<CanonicalEvent['access']>;
const TELLERS: Asked = { profile: 'tellers' };

const ask = (at: string, access: Asked, saying: Saying = {}) => say('change', at, { by: 'zendesk', access, ...saying });
const hired = say('onboard', june(1));

function held(saids: readonly Said[], at: string): Permission[] {
  const { desired } = seen(saids, at);
  return typeof desired === 'string' ? [] : desired.permissions;
}

describe('a grant and its employment', () => {
  it('end together, and a new employment does not bring it back', () => {
    const said = [hired, ask(june(2), TELLERS), say('offboard', june(4)), say('onboard', june(6))];
    expect(held(said, june(3))).not.toEqual([]);
    expect(held(said, june(5))).toEqual([]);
    expect(held(said, june(7))).toEqual([]);
  });

  it('go on together where a coming end is taken away', () => {
    const said = [
      hired,
      ask(june(2), TELLERS),
      say('offboard', june(3), { effectiveAt: june(9) }),
      say('onboard', june(4)),
    ];
    expect(held(said, june(10))).not.toEqual([]);
  });

  it('go on together where the next employment is moved so that it touches this one', () => {
    const said = [
      hired,
      ask(june(2), TELLERS),
      say('offboard', june(3), { effectiveAt: june(9) }),
      say('onboard', june(4), { effectiveAt: june(12) }),
      say('onboard', june(5), { effectiveAt: june(9) }),
    ];
    expect(held(said, june(6))).not.toEqual([]);
    expect(held(said, june(10))).not.toEqual([]);
  });

  it('never count where it was given to somebody who had left', () => {
    const said = [hired, say('offboard', june(3)), ask(june(4), TELLERS), say('onboard', june(6))];
    expect(held(said, june(5))).toEqual([]);
    expect(held(said, june(7))).toEqual([]);
  });

  it('begin together where it was given before the first day', () => {
    const said = [say('onboard', june(1), { effectiveAt: june(5) }), ask(june(2), TELLERS)];
    expect(held(said, june(4))).toEqual([]);
    expect(held(said, june(5))).not.toEqual([]);
  });

  it('belong to the next employment where the onboard that opens it asks for it', () => {
    const said = [
      hired,
      say('offboard', june(2), { effectiveAt: june(6) }),
      say('onboard', june(3), { by: 'api', effectiveAt: june(9), access: TELLERS }),
    ];
    expect(held(said, june(4))).toEqual([]);
    expect(held(said, june(9))).not.toEqual([]);
  });

  it('end with a withdrawn hire, and a later hire does not bring it back', () => {
    const said = [
      say('onboard', june(1), { by: 'api', effectiveAt: june(9), access: TELLERS }),
      say('offboard', june(2), { by: 'api' }),
      say('onboard', june(3), { by: 'api', effectiveAt: june(12) }),
    ];
    expect(held(said, june(13))).toEqual([]);
  });

  it('end with a withdrawn hire also where an employment was left that had not ended', () => {
    const said = [
      say('onboard', june(1), { by: 'api' }),
      say('offboard', june(2), { by: 'api', effectiveAt: june(6) }),
      say('onboard', june(3), { by: 'api', effectiveAt: june(12), access: TELLERS }),
      say('offboard', june(4), { by: 'api', effectiveAt: june(7) }),
      say('onboard', june(5), { by: 'api', effectiveAt: june(20) }),
    ];
    expect(seen(said, june(21)).employment.state).toBe('employed');
    expect(held(said, june(21))).toEqual([]);
  });
});

describe('a grant of a withdrawn hire', () => {
  it('does not come back where an end of unknown employment is stated and taken away again', () => {
    const said = [
      say('onboard', june(1), { by: 'api', effectiveAt: june(9), access: TELLERS }),
      say('offboard', june(2), { by: 'api' }),
      say('offboard', june(3), { by: 'api', effectiveAt: june(20) }),
      say('onboard', june(4), { by: 'api' }),
    ];
    expect(seen(said, june(5)).employment.state).toBe('employed');
    expect(held(said, june(5))).toEqual([]);
  });
});

describe('a grant of a hire that was withdrawn in front of an end nobody knew the start of', () => {
  it('does not come back with a later hire', () => {
    const api = { by: 'api' };
    const said = [
      say('offboard', june(1), { ...api, effectiveAt: june(6) }),
      say('onboard', june(2), { ...api, effectiveAt: june(9), access: TELLERS }),
      say('offboard', june(3), { ...api, effectiveAt: june(7) }),
      say('onboard', june(4), api),
      say('offboard', june(5), api),
      say('onboard', june(6), api),
    ];
    expect(seen(said, june(10)).employment.state).toBe('employed');
    expect(held(said, june(10))).toEqual([]);
  });
});

describe('a grant given while employment is unknown', () => {
  const early = ask(june(1), TELLERS, { id: 'early' });

  it('needs attention and gives nothing', () => {
    expect(attention([early])).toEqual({ early: 'employment-unknown' });
    expect(seen([early], june(2)).desired).toBe('unknown');
  });

  it('counts from the onboard on', () => {
    const said = [early, say('onboard', june(4), { effectiveAt: june(6) })];
    expect(held(said, june(5))).toEqual([]);
    expect(held(said, june(6))).not.toEqual([]);
  });

  it('counts also where an end was coming that the onboard takes away', () => {
    const leaves = say('offboard', june(2), { by: 'api', effectiveAt: june(9) });
    const atOnce = [early, leaves, say('onboard', june(4), { by: 'api' })];
    expect(held(atOnce, june(5))).not.toEqual([]);
    const movedBack = [
      early,
      leaves,
      say('onboard', june(4), { by: 'api', effectiveAt: june(12) }),
      say('onboard', june(5), { by: 'api' }),
    ];
    expect(held(movedBack, june(6))).not.toEqual([]);
  });

  it('ends with an end that comes before any onboard', () => {
    const said = [early, say('offboard', june(3), { by: 'api' }), say('onboard', june(5), { by: 'api' })];
    expect(held(said, june(6))).toEqual([]);
  });
});
