/** What the HR systems have in common: their settings, and the addresses, dates and words of their records, as the domain wants them. */
import * as z from 'zod/mini';
import { effectiveInstant, isDate, isInstant, isTimeZone } from '../lifecycle/effective-date.ts';
import { emailSchema, isWithin, text } from '../lifecycle/event.ts';
import type { Lookup } from '../lifecycle/ports.ts';
import { authoritySchema, baseUrlSchema, type SourceContext, secretsSchema } from './source.ts';

/** The settings of a source that signs and is asked for records, besides its credentials. `timeZone` is that of the dates in its records. */
export const hrSettings = {
  signingSecrets: secretsSchema,
  baseUrl: z.optional(
    z.pipe(
      baseUrlSchema,
      z.transform((url) => url.replace(/\/+$/, '')),
    ),
  ),
  timeZone: z.optional(z.string().check(z.refine(isTimeZone, 'must be an IANA time zone such as Asia/Kolkata'))),
  authority: authoritySchema,
};

/** A setting that must hold something. */
export const credential = z.string().check(z.minLength(1, 'must not be empty'));

/**
 * A date of a record, in one of the spellings that `dateOrNull` reads. Anything else, such as `31/12/2026`, makes the record incomplete:
 * a date of leaving that cannot be read must never count as none.
 */
export const dateMember = z.nullable(z.string().check(z.refine((value) => isNoDate(value) || isDated(value))));

/** The work address; `null` where there is none, or none that may have an account. Never give it a personal one. */
export function workEmail(
  value: string | null | undefined,
  { allowedDomains }: Pick<SourceContext, 'allowedDomains'>,
): string | null {
  const read = emailSchema.safeParse(value);
  return read.success && isWithin(read.data, allowedDomains) ? read.data : null;
}

/** A date or instant; `null` for what vendors write where there is none: nothing, `0000-00-00`, `0001-01-01`, `9999-12-31`. */
export function dateOrNull(value: string | null | undefined): string | null {
  return typeof value === 'string' && isDated(value) ? value : null;
}

// A word that a policy cannot ask for, because it is empty or longer than 200 characters, is none.
function wordOrNull(value: string | null | undefined): string | null {
  const read = text.safeParse(value);
  return read.success ? read.data : null;
}

/** What a vendor's record says, in the vendor's spelling, by the domain's names. */
export interface VendorRecord extends Partial<Record<(typeof WORDS)[number], string | null>> {
  employeeId: string;
  email: string | null;
  start: string | null;
  end: string | null;
}

const WORDS = ['department', 'jobTitle', 'location', 'employmentType'] as const;

/** What a record is read with. */
export interface RecordReading {
  timeZone: string | undefined;
  context: SourceContext;
  /** Whether the vendor calls them active now: then a date of leaving before that of joining is of an earlier employment. */
  isActive: boolean;
}

/** The record as the domain wants it. A word that the vendor has no field for says nothing. */
export function employeeRecord(from: VendorRecord, { timeZone, context, isActive }: RecordReading): Lookup {
  const [start, end] = [dateOrNull(from.start), dateOrNull(from.end)];
  const isEarlier = isActive && start !== null && end !== null && end < start;
  const said = WORDS.filter((name) => from[name] !== undefined);
  const record = {
    employeeId: from.employeeId,
    email: workEmail(from.email, context),
    start,
    end: isEarlier ? null : end,
    attributes: Object.fromEntries(said.map((name) => [name, wordOrNull(from[name])])),
    ...(timeZone !== undefined && { timeZone }),
  };
  return { kind: 'record', record };
}

/** Whether a first day is yet to come. */
export function isAhead(start: string | null, zone: string, { now }: Pick<SourceContext, 'now'>): boolean {
  return start !== null && effectiveInstant(start, zone, 'start') > now();
}

function isDated(value: string): boolean {
  return isDate(value) || isInstant(value);
}

function isNoDate(value: string): boolean {
  const year = /^(\d{4})-\d{2}-\d{2}(T|$)/.exec(value)?.[1];
  return value === '' || (year !== undefined && (year < '1900' || year > '2200'));
}
