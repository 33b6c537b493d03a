/** What tickets were last told, in the people's table: `ticket#<source>#<id>`. */
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { TicketStore } from '../lifecycle/ports.ts';
import { itemsOf } from './items.ts';

/** The ticket store on a table. A note that is lost costs a ticket one repeated message. */
export function ticketStore(client: DynamoDBDocumentClient, table: string): TicketStore {
  const items = itemsOf(client, table);
  const idOf = (source: string, ticket: string) => `ticket#${source}#${ticket}`;
  return {
    lastTold: async (source, ticket) =>
      ((await items.get(idOf(source, ticket)))?.['told'] as string | undefined) ?? null,
    noteTold: async (source, ticket, told) => {
      const Item = { id: idOf(source, ticket), told };
      await client.send(new PutCommand({ TableName: table, Item }));
    },
  };
}
