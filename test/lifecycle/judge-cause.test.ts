/** Which job a call is made for. */
import { describe, expect, it } from 'vitest';
import { causeOf } from '../../shared/lifecycle/judge.ts';
import { addFact, newPerson } from '../../shared/lifecycle/person.ts';
import type { Said } from './oracle.ts';
import { factSaid, june, RULES, type Saying, say } from './saying.ts';

const email = 'noor@paper.example';
const department = (name: string | null): NonNullable<Saying['person']> => ({ email, department: name });

const hired = say('onboard', june(1), { id: 'hired', person: department('Desk') });

describe('a call is made for', () => {
  function cause(kind: 'create' | 'update' | 'rename' | 'revoke', saids: readonly Said[], now: string): string | null {
    const person = saids.reduce((before, said) => addFact(before, factSaid(said)) ?? before, newPerson('person-1'));
    return causeOf(kind, { person, policy: RULES, defaultZone: 'UTC', now });
  }

  it('the onboard, where it creates', () => {
    expect(
      cause(
        'create',
        [hired, say('change', june(2), { id: 'more', person: { email, attributes: { level: 'lead' } } })],
        june(3),
      ),
    ).toBe('hired');
  });

  it('the fact that the call carries, where several came into force at one instant', () => {
    const moved = say('change', june(2), { id: 'moved', person: department('Till') });
    const renamed = say('change', june(2), {
      id: 'renamed',
      position: 1,
      person: { email: 'noor.ali@paper.example', previousEmail: email },
    });
    for (const saids of [
      [hired, moved, renamed],
      [hired, renamed, moved],
    ]) {
      expect(cause('update', saids, june(3))).toBe('moved');
      expect(cause('rename', saids, june(3))).toBe('renamed');
    }
  });

  it('no fact that makes a difference only later', () => {
    const grant = (until: string, id: string, at: string) =>
      say('change', at, { id, by: 'api', access: { profile: 'guests', until }, reference: 'R-1', person: { email } });
    const saids = [
      hired,
      grant(june(20), 'given', june(1)),
      say('change', june(2), { id: 'moved', person: department('Till') }),
      grant(june(25), 'prolonged', june(3)),
    ];
    expect(cause('update', saids, june(4))).toBe('moved');
  });

  it('the offboard, where it revokes', () => {
    expect(
      cause(
        'revoke',
        [
          hired,
          say('offboard', june(2), { id: 'leave' }),
          say('change', june(3), { id: 'late', person: department('Till') }),
        ],
        june(4),
      ),
    ).toBe('leave');
  });

  it('the newest change that made the difference, where it updates', () => {
    const saids = [
      hired,
      say('change', june(2), { id: 'moved', person: department('Till') }),
      say('change', june(3), { id: 'idle', person: { email, location: 'Goa' } }),
    ];
    expect(cause('update', saids, june(4))).toBe('moved');
  });

  it('no job whose day has not come, and none where all are finished', () => {
    expect(cause('update', [say('onboard', june(1), { id: 'hire', effectiveAt: june(9) })], june(2))).toBeNull();
    expect(cause('create', [], june(2))).toBeNull();
  });
});
