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
import type { Lookup } from '../../lifecycle/ports.ts';
import { isSecret } from '../credentials.ts';
import { dateSchema, UUID, wordSchema, workEmail } from '../period-record.ts';
import { hashOf, readBody, unreadable } from '../read-body.ts';
import { type HmacScheme, verifyHmac } from '../signature.ts';
import {
  authoritySchema,
  baseUrlSchema,
  type Delivery,
  type Reading,
  readSettings,
  type Source,
  type SourceContext,
  secretsSchema,
} from '../source.ts';
import { askVendor } from '../vendor-api.ts';

const HEADERS = ['x-gusto-signature', 'x_gusto_signature'];
const SCHEME: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'either',
  signatureHeader: HEADERS,
  prefix: '',
  parts: ['body'],
};
const INCOMPLETE: Lookup = { kind: 'failed', reason: 'record-incomplete' };
const RETRY_AFTER_SECONDS = 60;

const token = z.string().check(z.minLength(1));
/**
 * Its member of the sources secret. `apiToken` is a company's access token; `systemToken` is the system access token that verifying takes,
 * because Gusto gives neither of them the rights of the other.
 */
const settingsSchema = z.strictObject({
  signingSecrets: secretsSchema,
  apiToken: token,
  pending: z.optional(
    z.strictObject({
      subscriptionUuid: z.string().check(z.regex(UUID, 'must be a UUID')),
      systemToken: z.optional(token),
    }),
  ),
  baseUrl: z._default(baseUrlSchema, 'https://api.gusto.com'),
  authority: authoritySchema,
});

type Settings = z.output<typeof settingsSchema>;

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function gusto(value: unknown, context: SourceContext): Source {
  const settings = readSettings('gusto', settingsSchema, value);
  const keys = settings.signingSecrets.map((secret) => Buffer.from(secret));
  return {
    name: 'gusto',
    authority: settings.authority ?? ['employment', 'attributes'],
    mediaTypes: ['application/json', ''],
    unreadableStatus: 202,
    acceptedStatus: 202,
    greets: (delivery) => shakeHands(delivery, settings),
    verify: (delivery) => verifyHmac(delivery, SCHEME, keys),
    read,
    lookUp: (id) => lookUp(id, settings, context),
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

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

const eventSchema = z.object({
  uuid: z.optional(z.string()),
  event_type: z.string(),
  entity_uuid: z.optional(z.string()),
});

function read(delivery: Delivery): Reading {
  return readBody(eventSchema, delivery, ({ uuid = '', event_type, entity_uuid: employeeId = '' }) => {
    const deliveryId = UUID.test(uuid) ? uuid : hashOf(delivery.body);
    if (!event_type.startsWith('employee.')) return { kind: 'notices', notices: [], deliveryId };
    if (!UUID.test(employeeId)) {
      return unreadable(delivery.body, [{ pointer: '/entity_uuid', detail: 'must be the UUID of an employee' }]);
    }
    if (event_type !== 'employee.deleted')
      return { kind: 'notices', notices: [{ kind: 'lookup', employeeId }], deliveryId };
    return { kind: 'notices', notices: [{ kind: 'review', employeeId, code: 'employee-deleted' }], deliveryId };
  });
}

const employeeSchema = z.object({
  uuid: z.string(),
  // `email` is documented as the personal one.
  work_email: z.nullable(z.string()),
  department: wordSchema,
  terminated: z.boolean(),
  terminations: z.array(z.object({ effective_date: dateSchema })),
  jobs: z.array(z.object({ title: wordSchema, hire_date: dateSchema, primary: z.optional(z.boolean()) })),
  current_employment_status: z.optional(wordSchema),
});

async function lookUp(id: string, { baseUrl, apiToken }: Settings, context: SourceContext): Promise<Lookup> {
  if (!UUID.test(id)) return { kind: 'not-found' };
  const url = `${baseUrl}/v1/employees/${encodeURIComponent(id)}`;
  const answer = await askVendor({ url, headers: { authorization: `Bearer ${apiToken}` } });
  if (answer.kind !== 'json') return answer;
  const { data } = employeeSchema.safeParse(answer.value);
  if (!data || data.uuid.toLowerCase() !== id.toLowerCase()) return INCOMPLETE;
  const job = data.jobs.find(({ primary }) => primary) ?? data.jobs[0];
  const start = job?.hire_date ?? null;
  const end = lastDay(data.terminations, start);
  const isToCome = start !== null && start > context.now().slice(0, 10);
  if (data.terminated && end === null && !isToCome) return { kind: 'review', code: 'employee-inactive' };
  const attributes = {
    department: data.department,
    jobTitle: job?.title ?? null,
    ...(data.current_employment_status !== undefined && { employmentType: data.current_employment_status }),
  };
  const email = workEmail(data.work_email, context);
  return { kind: 'record', record: { employeeId: id, email, start, end, attributes } };
}

/** The last day of the employment that began at `start`; a termination before that ended an earlier one. */
function lastDay(terminations: readonly { effective_date: string | null }[], start: string | null): string | null {
  const days = terminations.flatMap(({ effective_date: day }) => (day !== null && day >= (start ?? '') ? [day] : []));
  return days.toSorted().at(-1) ?? null;
}
