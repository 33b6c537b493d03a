/**
 * ServiceNow. It has no webhooks of its own: a script or flow of the publisher's writes the body and sends it, with Basic, a bearer token, or
 * signed as Standard Webhooks, which a script can do: `GlideCertificateEncryption.generateMac` takes a key in base64 and answers base64.
 * Source: github.com/ServiceNow/ServiceNowDocs (release "australia"): api-reference/rest-apis/c_TableAPI,
 * api-reference/server-api-reference/c_GlideCertificateEncryptionAPI, build-workflows/workflow-studio/retry-policy.
 *
 * `{"record": {"sys_id", "sys_mod_count", "number"}, …}`, and beside it the canonical event, or what the mapping reads, or nothing. A signed
 * delivery has its `webhook-id`. Any other has no id, so it is known by the record, by its count, which every update counts up, and by its
 * bytes: a forged one under the count of one to come must not take its place.
 *
 * A record is asked for by `sysparm_display_value=false`: display values depend on the language, date format and time zone of our user there.
 * So choices come as their values (`approved`, not "Approved"), dates as 2026-12-31, and times in UTC, as they also do in scripts. References
 * come as a sys_id; what they refer to is dot-walked to: `/cat_item/name` asks for `cat_item.name`, `/variables/email` for `variables.email`.
 */
import * as z from 'zod/mini';
import type { ReplyAnswer, ReplyMessage } from '../../lifecycle/reply.ts';
import { basic } from '../credentials.ts';
import { credential } from '../hr-settings.ts';
import { conform, sha256 } from '../json-body.ts';
import { putAt, valueAt } from '../json-pointer.ts';
import { pointersOf } from '../mapping.ts';
import { baseUrlSchema, type Delivery, readSettings, type Source, type SourceContext } from '../source.ts';
import { standardKey, verifyStandard } from '../standard-webhooks.ts';
import { isKnown, staticSettings } from '../static-credentials.ts';
import { type Opened, type Ticket, ticketSettings, ticketSource } from '../ticket.ts';
import { byStatus, isToldByApi } from '../ticket-reply.ts';
import { askVendor, tellVendor } from '../vendor-api.ts';
import { incomplete, wholeOf } from '../vendor-record.ts';

const SYS_ID = /^[0-9a-f]{32}$/;
const NUMBER = /^[\w-]{1,40}$/;
/** A field, or one that is dot-walked to, as a JSON pointer. */
const FIELD = /^(?:\/[A-Za-z]\w*)+$/;
const APPROVAL = '/approval';
/** What every requested item has: where it is missing, our user may not see it, and nothing can be said. */
const ALWAYS_SET = [APPROVAL, '/state', '/cat_item', '/cat_item/name'];
const TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

const settingsSchema = z
  .strictObject({
    ...ticketSettings,
    signingSecrets: z.optional(z.array(z.string()).check(z.minLength(1, 'must hold at least one secret'))),
    basic: staticSettings.basic,
    bearer: staticSettings.bearer,
    api: z.optional(
      z.strictObject({
        baseUrl: baseUrlSchema,
        user: credential,
        password: credential,
        table: z._default(z.string().check(z.regex(/^[a-z0-9_]{1,80}$/, 'must be the name of a table')), 'sc_req_item'),
      }),
    ),
    reply: z.optional(
      z.strictObject({
        states: z.optional(byStatus),
        field: z._default(z.enum(['work_notes', 'comments'], 'must be work_notes or comments'), 'work_notes'),
      }),
    ),
  })
  .check(
    z.refine(({ signingSecrets, basic: pair, bearer }) => Boolean(signingSecrets ?? pair ?? bearer), {
      message: 'must have signingSecrets, basic or bearer',
    }),
    z.refine(({ trust, basic: pair, bearer }) => trust === undefined || Boolean(pair ?? bearer), {
      path: ['trust'],
      message: 'is for basic or bearer: what is signed needs none',
    }),
    isToldByApi,
  );
type Settings = z.output<typeof settingsSchema>;
type Api = NonNullable<Settings['api']>;
type Reply = NonNullable<Settings['reply']>;

const sysId = z.string('must be a string').check(z.regex(SYS_ID, 'must be a sys_id, 32 digits of hex'));
const number = z.string('must be a string').check(z.regex(NUMBER, 'must be the number of a record'));
const bodySchema = z.object({
  record: z.object({
    sys_id: sysId,
    sys_mod_count: z.union([z.int().check(z.minimum(0)), z.string().check(z.regex(/^\d{1,9}$/))], 'must be a count'),
    number,
  }),
});
const answerSchema = z.object({ result: z.looseObject({ sys_id: sysId, number }) });

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function servicenow(value: unknown, context: SourceContext): Source {
  const given = readSettings('servicenow', settingsSchema, value);
  const settings = { ...given, approved: given.approved ?? (given.mapping && { values: ['approved'] }) };
  const { signingSecrets = [], basic: pair, bearer, api, reply } = settings;
  const keys = signingSecrets.map((secret) => standardKey(secret, 'servicenow.signingSecrets'));
  const fields = fieldsOf(settings);
  const approvedAt = settings.approved?.at ?? APPROVAL;
  return ticketSource({
    name: 'servicenow',
    settings,
    context,
    approvedAt: APPROVAL,
    idForm: SYS_ID,
    isSigned,
    // A signature that is there must be right, whatever else is: there is no way around it.
    verify: (delivery) =>
      isSigned(delivery) ? verifyStandard(delivery, keys) : isKnown(delivery, { basic: pair, bearer }),
    open: (body, delivery) => open(body, delivery, fields),
    fetch: api && ((id) => fetchRecord(id, { fields, approvedAt }, api)),
    tell: api && reply && ((id, message) => tellRecord(id, message, reply, api)),
  });
}

function isSigned({ headers }: Delivery): boolean {
  return headers['webhook-signature'] !== undefined || headers['svix-signature'] !== undefined;
}

/** What is read of a ticket, in a body and in the API alike. @throws Error where ServiceNow could not name it. */
function fieldsOf({ mapping, approved }: Settings): string[] {
  const pointers = mapping ? [...pointersOf(mapping), approved?.at ?? APPROVAL] : [];
  if (!pointers.every((pointer) => FIELD.test(pointer)))
    throw new Error('servicenow.mapping and approved.at must name fields, as /variables/new_hire_email does');
  const isWithin = (pointer: string) => pointers.some((other) => pointer.startsWith(`${other}/`));
  const inner = pointers.find(isWithin);
  if (inner) throw new Error(`servicenow.mapping names ${inner} and what it is within, which cannot both be read`);
  return [...new Set(pointers)].sort();
}

function open(body: unknown, delivery: Delivery, fields: readonly string[]): Opened {
  const { record } = conform(bodySchema, body);
  const { record: _, ...rest } = body as Record<string, unknown>;
  const { headers, body: bytes } = delivery;
  const signedId = isSigned(delivery) ? (headers['webhook-id'] ?? headers['svix-id']) : undefined;
  return {
    id: record.sys_id,
    reference: record.number,
    deliveryId: signedId ?? [record.sys_id, Number(record.sys_mod_count), sha256(bytes).slice(0, 16)].join(':'),
    content: contentOf(rest, record, fields),
  };
}

function contentOf(rest: Record<string, unknown>, record: object, fields: readonly string[]): Opened['content'] {
  if ('person' in rest) return { event: rest };
  if (Object.keys(rest).length === 0) return 'named';
  return { record: picked(fields, (pointer) => valueAt({ ...rest, ...record }, pointer)) };
}

/** A record with the fields that are read and no others. Dot-walked to, they come flat from the API. */
function picked(fields: readonly string[], found: (pointer: string) => unknown): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const pointer of fields) {
    const value = found(pointer);
    if (value !== undefined) putAt(record, pointer, inUtc(value));
  }
  return record;
}

/** ServiceNow keeps times in UTC, and does not write so. */
function inUtc(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(TIME, '$1T$2Z') : value;
}

interface Asked {
  fields: readonly string[];
  approvedAt: string;
}

/** Only the fields that are read are asked for. */
async function fetchRecord(id: string, { fields, approvedAt }: Asked, api: Api): Promise<Ticket> {
  const query = new URLSearchParams({
    sysparm_fields: [...new Set(['sys_id', 'number', ...fields.map(nameOf)])].join(),
    sysparm_display_value: 'false',
    sysparm_exclude_reference_link: 'true',
  });
  const url = `${addressOf(api, id)}?${query}`;
  const { result } = await wholeOf(askVendor({ url, headers: headersOf(api) }), answerSchema);
  const isHidden = ALWAYS_SET.some((pointer) => fields.includes(pointer) && (result[nameOf(pointer)] ?? '') === '');
  if (result.sys_id !== id || isHidden) throw incomplete();
  // An approval that is hidden from our user comes empty, too: it is not there, and so never taken for "not approved".
  const isShown = (pointer: string) => pointer !== approvedAt || String(result[nameOf(pointer)] ?? '').trim() !== '';
  return { reference: result.number, record: picked(fields.filter(isShown), (pointer) => result[nameOf(pointer)]) };
}

function nameOf(pointer: string): string {
  return pointer.slice(1).replaceAll('/', '.');
}

function tellRecord(id: string, { status, text }: ReplyMessage, reply: Reply, api: Api): Promise<ReplyAnswer> {
  const state = reply.states?.[status];
  return tellVendor({
    url: addressOf(api, id),
    method: 'PATCH',
    headers: { ...headersOf(api), 'x-no-response-body': 'true' },
    json: { [reply.field]: text, ...(state !== undefined && { state }) },
  });
}

function addressOf({ baseUrl, table }: Api, id: string): string {
  return `${baseUrl}/api/now/table/${table}/${id}`;
}

function headersOf({ user, password }: Api): Record<string, string> {
  return { authorization: basic(user, password) };
}
