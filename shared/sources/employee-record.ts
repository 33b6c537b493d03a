/** What the records of HR systems have in common: work addresses, dates that are none, words, and several employments of one person. */
import * as z from 'zod/mini';
import { effectiveInstant, type Instant, isDate, isInstant } from '../lifecycle/effective-date.ts';
import { emailSchema, isWithin, text } from '../lifecycle/event.ts';
import type { Lookup } from '../lifecycle/lookup.ts';
import type { SourceContext } from './source.ts';

/** The ids of vendors who use UUIDs. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const WORDS = ['department', 'jobTitle', 'location', 'employmentType'] as const;
const DATED = /^(\d{4}-\d{2}-\d{2})(?:$|[T ])/;

/** A work address as the ledger knows addresses; `null` where there is none, or none that may have an account. Never give it a personal one. */
export function workEmail(value: unknown, { allowedDomains }: Pick<SourceContext, 'allowedDomains'>): string | null {
  const read = emailSchema.safeParse(value);
  return read.success && isWithin(read.data, allowedDomains) ? read.data : null;
}

/** What a vendor's timestamps are: instants, or days with an hour that says nothing, such as midnight in UTC. */
export type Timestamps = 'instants' | 'days';

/**
 * A calendar date or instant; `null` for whatever is none, such as `0000-00-00` and the empty text. Of timestamps that are days it is
 * the day as the vendor wrote it.
 */
export function dateOrNull(value: unknown, timestamps: Timestamps = 'instants'): string | null {
  if (typeof value !== 'string') return null;
  const date = timestamps === 'days' ? (DATED.exec(value)?.[1] ?? '') : value;
  return isDate(date) || isInstant(date) ? date : null;
}

/**
 * A member of a record that is a date, or says that there is none: `null`, the empty text, or a year that is out of the question, as in
 * `0000-00-00`, `0001-01-01` and `9999-12-31`. Anything else is no whole record: it may be an end that we cannot read.
 */
export function dateMember(timestamps: Timestamps = 'instants') {
  const isReadable = (value: string | null) => !value || dateOrNull(value, timestamps) !== null || isNoDate(value);
  return z.pipe(
    z.nullable(z.string()).check(z.refine(isReadable, 'must be a date or null')),
    z.transform((value: string | null) => dateOrNull(value, timestamps)),
  );
}

function isNoDate(value: string): boolean {
  const year = DATED.exec(value)?.[1]?.slice(0, 4);
  return year !== undefined && (year < '1900' || year > '2200');
}

/** A member of a record that is a text, or says that there is none. */
export const word = z.nullable(z.string());

/** A word for the access policy; `null` where there is none, and for what no policy could ask for. */
export function wordOrNull(value: unknown): string | null {
  const read = text.safeParse(value);
  return read.success ? read.data : null;
}

/** What a vendor's record says, by the domain's names. A word that is `undefined` is not known to the vendor, and says nothing. */
export interface VendorRecord extends Partial<Record<(typeof WORDS)[number], string | null | undefined>> {
  employeeId: string;
  /** In the vendor's spelling. Never a personal one. */
  email: string | null;
  start: string | null;
  end: string | null;
  /** The passed end of an earlier employment, where `start` is the first day of a coming one. */
  formerEnd?: string | null | undefined;
  /** The hire was called off. */
  withdrawn?: true;
  timeZone?: string | undefined;
}

/** The record as the domain wants it. */
export function employeeRecord(
  { employeeId, email, start, end, formerEnd, withdrawn, timeZone, ...words }: VendorRecord,
  context: Pick<SourceContext, 'allowedDomains'>,
): Lookup {
  const said = WORDS.filter((name) => words[name] !== undefined);
  const attributes = Object.fromEntries(said.map((name) => [name, wordOrNull(words[name])]));
  const record = { employeeId, email: workEmail(email, context), start, end, attributes };
  return {
    kind: 'record',
    record: {
      ...record,
      ...(formerEnd && { formerEnd }),
      ...(withdrawn && { withdrawn }),
      ...(timeZone !== undefined && { timeZone }),
    },
  };
}

/** Whether a first day is yet to come. */
export function isAhead(start: string | null, zone: string, { now }: Pick<SourceContext, 'now'>): boolean {
  return start !== null && effectiveInstant(start, zone, 'start') > now();
}

/** A last day, unless it lies before the first: then it ended an earlier employment. */
export function endSince(start: string | null, end: string | null): string | null {
  return start !== null && end !== null && end < start ? null : end;
}

/** An employment from its first to its last day; `null` where it has none. */
export interface Period {
  start: string | null;
  end: string | null;
}

/** The employment that counts now, and the last day before it, if it is yet to come. */
export type CurrentPeriod<T extends Period> = T & { formerEnd: string | null };

/**
 * Of several employments the current one, else the next to come, else the latest. Its end is moved on by those that follow without
 * a day between: a new contract is no leaving.
 */
export function periodThatMatters<T extends Period>(
  periods: readonly T[],
  now: Instant,
  zone: string,
): CurrentPeriod<T> | undefined {
  const sorted = periods.toSorted((a, b) => (a.start ?? '').localeCompare(b.start ?? ''));
  const endOf = (end: string) => effectiveInstant(end, zone, 'end');
  const index = sorted.findIndex(({ end }) => end === null || endOf(end) > now);
  const [chosen, ...later] = index < 0 ? sorted.slice(-1) : sorted.slice(index);
  if (!chosen) return undefined;
  const end = later.reduce<string | null>((last, next) => {
    const follows = last !== null && effectiveInstant(next.start ?? last, zone, 'start') <= endOf(last);
    return follows ? laterOf(last, next.end) : last;
  }, chosen.end);
  const isComing = chosen.start !== null && effectiveInstant(chosen.start, zone, 'start') > now;
  return { ...chosen, end, formerEnd: (isComing && sorted[index - 1]?.end) || null };
}

function laterOf(a: string, b: string | null): string | null {
  return b === null || b > a ? b : a;
}
