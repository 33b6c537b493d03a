/**
 * The sparse wake index: only items with something due have `wakeShard` and `wakeAt`. Sharded, because one partition takes 1,000 writes a second;
 * leavers have shards of their own, so that they are always read first.
 */
import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Due, Instant } from '../lifecycle/ports.ts';

const SHARDS = 4;
const KINDS = ['leaver', 'other'] as const;

/** The two attributes of an item that must be looked at again. */
export function wakeAttributes(
  id: string,
  wake: { at: Instant; isLeaver: boolean } | null,
): { wakeShard?: string; wakeAt?: string } {
  if (!wake) return {};
  const shard = (createHash('sha256').update(id).digest()[0] ?? 0) % SHARDS;
  return { wakeShard: `${wake.isLeaver ? 'leaver' : 'other'}-${shard}`, wakeAt: wake.at };
}

/** Whose wake is due, leavers first, the longest overdue first. */
export async function dueItems(
  client: DynamoDBDocumentClient,
  { table, key, now, limit }: { table: string; key: string; now: Instant; limit: number },
): Promise<Due[]> {
  const due: Due[] = [];
  for (const kind of KINDS) {
    const shards = await Promise.all(
      Array.from({ length: SHARDS }, (_, shard) =>
        queryShard(client, { table, shard: `${kind}-${shard}`, now, limit }),
      ),
    );
    const items = shards.flat().sort((a, b) => (String(a['wakeAt']) < String(b['wakeAt']) ? -1 : 1));
    due.push(...items.map((item) => ({ id: String(item[key]), isLeaver: kind === 'leaver' })));
  }
  return due.slice(0, limit);
}

async function queryShard(
  client: DynamoDBDocumentClient,
  { table, shard, now, limit }: { table: string; shard: string; now: Instant; limit: number },
): Promise<Record<string, unknown>[]> {
  const answer = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'wake',
      KeyConditionExpression: 'wakeShard = :shard AND wakeAt <= :now',
      ExpressionAttributeValues: { ':shard': shard, ':now': now },
      Limit: limit,
    }),
  );
  return answer.Items ?? [];
}
