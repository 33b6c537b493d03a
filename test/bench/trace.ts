/** What the wire noted of ours, in the form in which the floor and the bare handler make the same calls. */
import type { Invocation } from './own-calls.ts';
import type { Item } from './wire/ledger.ts';
import type { Call } from './wire/wire.ts';

/** One call as the SDK's commands take it. */
interface TracedCall {
  operation: string;
  path: string;
  input: Record<string, unknown>;
  authorization: string;
}

/** The calls of one invocation and its answer. */
export interface Trace {
  calls: TracedCall[];
  answer: unknown;
}

/** Makes a trace of an invocation. */
export function traceOf({ calls, answer }: Invocation): Trace {
  return { calls: calls.map(traced), answer };
}

/** Items go through the document client, as ours do; it takes plain values. */
const MARSHALLED = ['Key', 'Item', 'ExpressionAttributeValues'];

function traced({ operation, path, input, headers }: Call): TracedCall {
  const plain = Object.entries(input).map(([name, value]) => [
    name,
    MARSHALLED.includes(name) ? plainItem(value as Item) : value,
  ]);
  return { operation, path, input: Object.fromEntries(plain), authorization: headers['authorization'] ?? '' };
}

function plainItem(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: Record<string, unknown>): unknown {
  const [kind, inner] = Object.entries(value)[0] ?? [];
  if (kind === 'NULL') return null;
  if (kind === 'N') return Number(inner);
  if (kind === 'L') return (inner as Record<string, unknown>[]).map(plainValue);
  return kind === 'M' ? plainItem(inner as Item) : inner;
}
