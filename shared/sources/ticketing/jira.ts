/**
 * Jira Cloud: admin webhooks, which sign, and Jira Service Management's Automation ("Send web request"), which carries a hidden bearer token.
 * Source: developer.atlassian.com/cloud/jira/platform/webhooks; …/cloud/jira/platform/rest/v3 (issues, comments, transitions);
 * support.atlassian.com/cloud-automation/docs (payloads of "Send web request").
 *
 * `X-Hub-Signature: method=hex` over the raw body; only `sha256` is taken. The header `X-Atlassian-Webhook-Identifier` is the same across
 * retries, and unique within one site. It is not signed, so the body's bytes are part of a delivery's id: an old body under the identifier of
 * one to come must not take its place. How old a body is, is read from it. The content type of deliveries is not documented.
 * Automation sends no id and does not sign: the issue is looked up, where there is an API token and a mapping.
 */
import * as z from 'zod/mini';
import { toInstant } from '../../lifecycle/effective-date.ts';
import type { ReplyAnswer, ReplyMessage } from '../../lifecycle/reply.ts';
import { basic } from '../credentials.ts';
import { credential } from '../hr-settings.ts';
import { conform, sha256 } from '../json-body.ts';
import { pointersOf } from '../mapping.ts';
import { type HmacScheme, verifyHmac } from '../signature.ts';
import {
  baseUrlSchema,
  type Delivery,
  readSettings,
  type Source,
  type SourceContext,
  secretsSchema,
} from '../source.ts';
import { isKnown, staticSettings } from '../static-credentials.ts';
import { type Opened, type Ticket, ticketSettings, ticketSource } from '../ticket.ts';
import { byStatus, isToldByApi, tellInTurn } from '../ticket-reply.ts';
import { askVendor, tellVendor } from '../vendor-api.ts';
import { incomplete, wholeOf } from '../vendor-record.ts';

const SIGNATURE = 'x-hub-signature';
const SCHEME: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'hex',
  signatureHeader: SIGNATURE,
  prefix: 'sha256=',
  parts: ['body'],
};
const KEY = /^[A-Z][A-Z0-9_]{1,50}-[1-9]\d{0,9}$/;
/** Its lasting id, or its key, which changes when it is moved. */
const ISSUE = /^(?:[1-9]\d{0,18}|[A-Z][A-Z0-9_]{1,50}-[1-9]\d{0,9})$/;
const IDENTIFIER = /^[\w.:+=/@~-]{1,200}$/;
/** The year 2200, in milliseconds. */
const LAST_TIMESTAMP = 7_258_118_400_000;
const HANDLED = ['jira:issue_created', 'jira:issue_updated'];

const settingsSchema = z
  .strictObject({
    ...ticketSettings,
    signingSecrets: z.optional(secretsSchema),
    bearer: staticSettings.bearer,
    api: z.optional(
      z.strictObject({ baseUrl: baseUrlSchema, email: credential, apiToken: credential, accountId: credential }),
    ),
    reply: z.optional(z.strictObject({ transitions: z.optional(byStatus), public: z._default(z.boolean(), false) })),
  })
  .check(
    z.refine(({ signingSecrets, bearer }) => signingSecrets !== undefined || bearer !== undefined, {
      message: 'must have signingSecrets or bearer',
    }),
    z.refine(({ trust, bearer }) => trust === undefined || bearer !== undefined, {
      path: ['trust'],
      message: 'is for a bearer token: what is signed needs none',
    }),
    z.refine(({ signingSecrets, mapping }) => signingSecrets === undefined || mapping !== undefined, {
      path: ['mapping'],
      message: 'must say where in an issue the event is: admin webhooks send nothing else',
    }),
    isToldByApi,
  );
type Settings = z.output<typeof settingsSchema>;
type Api = NonNullable<Settings['api']>;
type Reply = NonNullable<Settings['reply']>;

const issueId = z.pipe(
  z.union([z.string(), z.int()]),
  z.pipe(
    z.transform((id: string | number) => String(id)),
    z.string().check(z.regex(/^[1-9]\d{0,18}$/, 'must be the id of an issue')),
  ),
);
const issueSchema = z.object({
  id: issueId,
  key: z.string().check(z.regex(KEY, 'must be the key of an issue')),
  self: z.optional(z.string()),
  fields: z.record(z.string(), z.unknown()),
});
const eventSchema = z.object({ webhookEvent: z.string() });
const webhookSchema = z.object({
  timestamp: z.int().check(z.minimum(0), z.maximum(LAST_TIMESTAMP)),
  issue: issueSchema,
  user: z.nullish(z.object({ accountId: z.optional(z.string()) })),
});
const named = z.object({
  id: z.optional(issueId),
  key: issueSchema.shape.key,
  fields: z.optional(issueSchema.shape.fields),
});
const wrapped = z.object({ issue: named });

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function jira(value: unknown, context: SourceContext): Source {
  const settings = readSettings('jira', settingsSchema, value);
  const { signingSecrets = [], bearer, api, reply } = settings;
  const isSigned = ({ headers }: Delivery) => headers[SIGNATURE] !== undefined;
  return ticketSource({
    name: 'jira',
    settings,
    context,
    approvedAt: '/fields/status/name',
    idForm: ISSUE,
    isSigned,
    // A signature that is there must be right, whatever else is: there is no way around it.
    verify: (delivery) =>
      isSigned(delivery) ? verifyHmac(delivery, SCHEME, signingSecrets) : isKnown(delivery, { bearer }),
    open: (body, delivery) => (isSigned(delivery) ? openWebhook(body, delivery, api) : openRequest(body)),
    fetch: api && ((key) => fetchIssue(key, settings, api)),
    tell: api && reply && ((key, message) => tellIssue(key, message, reply, api)),
  });
}

/** Comments come as events of their own, and what we did ourselves is no news. */
function openWebhook(read: unknown, { headers, body }: Delivery, api: Api | undefined): Opened | null {
  if (!HANDLED.includes(conform(eventSchema, read).webhookEvent)) return null;
  const { issue, user, timestamp } = conform(webhookSchema, read);
  if (api && user?.accountId === api.accountId) return null;
  const identifier = headers['x-atlassian-webhook-identifier'] ?? '';
  return {
    id: issue.id,
    reference: issue.key,
    deliveryId: [siteOf(issue.self), IDENTIFIER.test(identifier) ? identifier : '', sha256(body).slice(0, 16)].join(
      ':',
    ),
    content: { record: issue },
    occurredAt: toInstant(timestamp),
  };
}

function siteOf(self: string | undefined): string {
  return self !== undefined && URL.canParse(self) ? new URL(self).host : '';
}

/** Custom data is the canonical event, whose reference is the issue; "issue data" is the issue, with or without a wrapper. */
function openRequest(body: unknown): Opened {
  if (isObject(body) && 'person' in body) {
    const { reference } = body as { reference?: unknown };
    return { id: typeof reference === 'string' ? reference.trim() : undefined, content: { event: body } };
  }
  const { id, key, fields } = isObject(body) && 'issue' in body ? conform(wrapped, body).issue : conform(named, body);
  return { id: id ?? key, reference: key, content: fields ? { record: { key, fields } } : 'named' };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Only the fields that are read are asked for. */
async function fetchIssue(key: string, { mapping, approved }: Settings, api: Api): Promise<Ticket> {
  const pointers = [...(mapping ? pointersOf(mapping) : []), approved?.at ?? '/fields/status'];
  const names = pointers.flatMap((pointer) => /^\/fields\/([\w-]+)/.exec(pointer)?.[1] ?? []);
  const query = new URLSearchParams({ fields: [...new Set(names)].join() });
  // By version 2, as webhooks have it: in version 3 texts of several lines are documents.
  const url = `${api.baseUrl}/rest/api/2/issue/${key}?${query}`;
  const issue = await wholeOf(askVendor({ url, headers: headersOf(api) }), issueSchema);
  if (key !== issue.id && key !== issue.key) throw incomplete();
  return { id: issue.id, reference: issue.key, record: issue };
}

function tellIssue(
  key: string,
  message: ReplyMessage,
  { transitions, public: isPublic }: Reply,
  api: Api,
): Promise<ReplyAnswer> {
  const at = `${api.baseUrl}/rest/api/3/issue/${key}`;
  const headers = headersOf(api);
  const post = (path: string, json: object) => tellVendor({ url: `${at}/${path}`, method: 'POST', headers, json });
  const id = transitions?.[message.status];
  const move = () => post('transitions', { transition: { id } });
  return tellInTurn(message, id === undefined ? undefined : move, (said) => post('comment', comment(said, isPublic)));
}

/** Atlassian Document Format. In a service project a comment is shown to the customer unless it is internal. */
function comment(text: string, isPublic: boolean): object {
  const paragraph = { type: 'paragraph', content: [{ type: 'text', text }] };
  const internal = [{ key: 'sd.public.comment', value: { internal: true } }];
  return { body: { version: 1, type: 'doc', content: [paragraph] }, ...(!isPublic && { properties: internal }) };
}

function headersOf({ email, apiToken }: Api): Record<string, string> {
  return { authorization: basic(email, apiToken) };
}
