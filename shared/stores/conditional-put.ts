/** A conditional write, and what its refusal means. */
import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';

/** A write of one item under a condition; `Key` is the item's own. */
export interface ConditionalPut extends PutCommandInput {
  Key: Record<string, string>;
  Item: Record<string, unknown>;
}

/**
 * Writes an item if its condition holds; `false` where somebody else was faster.
 *
 *   us ── put v2 ──▶ written ── answer lost ── the SDK sends it again ──▶ refused: v2 is there already, and it is ours
 *
 * Taken for somebody else's, it would leave behind a claim that nobody holds, and a joiner whose account was never asked for but may exist.
 */
export async function putIf(client: DynamoDBDocumentClient, { Key, ...put }: ConditionalPut): Promise<boolean> {
  try {
    await client.send(new PutCommand(put));
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return (error.$metadata.attempts ?? 1) > 1 && (await isStored(client, { Key, ...put }));
  }
}

/** Claims, probes and versions make what two writers write differ; where it does not, it does not matter who was first. */
async function isStored(client: DynamoDBDocumentClient, { TableName, Key, Item }: ConditionalPut): Promise<boolean> {
  const { Item: stored } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  // As DynamoDB keeps it: without members that are undefined.
  return isDeepStrictEqual(stored, JSON.parse(JSON.stringify(Item)));
}
