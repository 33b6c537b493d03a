/** Conditions of rules: a text, any of a list, not; globs; case and accents do not count. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, holds, isForEveryone, matchesText } from '../../shared/lifecycle/condition.ts';

describe('a text', () => {
  it.each([
    ['Finance', 'Finance', true],
    ['finance', 'FINANCE', true],
    ['Comptabilité', 'comptabilite', true],
    ['comptabilite', 'COMPTABILITE\u0301', true],
    ['Finance', 'Finances', false],
    ['Finance*', 'Finance', true],
    ['Finance*', 'Finance and Tax', true],
    ['*manager', 'Finance Manager', true],
    ['*manager', 'Manager of finance', false],
    ['*manager*', 'Finance manager, EMEA', true],
    ['a*a', 'a', false],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
    ['*a*b*', 'ba', false],
    ['*a*b*', 'xaxbx', true],
    ['a**b', 'ab', true],
    ['*', 'anything', true],
    ['F.nance', 'Finance', false],
    ['(a+)+', 'aaa', false],
    ['?inance', 'Finance', false],
  ])('%j against %j: %j', (text, value, expected) => {
    expect(matchesText(text, value)).toBe(expected);
  });

  it('matches like a glob that tries every possibility', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'é'), maxLength: 10 });
    const globs = fc.string({ unit: fc.constantFrom('a', 'b', 'E', '*'), maxLength: 7 });
    fc.assert(
      fc.property(globs, letters, (glob, value) => {
        const bare = (text: string) => text.toLowerCase().replaceAll('é', 'e');
        expect(matchesText(glob, value)).toBe(tryEverything(bare(glob), bare(value)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes no longer for being made to', () => {
    const started = performance.now();
    expect(matchesText(`${'*a'.repeat(20_000)}*b`, 'a'.repeat(40_000))).toBe(false);
    // Whatever backtracks would not be done in years.
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

function tryEverything(glob: string, value: string): boolean {
  if (glob === '') return value === '';
  const rest = glob.slice(1);
  if (glob[0] !== '*') return glob[0] === value[0] && tryEverything(rest, value.slice(1));
  return tryEverything(rest, value) || (value !== '' && tryEverything(glob, value.slice(1)));
}

describe('a condition', () => {
  it.each<[Condition, string | undefined, boolean]>([
    [['Press', 'Print'], 'print', true],
    [['Press', 'Print'], 'Radio', false],
    [{ not: 'Press' }, 'Radio', true],
    [{ not: 'Press' }, 'PRESS', false],
    [{ not: ['Press', 'Pr*t'] }, 'Print', false],
    [{ not: ['Press', 'Pr*t'] }, 'Radio', true],
    ['*', undefined, false],
    [['*'], undefined, false],
    [{ not: 'Press' }, undefined, false],
  ])('%j holds for %j: %j', (condition, value, expected) => {
    expect(holds(condition, value)).toBe(expected);
  });

  it.each<[Condition, boolean]>([
    ['*', true],
    ['**', true],
    [['Press', '*'], true],
    [{ not: 'Press' }, true],
    [{ not: '*' }, false],
    ['Press', false],
    ['Press*', false],
    [['Press', 'Print'], false],
  ])('%j is for everyone: %j', (condition, expected) => {
    expect(isForEveryone(condition)).toBe(expected);
  });
});
