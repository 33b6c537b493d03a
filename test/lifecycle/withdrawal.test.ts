/** A hire that is taken back: rule 1's withdrawal of what has not begun, and nothing more. */
import { describe, expect, it } from 'vitest';
import { foldFacts, nothingFolded } from '../../shared/lifecycle/fold.ts';
import { viewAt } from '../../shared/lifecycle/person.ts';
import type { Said } from './oracle.ts';
import { attention, factSaid, june, RULES, say, seen } from './saying.ts';

const withdraw = (said: Said): Said => ({ ...said, origin: { ...said.origin, withdraws: true } });
const taken = (at: string, id = 'taken') => withdraw(say('offboard', at, { id, by: 'greenhouse' }));
const hire = (at: string, start: string) => say('onboard', at, { by: 'greenhouse', effectiveAt: start });
const stateAt = (saids: readonly Said[], at: string) => seen(saids, at).employment.state;

describe('a hire that is taken back', () => {
  it('before it begins is withdrawn', () => {
    const said = [hire(june(1), june(10)), taken(june(5))];
    expect(stateAt(said, june(11))).not.toBe('employed');
    expect(attention(said)).toEqual({});
  });

  it('is withdrawn in whatever order the two arrive', () => {
    const facts = [hire(june(1), june(10)), taken(june(5))].map(factSaid).reverse();
    expect(viewAt(foldFacts(facts, nothingFolded('UTC')), RULES, june(11)).employment.state).not.toBe('employed');
  });

  it('in the instant in which it was made is withdrawn: of two at once the one that takes away is last', () => {
    expect(stateAt([taken(june(1)), hire(june(1), june(10))], june(11))).not.toBe('employed');
  });

  it('once it has begun ends nothing and needs attention', () => {
    const said = [hire(june(1), june(3)), taken(june(5))];
    expect(stateAt(said, june(11))).toBe('employed');
    expect(attention(said)).toEqual({ taken: 'hire-begun' });
  });

  it('needs nobody any more when the end, or another onboard, has been said', () => {
    const said = [hire(june(1), june(3)), taken(june(5))];
    expect(attention([...said, say('offboard', june(6), { by: 'api' })])).toEqual({});
    expect(attention([...said, say('onboard', june(6), { by: 'hibob' })])).toEqual({});
  });

  it('leaves the employment before it as it was', () => {
    const said = [
      hire(june(1), june(1)),
      say('offboard', june(2), { by: 'greenhouse', effectiveAt: june(4) }),
      hire(june(3), june(10)),
      taken(june(3, 12)),
    ];
    expect([june(3, 20), june(5), june(11)].map((at) => stateAt(said, at))).toEqual(['employed', 'ended', 'ended']);
  });

  it('says nothing of somebody who has left, or of whom nothing is known', () => {
    expect(attention([hire(june(1), june(1)), say('offboard', june(2)), taken(june(5))])).toEqual({});
    expect(stateAt([taken(june(5))], june(6))).toBe('unknown');
  });

  it('stands against a hire by another source, as an end does', () => {
    const said = [hire(june(1), june(10)), taken(june(5)), say('onboard', june(6), { id: 'hr', by: 'hibob' })];
    expect(attention(said)).toEqual({ hr: 'ended-elsewhere' });
    expect(stateAt([...said, hire(june(7), june(12))], june(13))).toBe('employed');
  });
});
