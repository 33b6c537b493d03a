/** JSON as it is written, not as it is parsed: a member may be there twice, be called `__proto__`, or hold what no value can. */

/** A place in a text of JSON. `raw` is written as it stands. */
export type JsonNode =
  | { kind: 'object'; members: { name: string; value: JsonNode }[] }
  | { kind: 'array'; items: JsonNode[] }
  | { kind: 'raw'; text: string };

/** What a value is written as. */
export function nodeOf(value: unknown): JsonNode {
  if (Array.isArray(value)) return { kind: 'array', items: value.map(nodeOf) };
  if (typeof value !== 'object' || value === null) return { kind: 'raw', text: JSON.stringify(value) ?? 'null' };
  return {
    kind: 'object',
    members: Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => ({ name, value: nodeOf(member) })),
  };
}

/** The text. */
export function write(node: JsonNode): string {
  if (node.kind === 'raw') return node.text;
  if (node.kind === 'array') return `[${node.items.map(write).join()}]`;
  return `{${node.members.map(({ name, value }) => `${JSON.stringify(name)}:${write(value)}`).join()}}`;
}

/** A node, and how its parent puts others in its place. */
export interface Spot {
  node: JsonNode;
  /** Its name, where it is a member. */
  name: string | null;
  replaceBy(...nodes: { name?: string; node: JsonNode }[]): void;
}

/** Every place of a text, from the outside in. */
export function spotsOf(root: { node: JsonNode }): Spot[] {
  const whole: Spot = {
    node: root.node,
    name: null,
    replaceBy: (first) => {
      root.node = first?.node ?? { kind: 'raw', text: '' };
    },
  };
  return [whole, ...inside(root.node)];
}

function inside(node: JsonNode): Spot[] {
  if (node.kind === 'raw') return [];
  const spots = node.kind === 'array' ? itemsIn(node) : membersIn(node);
  return spots.flatMap((spot) => [spot, ...inside(spot.node)]);
}

function itemsIn({ items }: Extract<JsonNode, { kind: 'array' }>): Spot[] {
  return items.map((node) => ({
    node,
    name: null,
    replaceBy: (...nodes) => void items.splice(items.indexOf(node), 1, ...nodes.map((one) => one.node)),
  }));
}

function membersIn({ members }: Extract<JsonNode, { kind: 'object' }>): Spot[] {
  return members.map((member) => ({
    node: member.value,
    name: member.name,
    replaceBy: (...nodes) => {
      const instead = nodes.map(({ name = member.name, node }) => ({ name, value: node }));
      members.splice(members.indexOf(member), 1, ...instead);
    },
  }));
}
