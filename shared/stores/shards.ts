/** Index partitions: one takes 1,000 writes a second, so what many items share is spread over a few. */
import { createHash } from 'node:crypto';

const SHARDS = 4;

/** The partition that an item of a kind belongs to, by its id. */
export function shardOf(kind: string, id: string): string {
  return `${kind}-${(createHash('sha256').update(id).digest()[0] ?? 0) % SHARDS}`;
}

/** All partitions of a kind. */
export function shardsOf(kind: string): string[] {
  return Array.from({ length: SHARDS }, (_, shard) => `${kind}-${shard}`);
}
