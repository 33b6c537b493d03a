/**
 * How the bodies of generic sources, and tickets, become canonical events. A `mapping` is a canonical event that holds, for each text, where it
 * stands: `"/employee/mail"` within the item, `{ "root": "/sentAt" }` within the whole body, or `{ "value": "Asia/Kolkata" }`, always the same.
 * What stands nowhere says nothing; `null` clears. Whole numbers become texts, because employee ids often are numbers.
 */
import * as z from 'zod/mini';
import { Problem, type Violation } from '../lifecycle/errors.ts';
import { attributeName, type CanonicalEvent, readEvent } from '../lifecycle/event.ts';
import { PERMISSIONS } from '../lifecycle/permission.ts';
import { unreadable } from './json-body.ts';
import { pointerSchema, valueAt } from './json-pointer.ts';

const place = z.union(
  [
    pointerSchema,
    z.strictObject({ root: pointerSchema }),
    z.strictObject({ value: z.union([z.string(), z.boolean(), z.null()]) }),
  ],
  'must be a JSON pointer, { "root": a JSON pointer } or { "value": a text, true, false or null }',
);
const maybe = z.optional(place);
type Place = z.output<typeof place>;

const OFFSET_WITHOUT_COLON = /^(\d{4}-\d{2}-\d{2}T[\d:.]+[+-]\d{2})(\d{2})$/;
const EVENT_TYPES = ['onboard', 'change', 'offboard'] as const;

/** A source's `mapping`, by the canonical event's own names. */
export const mappingSchema = z.strictObject({
  type: place,
  person: z
    .strictObject({
      email: maybe,
      externalId: maybe,
      previousEmail: maybe,
      firstName: maybe,
      lastName: maybe,
      department: maybe,
      jobTitle: maybe,
      location: maybe,
      employmentType: maybe,
      attributes: z.optional(z.record(attributeName, place)),
    })
    .check(
      z.refine(({ email, externalId }) => email !== undefined || externalId !== undefined, {
        message: 'must have email or externalId',
      }),
    ),
  access: z.optional(
    z.strictObject({
      profile: maybe,
      role: maybe,
      permissions: z.optional(z.partialRecord(z.enum(PERMISSIONS), place)),
      until: maybe,
    }),
  ),
  effectiveAt: maybe,
  timeZone: maybe,
  occurredAt: maybe,
  reason: maybe,
  reference: maybe,
});
type Mapping = z.output<typeof mappingSchema>;

/** A source's `words`: what the sender's words for an event's type mean. */
export const wordsSchema = z._default(
  z
    .record(z.string(), z.enum(EVENT_TYPES, 'must be onboard, change or offboard'))
    .check(z.refine((words) => Object.keys(words).length > 0, 'must hold at least one word')),
  { onboard: 'onboard', change: 'change', offboard: 'offboard' },
);
type Words = z.output<typeof wordsSchema>;

/** One item of a body, where it stands in it, and the body. */
export interface Item {
  value: unknown;
  pointer: string;
  root: unknown;
}

/** Reads one item; `null` where the sender's word for its type is none of ours. @throws Problem with pointers into the sender's body, and nothing of it. */
export type ReadItem = (item: Item) => CanonicalEvent | null;

/** One member of the canonical event, by its JSON pointer, and where it stands. */
type Line = readonly [member: string, from: Place];

/** Where in a ticket, which is item and whole body in one, the texts of a mapping stand; nothing else of it need be asked for. */
export function pointersOf({ type, ...rest }: Mapping): string[] {
  const places = [type, ...linesOf(rest).map(([, from]) => from)];
  return places.flatMap((from) => (typeof from === 'string' ? from : 'root' in from ? from.root : []));
}

/** How items are read. */
export interface Reader {
  mapping: Mapping;
  words: Words;
  allowedDomains: readonly string[];
  /** Of tickets: an empty field says nothing, and what has no type is no event of ours. */
  areTickets?: true;
}

/** @throws Error naming the constant that no event may have. @param name where the settings stand, for the errors. */
export function itemReader(name: string, { mapping, words, allowedDomains, areTickets }: Reader): ReadItem {
  const { type, ...rest } = mapping;
  const lines = linesOf(rest);
  requireConstants(name, lines);
  if (typeof type === 'object' && 'value' in type && !Object.hasOwn(words, String(type.value))) {
    throw new Error(`${name}.mapping.type is none of the words`);
  }
  return (item) => {
    if (areTickets && isEmpty(drawnFrom(type, item))) return null;
    const word = typeOf(type, item);
    const meaning = Object.hasOwn(words, word) ? words[word] : undefined;
    if (meaning === undefined) return null;
    const used = areTickets ? ticketLines(lines, item, meaning) : lines;
    const drawn = { person: {}, ...draw(used, item), type: meaning };
    return inTheirWords([...lines, ['/type', type]], item, () => readEvent(drawn, allowedDomains));
  };
}

function typeOf(from: Place, item: Item): string {
  const value = drawnFrom(from, item);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value;
  throw unreadable({
    pointer: pointerOf(from, item),
    detail: value === undefined ? 'is required' : 'must be a string',
  });
}

/** One form often serves several requests: what is empty says nothing, and whoever leaves is given nothing. */
function ticketLines(lines: readonly Line[], item: Item, type: CanonicalEvent['type']): Line[] {
  const isUsed = ([member]: Line) => type !== 'offboard' || !member.startsWith('/access');
  return lines.filter((line) => isUsed(line) && !isEmpty(drawnFrom(line[1], item)));
}

function isEmpty(value: unknown): boolean {
  return value == null || (typeof value === 'string' && value.trim() === '');
}

function linesOf({ person: { attributes, ...person }, access, ...event }: Omit<Mapping, 'type'>): Line[] {
  const { permissions, ...grant } = access ?? {};
  return [
    ...linesAt('', event),
    ...linesAt('/person', person),
    ...linesAt('/person/attributes', attributes),
    ...linesAt('/access', grant),
    ...linesAt('/access/permissions', permissions),
  ];
}

function linesAt(parent: string, members: Readonly<Record<string, Place | undefined>> = {}): Line[] {
  return Object.entries(members).flatMap(([key, from]) => (from === undefined ? [] : [[`${parent}/${key}`, from]]));
}

/** Objects that would hold nothing are left out. */
function draw(lines: readonly Line[], item: Item): Record<string, unknown> {
  const event: Record<string, unknown> = {};
  for (const [member, from] of lines) {
    const value = drawnFrom(from, item);
    if (value !== undefined) put(event, member.split('/').slice(1), value);
  }
  return event;
}

function put(event: Record<string, unknown>, [first = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) event[first] = value;
  else {
    const inner = (event[first] ?? {}) as Record<string, unknown>;
    event[first] = inner;
    put(inner, rest, value);
  }
}

function drawnFrom(from: Place, { value, root }: Item): unknown {
  if (typeof from === 'object' && 'value' in from) return from.value;
  const found = typeof from === 'string' ? valueAt(value, from) : valueAt(root, from.root);
  // Beyond 2^53 JSON.parse rounds, and would make somebody else of an employee.
  if (Number.isSafeInteger(found)) return String(found);
  // ISO 8601 lets an offset go without its colon, as Jira's do; RFC 3339 does not.
  return typeof found === 'string' ? found.replace(OFFSET_WITHOUT_COLON, '$1:$2') : found;
}

/** Where a member stands in the sender's body; of a constant, where the item does. */
function pointerOf(from: Place | undefined, { pointer }: Item): string {
  if (typeof from === 'string') return `${pointer}${from}`;
  return from && 'root' in from ? from.root : pointer;
}

function inTheirWords<T>(lines: readonly Line[], item: Item, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw unreadable(...error.violations.map((one) => translated(one, lines, item)));
  }
}

function translated({ pointer, detail }: Violation, lines: readonly Line[], item: Item): Violation {
  const line = lines.find(([member]) => pointer === member || pointer.startsWith(`${member}/`));
  return { pointer: pointerOf(line?.[1], item), detail };
}

/** Constants are looked at once: what is wrong with one is our fault, and never to be found out by a delivery. */
function requireConstants(name: string, lines: readonly Line[]): void {
  const constants = lines.filter(([, from]) => typeof from === 'object' && 'value' in from);
  const person = { email: 'nobody@example.com' };
  const drawn = draw(constants, { value: undefined, root: undefined, pointer: '' });
  try {
    readEvent({ ...drawn, type: 'change', person: { ...person, ...(drawn['person'] as object | undefined) } });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // An access of which only a part is constant is whole in the deliveries.
    const wrong = error.violations.filter(({ pointer }) => pointer !== '/access');
    const said = wrong.map(({ pointer, detail }) => `${name}.mapping${pointer.replaceAll('/', '.')} ${detail}`);
    if (said.length > 0) throw new Error(said.join('; '));
  }
}
