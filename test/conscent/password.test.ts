import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshPassword, type Pick, shuffled } from '../../shared/conscent/password.ts';

/** Any source of numbers, however bad. */
const anyPick = fc.infiniteStream(fc.nat()).map((numbers): Pick => {
  return (below) => (numbers.next().value ?? 0) % below;
});

describe('a password', () => {
  it('has 24 characters, of all four classes, whatever the random source says', () => {
    fc.assert(
      fc.property(anyPick, (pick) => {
        const password = freshPassword(pick);
        expect(password).toMatch(/^[\x21-\x7e]{24}$/);
        for (const members of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) expect(password).toMatch(members);
      }),
    );
  });

  it('is another one each time', () => {
    const passwords = Array.from({ length: 500 }, () => freshPassword());
    expect(new Set(passwords).size).toBe(500);
  });

  it('has no place that always holds the same class', () => {
    const passwords = Array.from({ length: 500 }, () => freshPassword());
    for (let place = 0; place < 24; place += 1) {
      const characters = passwords.map((password) => password.charAt(place)).join('');
      for (const members of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) expect(characters).toMatch(members);
    }
  });
});

describe('shuffling', () => {
  it('makes each order out of exactly one of the equally likely sequences of picks', () => {
    const orders = [0, 1, 2, 3].flatMap((a) =>
      [0, 1, 2].flatMap((b) => [0, 1].map((c) => shuffled(['p', 'q', 'r', 's'], picks(a, b, c, 0)).join(''))),
    );
    expect(orders).toHaveLength(24);
    expect(new Set(orders).size).toBe(24);
  });

  it('asks for no pick out of range', () => {
    const asked: number[] = [];
    shuffled(['p', 'q', 'r'], (below) => {
      asked.push(below);
      return 0;
    });
    expect(asked).toEqual([3, 2, 1]);
  });
});

function picks(...numbers: number[]): Pick {
  return () => numbers.shift() ?? 0;
}
