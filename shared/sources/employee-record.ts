/** What the records of HR systems have in common: addresses and dates that are none, words that are too long to be any. */
import * as z from 'zod/mini';
import { isDate, isInstant } from '../lifecycle/effective-date.ts';
import { emailSchema, isWithin, text } from '../lifecycle/event.ts';
import type { SourceContext } from './source.ts';

// `0000-00-00`, `0001-01-01` and `9999-12-31` are how systems write that there is no date.
const NO_DATE = /^(?:000\d|9999)-\d{2}-\d{2}/;

/** A work address as the ledger knows addresses; `null` where there is none, or none that may have an account. Never give it a personal one. */
export function workEmail(value: unknown, { allowedDomains }: Pick<SourceContext, 'allowedDomains'>): string | null {
  const read = emailSchema.safeParse(value);
  return read.success && isWithin(read.data, allowedDomains) ? read.data : null;
}

/** A calendar date or instant; `null` for what only looks like one, such as `0000-00-00`, and for the empty text. */
export function dateOrNull(value: unknown): string | null {
  return typeof value === 'string' && (isDate(value) || isInstant(value)) ? value : null;
}

/** A member of a record that is a date, or says that there is none. Anything else is no whole record: it may be an end that we cannot read. */
export const dateMember = z.pipe(
  z
    .nullable(z.string())
    .check(z.refine((value) => !value || dateOrNull(value) !== null || NO_DATE.test(value), 'must be a date or null')),
  z.transform((value: string | null) => dateOrNull(value)),
);

/** A word for the access policy; `null` where there is none. */
export function wordOrNull(value: unknown): string | null {
  const read = text.safeParse(value);
  return read.success ? read.data : null;
}
