/**
 * People in DynamoDB. One table holds the people (`person#<id>`), what points at them (`email#…`, `external#<source>#…`, `user#…`) and the one
 * pause (`control#pause`). Each write is one conditional write of one item; the order of writes is the caller's.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { IdentityKey } from '../lifecycle/identity.ts';
import type { Pause } from '../lifecycle/pause.ts';
import type { Person, Wake } from '../lifecycle/person.ts';
import { Conflict, type PauseStore, type PersonStore } from '../lifecycle/ports.ts';
import { dueItems, wakeAttributes } from './wake-index.ts';

const PAUSE_ID = 'control#pause';
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
      return due.map(({ id, isLeaver }) => ({ id: id.slice(PERSON.length), isLeaver }));
    },
  };
}

/** The pause store on the same table. */
export function pauseStore(client: DynamoDBDocumentClient, table: string): PauseStore {
  const items = itemsOf(client, table);
  const text = (pause: Pause | null) => pause && JSON.stringify(pause);
  return {
    get: async () => parsePause((await items.get(PAUSE_ID))?.['pause']),
    set: (pause, expected) => items.put({ id: PAUSE_ID, pause: text(pause) }, 'pause', text(expected)),
  };
}

function parsePause(text: unknown): Pause | null {
  return typeof text === 'string' ? (JSON.parse(text) as Pause) : null;
}

function pointerId(key: IdentityKey): string {
  if (key.kind === 'email') return `email#${key.email}`;
  return key.kind === 'userId' ? `user#${key.userId}` : `external#${key.source}#${key.externalId}`;
}

async function savePerson(items: Items, person: Person, wake: Wake | null): Promise<Person> {
  const saved = { ...person, version: person.version + 1 };
  const id = PERSON + person.id;
  const expected = person.version === 0 ? null : person.version;
  await items.put({ id, version: saved.version, person: saved, ...wakeAttributes(id, wake) }, 'version', expected);
  return saved;
}

interface Items {
  get(id: string): Promise<Record<string, unknown> | undefined>;
  /** Replaces an item if its member still is what was read; `null` is a member, or an item, that is not there. Throws `Conflict`. */
  put(item: Record<string, unknown>, member: string, expected: unknown): Promise<void>;
}

function itemsOf(client: DynamoDBDocumentClient, table: string): Items {
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
