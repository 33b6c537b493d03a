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
import { effectiveInstant, isTimeZone, plusSeconds } from '../../lifecycle/effective-date.ts';
import type { Lookup } from '../../lifecycle/ports.ts';
import { dateMember, wordOrNull, workEmail } from '../employee-record.ts';
import { readBody, sha256 } from '../json-body.ts';
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
import { askWhole, incomplete, lookUpWith } from '../vendor-record.ts';

const SCHEME: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'hex',
  signatureHeader: 'x-remote-signature',
  prefix: '',
  parts: ['body', { text: ':' }, { header: 'x-remote-timestamp' }],
  timestamp: { header: 'x-remote-timestamp', unit: 'ms', toleranceSeconds: 3 * 86_400 },
};
const EMPLOYMENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Events that may change what is known of an employee; `employment_contract.…` and the like among them. */
const OF_EMPLOYMENT = /^(?:employment(?:_[a-z_]+)?|offboarding|contract|contract_amendment)\./;
/** Events that must say whose they are. */
const ALWAYS_NAMES = /^(?:employment|offboarding)\./;
/** Statuses of an employment that nobody has begun to onboard: a draft is no hire. */
const DRAFTS = ['created', 'pre_hire', 'created_awaiting_reserve', 'created_reserve_paid'];
const OVER = ['archived', 'deleted'];

const settingsSchema = z.strictObject({
  signingSecrets: secretsSchema,
  apiToken: z.string().check(z.minLength(1, 'must not be empty')),
  baseUrl: z._default(baseUrlSchema, 'https://gateway.remote.com'),
  timeZone: z.optional(z.string().check(z.refine(isTimeZone, 'must be an IANA time zone'))),
  authority: authoritySchema,
});
type Settings = z.output<typeof settingsSchema>;

const bodySchema = z.object({ event_type: z.string(), employment_id: z.optional(z.nullable(z.string())) });

// Personal data is in the record too; what is not named here is dropped as it is read.
const employmentSchema = z.object({
  id: z.string(),
  status: z.string(),
  user_status: z.nullish(z.string()),
  employment_lifecycle_stage: z.nullish(z.string()),
  type: z.nullish(z.string()),
  work_email: z.nullable(z.string()),
  personal_email: z.nullish(z.string()),
  job_title: z.nullable(z.string()),
  department: z.nullish(z.string()),
  country: z.nullish(z.object({ name: z.nullish(z.string()) })),
  provisional_start_date: z.optional(dateMember),
  termination_date: z.optional(dateMember),
});
type Employment = z.output<typeof employmentSchema>;

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function remote(value: unknown, context: SourceContext): Source {
  const settings = readSettings('remote', settingsSchema, value);
  const keys = settings.signingSecrets.map((secret) => Buffer.from(secret, 'utf8'));
  return {
    name: 'remote',
    authority: settings.authority ?? ['employment', 'attributes'],
    mediaTypes: ['application/json'],
    unreadableStatus: 202,
    acceptedStatus: 202,
    verify: (delivery) => verifyHmac(delivery, SCHEME, keys),
    read,
    lookUp: async (id) =>
      EMPLOYMENT_ID.test(id) ? lookUpWith(() => lookUp(id, settings, context)) : { kind: 'not-found' },
  };
}

function read({ headers, body }: Delivery): Reading {
  const deliveryId = sha256(body, `:${headers['x-remote-timestamp']}`);
  return readBody({ body, schema: bodySchema, deliveryId }, ({ event_type: type, employment_id: employeeId }) => {
    if (!OF_EMPLOYMENT.test(type)) return [];
    if (employeeId && EMPLOYMENT_ID.test(employeeId)) return [{ kind: 'lookup', employeeId }];
    return ALWAYS_NAMES.test(type) ? { pointer: '/employment_id', detail: 'must be the id of an employment' } : [];
  });
}

async function lookUp(employmentId: string, settings: Settings, context: SourceContext): Promise<Lookup> {
  const request = {
    url: `${settings.baseUrl}/v1/employments/${encodeURIComponent(employmentId)}?exclude_files=true`,
    headers: { authorization: `Bearer ${settings.apiToken}` },
  };
  const employment = employmentSchema.safeParse(
    unwrap(unwrap(await askWhole(request, z.unknown()), 'data'), 'employment'),
  );
  if (employment.data?.id.toLowerCase() !== employmentId.toLowerCase()) throw incomplete();
  return judge(employmentId, employment.data, settings, context);
}

/** The record may stand in `data.employment`, as documented, or by itself. */
function unwrap(value: unknown, member: string): unknown {
  const isIn = typeof value === 'object' && value !== null && Object.hasOwn(value, member);
  return isIn ? (value as Record<string, unknown>)[member] : value;
}

function judge(employeeId: string, employment: Employment, settings: Settings, context: SourceContext): Lookup {
  const { status, user_status: userStatus, work_email: email, personal_email: personal, department } = employment;
  const start = employment.provisional_start_date ?? null;
  const end = employment.termination_date ?? endWithoutDate(employment, settings, context);
  if (end === null && [status, userStatus].includes('deleted')) return { kind: 'review', code: 'employee-deleted' };
  if (end === null && isInactive(employment)) return { kind: 'review', code: 'employee-inactive' };
  const record = {
    employeeId,
    email: email === personal ? null : workEmail(email, context),
    start: DRAFTS.includes(status) ? null : start,
    end,
    ...(settings.timeZone && { timeZone: settings.timeZone }),
    attributes: {
      jobTitle: wordOrNull(employment.job_title),
      location: wordOrNull(employment.country?.name),
      employmentType: wordOrNull(employment.type),
      ...(department !== undefined && { department: wordOrNull(department) }),
    },
  };
  return { kind: 'record', record };
}

/**
 * An employment that is over before its first day, such as a cancelled onboarding, has no date, and nobody shall start on that day: it has
 * ended, and had so a minute ago, when the look-up had not begun.
 */
function endWithoutDate(
  employment: Employment,
  { timeZone }: Settings,
  { now, defaultZone }: SourceContext,
): string | null {
  const { status, user_status: userStatus, provisional_start_date: start } = employment;
  const isOver = OVER.includes(status) || userStatus === 'cancelled';
  const isComing = start != null && effectiveInstant(start, timeZone ?? defaultZone, 'start') > now();
  return isOver && isComing ? plusSeconds(now(), -60) : null;
}

function isInactive({ status, user_status: userStatus, employment_lifecycle_stage: stage }: Employment): boolean {
  const isEnding = status === 'offboarding' || OVER.includes(status) || stage === 'offboarded';
  return isEnding || userStatus === 'inactive' || userStatus === 'cancelled';
}
