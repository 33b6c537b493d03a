/** Rule 3: who may take an end away. */
import { describe, expect, it } from 'vitest';
import type { Said } from './oracle.ts';
import { attention, june, say, seen } from './saying.ts';

const stateAt = (saids: readonly Said[], at: string) => seen(saids, at).employment.state;

describe('an onboard that another source’s end stands against', () => {
  it('needs nobody any more when somebody who may has taken the end away', () => {
    const said = [
      say('onboard', june(1)),
      say('offboard', june(3), { by: 'hibob' }),
      say('onboard', june(4), { id: 'other', by: 'greenhouse' }),
    ];
    expect(attention(said)).toEqual({ other: 'ended-elsewhere' });
    expect(attention([...said, say('onboard', june(5), { by: 'api' })])).toEqual({});
  });
});

describe('an end stated by one source', () => {
  const ended = [say('onboard', june(1)), say('offboard', june(3), { by: 'hibob', effectiveAt: june(6) })];

  it.each([
    ['coming, to be taken away', june(4), june(4)],
    ['coming, to be followed', june(4), june(9)],
    ['passed, to be followed', june(8), june(9)],
    ['passed, to be bridged', june(8), june(2)],
  ])('(%s) stands against an onboard from any other source, which needs attention', (_, saidAt, start) => {
    for (const by of ['greenhouse', 'zendesk', 'okta']) {
      const said = [...ended, say('onboard', saidAt, { id: 'other', by, effectiveAt: start })];
      expect(stateAt(said, june(5))).toBe('employed');
      expect(stateAt(said, june(7))).toBe('ended');
      expect(stateAt(said, june(20))).toBe('ended');
      expect(attention(said)).toEqual({ other: 'ended-elsewhere' });
    }
  });

  it.each(['hibob', 'api'])('is taken away by a newer onboard from %s', (by) => {
    for (const saidAt of [june(4), june(8)]) {
      const said = [...ended, say('onboard', saidAt, { by, effectiveAt: june(9) })];
      expect(stateAt(said, june(10))).toBe('employed');
      expect(attention(said)).toEqual({});
    }
  });

  it('is not taken away by an older onboard, even from api', () => {
    const said = [...ended, say('onboard', june(2), { by: 'api' })];
    expect(stateAt(said, june(7))).toBe('ended');
  });

  it('may be taken away by another source that stated an end of the same period', () => {
    const said = [
      ...ended,
      say('offboard', june(4), { by: 'okta', effectiveAt: june(6) }),
      say('onboard', june(8), { by: 'okta' }),
    ];
    expect(stateAt(said, june(9))).toBe('employed');
  });

  it('of an earlier period gives no say over a later one', () => {
    const said = [
      ...ended,
      say('onboard', june(7), { by: 'hibob' }),
      say('offboard', june(9), { by: 'okta' }),
      say('onboard', june(11), { id: 'again', by: 'hibob' }),
    ];
    expect(stateAt(said, june(12))).toBe('ended');
    expect(attention(said)).toEqual({ again: 'ended-elsewhere' });
  });

  it('coming, is not bridged by another source that moves the next start back to it', () => {
    const said = [
      ...ended,
      say('onboard', june(4), { effectiveAt: june(9) }),
      say('onboard', june(5), { id: 'ats', by: 'greenhouse', effectiveAt: june(5) }),
    ];
    expect(stateAt(said, june(7))).toBe('ended');
    expect(attention(said)).toEqual({ ats: 'ended-elsewhere' });
  });

  it('stands as well against whoever cancelled a hire that was to follow it', () => {
    const said = [
      ...ended,
      say('onboard', june(8), { by: 'hibob', effectiveAt: june(20) }),
      say('offboard', june(9), { by: 'greenhouse' }),
      say('onboard', june(10), { id: 'ats', by: 'greenhouse', effectiveAt: june(11) }),
    ];
    expect(stateAt(said, june(12))).toBe('ended');
    expect(attention(said)).toEqual({ ats: 'ended-elsewhere' });
  });

  it('is still taken away by its own source after another cancelled the hire that was to follow it', () => {
    const said = [
      ...ended,
      say('onboard', june(8), { by: 'hibob', effectiveAt: june(20) }),
      say('offboard', june(9), { by: 'greenhouse' }),
      say('onboard', june(10), { by: 'hibob', effectiveAt: june(22) }),
    ];
    expect(stateAt(said, june(23))).toBe('employed');
    expect(attention(said)).toEqual({});
  });

  it('of somebody whose start nobody knew stands against an onboard from another source', () => {
    const said = [say('offboard', june(3), { by: 'zendesk' }), say('onboard', june(5), { id: 'hr', by: 'hibob' })];
    expect(stateAt(said, june(6))).toBe('ended');
    expect(attention(said)).toEqual({ hr: 'ended-elsewhere' });
  });

  it('leaves the attributes of an onboard that it stands against to count', () => {
    const person = { email: 'noor@paper.example', department: 'Till' };
    const said = [...ended, say('onboard', june(8), { by: 'greenhouse', person })];
    expect(seen(said, june(9))).toMatchObject({ attributes: { department: 'Till' }, desired: 'none' });
  });
});

describe('an onboard that has no say over an end and brings a grant', () => {
  const access = { profile: 'tellers' };

  it('needs attention because the end was stated elsewhere, not because employment is unknown', () => {
    const said = [
      say('offboard', june(1), { effectiveAt: june(9) }),
      say('onboard', june(2), { id: 'ticket', by: 'zendesk', access }),
    ];
    expect(attention(said)).toEqual({ ticket: 'ended-elsewhere' });
  });

  it('gives nothing once the employment has ended', () => {
    const said = [
      say('onboard', june(1)),
      say('offboard', june(3)),
      say('onboard', june(4), { id: 'ticket', by: 'zendesk', access }),
    ];
    expect(seen(said, june(5)).desired).toBe('none');
    expect(attention(said)).toEqual({ ticket: 'ended-elsewhere' });
  });
});
