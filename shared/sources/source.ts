/** What a source of events is: how a delivery is verified, how its body is read, and how an employee is looked up. One file a vendor. */
import * as z from 'zod/mini';
import type { Instant } from '../lifecycle/effective-date.ts';
import type { JobErrorCode, Violation } from '../lifecycle/errors.ts';
import type { CanonicalEvent, EventType } from '../lifecycle/event.ts';
import type { Authority } from '../lifecycle/fact.ts';
import type { Lookup } from '../lifecycle/lookup.ts';
import type { ReplyAnswer, ReplyMessage } from '../lifecycle/reply.ts';

/** A delivery as it came over the wire. The body is the raw bytes: what is signed is verified before it is parsed. */
export interface Delivery {
  /** Names in lower case. A header sent twice is joined by a comma, as API Gateway does. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
  receivedAt: Instant;
}

/**
 * One thing that a delivery says. Each becomes a job. `position` is its place in the delivery, where others beside it may be left out; else
 * it is its place among the notices. `ticket` is the ticket that says it, by the vendor's id, and `reference` what people call it.
 * `isRepeatable`: its delivery has no id that could be relied on, so that the same, once its job was dealt with, is a new job.
 * - `event`: it says everything itself. `withdraws`: an offboard that takes back a hire, and ends nothing that has begun. `isUnconfirmed`:
 *   whoever knows the sender's credential may have said it, and nobody can be asked; it needs a person.
 * - `lookup`: whose record, or what ticket, has changed; the worker fetches it, not before `settleSeconds`, because vendors lag behind their
 *   own events. `said`: what the sender says happened, a mere hint.
 * - `review`: something that a person must judge; trying its job again looks the employee up.
 * - `unreadable`: this item is no event, while others of the same delivery are; or its ticket is known, and hears of it.
 * - `skip`: it is handled and asks nothing, such as a simulation; `because` says so in words of our own.
 */
export type Notice = { position?: number; ticket?: string; reference?: string; isRepeatable?: true } & (
  | { kind: 'event'; event: CanonicalEvent; withdraws?: true; isUnconfirmed?: true }
  | { kind: 'lookup'; id: string; settleSeconds?: number; said?: EventType }
  | { kind: 'review'; id: string; code: JobErrorCode }
  | { kind: 'unreadable'; violations: readonly Violation[] }
  | { kind: 'skip'; because?: string }
);

/** What a verified body says; no notices for an event type that is not handled. `unreadable` is recorded, by hash, and needs a person. */
export type Reading =
  | { kind: 'notices'; notices: Notice[]; deliveryId: string }
  | { kind: 'unreadable'; violations: readonly Violation[]; deliveryId: string };

/** A configured source. Its settings were checked when it was made; a bad setting throws there, naming the member. */
export interface Source {
  name: string;
  authority: readonly Authority[];
  /** The media types it sends, in lower case; `''` is a body that says none. Absent where the vendor does not say: any is read. */
  mediaTypes?: readonly string[];
  /** What a sender is answered whose signed body cannot be read: 400 where it is of our own making, 202 to vendors, who would only retry. */
  unreadableStatus: 400 | 202;
  /** What the vendor wants to be answered. */
  acceptedStatus: 200 | 202;
  /**
   * Whether a delivery is a ping or handshake that comes before, or without, a signature. It is answered 200 and nothing else is done,
   * unless the vendor wants to be called back.
   */
  greets?(delivery: Delivery): boolean | Promise<boolean>;
  /** Whether the delivery really comes from the source. Constant time; never throws. */
  verify(delivery: Delivery): boolean;
  /** Reads a verified delivery. */
  read(delivery: Delivery): Reading;
  /** Answers a handshake by GET, from whoever holds the source's credential; `null` for anything else. */
  handshake?(headers: Delivery['headers']): object | null;
  /** Fetches an employee's record, a ticket or a user, where notices may be lookups. Never throws. @param said what a hint said of them. */
  lookUp?(id: string, said?: EventType): Promise<Lookup>;
  /** Tells a ticket what became of its job, where it wants to hear. Never throws. */
  reply?(ticket: string, message: ReplyMessage): Promise<ReplyAnswer>;
}

/** What every source is made with, whatever its own settings. */
export interface SourceContext {
  /** Lower-case email domains; empty allows any. */
  allowedDomains: readonly string[];
  /** The time zone of dates that come without one. */
  defaultZone: string;
  now(): Instant;
}

/** A source's `authority` in its settings. */
export const authoritySchema = z.optional(z.array(z.enum(['employment', 'attributes', 'grants'])));

/** The secrets by which a source is known. Each is valid, so that rotation needs no downtime; an empty one would let anybody in. */
export const secretsSchema = z
  .array(z.string().check(z.minLength(1, 'must not be empty')))
  .check(z.minLength(1, 'must hold at least one secret'));

/** The base of a vendor's API: https, or http on loopback. Slashes at its end are taken away. */
export const baseUrlSchema = z
  .string()
  .check(z.refine(isSafeUrl, 'must be an https URL, or http on loopback, without credentials or query'))
  .check(z.overwrite((url) => url.replace(/\/+$/, '')));

function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  const isSafe =
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
  return isSafe && `${username}${password}${search}${hash}` === '';
}

/** Reads a source's settings. @throws Error naming every member that is wrong, and none of their values. */
export function readSettings<T extends z.ZodMiniType>(name: string, schema: T, value: unknown): z.output<T> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const wrong = read.error.issues.map((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
    return `${[name, ...issue.path, ...keys].join('.')} ${keys.length > 0 ? 'is not a known setting' : issue.message}`;
  });
  throw new Error(wrong.join('; '));
}
