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
import type { Lookup } from '../lifecycle/lookup.ts';
import type { ReplyAnswer, ReplyMessage } from '../lifecycle/reply.ts';
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

/** A ticket as it is read. */
export interface Ticket {
  /** Its lasting id at the vendor's, where what it was asked for by may change. */
  id?: string;
  /** The name that people know it by. */
  reference: string;
  /** What `mapping` and `approved` point into. */
  record: unknown;
}

/** What a delivery holds, once it is opened. */
export interface Opened {
  /** The vendor's id of the ticket. Without one nobody can be asked back, or told, nor an old ticket be told from a new one. */
  id: string | undefined;
  /** The name that people know it by; where there is none, the canonical event has it. */
  reference?: string | undefined;
  /** The vendor's id of this delivery; without one it is known by its bytes and its day. */
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

/** Reads a ticket; in a word why not, where it asks for nothing. @throws Problem with pointers into it, and nothing of it. */
type ReadTicket = (ticket: Ticket) => CanonicalEvent | 'not-approved' | 'other-request';

/** The source of a ticketing system. @throws Error naming the setting that cannot be used. */
export function ticketSource(vendor: TicketVendor): Source {
  const { name, settings, verify, fetch, tell } = vendor;
  const readTicket = ticketReader(vendor);
  if (fetch && !readTicket && !tell) throw new Error(`${name}.api does nothing without a mapping or a reply`);
  return {
    name,
    authority: settings.authority ?? [],
    unreadableStatus: 202,
    acceptedStatus: 202,
    verify,
    read: (delivery) => read(delivery, vendor, readTicket),
    lookUp: lookUpOf(vendor, readTicket),
    ...(tell && { reply: (id, message) => tell(id, message) }),
  };
}

function lookUpOf({ fetch, idForm }: TicketVendor, readTicket: ReadTicket | null): NonNullable<Source['lookUp']> {
  // Whoever tries a job again before that is configured is told so once more.
  if (!fetch || !readTicket) return async () => ({ kind: 'review', code: 'ticket-not-fetchable' });
  return lookUpBy(idForm, async (id) => found(readTicket, await fetch(id)));
}

function ticketReader({ name, settings, approvedAt, context }: TicketVendor): ReadTicket | null {
  const { mapping, words, approved } = settings;
  if (approved && !mapping) throw new Error(`${name}.approved does nothing without a mapping`);
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
    if (!approved.values.includes(String(standing))) return 'not-approved';
    const event = readItem({ value: record, root: record, pointer: '' });
    return event ? { reference, ...event } : 'other-request';
  };
}

function found(readTicket: ReadTicket, ticket: Ticket): Lookup {
  try {
    const event = readTicket(ticket);
    if (typeof event === 'string') return { kind: 'nothing', because: event };
    return { kind: 'event', event, ...(ticket.id !== undefined && { ticket: ticket.id }) };
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
    return { kind: 'notices', notices: noticesOf(opened, delivery, vendor, readTicket), deliveryId };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: 'unreadable', violations: error.violations, deliveryId };
  }
}

function noticesOf(opened: Opened, delivery: Delivery, vendor: TicketVendor, readTicket: ReadTicket | null): Notice[] {
  const { id, content, reference = id } = opened;
  // Whoever left the ticket out could say anything, and say it again.
  if (id === undefined || !vendor.idForm.test(id))
    throw unreadable({ pointer: '/reference', detail: 'must name the ticket that says it' });
  const ticket = { ticket: id, ...(reference !== undefined && { reference }) };
  const canAsk = vendor.fetch !== undefined && readTicket !== null;
  const isSigned = vendor.isSigned(delivery);
  const isRead = content !== 'named' && ('event' in content || readTicket !== null);
  if (!isRead && !canAsk) return [{ kind: 'review', id, code: 'ticket-not-fetchable', ...ticket }];
  if (content === 'named' || (canAsk && !isSigned)) return [{ kind: 'lookup', id, isRepeatable: true, ...ticket }];
  const isUnconfirmed = !isSigned && vendor.settings.trust !== 'static';
  const notice = said(opened, content, vendor, readTicket);
  if (notice === null) return [];
  const isRepeatable = opened.deliveryId === undefined && { isRepeatable: true as const };
  return [
    { ...notice, ...ticket, ...isRepeatable, ...(notice.kind === 'event' && isUnconfirmed && { isUnconfirmed }) },
  ];
}

type Said = Extract<Notice, { kind: 'event' | 'skip' | 'unreadable' }>;

/** What a delivery says that is acted on as it came; `null` where its ticket is not approved, and will come again. */
function said(
  opened: Opened,
  content: Exclude<Opened['content'], 'named'>,
  { context }: TicketVendor,
  readTicket: ReadTicket | null,
): Said | null {
  const { reference, occurredAt } = opened;
  const known = { ...(occurredAt !== undefined && { occurredAt }), ...(reference !== undefined && { reference }) };
  try {
    const event =
      'event' in content
        ? readEvent(content.event, context.allowedDomains)
        : (readTicket?.({ reference: reference ?? '', record: content.record }) ?? 'other-request');
    if (event === 'not-approved') return null;
    if (event === 'other-request') return { kind: 'skip', because: OTHER_REQUEST };
    return { kind: 'event', event: { ...known, ...event } };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: 'unreadable', violations: error.violations };
  }
}

/** An approved ticket that nobody understands is kept: a word that was renamed must not lose leavers unseen. */
const OTHER_REQUEST = 'approved, but its type is none of the words that are configured';
