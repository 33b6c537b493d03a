/** Items by their id: consistent reads, and writes that are conditional on one member of what was read. */
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { Conflict } from '../lifecycle/ports.ts';
import { putIf } from './conditional-put.ts';

/** Single items of a table. */
export interface Items {
  get(id: string): Promise<Record<string, unknown> | undefined>;
  /** Replaces an item if its member still is what was read; `null` is a member, or an item, that is not there. Throws `Conflict`. */
  put(item: Record<string, unknown>, member: string, expected: unknown): Promise<void>;
}

/** Reads and writes the items of a table whose key is `id`. */
export function itemsOf(client: DynamoDBDocumentClient, table: string): Items {
  return {
    get: async (id) =>
      (await client.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }))).Item,
    put: async (item, member, expected) => {
      const isAbsent = expected === null;
      const condition = {
        ConditionExpression: isAbsent ? 'attribute_not_exists(#member)' : '#member = :expected',
        ExpressionAttributeNames: { '#member': member },
        ...(!isAbsent && { ExpressionAttributeValues: { ':expected': expected } }),
      };
      const Item = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
      const isFirst = await putIf(client, { TableName: table, Key: { id: String(item['id']) }, Item, ...condition });
      if (!isFirst) throw new Conflict();
    },
  };
}
