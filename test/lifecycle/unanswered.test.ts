/** Rules 6 and 7 where a call that was never answered has worked all the same and something else is said meanwhile. */
import { describe, expect, it } from 'vitest';
import type { Said } from './oracle.ts';
import { june, type Saying, say } from './saying.ts';
import { simulate } from './simulation.ts';
import type { Weather } from './weather.ts';

const one = 'one@paper.example';
const two = 'two@paper.example';

/** What is said, a second apart, so that it meets the call before it while that is still unanswered. */
function play(saids: readonly Said[], weather: readonly Weather[], refusesDuplicates: boolean) {
  const arrivals = saids.map((said) => ({ at: said.event.occurredAt ?? june(1), who: 0, said }));
  return simulate({ count: 1, arrivals, weather, refusesDuplicates, watch: () => null });
}

const second = (number: number) => `2026-06-01T00:00:${String(number).padStart(2, '0')}.000Z`;
const change = (at: number, person: NonNullable<Saying['person']>) => say('change', second(at), { by: 'api', person });
const hired = say('onboard', second(0), { by: 'api', person: { email: one, department: 'Desk' } });

describe('somebody whose create was never answered and who is renamed meanwhile', () => {
  it.each([false, true])('never gets a second account (Conscent refuses duplicates: %s)', (refusesDuplicates) => {
    for (const weather of ['silent-but-done', 'lost-but-done'] as const) {
      const renamed = change(1, { email: two, previousEmail: one });
      // The worker that died left nothing but the intent, and the next call is refused in passing.
      const { users, violations } = play([hired, renamed], [weather, 'unavailable'], refusesDuplicates);
      expect(violations).toEqual([]);
      expect(users).toMatchObject([{ email: two, access: { role: 'EDITOR' } }]);
    }
  });
});

describe('somebody whose rename was never answered', () => {
  const renamed = change(1, { email: two, previousEmail: one });

  it('and who is renamed back meanwhile has the address that was said last', () => {
    const { users } = play(
      [hired, renamed, change(2, { email: one, previousEmail: two })],
      ['fine', 'silent-but-done'],
      false,
    );
    expect(users).toMatchObject([{ email: one }]);
  });

  it('and who moves and is renamed back meanwhile has the address that was said last', () => {
    const back = change(2, { email: one, previousEmail: two, department: 'Till' });
    const { users } = play([hired, renamed, back], ['fine', 'silent-but-done'], false);
    expect(users).toMatchObject([{ email: one, access: { role: 'TELLER' } }]);
  });

  it('and who leaves and comes back under the old address has it', () => {
    const left = say('offboard', second(2), { by: 'api', person: { email: one } });
    const back = say('onboard', second(3), {
      by: 'api',
      person: { email: one, previousEmail: two, department: 'Desk' },
    });
    const { users } = play([hired, renamed, left, back], ['fine', 'silent-but-done'], false);
    expect(users).toMatchObject([{ email: one, access: { role: 'EDITOR' } }]);
  });
});

describe('somebody whose revoke was never answered', () => {
  const left = say('offboard', second(1), { by: 'api', person: { email: one } });

  it.each(['silent', 'silent-but-done', 'lost', 'lost-but-done', 'unavailable', 'throttled', 'unauthorized'] as const)(
    '(%s) is revoked again, and holds nothing',
    (weather) => {
      expect(play([hired, left], ['fine', weather, weather], false).users).toMatchObject([{ access: 'none' }]);
    },
  );

  it('and who comes back meanwhile holds what they should', () => {
    const back = say('onboard', second(2), { by: 'api', person: { email: one, department: 'Desk' } });
    expect(play([hired, left, back], ['fine', 'silent-but-done'], false).users).toMatchObject([
      { access: { role: 'EDITOR' } },
    ]);
  });
});

describe('somebody whose update was never answered', () => {
  it('and who moves back meanwhile holds what they should', () => {
    const saids = [hired, change(1, { email: one, department: 'Till' }), change(2, { email: one, department: 'Desk' })];
    expect(play(saids, ['fine', 'silent-but-done'], false).users).toMatchObject([{ access: { role: 'EDITOR' } }]);
  });
});
