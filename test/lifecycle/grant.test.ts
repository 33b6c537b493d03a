/** Rule 5's grants: known by a key, replaced, withdrawn. */
import { describe, expect, it } from 'vitest';
import type { CanonicalEvent } from '../../shared/lifecycle/event.ts';
import type { Permission } from '../../shared/lifecycle/permission.ts';
import type { Said } from './oracle.ts';
import { june, type Saying, say, seen } from './saying.ts';

type Asked = NonNullable<CanonicalEvent['access']>;
const TELLERS: Asked = { profile: 'tellers' };
const ANALYSTS: Asked = { profile: 'analysts' };

const ask = (at: string, access: Asked, saying: Saying = {}) => say('change', at, { by: 'zendesk', access, ...saying });
const hired = say('onboard', june(1));

function held(saids: readonly Said[], at: string): Permission[] {
  const { desired } = seen(saids, at);
  return typeof desired === 'string' ? [] : desired.permissions;
}

describe('a grant', () => {
  it('counts from when it was asked for, for good', () => {
    const said = [hired, ask(june(3), ANALYSTS)];
    expect(held(said, june(2))).toEqual([]);
    expect(held(said, june(3))).toEqual(['ga4', 'export']);
    expect(held(said, '2031-01-01T00:00:00.000Z')).toEqual(['ga4', 'export']);
  });

  it('counts from its day until the end of its last day', () => {
    const said = [hired, ask(june(2), { ...ANALYSTS, until: '2026-06-09' }, { effectiveAt: '2026-06-05' })];
    expect(held(said, june(4, 23))).toEqual([]);
    expect(held(said, june(5))).toEqual(['ga4', 'export']);
    expect(held(said, june(9, 23))).toEqual(['ga4', 'export']);
    expect(held(said, june(10))).toEqual([]);
  });

  it('reads the day it runs out in its own time zone', () => {
    const said = [hired, ask(june(2), { ...ANALYSTS, until: '2026-06-09' }, { timeZone: 'Asia/Kolkata' })];
    expect(held(said, '2026-06-09T18:29:59.999Z')).toEqual(['ga4', 'export']);
    expect(held(said, '2026-06-09T18:30:00.000Z')).toEqual([]);
  });

  it('of the same profile from the same source replaces the older one', () => {
    const said = [hired, ask(june(2), TELLERS), ask(june(3), { ...TELLERS, until: june(6) })];
    expect(held(said, june(5))).not.toEqual([]);
    expect(held(said, june(6))).toEqual([]);
  });

  it('of another profile, reference or source stands beside it', () => {
    const said = [
      hired,
      ask(june(2), TELLERS, { reference: 'REQ-7' }),
      ask(june(2), TELLERS),
      ask(june(2), TELLERS, { by: 'api' }),
      ask(june(3), { ...TELLERS, until: june(2) }),
      ask(june(3), ANALYSTS),
    ];
    expect(held(said, june(4))).toEqual(['journey', 'payments', 'taxation', 'ga4', 'export']);
    const withdrawn = [
      ask(june(4), { ...TELLERS, until: june(2) }, { reference: 'REQ-7' }),
      ask(june(4), { ...TELLERS, until: june(2) }, { by: 'api' }),
    ];
    expect(held([...said, ...withdrawn], june(5))).toEqual(['ga4', 'export']);
  });

  it('is replaced by its reference even where the profile is another', () => {
    const said = [hired, ask(june(2), TELLERS, { reference: 'REQ-7' }), ask(june(3), ANALYSTS, { reference: 'REQ-7' })];
    expect(held(said, june(4))).toEqual(['ga4', 'export']);
  });

  it('made directly is replaced by the next direct one', () => {
    const direct = (name: Permission): Asked => ({ role: 'GUEST', permissions: { [name]: true, ga4: false } });
    const said = [hired, ask(june(2), direct('billing')), ask(june(3), direct('pdfManager'))];
    expect(seen(said, june(4)).desired).toEqual({ role: 'GUEST', permissions: ['pdfManager'] });
  });

  it('is withdrawn by a newer one whose until has passed', () => {
    const said = [hired, ask(june(2), TELLERS), ask(june(5), { ...TELLERS, until: '2026-06-03' })];
    expect(held(said, june(5))).toEqual([]);
  });

  it('stays until a newer one for a later day comes into force', () => {
    const said = [
      hired,
      ask(june(2), TELLERS, { reference: 'R' }),
      ask(june(3), ANALYSTS, { reference: 'R', effectiveAt: june(7) }),
    ];
    expect(held(said, june(6))).toEqual(['journey', 'payments', 'taxation']);
    expect(held(said, june(7))).toEqual(['ga4', 'export']);
  });

  it('from a source without authority over grants is left out', () => {
    expect(held([hired, ask(june(2), TELLERS, { by: 'hibob' })], june(3))).toEqual([]);
  });
});
