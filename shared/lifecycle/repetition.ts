/**
 * What a ticket says again. A ticket is sent whenever somebody edits it, our own answer included; an old one must not bring a leaver back
 * because its summary was corrected, nor answer its own answer for ever.
 */

import type { Instant } from './effective-date.ts';
import type { Fact } from './fact.ts';

/** What tickets said of a person, and when their employment last began or ended; kept when facts are folded away. */
export interface TicketMemory {
  /** By ticket: when it first spoke, when it last did, and its words then. */
  said: Readonly<Record<string, { first: Instant; last: Instant; words: string }>>;
  /** When a start, and when an end or a withdrawal, was last stated. */
  lastStart: Instant | null;
  lastEnd: Instant | null;
}

/** No ticket has spoken, and nothing is known. */
export const NO_TICKETS: TicketMemory = { said: {}, lastStart: null, lastEnd: null };

/**
 * What a ticket's new fact is, beside all that is known of its person.
 * - `repetition`: its own last words, as they still stand. It asks nothing. An offboard that was reversed meanwhile is none: leaver first.
 * - `reopening`: it spoke of somebody whose end has been stated since, be it by itself. A ticket hires once; a rehire has one of its own.
 */
export type TicketNews = 'news' | 'repetition' | 'reopening';

/**
 * Judges a ticket's fact; of a fact that no ticket said everything is news.
 * @param withdrawn the words, by ticket, that an operator has withdrawn.
 */
export function newsOfTicket(
  fact: Fact,
  { said, lastStart, lastEnd }: TicketMemory,
  withdrawn: Readonly<Record<string, string>> = {},
): TicketNews {
  const key = ticketKey(fact);
  if (key === null) return 'news';
  const words = wordsOf(fact);
  const before = said[key];
  const isReversed = fact.employment === 'end' && before !== undefined && (lastStart ?? '') > before.last;
  if (withdrawn[key] === words || (before?.words === words && !isReversed)) return 'repetition';
  const hasEnded = before !== undefined && (lastEnd ?? '') >= before.first;
  return fact.employment === 'start' && hasEnded ? 'reopening' : 'news';
}

/** The memory after a fact. @param stated what it came to say of the employment. */
export function rememberTicket(memory: TicketMemory, fact: Fact, stated: 'start' | 'end' | null): TicketMemory {
  const key = ticketKey(fact);
  const { occurredAt: last } = fact;
  const said = key === null ? memory.said : { ...memory.said, [key]: entryOf(fact, memory.said[key]?.first ?? last) };
  return {
    said,
    lastStart: stated === 'start' ? last : memory.lastStart,
    lastEnd: stated === 'end' ? last : memory.lastEnd,
  };
}

function entryOf(fact: Fact, first: Instant) {
  return { first, last: fact.occurredAt, words: wordsOf(fact) };
}

/** What a fact's ticket is known by; `null` where no ticket said it. */
export function ticketKey({ source, ticket }: Pick<Fact, 'source' | 'ticket'>): string | null {
  return ticket === undefined ? null : `${source}:${ticket}`;
}

/** What a fact says, whenever it says it. */
export function wordsOf({ type, employment, effectiveAt, timeZone, email, previousEmail, ...said }: Fact): string {
  const { externalId, attributes, grant = {} } = said;
  const words = [type, employment, effectiveAt, timeZone, email, previousEmail, externalId];
  return JSON.stringify([...words, Object.entries(attributes).sort(), Object.entries(grant).sort()]);
}
