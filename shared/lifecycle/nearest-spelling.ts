/** "Did you mean …?": the name that somebody probably wanted to write. */
import { plain } from './condition.ts';

// Nobody means a name by a word of which more than every second letter is another.
const MOST_WRONG = 0.5;
// No name is as long; what is longer only costs time.
const MAX_LENGTH = 100;

/** The name that takes the fewest letters to correct, case and accents apart; of equals the first. `null`: none resembles the word. */
export function nearestSpelling(word: string, names: readonly string[]): string | null {
  const wrong = plain(word.slice(0, MAX_LENGTH));
  let nearest: { name: string; letters: number } | null = null;
  for (const name of names) {
    const letters = lettersBetween(wrong, plain(name));
    const isNear = letters <= MOST_WRONG * Math.max(wrong.length, name.length);
    if (isNear && (nearest === null || letters < nearest.letters)) nearest = { name, letters };
  }
  return nearest?.name ?? null;
}

/** What to say of a word that should have been one of the names. */
export function unknownName(kind: string, word: string, names: readonly string[]): string {
  const nearest = nearestSpelling(word, names);
  const hint =
    nearest === null ? `there are: ${names.join(', ') || 'none'}` : `did you mean ${JSON.stringify(nearest)}?`;
  return `no such ${kind} ${JSON.stringify(word)}; ${hint}`;
}

/** Levenshtein's distance, one row of his table at a time. */
function lettersBetween(a: string, b: string): number {
  let above = [...Array(b.length + 1).keys()];
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
