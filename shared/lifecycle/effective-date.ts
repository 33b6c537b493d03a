/**
 * When something comes into force: an instant, or a calendar date read in somebody's time zone.
 * Dates follow Temporal, which knows the gaps and overlaps of daylight saving and the days a zone skipped at the date line.
 */
import { Temporal } from 'temporal-polyfill';

/** An instant in UTC with millisecond precision, `2026-11-24T09:30:00.000Z`. Fixed width, so instants compare as strings. */
export type Instant = string;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const FRACTION = /:\d{2}\.\d+/;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;

/** Whether a text is a real calendar date, `2026-12-31`, of the years 1900–2200. `0000-00-00` and `9999-12-31` are none. */
export function isDate(text: string): boolean {
  return DATE.test(text) && inRange(() => Temporal.PlainDate.from(text).year);
}

/** Whether a text is an RFC 3339 instant with its offset, of the years 1900–2200. */
export function isInstant(text: string): boolean {
  return INSTANT.test(text) && inRange(() => Temporal.Instant.from(text).toZonedDateTimeISO('UTC').year);
}

function inRange(year: () => number): boolean {
  try {
    const found = year();
    return found >= FIRST_YEAR && found <= LAST_YEAR;
  } catch {
    return false;
  }
}

/**
 * Whether a text names a time zone of the IANA database. Bare offsets such as `+05:30` are refused: an offset cannot say when summer time
 * begins. Asked is the library that reads the dates, which knows fewer names than `Intl`: `IST` or `PST` could mean several.
 */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return true;
  } catch {
    return false;
  }
}

/** Writes an instant, with whatever offset and fraction, in the one form that compares as text. */
export function toInstant(text: string | number): Instant {
  const ms = typeof text === 'number' ? text : Temporal.Instant.from(text).epochMilliseconds;
  return new Date(ms).toISOString();
}

/**
 * The instant at which a date or instant counts. A date means the start of that day (joining, changing), or its end, which is the
 * start of the next day (leaving, `until`), so that a last day is worked to its end.
 */
export function effectiveInstant(text: string, zone: string, edge: 'start' | 'end'): Instant {
  if (!DATE.test(text)) return toInstant(text);
  const date = Temporal.PlainDate.from(text).add({ days: edge === 'end' ? 1 : 0 });
  return toInstant(date.toZonedDateTime({ timeZone: zone }).epochMilliseconds);
}

/**
 * The instant an event counts as having occurred. Without a word, or with one that lies after our clock, it is the instant of receipt.
 * Without a fraction of a second an end counts as the last millisecond of its second and everything else as the first:
 * of two events in one second, the leaver wins.
 */
export function occurredInstant(text: string | undefined, isEnd: boolean, receivedAt: Instant): Instant {
  if (text === undefined) return receivedAt;
  const at = FRACTION.test(text) || !isEnd ? toInstant(text) : plusMs(toInstant(text), 999);
  return at > receivedAt ? receivedAt : at;
}

/** An instant some milliseconds later (or, negative, earlier). */
export function plusMs(at: Instant, ms: number): Instant {
  return toInstant(Date.parse(at) + ms);
}

/** An instant some seconds later. */
export function plusSeconds(at: Instant, seconds: number): Instant {
  return plusMs(at, Math.round(seconds * 1000));
}
