/**
 * Gusto. The key of the signatures is the subscription's verification token. Gusto posts it, unsigned, to the subscription's URL and wants it
 * back by a PUT. Anybody could post one, so it is taken only while the configuration says that a subscription is pending, and only if it is
 * one of the keys already: no stranger's text becomes a key, and none is sent anywhere.
 *
 * Unknown to the documentation: how signatures are encoded (public code says hex; base64 is taken, too), and how the header is spelt on the wire
 * (`X-Gusto-Signature` or `x_gusto_signature`; one of the two). `employee.terminated` says that a termination was entered, be it for next
 * month; so the event's name decides nothing, the record does. A `hire_date` is that of the latest hiring, so that of the terminations
 * those from it on count.
 * Sources: docs.gusto.com, app-integrations/docs/webhooks, docs/employee-events, docs/system-access-tokens; Gusto/gusto-python-client.
 */
import * as z from 'zod/mini';
import { Problem } from '../../lifecycle/errors.ts';
import type { Lookup } from '../../lifecycle/lookup.ts';
import { isSecret } from '../credentials.ts';
import { dateMember, employeeRecord, endSince, isAhead, UUID, word } from '../employee-record.ts';
import { credential, hrSettings } from '../hr-settings.ts';
import { jsonOf, readBody, sha256, unreadable } from '../json-body.ts';
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
import { incomplete, lookUpBy, wholeOf } from '../vendor-record.ts';

const HEADERS = ['x-gusto-signature', 'x_gusto_signature'];
const SCHEME: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'either',
  signatureHeader: HEADERS,
  prefix: '',
  parts: ['body'],
};
const RETRY_AFTER_SECONDS = 60;

/**
 * Its member of the sources secret. `apiToken` is a company's access token; `systemToken` is the system access token that verifying takes,
 * because Gusto gives neither of them the rights of the other.
 */
const settingsSchema = z.strictObject({
  ...hrSettings,
  signingSecrets: secretsSchema,
  apiToken: credential,
  pending: z.optional(
    z.strictObject({
      subscriptionUuid: z.string().check(z.regex(UUID, 'must be a UUID')),
      systemToken: z.optional(credential),
    }),
  ),
  baseUrl: z._default(baseUrlSchema, 'https://api.gusto.com'),
});

type Settings = z.output<typeof settingsSchema>;

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function gusto(value: unknown, context: SourceContext): Source {
  const settings = readSettings('gusto', settingsSchema, value);
  return {
    name: 'gusto',
    authority: settings.authority,
    mediaTypes: ['application/json', ''],
    unreadableStatus: 202,
    acceptedStatus: 202,
    greets: (delivery) => shakeHands(delivery, settings),
    verify: (delivery) => verifyHmac(delivery, SCHEME, settings.signingSecrets),
    read,
    lookUp: lookUpBy(UUID, (id) => lookUp(id, settings, context)),
  };
}

const handshakeSchema = z.strictObject({ verification_token: z.string() });
const verifiedSchema = z.object({ uuid: z.string(), status: z.literal('verified') });

/** @throws Problem `unavailable` where Gusto does not confirm, so that it sends the token again. */
async function shakeHands({ headers, body }: Delivery, { pending, ...settings }: Settings): Promise<boolean> {
  if (!pending || HEADERS.some((name) => headers[name] !== undefined)) return false;
  const given = handshakeSchema.safeParse(jsonOf(body)).data?.verification_token;
  if (!isSecret(given, settings.signingSecrets)) return false;
  const answer = await askVendor({
    method: 'PUT',
    url: `${settings.baseUrl}/v1/webhook_subscriptions/${pending.subscriptionUuid}/verify`,
    headers: { authorization: `Bearer ${pending.systemToken ?? settings.apiToken}` },
    json: { verification_token: given },
  });
  const confirmed = answer.kind === 'json' && verifiedSchema.safeParse(answer.value).data;
  if (confirmed && confirmed.uuid === pending.subscriptionUuid) return true;
  throw new Problem('unavailable', 'Gusto has not confirmed the subscription. Send the token again.', {
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  });
}

const eventSchema = z.object({
  uuid: z.optional(z.string()),
  event_type: z.string(),
  entity_uuid: z.optional(z.string()),
});
type GustoEvent = z.output<typeof eventSchema>;

function read({ body }: Delivery): Reading {
  const deliveryId = ({ uuid = '' }: GustoEvent) => (UUID.test(uuid) ? uuid : sha256(body));
  return readBody({ body, schema: eventSchema, deliveryId }, noticesOf);
}

function noticesOf({ event_type: event, entity_uuid: employeeId = '' }: GustoEvent): Notice[] {
  if (!event.startsWith('employee.')) return [];
  if (!UUID.test(employeeId)) throw unreadable({ pointer: '/entity_uuid', detail: 'must be the UUID of an employee' });
  if (event === 'employee.deleted') return [{ kind: 'review', id: employeeId, code: 'employee-deleted' }];
  return [{ kind: 'lookup', id: employeeId }];
}

// Days, whatever hour comes with them.
const day = dateMember('days');
const employeeSchema = z.object({
  uuid: z.string(),
  // `email` is documented as the personal one.
  work_email: word,
  department: word,
  terminated: z.boolean(),
  terminations: z.array(z.object({ effective_date: day })),
  jobs: z.array(z.object({ title: word, hire_date: day, primary: z.optional(z.boolean()) })),
  current_employment_status: z.optional(word),
});

async function lookUp(
  employeeId: string,
  { baseUrl, apiToken, timeZone }: Settings,
  context: SourceContext,
): Promise<Lookup> {
  const url = `${baseUrl}/v1/employees/${encodeURIComponent(employeeId)}`;
  const answer = askVendor({ url, headers: { authorization: `Bearer ${apiToken}` } });
  const employee = await wholeOf(answer, employeeSchema);
  if (employee.uuid.toLowerCase() !== employeeId.toLowerCase()) throw incomplete();
  const { work_email: email, department, jobs, terminated, current_employment_status: employmentType } = employee;
  const job = jobs.find(({ primary }) => primary) ?? jobs[0];
  const start = job?.hire_date ?? null;
  const isComing = isAhead(start, timeZone ?? context.defaultZone, context);
  const ends = employee.terminations.flatMap(({ effective_date: day }) => day ?? []).sort();
  const end = ends.findLast((day) => endSince(start, day)) ?? null;
  const formerEnd = isComing ? ends.findLast((day) => !endSince(start, day)) : null;
  if (terminated && end === null && !isComing) return { kind: 'review', code: 'employee-inactive' };
  const words = { department, jobTitle: job?.title ?? null, employmentType };
  return employeeRecord({ employeeId, email, start, end, formerEnd, timeZone, ...words }, context);
}
