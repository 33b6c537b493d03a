/**
 * What the ticketing systems have in common. A delivery is a canonical event that a rule or script of the vendor's writes, or a ticket that the
 * source's `mapping` reads. What was signed is acted on as it came. What was not is a hint, since whoever knows the credential may have sent it:
 * the ticket is fetched with our own credential, and what it says there counts, if it is approved; where that is not configured the event
 * waits for a person, unless the publisher trusts the credential.
 */
import * as z from 'zod/mini';
import { Problem } from '../lifecycle/errors.ts';
import { type CanonicalEvent, readEvent } from '../lifecycle/event.ts';
import { parseJson } from '../lifecycle/json.ts';
import type { Lookup, ReplyAnswer, ReplyMessage } from '../lifecycle/ports.ts';
import { sha256, unreadable } from './json-body.ts';
import { pointerSchema, valueAt } from './json-pointer.ts';
import { itemReader, mappingSchema, wordsSchema } from './mapping.ts';
import {
  authoritySchema,
  type Delivery,
  type Notice,
  type Reading,
  type Source,
  type SourceContext,
} from './source.ts';
import { trustSchema } from './static-credentials.ts';
import { lookUpBy } from './vendor-record.ts';

const word = z.string().check(z.minLength(1, 'must not be empty'));

/** The settings of every ticketing system, besides how it is known and its API. */
export const ticketSettings = {
  /** Where in a ticket the canonical event's members are. */
  mapping: z.optional(mappingSchema),
  words: wordsSchema,
  /** What a ticket must say to be acted on, and where, if not at the vendor's usual place. */
  approved: z.optional(
    z.strictObject({
      at: z.optional(pointerSchema),
      values: z.array(word).check(z.minLength(1, 'must hold at least one value')),
    }),
  ),
  trust: trustSchema,
  authority: z._default(authoritySchema, ['employment', 'grants']),
};
const settingsSchema = z.object(ticketSettings);

/** The settings of every ticketing system, as read. */
export type TicketSettings = z.output<typeof settingsSchema>;

/** A ticket as it is read: by the vendor's id, with the name that people know it by. */
export interface Ticket {
  reference: string;
  /** What `mapping` and `approved` point into. */
  record: unknown;
}

/** What a delivery holds, once it is opened. */
export interface Opened {
  /** The vendor's id of the ticket; nobody can be asked back, or told, without. */
  id?: string | undefined;
  reference?: string | undefined;
  /** The vendor's id of this delivery; without one it is known by its bytes. */
  deliveryId?: string | undefined;
  /** A canonical event, not yet read, or the ticket; neither where the delivery only names it. */
  content: { event: unknown } | { record: unknown } | 'named';
  /** When it happened, where the delivery says so. */
  occurredAt?: string | undefined;
}

/** What tells a ticketing system from the others. */
export interface TicketVendor {
  name: string;
  settings: TicketSettings;
  context: SourceContext;
  /** Where its tickets usually say that they are approved. */
  approvedAt: string;
  /** What its ids of tickets look like: what is of no such form could lead out of its place in a URL. */
  idForm: RegExp;
  verify(delivery: Delivery): boolean;
  /** Whether a verified delivery is signed, or merely carries a credential. */
  isSigned(delivery: Delivery): boolean;
  /** Opens a verified body; `null` for what is not handled. @throws Problem for what cannot be understood. */
  open(body: unknown, delivery: Delivery): Opened | null;
  /** Fetches a ticket, where there is a credential for that. Throws as `wholeOf` does. */
  fetch?: ((id: string) => Promise<Ticket>) | undefined;
  /** Tells a ticket, where it wants to hear. */
  tell?: ((id: string, message: ReplyMessage) => Promise<ReplyAnswer>) | undefined;
}

/** Reads a ticket; `null` where it is not approved, or no request of ours. @throws Problem with pointers into it, and nothing of it. */
type ReadTicket = (ticket: Ticket) => CanonicalEvent | null;

/** The source of a ticketing system. @throws Error naming the setting that cannot be used. */
export function ticketSource(vendor: TicketVendor): Source {
  const { name, settings, verify, fetch, tell, idForm } = vendor;
  const readTicket = ticketReader(vendor);
  return {
    name,
    authority: settings.authority ?? [],
    unreadableStatus: 202,
    acceptedStatus: 202,
    verify,
    read: (delivery) => read(delivery, vendor, readTicket),
    ...(fetch && readTicket && { lookUp: lookUpBy(idForm, async (id) => found(readTicket, await fetch(id))) }),
    ...(tell && { reply: (id, message) => tell(id, message) }),
  };
}

function ticketReader({ name, settings, approvedAt, context }: TicketVendor): ReadTicket | null {
  const { mapping, words, approved } = settings;
  if (!mapping) return null;
  if (!approved) throw new Error(`${name}.approved must say which tickets are acted on`);
  const readItem = itemReader(name, { mapping, words, allowedDomains: context.allowedDomains, areTickets: true });
  return ({ reference, record }) => {
    const at = approved.at ?? approvedAt;
    const standing = valueAt(record, at);
    // Never taken for "not approved": a field that is not sent, or not shown to us, would lose every leaver without a word.
    if (standing === undefined) throw unreadable({ pointer: at, detail: 'is required' });
    // Neither is what holds the word, or several: whoever configured it has to say where the word is.
    if (typeof standing === 'object' && standing !== null)
      throw unreadable({ pointer: at, detail: 'must be one word' });
    if (!approved.values.includes(String(standing))) return null;
    const event = readItem({ value: record, root: record, pointer: '' });
    return event && { reference, ...event };
  };
}

function found(readTicket: ReadTicket, ticket: Ticket): Lookup {
  try {
    const event = readTicket(ticket);
    return event ? { kind: 'event', event } : { kind: 'nothing' };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: 'unreadable', pointers: error.violations.map(({ pointer }) => pointer) };
  }
}

function read(delivery: Delivery, vendor: TicketVendor, readTicket: ReadTicket | null): Reading {
  const { body, receivedAt } = delivery;
  let deliveryId = sha256(body, receivedAt.slice(0, 'YYYY-MM-DD'.length));
  try {
    const opened = vendor.open(parseJson(body), delivery);
    if (!opened) return { kind: 'notices', notices: [], deliveryId };
    deliveryId = opened.deliveryId ?? deliveryId;
    const notices = noticesOf(opened, vendor.isSigned(delivery), vendor, readTicket);
    // The same words may tell of another state of the ticket: without an id of its own each delivery is looked into.
    if (notices.some(({ kind }) => kind === 'lookup') && opened.deliveryId === undefined)
      deliveryId = sha256(body, receivedAt);
    return { kind: 'notices', notices, deliveryId };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: 'unreadable', violations: error.violations, deliveryId };
  }
}

function noticesOf(opened: Opened, isSigned: boolean, vendor: TicketVendor, readTicket: ReadTicket | null): Notice[] {
  const { id, content } = opened;
  const ticket = id !== undefined && vendor.idForm.test(id) ? { ticket: id } : null;
  const canAsk = vendor.fetch !== undefined && readTicket !== null;
  if (content === 'named' || (canAsk && !isSigned)) {
    if (!canAsk)
      throw unreadable({ pointer: '', detail: 'only names a ticket, and no API and mapping are configured' });
    // Whoever left the ticket out could say anything.
    if (!ticket) throw unreadable({ pointer: '', detail: 'must name its ticket, which is then looked up' });
    return [{ kind: 'lookup', id: ticket.ticket, ...ticket }];
  }
  const event = eventOf(opened, content, vendor, readTicket);
  const isUnconfirmed = !isSigned && vendor.settings.trust !== 'static';
  return event ? [{ kind: 'event', event, ...(isUnconfirmed && { isUnconfirmed }), ...ticket }] : [];
}

function eventOf(
  { reference, occurredAt }: Opened,
  content: Exclude<Opened['content'], 'named'>,
  { context }: TicketVendor,
  readTicket: ReadTicket | null,
): CanonicalEvent | null {
  const said = { ...(occurredAt !== undefined && { occurredAt }), ...(reference !== undefined && { reference }) };
  if ('event' in content) return { ...said, ...readEvent(content.event, context.allowedDomains) };
  if (!readTicket) throw unreadable({ pointer: '', detail: 'is a ticket, and no mapping is configured' });
  const event = readTicket({ reference: reference ?? '', record: content.record });
  return event && { ...said, ...event };
}
