import { randomInt } from 'node:crypto';

const LENGTH = 24;

/** No quotes, backslash, angle brackets or ampersand: nothing a form or a template on Conscent's side could mangle. */
const CLASSES = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789', '!#$%*+-=?@^_~'] as const;

/** Picks an integer from 0 up to, but without, `below`, each as likely as the others. */
export type Pick = (below: number) => number;

/**
 * A password of 24 characters with at least one lower-case letter, capital, digit and symbol.
 * Unpredictable only with the default `pick`, which is `node:crypto`'s; tests pass their own.
 */
export function freshPassword(pick: Pick = randomInt): string {
  const oneOfEach = CLASSES.map((characters) => anyOf(characters, pick));
  const rest = Array.from({ length: LENGTH - oneOfEach.length }, () => anyOf(CLASSES.join(''), pick));
  return shuffled([...oneOfEach, ...rest], pick).join('');
}

/** A copy in random order, every order as likely as the others (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], pick: Pick): T[] {
  const left = [...items];
  const drawn: T[] = [];
  while (left.length > 0) {
    drawn.push(...left.splice(pick(left.length), 1));
  }
  return drawn;
}

function anyOf(characters: string, pick: Pick): string {
  return characters.charAt(pick(characters.length));
}
