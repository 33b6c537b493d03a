/**
 * BambooHR: webhooks of both families, the event-based one and the batches of the field-based one, each signed in hex over the body and
 * the timestamp. Either only says whose record to fetch. Sources: documentation.bamboohr.com/docs/webhooks, /docs/event-based-webhooks,
 * /docs/field-based-webhooks, /reference/get-employee; the vendor's OpenAPI in github.com/BambooHR/bhr-api-python.
 *
 * Not documented, and so tolerated: whether a retry carries a new timestamp (the tolerance outlives all retries, and a dated body is known
 * by itself); whether the empty `fields` of a batch is `{}` or `[]` (never looked at); bodies without `action` or `timestamp`, as a capture
 * of 2022 shows; ids as numbers. It never repeats a delivery that was answered 4xx, so whatever is our fault is a 5xx.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Lookup } from '../../lifecycle/ports.ts';
import { basic } from '../credentials.ts';
import { credential, dateMember, dateOrNull, employeeRecord, hrSettings, isAhead } from '../hr-record.ts';
import { conform, readNotices } from '../reading.ts';
import { type HmacScheme, verifyHmac } from '../signature.ts';
import { type Delivery, type Notice, type Reading, readSettings, type Source, type SourceContext } from '../source.ts';
import { askVendor } from '../vendor-api.ts';

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
  companyDomain: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/i, 'must be what stands before .bamboohr.com')),
  apiKey: credential,
});
type Settings = z.infer<typeof settingsSchema>;

const employeeId = z
  .pipe(z.union([z.string(), z.int()]), z.transform(String))
  .check(z.regex(EMPLOYEE_ID, 'must be the id of an employee'));
const typeSchema = z.object({ type: z.string() });
const eventSchema = z.object({ data: z.object({ employeeId }) });
const batchSchema = z.object({
  employees: z.array(z.object({ id: employeeId, action: z.optional(z.nullable(z.string())) })),
});

const word = z.nullable(z.string());
const recordSchema = z.object({
  id: z.optional(z.union([z.string(), z.int()])),
  workEmail: word,
  department: word,
  jobTitle: word,
  location: word,
  employmentHistoryStatus: word,
  hireDate: dateMember,
  terminationDate: dateMember,
  status: word,
});
type Fields = z.infer<typeof recordSchema>;

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function bamboohr(value: unknown, context: SourceContext): Source {
  const settings = readSettings('bamboohr', settingsSchema, value);
  const keys = settings.signingSecrets.map((secret) => Buffer.from(secret));
  return {
    name: 'bamboohr',
    authority: settings.authority ?? ['employment', 'attributes'],
    // A webhook that was set to form encoding cannot be read; it is recorded and alarmed rather than refused, which would lose it.
    mediaTypes: ['application/json', 'application/x-www-form-urlencoded', ''],
    unreadableStatus: 202,
    acceptedStatus: 202,
    verify: (delivery) => verifyHmac(delivery, SCHEME, keys),
    read,
    lookUp: (id) => lookUp(id, { ...settings, context, zone: settings.timeZone ?? context.defaultZone }),
  };
}

function read({ body, headers }: Delivery): Reading {
  // A dated body is itself wherever it comes again; one without a date says the same words whenever the same thing happens.
  const isDated = Buffer.from(body).includes('"timestamp"');
  const signedAt = isDated ? '' : (headers['x-bamboohr-timestamp'] ?? '');
  return readNotices(body, createHash('sha256').update(body).update(signedAt).digest('hex'), noticesOf);
}

function noticesOf(body: unknown): Notice[] {
  if (typeof body === 'object' && body !== null && 'employees' in body)
    return conform(batchSchema, body).employees.map(({ id, action }) => notice(id, action === 'Deleted'));
  const { type } = conform(typeSchema, body);
  if (!EVENTS.includes(type)) return [];
  return [notice(conform(eventSchema, body).data.employeeId, type === 'employee.deleted')];
}

/** A deleted record is no termination, and there is nothing left to fetch. */
function notice(employeeId: string, isDeleted: boolean): Notice {
  if (isDeleted) return { kind: 'review', employeeId, code: 'employee-deleted' };
  return { kind: 'lookup', employeeId, settleSeconds: SETTLE_SECONDS };
}

/** What looking somebody up needs. */
interface Api extends Settings {
  context: SourceContext;
  zone: string;
}

/**
 * `onlyCurrent=false` also shows what is entered for a later day: without it a coming termination is not seen, with it a coming change
 * of department would count already. So it gives the dates, and of whoever has begun the rest is asked for as it is today.
 */
async function lookUp(id: string, api: Api): Promise<Lookup> {
  const coming = await ask(id, api, { onlyCurrent: false });
  if ('kind' in coming) return coming;
  const isFuture = isAhead(dateOrNull(coming.hireDate), api.zone, api.context);
  const now = isFuture ? coming : await ask(id, api, { onlyCurrent: true });
  if ('kind' in now) return now;
  const { hireDate, terminationDate } = coming;
  return judge(id, { ...now, hireDate, terminationDate }, api);
}

async function ask(id: string, api: Api, { onlyCurrent }: { onlyCurrent: boolean }): Promise<Fields | Lookup> {
  if (!EMPLOYEE_ID.test(id)) return { kind: 'not-found' };
  const base = api.baseUrl ?? `https://${api.companyDomain}.bamboohr.com/api/v1`;
  const answer = await askVendor({
    url: `${base}/employees/${encodeURIComponent(id)}?fields=${FIELDS}&onlyCurrent=${onlyCurrent}`,
    headers: { authorization: basic(api.apiKey, 'x') },
  });
  if (answer.kind !== 'json') return answer;
  // Fields that the key may not see are left out of the answer without a word.
  const record = recordSchema.safeParse(answer.value);
  const isTheirs = record.success && String(record.data.id ?? id) === id;
  return isTheirs ? record.data : { kind: 'failed', reason: 'record-incomplete' };
}

/** Somebody inactive is yet to begin, or leaves on a date; else nobody can say what it means. */
function judge(employeeId: string, fields: Fields, { timeZone, zone, context }: Api): Lookup {
  const { workEmail: email, employmentHistoryStatus: employmentType, status, hireDate, terminationDate } = fields;
  const isActive = status === 'Active';
  const isFuture = isAhead(dateOrNull(hireDate), zone, context);
  if (!isActive && !isFuture && dateOrNull(terminationDate) === null)
    return { kind: 'review', code: 'employee-inactive' };
  const { department, jobTitle, location } = fields;
  const words = { department, jobTitle, location, employmentType };
  return employeeRecord(
    { employeeId, email, start: hireDate, end: terminationDate, ...words },
    { timeZone, context, isActive },
  );
}
