/** The person: facts are added once, kept within bounds, and looked at again when something may be due. */
import { describe, expect, it } from 'vitest';
import { linkedAccount } from '../../shared/lifecycle/account.ts';
import {
  addFact,
  foldPerson,
  losesAccess,
  newPerson,
  nextWake,
  type Person,
  record,
  viewAt,
} from '../../shared/lifecycle/person.ts';
import type { Said } from './oracle.ts';
import { factSaid, june, RULES, say } from './saying.ts';

const email = 'noor@paper.example';
const desk = { email, department: 'Desk' };

function personOf(saids: readonly Said[], more: Partial<Person> = {}): Person {
  const person = saids.reduce((before, said) => addFact(before, factSaid(said)) ?? before, newPerson('person-1'));
  return { ...person, open: [], ...more };
}

const wake = (person: Person, now: string) => nextWake(person, RULES, 'UTC', now);
const holding = {
  ...linkedAccount('user-9', email),
  state: 'linked' as const,
  access: { role: 'EDITOR', permissions: ['ignite' as const] },
};

describe('a fact', () => {
  const said = say('onboard', june(1), { id: 'job-a', person: { email, externalId: '7' } });

  it('is added with its job and its employee id', () => {
    const person = addFact(newPerson('person-1'), factSaid(said));
    expect(person).toMatchObject({
      facts: [{ id: 'job-a' }],
      externalIds: [{ source: 'hibob', externalId: '7' }],
      open: [{ jobId: 'job-a', status: 'queued', attempts: 0 }],
    });
  });

  it('added twice is added once', () => {
    const person = personOf([said]);
    expect(addFact(person, factSaid(said))).toEqual(person);
  });

  it('with a known employee id does not repeat it', () => {
    expect(personOf([said, say('change', june(2), { person: { externalId: '7' } })]).externalIds).toHaveLength(1);
  });

  it('leaves the person as they were', () => {
    const person = newPerson('person-1');
    addFact(person, factSaid(said));
    expect(person).toEqual(newPerson('person-1'));
  });

  it('older than what is kept comes too late', () => {
    const person: Person = { ...newPerson('person-1'), baseUntil: june(2) };
    expect(addFact(person, factSaid(say('change', june(1))))).toBeNull();
    expect(addFact(person, factSaid(say('change', june(3))))).not.toBeNull();
  });
});

describe('a person is looked at again', () => {
  it('never, where nothing can be due', () => {
    expect(wake(newPerson('person-1'), june(1))).toBeNull();
    expect(wake(personOf([say('onboard', june(1), { person: desk })]), june(2))).toBeNull();
  });

  it('on the first day', () => {
    expect(wake(personOf([say('onboard', june(1), { effectiveAt: june(5), person: desk })]), june(2))).toEqual({
      at: june(5),
      isLeaver: false,
    });
  });

  it('as a leaver at the end of the last day, where there is an account that holds something', () => {
    const saids = [say('onboard', june(1), { person: desk }), say('offboard', june(2), { effectiveAt: '2026-06-08' })];
    expect(wake(personOf(saids, { account: holding }), june(3))).toEqual({ at: june(9), isLeaver: true });
    expect(wake(personOf(saids), june(3))).toEqual({ at: june(9), isLeaver: false });
  });

  it('when a change comes into force, and when a grant runs out', () => {
    const moved = say('change', june(2), { effectiveAt: june(6), person: { email, department: 'Till' } });
    const granted = say('change', june(2), { by: 'zendesk', access: { profile: 'analysts', until: june(4) } });
    const person = personOf([say('onboard', june(1), { person: desk }), moved, granted]);
    expect(wake(person, june(3))?.at).toBe(june(4));
    expect(wake(person, june(4))?.at).toBe(june(6));
    expect(wake(person, june(6))).toBeNull();
  });

  it('when a date passes that changes nothing, as long as its job is open', () => {
    const saids = [say('onboard', june(1), { id: 'job-a', effectiveAt: june(5), person: { email } })];
    const open = [{ jobId: 'job-a', status: 'scheduled' as const, attempts: 0 }];
    expect(wake(personOf(saids, { open }), june(2))?.at).toBe(june(5));
  });

  it('when a claim runs out or an attempt is due', () => {
    const saids = [say('onboard', june(1), { person: desk })];
    expect(wake(personOf(saids, { claim: { id: 'c', until: june(2, 1) } }), june(2))?.at).toBe(june(2, 1));
    const attempt = { step: 'revoke', failures: 1, error: 'conscent-unavailable' as const, nextAt: june(2, 2) };
    expect(wake(personOf(saids, { attempt }), june(2))?.at).toBe(june(2, 2));
    expect(wake(personOf(saids, { attempt: { ...attempt, nextAt: null } }), june(2))).toBeNull();
  });

  it('as a leaver, while somebody who has left still holds something and a revoke is tried again', () => {
    const saids = [say('onboard', june(1), { person: desk }), say('offboard', june(2))];
    const attempt = { step: 'revoke', failures: 1, error: 'conscent-unavailable' as const, nextAt: june(2, 2) };
    expect(wake(personOf(saids, { attempt, account: holding }), june(2, 1))).toEqual({
      at: june(2, 2),
      isLeaver: true,
    });
  });

  it('a day after a revoke', () => {
    const saids = [say('onboard', june(1), { person: desk }), say('offboard', june(2))];
    const account = {
      ...holding,
      access: 'none' as const,
      revocation: { at: june(2), assertedAt: june(2), afterSilence: false },
    };
    expect(wake(personOf(saids, { account }), june(2, 5))?.at).toBe(june(3));
  });

  it('never as somebody who turned out to be another person', () => {
    const saids = [say('onboard', june(1), { effectiveAt: june(5) })];
    expect(wake(personOf(saids, { mergedInto: 'person-2' }), june(2))).toBeNull();
  });

  it('at every instant at which what they should hold changes', () => {
    const saids = [
      say('onboard', june(1), { effectiveAt: june(3), person: desk }),
      say('change', june(1, 1), { effectiveAt: june(6), person: { email, department: 'Till' } }),
      say('change', june(1, 2), { by: 'api', effectiveAt: june(4), access: { profile: 'analysts', until: june(8) } }),
      say('offboard', june(1, 3), { effectiveAt: june(10) }),
    ];
    const person = personOf(saids);
    const wakes: string[] = [];
    for (let at = wake(person, june(2)); at !== null; at = wake(person, at.at)) wakes.push(at.at);
    expect(wakes).toEqual([june(3), june(4), june(6), june(8), june(10)]);
  });
});

describe('somebody loses access', () => {
  it('where they should hold nothing and Conscent has not said so', () => {
    const of = (account: Person['account']) => losesAccess({ ...newPerson('p'), account }, 'none');
    expect(of(holding)).toBe(true);
    expect(of({ ...holding, state: 'unsure', access: 'none' })).toBe(true);
    expect(of({ ...holding, state: 'unlinked', userId: null })).toBe(true);
    expect(of({ ...holding, access: 'none' })).toBe(false);
    expect(of(null)).toBe(false);
    expect(losesAccess({ ...newPerson('p'), account: holding }, 'unknown')).toBe(false);
  });
});

describe('a person’s history', () => {
  it('keeps the newest hundred entries', () => {
    let person = newPerson('person-1');
    for (let index = 0; index < 130; index += 1) person = record(person, { at: june(1), what: `entry ${index}` });
    expect(person.history).toHaveLength(100);
    expect(person.history.at(-1)?.what).toBe('entry 129');
  });
});

describe('facts left out', () => {
  it('do not count', () => {
    const person = personOf([
      say('onboard', june(1), { id: 'a', person: desk }),
      say('offboard', june(2), { id: 'b' }),
    ]);
    const view = viewAt(
      foldPerson(person, 'UTC', ({ id }) => id === 'b'),
      RULES,
      june(3),
    );
    expect(view.employment.state).toBe('employed');
  });
});
