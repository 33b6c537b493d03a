/** JSON pointers (RFC 6901): where in a body something stands. */
import * as z from 'zod/mini';

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;
const INDEX = /^(?:0|[1-9]\d*)$/;
const MAX_LENGTH = 500;

/** A pointer in its text form; the empty one is the whole body. */
export const pointerSchema = z
  .string('must be a JSON pointer')
  .check(
    z.maxLength(MAX_LENGTH, `must be at most ${MAX_LENGTH} characters`),
    z.regex(POINTER, 'must be a JSON pointer such as /employee/email, or empty'),
  );

/** What stands at a pointer; `undefined` where nothing does. Own members only: `__proto__` and `length` are names like any other. */
export function valueAt(value: unknown, pointer: string): unknown {
  let here = value;
  for (const step of stepsOf(pointer)) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    if (Array.isArray(here) && !INDEX.test(step)) return undefined;
    here = (here as Record<string, unknown>)[step];
  }
  return here;
}

/** Puts a value where a pointer says, making the objects on the way. Own members only, so that nothing inherited is written to. */
export function putAt(into: Record<string, unknown>, pointer: string, value: unknown): void {
  const steps = stepsOf(pointer);
  const last = steps.pop() ?? '';
  let here = into;
  for (const step of steps) {
    if (!Object.hasOwn(here, step)) here[step] = {};
    here = here[step] as Record<string, unknown>;
  }
  here[last] = value;
}

// `~1` first, so that `~01` is `~1` and not a slash (RFC 6901 §4).
function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
