/** What a rule of the access policy asks of one attribute. */

/**
 * A text, any of a list of texts, or `not` any of them. A `*` in a text stands for any run of characters, also for none; there is
 * no way to say the star itself.
 */
export type Condition = string | string[] | { not: string | string[] };

/**
 * Whether a condition holds for an attribute's value; `undefined` is an attribute the person does not have.
 * That one matches nothing, not even `not`: what nobody has said of a person gives them no access (least privilege).
 */
export function holds(condition: Condition, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (isNot(condition)) return !isAnyOf(condition.not, value);
  return isAnyOf(condition, value);
}

/** Whether a condition is no choice: a bare `*`, or a `not`, which holds for whoever is not named. `not: "*"` holds for nobody. */
export function isForEveryone(condition: Condition): boolean {
  return isNot(condition) ? ![condition.not].flat().some(isStar) : [condition].flat().some(isStar);
}

/**
 * Whether a text of the policy matches a value, case and accents apart: HR systems spell departments as they please.
 * Takes time in proportion to the two, whatever the text: no regular expression that could backtrack is made of it.
 */
export function matchesText(text: string, value: string): boolean {
  const [first = '', ...rest] = plain(text).split('*');
  const whole = plain(value);
  const last = rest.pop();
  if (last === undefined) return whole === first;
  const end = whole.length - last.length;
  if (end < first.length || !whole.startsWith(first) || !whole.endsWith(last)) return false;
  return containsInOrder(whole.slice(first.length, end), rest);
}

/** The leftmost place is always the right one: whatever fits behind a later place also fits behind it. */
function containsInOrder(whole: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = whole.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

/** Without case and accents. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function isNot(condition: Condition): condition is { not: string | string[] } {
  return typeof condition === 'object' && !Array.isArray(condition);
}

function isAnyOf(texts: string | string[], value: string): boolean {
  return [texts].flat().some((text) => matchesText(text, value));
}

function isStar(text: string): boolean {
  return /^\*+$/.test(text);
}
