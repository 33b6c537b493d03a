/**
 * Factorial. It does not sign: the challenge chosen at subscription comes back in a header. The body is the resource itself, without the
 * event's name and with bank, salary and identity data, so it is only a hint at whose record to look up; nothing else is taken out of it.
 * Source: apidoc.factorialhr.com (docs/webhooks-what, manage-webhooks, api-keys, pagination; reference 2026-04-01).
 *
 * The employee has no title, team or first day: those are in the contract versions and team memberships. What is not documented, and how it
 * is taken: whether a body or its retries carry an id (known by its bytes; other resources within the hour, because a
 * deletion may look like what came before), and whether ids are numbers or, as in newer versions, texts of digits (either).
 * `email` is called personal by the vendor's schema: it counts only within ALLOWED_EMAIL_DOMAINS; else `login_email` is the work address.
 */
import * as z from 'zod/mini';
import { effectiveInstant, type Instant, isDate, isTimeZone } from '../../lifecycle/effective-date.ts';
import type { Lookup } from '../../lifecycle/lookup.ts';
import { hasHeader } from '../credentials.ts';
import { dateMember, employeeRecord, isAhead, word, workEmail } from '../employee-record.ts';
import { credential, hrSettings } from '../hr-settings.ts';
import { readBody, sha256, unreadable } from '../json-body.ts';
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
import { askVendor, type VendorAnswer } from '../vendor-api.ts';
import { incomplete, lookUpBy, partOf, wholeOf } from '../vendor-record.ts';

const CHALLENGE_HEADER = 'x-factorial-wh-challenge';
/** Its times are full seconds: of two changes within one, both must be there to be read. */
const SETTLE_SECONDS = 2;
const ID = /^[1-9]\d{0,15}$/;
/** The last place on earth where a day begins. */
const LAST_ZONE = 'Etc/GMT+12';

const settingsSchema = z.strictObject({
  ...hrSettings,
  challenges: secretsSchema,
  apiKey: credential,
  baseUrl: z._default(baseUrlSchema, 'https://api.factorialhr.com'),
  apiVersion: z._default(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date')), '2026-04-01'),
});
type Settings = z.output<typeof settingsSchema>;

const idSchema = z.pipe(
  z.union([z.int().check(z.positive()), z.string().check(z.regex(ID))]),
  z.transform((id: number | string) => String(id)),
);
// An employee, or what belongs to one: a contract version, a team membership. Only employees are terminated.
const bodySchema = z.object({
  id: z.optional(z.nullable(idSchema)),
  employee_id: z.optional(z.nullable(idSchema)),
  is_terminating: z.optional(z.unknown()),
  terminated_on: z.optional(z.unknown()),
  effective_on: z.optional(z.unknown()),
  updated_at: z.optional(z.unknown()),
});

// What is not named here is dropped as it is read.
const employeeSchema = z.object({
  id: idSchema,
  login_email: word,
  email: z.optional(word),
  personal_email: z.optional(word),
  active: z.boolean(),
  is_terminating: z.boolean(),
  terminated_on: dateMember(),
  location_id: z.nullable(idSchema),
});
const contractSchema = z.object({
  employee_id: idSchema,
  effective_on: z.string().check(z.refine(isDate)),
  starts_on: dateMember(),
  job_title: word,
});
const membershipSchema = z.object({ id: idSchema, employee_id: idSchema, team_id: idSchema });
const teamSchema = z.object({ name: z.string() });
const locationSchema = z.object({ name: z.string(), timezone: z.nullish(z.string()) });
const pageOf = <T extends z.ZodMiniType>(item: T) =>
  z.object({ data: z.array(item), meta: z.nullish(z.object({ has_next_page: z.optional(z.literal(false)) })) });
const contractsSchema = pageOf(contractSchema);
const membershipsSchema = pageOf(membershipSchema);
type Body = z.output<typeof bodySchema>;
type Employee = z.output<typeof employeeSchema>;
type Contract = z.output<typeof contractSchema>;

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function factorial(value: unknown, context: SourceContext): Source {
  const settings = readSettings('factorial', settingsSchema, value);
  return {
    name: 'factorial',
    authority: settings.authority,
    mediaTypes: ['application/json'],
    unreadableStatus: 202,
    acceptedStatus: 202,
    verify: (delivery) => hasHeader(delivery, CHALLENGE_HEADER, settings.challenges),
    read: (delivery) => read(delivery, settings.timeZone ?? LAST_ZONE),
    lookUp: lookUpBy(ID, (id) => lookUp(id, settings, context)),
  };
}

function read({ body, receivedAt }: Delivery, zone: string): Reading {
  const idOf = (read: Body) =>
    isEmployee(read) && read.updated_at ? sha256(body) : sha256(body, receivedAt.slice(0, 'YYYY-MM-DDTHH'.length));
  return readBody({ body, schema: bodySchema, deliveryId: idOf }, (read) => {
    const employeeId = isEmployee(read) ? read.id : read.employee_id;
    if (isEmployee(read) && !employeeId) throw unreadable({ pointer: '/id', detail: 'is required' });
    return employeeId ? noticesOf(employeeId, read, { receivedAt, zone }) : [];
  });
}

function isEmployee({ employee_id: owner, is_terminating: terminating, terminated_on: terminatedOn }: Body): boolean {
  return owner == null && (terminating !== undefined || terminatedOn !== undefined);
}

/** A contract version of a later day is announced once and never again: the record is looked up now, and when that day has begun. */
function noticesOf(
  employeeId: string,
  { effective_on: day }: Body,
  { receivedAt, zone }: { receivedAt: Instant; zone: string },
): Notice[] {
  const now: Notice = { kind: 'lookup', id: employeeId, settleSeconds: SETTLE_SECONDS };
  if (typeof day !== 'string' || !isDate(day)) return [now];
  const seconds = (Date.parse(effectiveInstant(day, zone, 'start')) - Date.parse(receivedAt)) / 1000;
  return seconds > SETTLE_SECONDS ? [now, { ...now, settleSeconds: Math.ceil(seconds) }] : [now];
}

async function lookUp(employeeId: string, settings: Settings, context: SourceContext): Promise<Lookup> {
  const at = askerOf(settings);
  const employee = await wholeOf(at(`employees/employees/${employeeId}`), employeeSchema);
  if (employee.id !== employeeId) throw incomplete();
  const { location_id: locationId } = employee;
  const theirs = new URLSearchParams({ 'employee_ids[]': employeeId });
  const [contracts, memberships, location] = await Promise.all([
    partOf(at(`contracts/contract_versions?${theirs}`), contractsSchema),
    partOf(at(`teams/memberships?${theirs}`), membershipsSchema),
    locationId === null ? null : partOf(at(`locations/locations/${locationId}`), locationSchema),
  ]);
  // Should the filter not be known, what is somebody else's is left out here.
  const isTheirs = ({ employee_id: id }: { employee_id: string }) => id === employeeId;
  // Of several teams the one that was joined first: the rules ask for one department.
  const [membership] = memberships.data.filter(isTheirs).sort((a, b) => Number(a.id) - Number(b.id));
  const team = membership && (await partOf(at(`teams/teams/${membership.team_id}`), teamSchema));
  const zone = [settings.timeZone, location?.timezone].find((name) => name != null && isTimeZone(name));
  const places = { department: team?.name ?? null, location: location?.name ?? null };
  return judge({ employee, contracts: contracts.data.filter(isTheirs), timeZone: zone ?? undefined, places }, context);
}

function askerOf({ baseUrl, apiVersion, apiKey }: Settings): (path: string) => Promise<VendorAnswer> {
  const headers = { 'x-api-key': apiKey };
  return (path) => askVendor({ url: `${baseUrl}/api/${apiVersion}/resources/${path}`, headers });
}

interface Parts {
  employee: Employee;
  contracts: Contract[];
  timeZone: string | undefined;
  places: { department: string | null; location: string | null };
}

function judge({ employee, contracts, timeZone, places }: Parts, context: SourceContext): Lookup {
  const { id: employeeId, terminated_on: end, active, is_terminating: isTerminating } = employee;
  const hasBegun = (day: string) => !isAhead(day, timeZone ?? context.defaultZone, context);
  const versions = contracts.sort((a, b) => (a.effective_on < b.effective_on ? -1 : 1));
  const version = versions.findLast(({ effective_on: day }) => hasBegun(day)) ?? versions[0];
  const start = version?.starts_on ?? versions[0]?.effective_on ?? null;
  const isComing = start !== null && !hasBegun(start);
  if (end === null && (isTerminating || (!active && !isComing))) return { kind: 'review', code: 'employee-inactive' };
  const words = { ...places, jobTitle: version?.job_title ?? null };
  return employeeRecord({ employeeId, email: emailOf(employee, context), start, end, timeZone, ...words }, context);
}

function emailOf(
  { login_email: login, email, personal_email: personal }: Employee,
  context: SourceContext,
): string | null {
  const known = context.allowedDomains.length > 0 ? [login, email] : [login];
  const addresses = known.map((address) => (address === personal ? null : workEmail(address, context)));
  return addresses.find((address) => address !== null) ?? null;
}
