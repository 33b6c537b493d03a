/** The registers: single records of the people's table that concern everybody, each replaced as a whole under what was read. */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Register } from '../lifecycle/ports.ts';
import { itemsOf } from './items.ts';

/** The register of a name. What is kept is its JSON, so that it can be compared as a whole. */
export function register<T>(
  client: DynamoDBDocumentClient,
  table: string,
  name: 'pause' | 'guard' | 'rollout',
): Register<T> {
  const items = itemsOf(client, table);
  const id = `control#${name}`;
  const text = (value: T | null) => value && JSON.stringify(value);
  return {
    get: async () => {
      const stored = (await items.get(id))?.['value'];
      return typeof stored === 'string' ? (JSON.parse(stored) as T) : null;
    },
    set: (next, expected) => items.put({ id, value: text(next) }, 'value', text(expected)),
  };
}
