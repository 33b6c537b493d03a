/** What is done to a body so that it is nearly, and not quite, what its sender sends. */
import fc from 'fast-check';
import { type JsonNode, nodeOf, type Spot, spotsOf, write } from './json-node.ts';
import { JUNK, NAMES } from './junk.ts';

/** What a body may have. */
const MAX_BYTES = 256 * 1024;

const raw = (text: string): JsonNode => ({ kind: 'raw', text });

const WAYS: Readonly<Record<string, (spot: Spot, junk: string, name: string) => void>> = {
  drop: (spot) => spot.replaceBy(),
  retype: (spot, junk) => spot.replaceBy({ node: raw(junk) }),
  duplicate: (spot) => spot.replaceBy({ node: spot.node }, { node: spot.node }),
  'say twice': (spot, junk) => spot.replaceBy({ node: spot.node }, { node: raw(junk) }),
  'say before': (spot, junk) => spot.replaceBy({ node: raw(junk) }, { node: spot.node }),
  rename: (spot, _junk, name) => spot.replaceBy({ name, node: spot.node }),
  'add beside': (spot, junk, name) => spot.replaceBy({ node: spot.node }, { name, node: raw(junk) }),
  'nest in a list': (spot) => spot.replaceBy({ node: { kind: 'array', items: [spot.node] } }),
  'nest in an object': (spot, _junk, name) =>
    spot.replaceBy({ node: { kind: 'object', members: [{ name, value: spot.node }] } }),
  repeat: (spot) => spot.replaceBy(...Array(timesThatFit(spot.node)).fill({ node: spot.node })),
};

/** As often as a body has room for, about. */
function timesThatFit(node: JsonNode): number {
  return Math.min(Math.max(Math.floor(MAX_BYTES / (write(node).length + 1)), 2), 50);
}

/** One change of a body. */
export interface Mutation {
  /** Which place, counted through; modulo their number. */
  at: number;
  way: string;
  junk: string;
  name: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(9_999),
  way: fc.constantFrom(...Object.keys(WAYS)),
  junk: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...JUNK) }, { weight: 1, arbitrary: fc.json() }),
  name: fc.constantFrom(...NAMES),
});

/** A few changes of one body. */
export const mutations = fc.array(mutation, { minLength: 1, maxLength: 3 });

/** The text of a value with changes, each made on what the one before left. */
export function mutated(value: unknown, changes: readonly Mutation[]): string {
  const root = { node: nodeOf(value) };
  for (const { at, way, junk, name } of changes) {
    const spots = spotsOf(root);
    const spot = spots[at % spots.length];
    if (spot) WAYS[way]?.(spot, junk, name);
  }
  return write(root.node);
}
