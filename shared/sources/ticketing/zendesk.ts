/**
 * Zendesk: webhooks that a trigger or automation calls, whose body the admin writes, and event subscriptions, whose body is Zendesk's.
 * Source: developer.zendesk.com/documentation/webhooks/verifying, …/webhooks/anatomy-of-a-webhook-request;
 * developer.zendesk.com/api-reference/webhooks/event-types/ticket-events; …/api-reference/ticketing/tickets/tickets.
 *
 * Every delivery is signed: `X-Zendesk-Webhook-Signature` is the base64 of HMAC-SHA256 over the timestamp's header and the raw body, with
 * nothing between them (an older page has them the other way round), and the key is the secret's text, though it looks like base64.
 * No window is documented; five minutes are ours. `X-Zendesk-Webhook-Invocation-Id` is not signed: whoever replays a delivery could give it
 * any id, a coming delivery's among them, which would then be taken for known and lost. So what is signed is the id of a trigger's delivery:
 * its timestamp and body; and when it was signed is when it happened, unless the body says so, so that a replay is never news.
 * Ticket events have neither custom fields nor addresses: the ticket is looked up.
 */
import * as z from 'zod/mini';
import type { ReplyAnswer, ReplyMessage } from '../../lifecycle/reply.ts';
import { basic } from '../credentials.ts';
import { credential } from '../hr-settings.ts';
import { conform, sha256 } from '../json-body.ts';
import { type HmacScheme, verifyHmac } from '../signature.ts';
import {
  baseUrlSchema,
  type Delivery,
  readSettings,
  type Source,
  type SourceContext,
  secretsSchema,
} from '../source.ts';
import { type Opened, type Ticket, ticketSettings, ticketSource } from '../ticket.ts';
import { byStatus, isToldByApi, withoutStatus } from '../ticket-reply.ts';
import { askVendor, tellVendor } from '../vendor-api.ts';
import { gone, incomplete, wholeOf } from '../vendor-record.ts';

const TIMESTAMP = 'x-zendesk-webhook-signature-timestamp';

/** How Zendesk signs. */
export const ZENDESK_SCHEME: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'base64',
  signatureHeader: 'x-zendesk-webhook-signature',
  prefix: '',
  parts: ['timestamp', 'body'],
  timestamp: { header: TIMESTAMP, unit: 'rfc3339', toleranceSeconds: 300 },
};

/** What "Test webhook" signs with before a webhook exists; Zendesk publishes it, so that anybody can. */
const TEST_SECRET = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';
const ID = /^[1-9]\d{0,14}$/;
const EVENT = 'zen:event-type:';
const TICKET_EVENT = `${EVENT}ticket.`;

// Every delivery is signed, so that there is nothing to trust.
const { trust, ...shared } = ticketSettings;

const settingsSchema = z
  .strictObject({
    ...shared,
    signingSecrets: secretsSchema.check(
      z.refine((secrets) => !secrets.some((secret) => secret.trim() === TEST_SECRET), {
        message: 'must not hold the test secret that Zendesk publishes: anybody can sign with it',
      }),
    ),
    api: z.optional(
      z.strictObject({
        baseUrl: baseUrlSchema,
        email: credential,
        apiToken: credential,
        userId: z.string().check(z.regex(ID, 'must be the id of a user')),
      }),
    ),
    reply: z.optional(z.strictObject({ statuses: z.optional(byStatus), public: z._default(z.boolean(), false) })),
  })
  .check(isToldByApi);
type Settings = z.output<typeof settingsSchema>;
type Api = NonNullable<Settings['api']>;
type Reply = NonNullable<Settings['reply']>;

/** Placeholders are rendered as texts; whoever leaves their quotes out sends numbers. */
const idSchema = z.pipe(
  z.transform((id: unknown) => (typeof id === 'number' ? String(id) : id)),
  z.string().check(z.trim(), z.regex(ID, 'must be the id of a ticket')),
);
const anySchema = z.object({ type: z.optional(z.string()) });
const eventSchema = z.object({
  id: z.string().check(z.regex(/^[\w-]{1,100}$/, 'must be the id of an event')),
  detail: z.object({ id: idSchema, actor_id: z.nullish(z.union([z.string(), z.int()])) }),
});
const namedSchema = z.object({ ticket_id: z.pipe(z.transform(withoutSign), idSchema) });
const ticketSchema = z.object({
  ticket: z.object({
    id: z.int(),
    status: z.string(),
    custom_status_id: z.nullish(z.int()),
    ticket_form_id: z.nullish(z.int()),
    custom_fields: z.array(z.object({ id: z.int(), value: z.optional(z.unknown()) })),
  }),
});

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function zendesk(value: unknown, context: SourceContext): Source {
  const settings = readSettings('zendesk', settingsSchema, value);
  const { signingSecrets, api, reply } = settings;
  return ticketSource({
    name: 'zendesk',
    settings,
    context,
    approvedAt: '/status',
    idForm: ID,
    isSigned: () => true,
    verify: (delivery) => verifyHmac(delivery, ZENDESK_SCHEME, signingSecrets),
    open: (body, delivery) => open(body, delivery, api),
    fetch: api && ((id) => fetchTicket(id, api)),
    tell: api && reply && ((id, message) => tellTicket(id, message, reply, api)),
  });
}

function open(body: unknown, delivery: Delivery, api: Api | undefined): Opened | null {
  const { type = '' } = conform(anySchema, body);
  if (!type.startsWith(EVENT)) return openRequest(body as object, delivery, api);
  return type.startsWith(TICKET_EVENT) ? openEvent(body, api) : null;
}

/** What we did ourselves is no news. */
function openEvent(body: unknown, api: Api | undefined): Opened | null {
  const { id, detail } = conform(eventSchema, body);
  if (api && String(detail.actor_id) === api.userId) return null;
  return { id: detail.id, deliveryId: id, content: 'named' };
}

/** A trigger's body is the canonical event, whose reference is the ticket; or it names the ticket, or holds what the mapping reads. */
function openRequest(body: object, delivery: Delivery, api: Api | undefined): Opened {
  const signedAt = delivery.headers[TIMESTAMP] ?? '';
  const said = { deliveryId: sha256(signedAt, delivery.body), occurredAt: signedAt };
  if (!('ticket_id' in body) || 'person' in body) {
    const { reference } = body as { reference?: unknown };
    if (typeof reference !== 'string') return { ...said, id: undefined, content: { event: body } };
    // In one spelling: a grant is known by it.
    const id = withoutSign(reference);
    return { ...said, id, content: { event: { ...body, reference: id } } };
  }
  const { ticket_id: id } = conform(namedSchema, body);
  return { ...said, id, reference: id, content: api ? 'named' : { record: body } };
}

/** People write `#4711`. */
function withoutSign<T>(name: T): T | string {
  return typeof name === 'string' ? name.trim().replace(/^#/, '') : name;
}

/** By the ids of the custom fields, so that a pointer can name one: `/fields/360000000002`. */
async function fetchTicket(id: string, api: Api): Promise<Ticket> {
  const { ticket } = await wholeOf(askVendor({ url: urlOf(id, api), headers: headersOf(api) }), ticketSchema);
  const { custom_fields: fields, ...rest } = ticket;
  if (String(rest.id) !== id) throw incomplete();
  if (rest.status === 'deleted') throw gone();
  const record = { ...rest, fields: Object.fromEntries(fields.map((field) => [field.id, field.value])) };
  return { reference: id, record };
}

/** In one call. A status that a required field forbids would take the comment with it, so that is then written alone. */
async function tellTicket(
  id: string,
  message: ReplyMessage,
  { statuses, public: isPublic }: Reply,
  api: Api,
): Promise<ReplyAnswer> {
  const wanted = statuses?.[message.status];
  const update = (body: string, more: object) => {
    const json = { ticket: { comment: { body, public: isPublic }, ...more } };
    return tellVendor({ url: urlOf(id, api), method: 'PUT', headers: headersOf(api), json });
  };
  if (wanted === undefined) return update(message.text, {});
  const answer = await update(message.text, { status: wanted });
  return answer.kind === 'refused' ? update(withoutStatus(message), {}) : answer;
}

function urlOf(id: string, { baseUrl }: Api): string {
  return `${baseUrl}/api/v2/tickets/${id}.json`;
}

function headersOf({ email, apiToken }: Api): Record<string, string> {
  return { authorization: basic(`${email}/token`, apiToken) };
}
