/** Items by their id: consistent reads, and writes that are conditional on one member of what was read. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { Conflict } from '../lifecycle/ports.ts';

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
      await client.send(new PutCommand({ TableName: table, Item, ...condition })).catch(asConflict);
    },
  };
}

function asConflict(error: unknown): never {
  throw error instanceof ConditionalCheckFailedException ? new Conflict() : error;
}
