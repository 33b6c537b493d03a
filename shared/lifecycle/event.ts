/** The canonical event: what every source is read into, and what `POST /events` takes as it is (DESIGN: "Canonical event"). */
import * as z from 'zod/mini';
import { isDate, isInstant, isTimeZone } from './effective-date.ts';
import { Problem, type Violation } from './errors.ts';
import { invalidBody, parseJson } from './json.ts';
import { PERMISSIONS } from './permission.ts';

const MAX_TEXT = 200;
const MAX_EMAIL = 254; // RFC 5321 §4.5.3.1.3, less the angle brackets
/** How many attributes of their own an event may give. */
export const MAX_ATTRIBUTES = 50;
// event → person → attributes → a text. What is nested deeper is refused by the schema, which does not look into it either.
const EVENT_LEVELS = 4;
const MAX_VIOLATIONS = 50;

// Printable ASCII on both sides, so that look-alikes such as the Kelvin sign cannot name somebody else.
// Both cases are spelled out: a JSON Schema made of this knows no flags.
const EMAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const NO_CONTROL = /^[^\u0000-\u001f\u007f]*$/;

/** A word or a name: trimmed, 1 to 200 characters, none of them a control character. */
export const text = z.string('must be a string').check(
  z.trim(),
  z.minLength(1, 'must not be empty'),
  z.maxLength(MAX_TEXT, `must be at most ${MAX_TEXT} characters`),
  z.regex(NO_CONTROL, 'must not contain control characters'),
  z.refine((value) => value.isWellFormed(), 'must be well-formed Unicode'),
);
const clearable = z.optional(z.nullable(text));

/** An address: trimmed, lower-cased, ASCII, at most 254 characters. */
export const emailSchema = z.string('must be a string').check(
  z.trim(),
  z.maxLength(MAX_EMAIL, `must be at most ${MAX_EMAIL} characters`),
  // ASCII before lower case: the Kelvin sign would become a k.
  z.regex(EMAIL, 'must be an ASCII email address'),
  z.toLowerCase(),
);

const when = z
  .string('must be a string')
  .check(
    z.refine(
      (value) => isDate(value) || isInstant(value),
      'must be a date (2026-12-31) or an instant with an offset, in 1900–2200',
    ),
  );
/** The name of an attribute; never `__proto__`. */
export const attributeName = z
  .string()
  .check(z.regex(/^[A-Za-z][\w.-]{0,63}$/, 'must be a letter followed by letters, digits, ".", "_" or "-"'));

/** A grant: access on top of what the policy gives. */
export const accessSchema = z
  .strictObject({
    profile: z.optional(text),
    role: z.optional(text),
    permissions: z.optional(z.partialRecord(z.enum(PERMISSIONS), z.boolean('must be true or false'))),
    until: z.optional(when),
  })
  .check((context) => {
    const { profile, role, permissions } = context.value;
    const direct = role !== undefined && permissions !== undefined;
    const neither = role === undefined && permissions === undefined;
    if (profile === undefined ? direct : neither) return;
    const message = 'must have either a profile, or a role and permissions';
    context.issues.push({ code: 'custom', message, path: [], input: context.value });
  });

/** Who an event is about, and what it says of them. */
export const personSchema = z.strictObject({
  email: z.optional(emailSchema),
  externalId: z.optional(text),
  previousEmail: z.optional(emailSchema),
  firstName: clearable,
  lastName: clearable,
  department: clearable,
  jobTitle: clearable,
  location: clearable,
  employmentType: clearable,
  attributes: z.optional(
    z
      .record(attributeName, z.nullable(text))
      .check(
        z.refine(
          (members) => Object.keys(members).length <= MAX_ATTRIBUTES,
          `must have at most ${MAX_ATTRIBUTES} members`,
        ),
      ),
  ),
});

/** The schema of one canonical event. Unknown members are refused, so that a typo never passes silently. */
export const eventSchema = z
  .strictObject({
    type: z.enum(['onboard', 'change', 'offboard'], 'must be "onboard", "change" or "offboard"'),
    person: personSchema,
    access: z.optional(accessSchema),
    effectiveAt: z.optional(when),
    timeZone: z.optional(
      z.string('must be a string').check(z.refine(isTimeZone, 'must be an IANA time zone such as Asia/Kolkata')),
    ),
    occurredAt: z.optional(
      z.string('must be a string').check(z.refine(isInstant, 'must be an instant with an offset, in 1900–2200')),
    ),
    reason: z.optional(text),
    reference: z.optional(text),
  })
  .check((context) => {
    const { type, person } = context.value;
    if (person.email !== undefined || (type !== 'onboard' && person.externalId !== undefined)) return;
    const message = type === 'onboard' ? 'is required' : 'is required unless externalId is given';
    context.issues.push({ code: 'custom', message, path: ['person', 'email'], input: context.value });
  });

/** A valid canonical event, its addresses normalised. */
export type CanonicalEvent = z.output<typeof eventSchema>;

/** What an event says of somebody. */
export type EventType = CanonicalEvent['type'];

/** How many events one body may hold. */
export const MAX_BATCH = 100;

/** What a body held: its events, and whether they came as an array. */
export interface EventBatch {
  events: CanonicalEvent[];
  isArray: boolean;
}

/**
 * Reads a body of JSON in UTF-8: one event, or an array of 1–100.
 * @throws Problem `invalid-request`, with a JSON pointer to every member that is wrong in any of them.
 */
export function readEvents(body: Uint8Array, allowedDomains: readonly string[] = []): EventBatch {
  const value = parseJson(body);
  if (!Array.isArray(value)) return { events: [readEvent(value, allowedDomains)], isArray: false };
  if (value.length < 1 || value.length > MAX_BATCH) {
    throw invalid([{ pointer: '', detail: `must hold 1 to ${MAX_BATCH} events` }]);
  }
  const found: Violation[] = [];
  const events = value.flatMap((item, index) => {
    try {
      return [readEvent(item, allowedDomains, `/${index}`)];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      found.push(...error.violations);
      return [];
    }
  });
  if (found.length > 0) throw invalid(found);
  return { events, isArray: true };
}

/**
 * Reads one canonical event out of parsed JSON.
 * @param allowedDomains lower-case email domains; empty allows any.
 * @param pointer where the event stands in the body, for the errors.
 * @throws Problem `invalid-request` with a JSON pointer to every member that is wrong.
 */
export function readEvent(value: unknown, allowedDomains: readonly string[] = [], pointer = ''): CanonicalEvent {
  const hidden = prototypeMembers(value, pointer);
  if (hidden.length > 0) throw invalid(hidden);
  const read = eventSchema.safeParse(value, { reportInput: true });
  if (!read.success) throw invalid(violations(read.error.issues, pointer));
  const outside = outsideDomains(read.data, allowedDomains, pointer);
  if (outside.length > 0) throw invalid(outside);
  return read.data;
}

function invalid(found: Violation[]): Problem {
  return invalidBody(found.slice(0, MAX_VIOLATIONS));
}

/** Turns schema issues into violations with JSON pointers (RFC 6901). An unknown member is pointed at itself, not at its parent. */
export function violations(issues: readonly z.core.$ZodIssue[], pointer = ''): Violation[] {
  return issues.flatMap((issue) => {
    const at = issue.path.reduce<string>((path, step) => `${path}/${escapeStep(step)}`, pointer);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ pointer: `${at}/${escapeStep(key)}`, detail: 'is not a known member' }));
    }
    if (issue.code === 'invalid_key')
      return [{ pointer: at, detail: issue.issues[0]?.message ?? 'is not a valid name' }];
    return [{ pointer: at, detail: describe(issue) }];
  });
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.input === undefined ? 'is required' : `must be ${article(issue.expected)}`;
}

function article(expected: string): string {
  const name = expected === 'record' ? 'object' : expected;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

function escapeStep(step: PropertyKey): string {
  // A member's name comes from the sender: bounded, so that an error cannot be made to carry a body.
  return String(step).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** zod's `record()` drops `__proto__` silently; nothing may pass silently. */
function prototypeMembers(value: unknown, pointer: string, levels = EVENT_LEVELS): Violation[] {
  if (typeof value !== 'object' || value === null || levels === 0) return [];
  return Object.keys(value).flatMap((key) => {
    const at = `${pointer}/${escapeStep(key)}`;
    if (key === '__proto__') return [{ pointer: at, detail: 'is not a known member' }];
    return prototypeMembers((value as Record<string, unknown>)[key], at, levels - 1);
  });
}

function outsideDomains(event: CanonicalEvent, allowed: readonly string[], pointer: string): Violation[] {
  return (['email', 'previousEmail'] as const)
    .filter((member) => !isWithin(event.person[member], allowed))
    .map((member) => ({ pointer: `${pointer}/person/${member}`, detail: 'is outside the allowed email domains' }));
}

/** Whether an address, where there is one, is of an allowed domain. No domains allow any. */
export function isWithin(email: string | undefined, allowed: readonly string[]): boolean {
  return email === undefined || allowed.length === 0 || allowed.includes(email.slice(email.indexOf('@') + 1));
}
