import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestSpelling, unknownName } from '../../shared/lifecycle/nearest-spelling.ts';

describe('the nearest spelling', () => {
  it.each([
    ['exprot', 'export'],
    ['EXPORT', 'export'],
    ['réport', 'report'],
    ['reports', 'report'],
    ['xport', 'export'],
  ])('of %s is %s', (word, name) => {
    expect(nearestSpelling(word, ['report', 'export', 'journey'])).toBe(name);
  });

  it('of a word that resembles none is none', () => {
    expect(nearestSpelling('analytics', ['ga4', 'export'])).toBeNull();
    expect(nearestSpelling('', ['export'])).toBeNull();
    expect(nearestSpelling('export', [])).toBeNull();
  });

  const names = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 }), {
    minLength: 1,
  });

  it('of a name is the name', () => {
    fc.assert(
      fc.property(names, fc.nat(), (all, seed) => {
        const name = all[seed % all.length] ?? '';
        expect(nearestSpelling(name, all)).toBe(name);
      }),
    );
  });

  it('is a name than which none takes fewer letters to correct', () => {
    fc.assert(
      fc.property(
        names,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 }),
        (all, word) => {
          const fewest = Math.min(...all.map((name) => edits(word, name)));
          const found = nearestSpelling(word, all);
          if (found !== null) expect(edits(word, found)).toBe(fewest);
          else
            for (const name of all) expect(edits(word, name)).toBeGreaterThan(Math.max(word.length, name.length) / 2);
        },
      ),
    );
  });

  it('is asked for in words that quote both', () => {
    expect(unknownName('flag', 'exprot', ['export'])).toBe('no such flag "exprot"; did you mean "export"?');
    expect(unknownName('flag', 'zzz', ['export', 'ga4'])).toBe('no such flag "zzz"; there are: export, ga4');
    expect(unknownName('profile', 'zzz', [])).toBe('no such profile "zzz"; there are: none');
  });
});

/** The definition of Levenshtein's distance, as it is written. */
function edits(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  if (a[0] === b[0]) return edits(restA, restB);
  return 1 + Math.min(edits(restA, b), edits(a, restB), edits(restA, restB));
}
