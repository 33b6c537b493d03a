/** When each source was last heard, in the people's table: `control#heard#<source>`. */
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../lifecycle/effective-date.ts';
import type { Heard, HeardStore } from '../lifecycle/ports.ts';
import { itemsOf } from './items.ts';

/** A source may deliver a thousand times a minute; that it is alive is written once an hour and instance. */
const NOTE_EVERY_MS = 3_600_000;

/** A vendor waits for its answer behind the note, which is worth no more than this: three tries of the SDK are twelve seconds. */
const NOTE_PATIENCE_MS = 1_000;

/** The store on the people's table. Who only notes needs no right but to put these very items. */
export function heardStore(client: DynamoDBDocumentClient, table: string): HeardStore {
  const items = itemsOf(client, table);
  const noted = new Map<string, Instant>();
  return {
    note: async (source, at) => {
      if (Date.parse(at) - Date.parse(noted.get(source) ?? '1970-01-01') < NOTE_EVERY_MS) return;
      const item = new PutCommand({ TableName: table, Item: { id: idOf(source), at } });
      await client.send(item, { abortSignal: AbortSignal.timeout(NOTE_PATIENCE_MS) });
      noted.set(source, at);
    },
    get: async (source) => {
      const { at, saidAt } = (await items.get(idOf(source))) ?? {};
      return typeof at === 'string' ? { at, saidAt: typeof saidAt === 'string' ? saidAt : null } : null;
    },
    set: (source, next: Heard, expected) => items.put({ id: idOf(source), ...next }, 'at', expected?.at ?? null),
  };
}

function idOf(source: string): string {
  return `control#heard#${source}`;
}
