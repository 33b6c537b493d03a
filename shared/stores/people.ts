/**
 * People in DynamoDB. One table holds the people (`person#<id>`), what points at them (`email#…`, `external#<source>#…`, `user#…`) and the
 * registers (`control#…`, registers.ts). Each write is one conditional write of one item; the order of writes is the caller's.
 */
import { type DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../lifecycle/effective-date.ts';
import type { IdentityKey } from '../lifecycle/identity.ts';
import type { Wake } from '../lifecycle/job.ts';
import { type Person, standingOf } from '../lifecycle/person.ts';
import type { PersonStore } from '../lifecycle/ports.ts';
import { type Items, itemsOf } from './items.ts';
import { shardOf, shardsOf } from './shards.ts';
import { dueItems, putOffWake, wakeAttributes } from './wake-index.ts';

/** Items a page, pointers included: what DynamoDB reads at once is 1 MB at most. */
const PAGE = 200;
const PERSON = 'person#';

/** The person store on a table. */
export function personStore(client: DynamoDBDocumentClient, table: string): PersonStore {
  const items = itemsOf(client, table);
  return {
    get: async (id) => ((await items.get(PERSON + id))?.['person'] as Person | undefined) ?? null,
    save: (person, wake) => savePerson(items, person, wake),
    find: async (keys) =>
      Promise.all(
        keys.map(async (key) => ((await items.get(pointerId(key)))?.['personId'] as string | undefined) ?? null),
      ),
    point: (key, personId, expected) => items.put({ id: pointerId(key), personId }, 'personId', expected),
    due: async (now, limit) => {
      const due = await dueItems(client, { table, key: 'id', now, limit });
      return due.map(({ id, ...rest }) => ({ ...rest, id: id.slice(PERSON.length) }));
    },
    putOff: (id, dueAt, until) => putOffWake(client, { table, key: { id: PERSON + id } }, { dueAt, until }),
    ofStanding: async (standing) => {
      const ids = await Promise.all(shardsOf(standing).map((shard) => idsIn(client, table, shard)));
      return ids.flat();
    },
    lateLeavers: async (before) => {
      const ids = await Promise.all(shardsOf('leaving').map((shard) => leavingIn(client, table, shard, before)));
      return ids.flat();
    },
    page: (cursor) => readPage(client, table, cursor),
  };
}

function pointerId(key: IdentityKey): string {
  if (key.kind === 'email') return `email#${key.email}`;
  return key.kind === 'userId' ? `user#${key.userId}` : `external#${key.source}#${key.externalId}`;
}

async function savePerson(items: Items, person: Person, wake: Wake | null): Promise<Person> {
  const saved = { ...person, version: person.version + 1 };
  const id = PERSON + person.id;
  const expected = person.version === 0 ? null : person.version;
  const standing = standingOf(saved);
  await items.put(
    {
      id,
      version: saved.version,
      person: saved,
      ...wakeAttributes(id, wake),
      ...(standing && { standing: shardOf(standing, id) }),
      ...(saved.leavingSince && { leaving: shardOf('leaving', id), leavingSince: saved.leavingSince }),
    },
    'version',
    expected,
  );
  return saved;
}

async function idsIn(client: DynamoDBDocumentClient, table: string, shard: string, from?: Key): Promise<string[]> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'standing',
      KeyConditionExpression: 'standing = :shard',
      ExpressionAttributeValues: { ':shard': shard },
      ...(from && { ExclusiveStartKey: from }),
    }),
  );
  const ids = Items.map((item) => String(item['id']).slice(PERSON.length));
  return LastEvaluatedKey ? [...ids, ...(await idsIn(client, table, shard, LastEvaluatedKey))] : ids;
}

async function leavingIn(
  client: DynamoDBDocumentClient,
  table: string,
  shard: string,
  before: Instant,
): Promise<string[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'leaving',
      KeyConditionExpression: 'leaving = :shard AND leavingSince <= :before',
      ExpressionAttributeValues: { ':shard': shard, ':before': before },
      Limit: PAGE,
    }),
  );
  return Items.map((item) => String(item['id']).slice(PERSON.length));
}

type Key = Record<string, unknown>;

async function readPage(client: DynamoDBDocumentClient, table: string, cursor: string | null) {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: table,
      Limit: PAGE,
      ProjectionExpression: 'id, person.policyHash, person.mergedInto',
      ...(cursor !== null && { ExclusiveStartKey: { id: cursor } }),
    }),
  );
  const people = Items.filter((item) => String(item['id']).startsWith(PERSON)).map(({ id, person }) => ({
    ...(person as Pick<Person, 'policyHash' | 'mergedInto'>),
    id: String(id).slice(PERSON.length),
  }));
  // Whoever turned out to be somebody else is planned as that person.
  return {
    people: people.filter(({ mergedInto }) => mergedInto === null),
    cursor: LastEvaluatedKey ? String(LastEvaluatedKey['id']) : null,
  };
}
