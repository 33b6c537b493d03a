/**
 * What DynamoDB bills of a call. A consistent read is a unit for each 4 KB, a query of an index half of one; a write is a unit for each KB of the
 * larger of old and new item, and so again for each index that the write changes.
 * Source: Amazon DynamoDB Developer Guide, "Read and write operations" and "Using Global Secondary Indexes", provisioned throughput considerations.
 */
import { join } from 'node:path';
import { readYml } from '../../infra/yml.ts';
import type { Item } from './wire/ledger.ts';
import type { Call } from './wire/wire.ts';

interface Keys {
  KeySchema: { AttributeName: string }[];
}

interface Table extends Keys {
  GlobalSecondaryIndexes: (Keys & { Projection: { ProjectionType: string } })[];
}

const { Resources } = readYml(join(import.meta.dirname, '../../infra/tables.yml')) as {
  Resources: Record<'JobsTable' | 'PeopleTable', { Properties: Table }>;
};
const TABLES: Record<string, Table> = {
  jobs: Resources.JobsTable.Properties,
  people: Resources.PeopleTable.Properties,
};

/** Read and write request units. */
export interface RequestUnits {
  reads: number;
  writes: number;
}

/** The request units of a call; none where it is of another service. */
export function requestUnits({ operation, input, stored }: Call): RequestUnits {
  const table = TABLES[String(input['TableName'])];
  if (!table) return { reads: 0, writes: 0 };
  if (operation === 'DynamoDB.GetItem') return { reads: Math.max(1, Math.ceil(sizeOf(stored) / 4096)), writes: 0 };
  if (operation === 'DynamoDB.PutItem') return { reads: 0, writes: writeUnits(table, stored, input['Item'] as Item) };
  return { reads: 0.5, writes: 0 };
}

function writeUnits(table: Table, before: Item | undefined, after: Item): number {
  const own = kilobytes(Math.max(sizeOf(before), sizeOf(after)));
  const indexes = table.GlobalSecondaryIndexes.map((index) => {
    const entry = (item: Item | undefined) => entryOf(index, table, item);
    return indexUnits(entry(before), entry(after));
  });
  return indexes.reduce((sum, units) => sum + units, own);
}

interface Entry {
  key: string;
  size: number;
  text: string;
}

/** What an index holds of an item: nothing where a key is missing. */
function entryOf(index: Table['GlobalSecondaryIndexes'][number], table: Table, item: Item | undefined): Entry | null {
  const names = (of: Keys) => of.KeySchema.map(({ AttributeName }) => AttributeName);
  if (!item || names(index).some((name) => item[name] === undefined)) return null;
  const kept = index.Projection.ProjectionType === 'ALL' ? Object.keys(item) : [...names(index), ...names(table)];
  const projected = Object.fromEntries(kept.map((name) => [name, item[name] ?? {}])) as Item;
  const key = JSON.stringify(names(index).map((name) => item[name]));
  return { key, size: sizeOf(projected), text: JSON.stringify(projected) };
}

/** An entry under another key is one that goes and one that comes. */
function indexUnits(before: Entry | null, after: Entry | null): number {
  if (before && after && before.key !== after.key) return kilobytes(before.size) + kilobytes(after.size);
  if (before?.text === after?.text) return 0;
  return kilobytes(Math.max(before?.size ?? 0, after?.size ?? 0));
}

function kilobytes(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}

/** Names and values in UTF-8; a list or map is three bytes more and one for each element. */
function sizeOf(item: Item | undefined): number {
  return Object.entries(item ?? {}).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

function valueSize(value: Record<string, unknown>): number {
  const [kind, inner] = Object.entries(value)[0] ?? [];
  if (kind === 'S') return Buffer.byteLength(String(inner));
  if (kind === 'N') return Math.ceil(String(inner).length / 2) + 1;
  if (kind === 'M') return 3 + Object.keys(inner as Item).length + sizeOf(inner as Item);
  if (kind !== 'L') return 1;
  return (inner as Record<string, unknown>[]).reduce((sum, one) => sum + 1 + valueSize(one), 3);
}
