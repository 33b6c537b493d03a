/** What a source of events is: how a delivery is verified and how its body is read. One file a vendor, one line in the registry. */
import * as z from 'zod/mini';
import type { Violation } from '../lifecycle/errors.ts';
import type { CanonicalEvent } from '../lifecycle/event.ts';
import type { Authority } from '../lifecycle/fact.ts';
import type { Instant } from '../lifecycle/ports.ts';

/** A delivery as it came over the wire. The body is the raw bytes: what is signed is verified before it is parsed. */
export interface Delivery {
  /** Names in lower case. A header sent twice is joined by a comma, as API Gateway does. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
  receivedAt: Instant;
}

/** What a verified body says. `unreadable` is recorded, by hash, and needs a person. */
export type Reading =
  | { kind: 'events'; events: CanonicalEvent[]; deliveryId: string }
  | { kind: 'unreadable'; violations: readonly Violation[]; deliveryId: string };

/** A configured source. Its settings were checked when it was made; a bad setting throws there, naming the member. */
export interface Source {
  name: string;
  authority: readonly Authority[];
  /** The media types it sends, in lower case. */
  mediaTypes: readonly string[];
  /** What a sender is answered whose signed body cannot be read: 400 where it is of our own making, 202 to vendors, who would only retry. */
  unreadableStatus: 400 | 202;
  /** Whether the delivery really comes from the source. Constant time; never throws. */
  verify(delivery: Delivery): boolean;
  /** Reads a verified delivery. */
  read(delivery: Delivery): Reading;
}

/** What every source is made with, whatever its own settings. */
export interface SourceContext {
  /** Lower-case email domains; empty allows any. */
  allowedDomains: readonly string[];
}

/** A source's `authority` in its settings. */
export const authoritySchema = z.enum(['employment', 'attributes', 'grants']);

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
