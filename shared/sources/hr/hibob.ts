/**
 * HiBob, webhooks v2: thin events, signed with HMAC-SHA512 in base64 over the body; nothing but the body says when. Sources:
 * apidocs.hibob.com/reference/getting-started-webhooks, /docs/employee-data-webhooks, /reference/webhook-events-v2,
 * /reference/post_people-identifier, /docs/fields-metadata.
 *
 * Not documented, and so tolerated: whether pings are signed and of which media type; the zone of `triggeredAt` (taken as UTC); what else
 * the `data` of lifecycle events holds (only the id is read); whether records answer nested or by slashes, and with their values wrapped.
 * Asked for are the stored values with the readable ones beside them (`APPEND`): read as texts, dates come in the company's own format.
 */
import * as z from 'zod/mini';
import { isInstant } from '../../lifecycle/effective-date.ts';
import type { Lookup } from '../../lifecycle/lookup.ts';
import { basic } from '../credentials.ts';
import { dateMember, employeeRecord, endSince, isAhead, word } from '../employee-record.ts';
import { credential, hrSettings } from '../hr-settings.ts';
import { conform, jsonOf, readBody, sha256 } from '../json-body.ts';
import { type HmacScheme, verifyHmac } from '../signature.ts';
import {
  baseUrlSchema,
  type Delivery,
  type Notice,
  type Reading,
  readSettings,
  type Source,
  type SourceContext,
  secretsSchema,
} from '../source.ts';
import { askVendor } from '../vendor-api.ts';
import { lookUpBy, wholeOf } from '../vendor-record.ts';

/** What a new webhook is tried with: the text, and if that fails the text as a member. */
const PING = 'Ping test';
const pingSchema = z.strictObject({ text: z.literal(PING) });
/** Its API may lag behind its events by as much (apidocs.hibob.com/reference/api-calls-for-webhook-events). */
const SETTLE_SECONDS = 20;
const EMPLOYEE_ID = /^\d{1,20}$/;
const LOOKED_UP = /^(employee\.(created|updated|joined|left|activated)|table\.entry\.[a-z]+)$/;
const REVIEWED: Readonly<Record<string, 'employee-deleted' | 'employee-inactive'>> = {
  'employee.deleted': 'employee-deleted',
  'employee.inactivated': 'employee-inactive',
};
const REVOKED_AT_ONCE = 'employee.access.revoked.immediately';

const SCHEME: HmacScheme = {
  algorithm: 'sha512',
  encoding: 'base64',
  signatureHeader: 'bob-signature',
  prefix: '',
  parts: ['body'],
};

const settingsSchema = z.strictObject({
  ...hrSettings,
  signingSecrets: secretsSchema,
  serviceUserId: credential,
  serviceUserToken: credential,
  baseUrl: z._default(baseUrlSchema, 'https://api.hibob.com/v1'),
  settleSeconds: z._default(z.int().check(z.minimum(0), z.maximum(900)), SETTLE_SECONDS),
});
type Settings = z.output<typeof settingsSchema>;

const headSchema = z.object({
  type: z.string(),
  companyId: z.optional(z.unknown()),
  triggeredAt: z.optional(z.unknown()),
  data: z.optional(z.unknown()),
});
type Head = z.output<typeof headSchema>;
// Ids go beyond what a number can hold, so only texts are ids.
const dataSchema = z.object({
  data: z.object({ employeeId: z.string().check(z.regex(EMPLOYEE_ID, 'must be the id of an employee')) }),
});

const FIELDS = {
  email: 'root.email',
  department: 'work.department',
  jobTitle: 'work.title',
  location: 'work.site',
  start: 'work.startDate',
  end: 'internal.terminationDate',
  status: 'internal.status',
};
const CHOICES = ['department', 'jobTitle', 'location'];
const fieldsSchema = z.object({
  email: word,
  department: word,
  jobTitle: word,
  location: word,
  start: dateMember(),
  end: dateMember(),
  // Only a safeguard: where it cannot be seen, the dates speak alone.
  status: z.optional(word),
});
const recordSchema = z.pipe(z.transform(fieldsOf), fieldsSchema);

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function hibob(value: unknown, context: SourceContext): Source {
  const settings = readSettings('hibob', settingsSchema, value);
  return {
    name: 'hibob',
    authority: settings.authority,
    mediaTypes: ['application/json', 'text/plain', ''],
    unreadableStatus: 202,
    acceptedStatus: 200,
    greets: (delivery) => delivery.headers['bob-signature'] === undefined && isPing(delivery),
    verify: (delivery) => verifyHmac(delivery, SCHEME, settings.signingSecrets),
    read: (delivery) => read(delivery, settings),
    lookUp: lookUpBy(EMPLOYEE_ID, (id) => lookUp(id, settings, context)),
  };
}

function isPing({ body }: Delivery): boolean {
  return Buffer.from(PING).equals(body) || pingSchema.safeParse(jsonOf(body)).success;
}

/** There is no id: what happened, to whom and when is the delivery; who triggered it and the version are not. */
function read(delivery: Delivery, settings: Settings): Reading {
  const { body } = delivery;
  if (isPing(delivery)) return { kind: 'notices', notices: [], deliveryId: sha256(body) };
  const deliveryId = ({ companyId, type, data, triggeredAt }: Head) =>
    sha256(JSON.stringify([companyId, type, data, triggeredAt]));
  return readBody({ body, schema: headSchema, deliveryId }, (head) => noticesOf(head, settings));
}

function noticesOf(head: Head, { settleSeconds }: Settings): Notice[] {
  const { type, triggeredAt } = head;
  const code = Object.hasOwn(REVIEWED, type) ? REVIEWED[type] : undefined;
  if (!code && type !== REVOKED_AT_ONCE && !LOOKED_UP.test(type)) return [];
  const { employeeId } = conform(dataSchema, head).data;
  if (code) return [{ kind: 'review', id: employeeId, code }];
  const lookup: Notice = { kind: 'lookup', id: employeeId, settleSeconds };
  return type === REVOKED_AT_ONCE ? [revocation(employeeId, triggeredAt), lookup] : [lookup];
}

/**
 * The end of a termination may lie ahead, but HR wants the access gone now, before a record is asked for. It is asked for after that, because
 * somebody who is known by an address only is found by that.
 */
function revocation(externalId: string, triggeredAt: unknown): Notice {
  const said = String(triggeredAt);
  const occurredAt = /(Z|[+-]\d{2}:\d{2})$/.test(said) ? said : `${said}Z`;
  const event = { type: 'offboard' as const, person: { externalId }, reason: REVOKED_AT_ONCE };
  return { kind: 'event', event: isInstant(occurredAt) ? { ...event, occurredAt } : event };
}

async function lookUp(employeeId: string, settings: Settings, context: SourceContext): Promise<Lookup> {
  const answer = askVendor({
    method: 'POST',
    url: `${settings.baseUrl}/people/${encodeURIComponent(employeeId)}`,
    headers: { authorization: basic(settings.serviceUserId, settings.serviceUserToken) },
    json: { fields: Object.values(FIELDS), humanReadable: 'APPEND' },
  });
  const { status, ...fields } = await wholeOf(answer, recordSchema);
  const { timeZone } = settings;
  const isFuture = isAhead(fields.start, timeZone ?? context.defaultZone, context);
  const standing = isFuture ? 'future' : status?.toLowerCase();
  // On leave perhaps, perhaps gone: nobody can say.
  if (standing === 'inactive' && fields.end === null) return { kind: 'review', code: 'employee-inactive' };
  // Whoever is active and left before they began has been here before.
  const end = standing === 'active' ? endSince(fields.start, fields.end) : fields.end;
  return employeeRecord({ employeeId, ...fields, end, timeZone }, context);
}

/** The fields by our names, whatever the shape; of a choice from a list, which is stored as an id, the readable text. */
function fieldsOf(answer: unknown): Record<string, unknown> {
  const readable = memberOf(answer, 'humanReadable');
  const entries = Object.entries(FIELDS).map(([name, field]) => {
    const stored = fieldOf(answer, field);
    return [name, CHOICES.includes(name) ? (fieldOf(readable, field) ?? textOf(stored)) : stored];
  });
  return Object.fromEntries(entries);
}

/** What no reader wrote is an id from a list. Without its text there is no whole record: the policy would take access away. */
function textOf(stored: unknown): unknown {
  return typeof stored === 'string' && /^\d+$/.test(stored) ? undefined : stored;
}

/** `work.title` is `/work/title`, or `title` within `work`; what is within `root` may stand at the top. */
function fieldOf(answer: unknown, field: string): unknown {
  const [category = '', name = ''] = field.split('.');
  const places = [
    memberOf(answer, `/${category}/${name}`),
    memberOf(memberOf(answer, category), name),
    category === 'root' ? memberOf(answer, name) : undefined,
  ];
  const found = places.find((place) => place !== undefined);
  const wrapped = memberOf(found, 'value');
  return wrapped === undefined ? found : wrapped;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
