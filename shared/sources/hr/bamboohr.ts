/**
 * BambooHR: webhooks of both families, the event-based one and the batches of the field-based one, each signed in hex over the body and
 * the timestamp. Either only says whose record to fetch. Sources: documentation.bamboohr.com/docs/webhooks, /docs/event-based-webhooks,
 * /docs/field-based-webhooks, /reference/get-employee; the vendor's OpenAPI in github.com/BambooHR/bhr-api-python.
 *
 * Not documented, and so tolerated: whether a retry carries a new timestamp (the tolerance outlives all retries, and a dated body is known
 * by itself); whether the empty `fields` of a batch is `{}` or `[]` (never looked at); bodies without `action` or `timestamp`, as a capture
 * of 2022 shows; ids as numbers. It never repeats a delivery that was answered 4xx, so whatever is our fault is a 5xx.
 */
import * as z from 'zod/mini';
import type { Lookup } from '../../lifecycle/lookup.ts';
import { basic } from '../credentials.ts';
import { dateMember, employeeRecord, endSince, isAhead, word } from '../employee-record.ts';
import { credential, hrSettings } from '../hr-settings.ts';
import { conform, readBody, sha256 } from '../json-body.ts';
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

/** Its retries end 155 minutes (5 + 10 + 20 + 40 + 80) after the first failure, and each attempt takes its time. */
const TOLERANCE_SECONDS = 3 * 3600;
/** Two edits of the same fields within one second have the same body, and so are one delivery: the record is asked once that second is over. */
const SETTLE_SECONDS = 2;
// 0 would be whoever the API key belongs to.
const EMPLOYEE_ID = /^[1-9]\d{0,14}$/;
const FIELDS = 'workEmail,department,jobTitle,location,employmentHistoryStatus,hireDate,terminationDate,status';
const EVENTS = ['employee.created', 'employee.updated', 'employee.deleted'];

const SCHEME: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'hex',
  signatureHeader: 'x-bamboohr-signature',
  prefix: '',
  parts: ['body', { header: 'x-bamboohr-timestamp' }],
  timestamp: { header: 'x-bamboohr-timestamp', unit: 's', toleranceSeconds: TOLERANCE_SECONDS },
};

const settingsSchema = z.strictObject({
  ...hrSettings,
  signingSecrets: secretsSchema,
  companyDomain: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/i, 'must be what stands before .bamboohr.com')),
  apiKey: credential,
  baseUrl: z.optional(baseUrlSchema),
});
type Settings = z.output<typeof settingsSchema>;

const employeeId = z
  .pipe(z.union([z.string(), z.int()]), z.transform(String))
  .check(z.regex(EMPLOYEE_ID, 'must be the id of an employee'));
const typeSchema = z.object({ type: z.string() });
const eventSchema = z.object({ data: z.object({ employeeId }) });
const batchSchema = z.object({
  employees: z.array(z.object({ id: z.catch(employeeId, 'unknown'), action: z.catch(z.nullish(z.string()), null) })),
});

const recordSchema = z.object({
  id: z.optional(z.union([z.string(), z.int()])),
  workEmail: word,
  department: word,
  jobTitle: word,
  location: word,
  employmentHistoryStatus: word,
  hireDate: dateMember(),
  terminationDate: dateMember(),
  status: word,
});
type Fields = z.output<typeof recordSchema>;

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function bamboohr(value: unknown, context: SourceContext): Source {
  const settings = readSettings('bamboohr', settingsSchema, value);
  return {
    name: 'bamboohr',
    authority: settings.authority,
    // A webhook that was set to form encoding cannot be read; it is recorded and alarmed rather than refused, which would lose it.
    mediaTypes: ['application/json', 'application/x-www-form-urlencoded', ''],
    unreadableStatus: 202,
    acceptedStatus: 202,
    verify: (delivery) => verifyHmac(delivery, SCHEME, settings.signingSecrets),
    read,
    lookUp: lookUpBy(EMPLOYEE_ID, (id) => lookUp(id, { ...settings, context })),
  };
}

function read({ body, headers }: Delivery): Reading {
  // A dated body is itself wherever it comes again; one without a date says the same words whenever the same thing happens.
  const isDated = Buffer.from(body).includes('"timestamp"');
  const signedAt = isDated ? '' : (headers['x-bamboohr-timestamp'] ?? '');
  return readBody({ body, schema: z.unknown(), deliveryId: sha256(body, signedAt) }, noticesOf);
}

function noticesOf(body: unknown): Notice[] {
  if (typeof body === 'object' && body !== null && 'employees' in body)
    return conform(batchSchema, body).employees.map(({ id, action }) => notice(id, action === 'Deleted'));
  const { type } = conform(typeSchema, body);
  if (!EVENTS.includes(type)) return [];
  return [notice(conform(eventSchema, body).data.employeeId, type === 'employee.deleted')];
}

/** A deleted record is no termination, and there is nothing left to fetch. Whoever is not named in a batch does not hold up those who are. */
function notice(employeeId: string, isDeleted: boolean): Notice {
  if (employeeId === 'unknown') return { kind: 'review', id: employeeId, code: 'employee-unnamed' };
  if (isDeleted) return { kind: 'review', id: employeeId, code: 'employee-deleted' };
  return { kind: 'lookup', id: employeeId, settleSeconds: SETTLE_SECONDS };
}

/** What looking somebody up needs. */
interface Api extends Settings {
  context: SourceContext;
}

/**
 * `onlyCurrent=false` also shows what is entered for a later day: without it a coming termination is not seen, with it a coming change
 * of department would count already. So it gives the dates, and of whoever has begun the rest is asked for as it is today.
 */
async function lookUp(id: string, api: Api): Promise<Lookup> {
  const coming = await ask(id, api, { onlyCurrent: false });
  const { hireDate, terminationDate } = coming;
  const isFuture = isAhead(hireDate, api.timeZone ?? api.context.defaultZone, api.context);
  const now = isFuture ? coming : await ask(id, api, { onlyCurrent: true });
  return judge(id, { ...now, hireDate, terminationDate }, { ...api, isFuture });
}

/** Fields that the key may not see are left out of the answer without a word. */
async function ask(id: string, api: Api, { onlyCurrent }: { onlyCurrent: boolean }): Promise<Fields> {
  const base = api.baseUrl ?? `https://${api.companyDomain}.bamboohr.com/api/v1`;
  const url = `${base}/employees/${encodeURIComponent(id)}?fields=${FIELDS}&onlyCurrent=${onlyCurrent}`;
  const record = await wholeOf(askVendor({ url, headers: { authorization: basic(api.apiKey, 'x') } }), recordSchema);
  if (String(record.id ?? id) !== id) throw incomplete();
  return record;
}

/** Somebody inactive is yet to begin, or leaves on a date; else nobody can say what it means. */
function judge(
  employeeId: string,
  fields: Fields,
  { timeZone, context, isFuture }: Api & { isFuture: boolean },
): Lookup {
  const { workEmail: email, employmentHistoryStatus: employmentType, hireDate: start, terminationDate } = fields;
  const isActive = fields.status === 'Active';
  if (!isActive && !isFuture && terminationDate === null) return { kind: 'review', code: 'employee-inactive' };
  const { department, jobTitle, location } = fields;
  // Whoever is active and left before they were hired has been here before.
  const end = isActive ? endSince(start, terminationDate) : terminationDate;
  const words = { department, jobTitle, location, employmentType };
  return employeeRecord({ employeeId, email, start, end, timeZone, ...words }, context);
}
