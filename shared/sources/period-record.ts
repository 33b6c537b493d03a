/** What the records of HR systems have in common: dates that are none, work addresses, words, and several employments of one person. */
import * as z from 'zod/mini';
import { effectiveInstant, isDate } from '../lifecycle/effective-date.ts';
import { emailSchema, isWithin, text } from '../lifecycle/event.ts';
import type { Instant } from '../lifecycle/ports.ts';
import type { SourceContext } from './source.ts';

/** The ids of vendors who use UUIDs. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A work address as it may be used; `null` where there is none, it is not valid, or it is outside the allowed domains. */
export function workEmail(value: unknown, { allowedDomains }: Pick<SourceContext, 'allowedDomains'>): string | null {
  const read = emailSchema.safeParse(value);
  return read.success && isWithin(read.data, allowedDomains) ? read.data : null;
}

/**
 * The calendar date of a date or timestamp, as the vendor wrote it; whatever hour follows is a day's, not an instant's.
 * `null` for none, and for what HR systems write for none: `0000-00-00`, `0001-01-01`, `9999-12-31`.
 */
export function dateOrNull(value: string | null | undefined): string | null {
  const [, date = ''] = /^(\d{4}-\d{2}-\d{2})(?:$|[T ])/.exec(value ?? '') ?? [];
  return isDate(date) ? date : null;
}

/** A date in a record. What does not even look like one is refused: taken for none, it could take a stated end back. */
export const dateSchema = z.pipe(
  z.nullable(z.string().check(z.regex(/^(?:$|\d{4}-\d{2}-\d{2}(?:$|[T ]))/))),
  z.transform((value: string | null) => dateOrNull(value)),
);

/** A word for the access policy; `null` for an empty one and for what no policy could name. */
export const wordSchema = z.pipe(
  z.nullable(z.string()),
  z.transform((value: string | null) => text.safeParse(value).data ?? null),
);

/** An employment from its first to its last day; `null` where it has none. */
export interface Period {
  start: string | null;
  end: string | null;
}

/**
 * Of several employments the current one, else the next to come, else the latest. Its end is moved on by those that follow without
 * a day between: a new contract is no leaving.
 */
export function periodThatMatters<T extends Period>(periods: readonly T[], now: Instant, zone: string): T | undefined {
  const sorted = periods.toSorted((a, b) => (a.start ?? '').localeCompare(b.start ?? ''));
  const endOf = (end: string) => effectiveInstant(end, zone, 'end');
  const index = sorted.findIndex(({ end }) => end === null || endOf(end) > now);
  const [chosen, ...later] = index < 0 ? sorted.slice(-1) : sorted.slice(index);
  if (!chosen) return undefined;
  const end = later.reduce<string | null>((last, next) => {
    const follows = last !== null && effectiveInstant(next.start ?? last, zone, 'start') <= endOf(last);
    return follows ? laterOf(last, next.end) : last;
  }, chosen.end);
  return { ...chosen, end };
}

function laterOf(a: string, b: string | null): string | null {
  return b === null || b > a ? b : a;
}
