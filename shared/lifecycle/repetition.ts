/**
 * What a ticket says again. A ticket is sent whenever somebody edits it, our own answer included; an old one must not bring a leaver back
 * because its summary was corrected, nor answer its own answer for ever.
 */
import { compareFacts, type Fact } from './fact.ts';

/**
 * What a ticket's new fact is, beside all that is known of its person.
 * - `repetition`: its own last words, as they still stand. It asks nothing. An offboard that was reversed meanwhile is none: leaver first.
 * - `reopening`: it hired somebody before, whose end has been stated since. A ticket hires once; a rehire has a ticket of its own.
 */
export type TicketNews = 'news' | 'repetition' | 'reopening';

/** Judges a ticket's fact; of a fact that no ticket said everything is news. */
export function newsOfTicket(fact: Fact, known: readonly Fact[]): TicketNews {
  const { ticket, source } = fact;
  if (ticket === undefined) return 'news';
  const facts = known.toSorted(compareFacts);
  const own = facts.filter((other) => other.source === source && other.ticket === ticket);
  const last = own.at(-1);
  if (last && wordsOf(last) === wordsOf(fact) && !isReversed(last, facts)) return 'repetition';
  const hire = own.findLast(({ employment }) => employment === 'start');
  const hasEnded = hire && facts.some((other) => other.employment === 'end' && compareFacts(hire, other) < 0);
  return fact.employment === 'start' && hasEnded ? 'reopening' : 'news';
}

function isReversed(end: Fact, facts: readonly Fact[]): boolean {
  return (
    end.employment === 'end' && facts.some((other) => other.employment === 'start' && compareFacts(end, other) < 0)
  );
}

function wordsOf({ type, employment, effectiveAt, timeZone, email, previousEmail, externalId, ...said }: Fact): string {
  const { attributes, grant = {} } = said;
  const words = [type, employment, effectiveAt, timeZone, email, previousEmail, externalId];
  return JSON.stringify([...words, Object.entries(attributes).sort(), Object.entries(grant).sort()]);
}
