/**
 * Freshservice's Workflow Automator: "Trigger Webhook" and "Web Request", whose body the admin chooses. Nothing is signed.
 * Source: support.freshservice.com/support/solutions/articles/50000003816 (Basic, or a key in a header); api.freshservice.com (tickets,
 * requested items, notes); github.com/api-evangelist/freshworks, asyncapi (the wrapper of bodies, which is third-party evidence).
 *
 * Deliveries have no id, no time and no signature: where there is an API key and a mapping the ticket is looked up, and nothing else counts.
 * People know a ticket as `SR-1042` or `INC-1042`, the API by its number; changes, problems and releases are numbered on their own, so that
 * theirs are no ids of tickets. What a service request's form was filled in with is at its requested items.
 */
import * as z from 'zod/mini';
import type { ReplyAnswer, ReplyMessage } from '../../lifecycle/reply.ts';
import { basic } from '../credentials.ts';
import { credential } from '../hr-settings.ts';
import { conform } from '../json-body.ts';
import { pointersOf } from '../mapping.ts';
import { baseUrlSchema, readSettings, type Source, type SourceContext } from '../source.ts';
import { isKnown, staticSettings } from '../static-credentials.ts';
import { type Opened, type Ticket, ticketSettings, ticketSource } from '../ticket.ts';
import { byStatus, isToldByApi, tellInTurn } from '../ticket-reply.ts';
import { askVendor, tellVendor } from '../vendor-api.ts';
import { gone, incomplete, partOf, wholeOf } from '../vendor-record.ts';

const NUMBER = /^[1-9]\d{0,14}$/;
const NAME = /^#?(?:(?:SR|INC)-)?([1-9]\d{0,14})$/;
const WRAPPERS = ['freshservice_webhook', 'freshdesk_webhook'];
const ITEMS = '/requested_items/';

const settingsSchema = z
  .strictObject({
    ...ticketSettings,
    header: staticSettings.header,
    basic: staticSettings.basic,
    api: z.optional(z.strictObject({ baseUrl: baseUrlSchema, apiKey: credential })),
    reply: z.optional(
      z.strictObject({
        statuses: z.optional(
          byStatus.check(
            z.refine((statuses) => Object.values(statuses).every((status = '1') => NUMBER.test(status)), {
              message: 'must be numbers of statuses, such as "4"',
            }),
          ),
        ),
        public: z._default(z.boolean(), false),
      }),
    ),
  })
  .check(
    z.refine(({ header, basic: pair }) => header !== undefined || pair !== undefined, {
      message: 'must have header or basic',
    }),
    isToldByApi,
  );
type Settings = z.output<typeof settingsSchema>;
type Api = NonNullable<Settings['api']>;
type Reply = NonNullable<Settings['reply']>;

const objectSchema = z.record(z.string(), z.unknown());
const nameSchema = z.pipe(
  z.transform((name: unknown) => (typeof name === 'number' ? String(name) : name)),
  z.string().check(z.trim(), z.regex(NAME, 'must be a ticket, such as SR-1042 or 1042')),
);
const namedSchema = z.object({ ticket_id: nameSchema });
const fieldsSchema = z.nullish(objectSchema);
const ticketSchema = z.object({
  ticket: z.object({
    id: z.int(),
    status: z.int(),
    // Not every account has approvals, and how the ticket shows them is not documented.
    approval_status: z.optional(z.unknown()),
    type: z.nullish(z.string()),
    category: z.nullish(z.string()),
    custom_fields: fieldsSchema,
    deleted: z.nullish(z.boolean()),
    spam: z.nullish(z.boolean()),
  }),
});
const itemsSchema = z.object({
  requested_items: z.array(z.object({ service_item_id: z.nullish(z.int()), custom_fields: fieldsSchema })),
});

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function freshservice(value: unknown, context: SourceContext): Source {
  const settings = readSettings('freshservice', settingsSchema, value);
  const { header, basic: pair, api, reply } = settings;
  return ticketSource({
    name: 'freshservice',
    settings,
    context,
    // Any agent may set it; but it is there in every account, and what is not there could not be told from what is not approved.
    approvedAt: '/status',
    idForm: NUMBER,
    isSigned: () => false,
    verify: (delivery) => isKnown(delivery, { header, basic: pair }),
    open,
    fetch: api && ((number) => fetchTicket(number, settings, api)),
    tell: api && reply && ((number, message) => tellTicket(number, message, reply, api)),
  });
}

/**
 * The canonical event, whose reference is the ticket; or the ticket, as the editor's simple mode sends it. The reference is its number, however
 * it is written, because a grant is known by it.
 */
function open(body: unknown): Opened {
  const said = unwrapped(conform(objectSchema, body));
  if (!('ticket_id' in said) || 'person' in said) {
    const id = numberIn(said['reference']);
    return { id, reference: id, content: { event: { ...said, reference: id } } };
  }
  const id = numberIn(conform(namedSchema, said).ticket_id);
  return { id, reference: id, content: { record: said } };
}

function unwrapped(body: Record<string, unknown>): Record<string, unknown> {
  const wrapper = WRAPPERS.find((name) => Object.hasOwn(body, name));
  return wrapper === undefined ? body : conform(objectSchema, body[wrapper]);
}

function numberIn(name: unknown): string | undefined {
  return typeof name === 'string' ? NAME.exec(name.trim())?.[1] : undefined;
}

async function fetchTicket(number: string, settings: Settings, api: Api): Promise<Ticket> {
  const { ticket } = await wholeOf(ask(number, api), ticketSchema);
  const { deleted, spam, ...record } = ticket;
  if (String(record.id) !== number) throw incomplete();
  // What is in the trash is still shown.
  if (deleted || spam) throw gone();
  if (!readsItems(settings)) return { reference: number, record };
  // Nothing was requested by an incident.
  const items = record.type === 'Incident' ? [] : (await partOf(askItems(number, api), itemsSchema)).requested_items;
  return { reference: number, record: { ...record, requested_items: items } };
}

function readsItems({ mapping, approved }: Settings): boolean {
  const pointers = [...(mapping ? pointersOf(mapping) : []), approved?.at ?? ''];
  return pointers.some((pointer) => pointer.startsWith(ITEMS));
}

function ask(number: string, api: Api): ReturnType<typeof askVendor> {
  return askVendor({ url: urlOf(number, api), headers: headersOf(api) });
}

function askItems(number: string, api: Api): ReturnType<typeof askVendor> {
  return askVendor({ url: `${urlOf(number, api)}/requested_items`, headers: headersOf(api) });
}

function tellTicket(
  number: string,
  message: ReplyMessage,
  { statuses, public: isPublic }: Reply,
  api: Api,
): Promise<ReplyAnswer> {
  const url = urlOf(number, api);
  const headers = headersOf(api);
  const wanted = statuses?.[message.status];
  const set = () => tellVendor({ url, method: 'PUT', headers, json: { status: Number(wanted) } });
  return tellInTurn(message, wanted === undefined ? undefined : set, (said) => {
    const json = { body: escaped(said), private: !isPublic };
    return tellVendor({ url: `${url}/notes`, method: 'POST', headers, json });
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A note is HTML. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function urlOf(number: string, { baseUrl }: Api): string {
  return `${baseUrl}/api/v2/tickets/${number}`;
}

/** The key is the user; the password is any. */
function headersOf({ apiKey }: Api): Record<string, string> {
  return { authorization: basic(apiKey, 'X') };
}
