/** JSON as it comes over the wire. */
import { Problem, type Violation } from './errors.ts';

// No sender's body is near either; a ticket's description may be some thirty deep.
const MAX_DEPTH = 100;
const MAX_VALUES = 50_000;
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OBJECT, OBJECT_END, ARRAY, ARRAY_END] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Parses JSON in UTF-8, nested at most 100 deep, of at most 50,000 values. @throws Problem `invalid-request`; nothing of the body is in it. */
export function parseJson(body: Uint8Array): unknown {
  const { depth, commas } = extentOf(body);
  if (depth > MAX_DEPTH) throw invalidBody([{ pointer: '', detail: `must not be nested deeper than ${MAX_DEPTH}` }]);
  if (commas >= MAX_VALUES) throw invalidBody([{ pointer: '', detail: `must hold at most ${MAX_VALUES} values` }]);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    const detail = body.length === 0 ? 'must not be empty' : 'must be JSON in UTF-8';
    throw invalidBody([{ pointer: '', detail }]);
  }
}

/**
 * Whatever walks through a value, and be it to write it as a text, does so on the stack, and a schema hands on what is wrong as arguments,
 * which are on the stack too: deep or wide enough, a body would overflow it.
 */
function extentOf(body: Uint8Array): { depth: number; commas: number } {
  let [depth, commas, isText] = [0, 0, false];
  // Whatever is too deep once stays so.
  for (let at = 0; at < body.length && depth <= MAX_DEPTH; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) isText = !isText;
    else if (isText && byte === BACKSLASH) at += 1;
    else if (isText) continue;
    else if (byte === COMMA) commas += 1;
    else if (byte === OBJECT || byte === ARRAY) depth += 1;
    else if (byte === OBJECT_END || byte === ARRAY_END) depth -= 1;
  }
  return { depth, commas };
}

/** What is wrong with a body, and where. */
export function invalidBody(violations: readonly Violation[]): Problem {
  const detail = 'Correct the members listed in errors and send the request again.';
  return new Problem('invalid-request', detail, { violations });
}
