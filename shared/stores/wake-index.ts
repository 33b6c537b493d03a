/**
 * The sparse wake index: only items with something due have `wakeShard` and `wakeAt`. Sharded, because one partition takes 1,000 writes a second;
 * leavers have shards of their own, so that they are always read first.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../lifecycle/effective-date.ts';
import type { Due } from '../lifecycle/ports.ts';
import { shardOf, shardsOf } from './shards.ts';

const KINDS = ['leaver', 'other'] as const;

/** The two attributes of an item that must be looked at again. */
export function wakeAttributes(
  id: string,
  wake: { at: Instant; isLeaver: boolean } | null,
): { wakeShard?: string; wakeAt?: string } {
  if (!wake) return {};
  return { wakeShard: shardOf(wake.isLeaver ? 'leaver' : 'other', id), wakeAt: wake.at };
}

/** Whose wake is due, leavers first, and of each the one first that has not been looked at for longest. */
export async function dueItems(
  client: DynamoDBDocumentClient,
  { table, key, now, limit }: { table: string; key: string; now: Instant; limit: number },
): Promise<Due[]> {
  const due: Due[] = [];
  for (const kind of KINDS) {
    const found = await Promise.all(shardsOf(kind).map((shard) => queryShard(client, { table, shard, now, limit })));
    const items = found.flat().sort((a, b) => (String(a['wakeAt']) < String(b['wakeAt']) ? -1 : 1));
    due.push(...items.map((item) => ({ id: String(item[key]), isLeaver: kind === 'leaver', at: dueSince(item) })));
  }
  return due.slice(0, limit);
}

function dueSince(item: Record<string, unknown>): Instant {
  return String(item['dueSince'] ?? item['wakeAt']);
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

/**
 * Puts off a wake that was due then, unless it has been done, or written anew, since. The version stays: nobody who writes is disturbed. Since
 * when it has been due is kept until somebody writes, who leaves it out: what is only ever put off must not look as if it were on time.
 */
export async function putOffWake(
  client: DynamoDBDocumentClient,
  { table, key }: { table: string; key: Record<string, string> },
  { dueAt, until }: { dueAt: Instant; until: Instant },
): Promise<void> {
  const command = new UpdateCommand({
    TableName: table,
    Key: key,
    UpdateExpression: 'SET wakeAt = :until, dueSince = if_not_exists(dueSince, wakeAt)',
    ConditionExpression: 'wakeAt <= :dueAt',
    ExpressionAttributeValues: { ':until': until, ':dueAt': dueAt },
  });
  await client.send(command).catch((error: unknown) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}
