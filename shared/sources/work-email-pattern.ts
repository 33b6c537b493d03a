/** Makes a work address of a name, for sources that know only a person's own addresses. */
import { emailSchema } from '../lifecycle/event.ts';

/** What an address may be made of. */
export interface Named {
  firstName: unknown;
  lastName: unknown;
  candidateId: string;
}

// Placeholders stand before the @ only: no name may choose the domain.
const PATTERN = /^(?:[a-z0-9._+-]|\{(?:firstName|lastName|f|l|candidateId)\})+@[^@{}\s]+$/;
const PLACEHOLDER = /\{(\w+)\}/g;
/** Letters that no accent tells apart from a Latin one. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i' },
};

/** Whether a text is an address with at least one placeholder: `{firstName}`, `{lastName}`, their first letters `{f}` and `{l}`, `{candidateId}`. */
export function isAddressPattern(pattern: string): boolean {
  const filled = pattern.replaceAll(PLACEHOLDER, 'x');
  return PATTERN.test(pattern) && filled !== pattern && emailSchema.safeParse(filled).success;
}

/**
 * The address of a name, or `null` where a name that the pattern asks for cannot be written in ASCII as a whole: half a name may be
 * somebody else's. Accents, spaces, dots and apostrophes are dropped, `Zoë O’Brien-Łącka` is `zoe` and `obrien-lacka`.
 */
export function addressOf(pattern: string, { firstName, lastName, candidateId }: Named): string | null {
  const [first, last] = [inAscii(firstName), inAscii(lastName)];
  const words: Record<string, string | null> = {
    ...{ firstName: first, lastName: last, f: first?.slice(0, 1) ?? null, l: last?.slice(0, 1) ?? null, candidateId },
  };
  const asked = [...pattern.matchAll(PLACEHOLDER)].map(([, name = '']) => words[name]);
  return asked.every(Boolean) ? pattern.replaceAll(PLACEHOLDER, (_, name: string) => words[name] ?? '') : null;
}

function inAscii(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  const letters = name.normalize('NFKD').toLowerCase().replaceAll(/\p{M}/gu, '');
  const latin = letters.replaceAll(/\p{L}/gu, (letter) => LETTERS[letter] ?? letter);
  const plain = latin.replaceAll(/[^\p{L}\p{N}-]/gu, '').replaceAll(/^-+|-+$/g, '');
  return /^[a-z0-9-]+$/.test(plain) ? plain : null;
}
