/**
 * Remote (remote.com). Every event is thin, so the employment is looked up and acted upon, whatever the event is called.
 * Source: developer.remote.com, "Verifying webhooks", "Available webhooks", "Show employment" (and its OpenAPI description).
 *
 * Signed is the body, a colon and `X-Remote-Timestamp` (milliseconds). The stamp is said to be the first attempt's and to be kept on retries;
 * how long Remote retries is not documented. So a delivery may be three days old, as long as any HR system is known to retry, and that the
 * same delivery is the same job carries the rest.
 * Not documented either is whether events of offboardings always carry `employment_id`: one without it is recorded as unreadable, because it
 * may be a leaver's. `termination_date` is optional in the vendor's schema: where it is missing, the status says whether somebody left.
 */
import * as z from 'zod/mini';
import type { Lookup } from '../../lifecycle/lookup.ts';
import { dateMember, employeeRecord, isAhead, UUID, word } from '../employee-record.ts';
import { credential, hrSettings } from '../hr-settings.ts';
import { readBody, sha256, unreadable } from '../json-body.ts';
import { type HmacScheme, verifyHmac } from '../signature.ts';
import {
  baseUrlSchema,
  type Delivery,
  type Reading,
  readSettings,
  type Source,
  type SourceContext,
  secretsSchema,
} from '../source.ts';
import { askVendor } from '../vendor-api.ts';
import { incomplete, lookUpBy, wholeOf } from '../vendor-record.ts';

const SCHEME: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'hex',
  signatureHeader: 'x-remote-signature',
  prefix: '',
  parts: ['body', { text: ':' }, { header: 'x-remote-timestamp' }],
  timestamp: { header: 'x-remote-timestamp', unit: 'ms', toleranceSeconds: 3 * 86_400 },
};
/** Events that may change what is known of an employee; `employment_contract.…` and the like among them. */
const OF_EMPLOYMENT = /^(?:employment(?:_[a-z_]+)?|offboarding|contract|contract_amendment)\./;
/** Events that must say whose they are. */
const ALWAYS_NAMES = /^(?:employment|offboarding)\./;
/** Statuses of an employment that nobody has begun to onboard: a draft is no hire. */
const DRAFTS = ['created', 'pre_hire', 'created_awaiting_reserve', 'created_reserve_paid'];
const OVER = ['archived', 'deleted'];

const settingsSchema = z.strictObject({
  ...hrSettings,
  signingSecrets: secretsSchema,
  apiToken: credential,
  baseUrl: z._default(baseUrlSchema, 'https://gateway.remote.com'),
});
type Settings = z.output<typeof settingsSchema>;

const bodySchema = z.object({ event_type: z.string(), employment_id: z.optional(z.nullable(z.string())) });

// Personal data is in the record too; what is not named here is dropped as it is read.
const employmentSchema = z.object({
  id: z.string(),
  status: z.string(),
  user_status: z.optional(word),
  employment_lifecycle_stage: z.optional(word),
  type: z.optional(word),
  work_email: word,
  personal_email: z.optional(word),
  job_title: word,
  department: z.optional(word),
  country: z.nullish(z.object({ name: z.optional(word) })),
  provisional_start_date: z.optional(dateMember()),
  termination_date: z.optional(dateMember()),
});
type Employment = z.output<typeof employmentSchema>;
// The record may stand in `data.employment`, as documented, or by itself.
const recordSchema = z.pipe(
  z.transform((answer: unknown) => unwrap(unwrap(answer, 'data'), 'employment')),
  employmentSchema,
);

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function remote(value: unknown, context: SourceContext): Source {
  const settings = readSettings('remote', settingsSchema, value);
  return {
    name: 'remote',
    authority: settings.authority,
    mediaTypes: ['application/json'],
    unreadableStatus: 202,
    acceptedStatus: 202,
    verify: (delivery) => verifyHmac(delivery, SCHEME, settings.signingSecrets),
    read,
    lookUp: lookUpBy(UUID, (id) => lookUp(id, settings, context)),
  };
}

function read({ headers, body }: Delivery): Reading {
  const deliveryId = sha256(body, `:${headers['x-remote-timestamp']}`);
  return readBody({ body, schema: bodySchema, deliveryId }, ({ event_type: type, employment_id: employeeId }) => {
    if (!OF_EMPLOYMENT.test(type)) return [];
    if (employeeId && UUID.test(employeeId)) return [{ kind: 'lookup', id: employeeId }];
    if (!ALWAYS_NAMES.test(type)) return [];
    throw unreadable({ pointer: '/employment_id', detail: 'must be the id of an employment' });
  });
}

async function lookUp(id: string, { baseUrl, apiToken, timeZone }: Settings, context: SourceContext): Promise<Lookup> {
  const url = `${baseUrl}/v1/employments/${encodeURIComponent(id)}?exclude_files=true`;
  const employment = await wholeOf(askVendor({ url, headers: { authorization: `Bearer ${apiToken}` } }), recordSchema);
  if (employment.id.toLowerCase() !== id.toLowerCase()) throw incomplete();
  return judge(id, employment, { timeZone, context });
}

function unwrap(value: unknown, member: string): unknown {
  const isIn = typeof value === 'object' && value !== null && Object.hasOwn(value, member);
  return isIn ? (value as Record<string, unknown>)[member] : value;
}

interface Judging {
  timeZone: string | undefined;
  context: SourceContext;
}

function judge(employeeId: string, employment: Employment, { timeZone, context }: Judging): Lookup {
  const { status, user_status: userStatus, work_email: email, personal_email: personal, department } = employment;
  const start = DRAFTS.includes(status) ? null : (employment.provisional_start_date ?? null);
  const end = employment.termination_date ?? null;
  const location = employment.country?.name ?? null;
  const words = { department, jobTitle: employment.job_title, location, employmentType: employment.type ?? null };
  const work = { employeeId, email: email === personal ? null : email };
  if (end === null && isCalledOff(employment, isAhead(start, timeZone ?? context.defaultZone, context)))
    return employeeRecord({ ...work, start, end, withdrawn: true, timeZone, ...words }, context);
  if (end === null && [status, userStatus].includes('deleted')) return { kind: 'review', code: 'employee-deleted' };
  if (end === null && isInactive(employment)) return { kind: 'review', code: 'employee-inactive' };
  return employeeRecord({ ...work, start, end, timeZone, ...words }, context);
}

/** Over before its first day, and so without a date: the onboarding was cancelled. Whoever works there by another employment stays. */
function isCalledOff({ status, user_status: userStatus }: Employment, isComing: boolean): boolean {
  return isComing && (OVER.includes(status) || userStatus === 'cancelled');
}

function isInactive({ status, user_status: userStatus, employment_lifecycle_stage: stage }: Employment): boolean {
  const isEnding = status === 'offboarding' || OVER.includes(status) || stage === 'offboarded';
  return isEnding || userStatus === 'inactive' || userStatus === 'cancelled';
}
