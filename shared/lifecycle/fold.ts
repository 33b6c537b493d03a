/**
 * The fold: facts in order of `occurredAt` become what is known of a person. The order of arrival cannot matter, because nothing here
 * looks at it; statements judge employment at the instant they were said, never at the instant they are folded.
 */
import { effectiveInstant, type Instant } from './effective-date.ts';
import {
  type Employments,
  endEmployment,
  FIRST_PERIOD,
  hasEnded,
  periodAt,
  startEmployment,
  withdrawHire,
} from './employment.ts';
import type { JobErrorCode } from './errors.ts';
import { compareFacts, effectiveFrom, type Fact, type GrantStatement } from './fact.ts';
import { newsOfRecord, type RecordMemory } from './record-news.ts';
import { NO_TICKETS, rememberTicket, type TicketMemory } from './repetition.ts';

/** A value and the instant from which it holds. */
export interface Dated<T> {
  from: Instant;
  value: T;
}

/** A grant as folded: bound to the period of employment it was given in. */
export interface Grant extends Omit<GrantStatement, 'until'> {
  source: string;
  until: Instant | null;
  period: number;
}

/** Everything the facts say, before it is asked what holds at an instant. Plain data: it is also what old facts are folded into. */
export interface Folded {
  zone: string;
  employments: Employments;
  /** Per attribute, what holds from when; in order of both `occurredAt` and `from`, since a newer word voids an older one for a later day. */
  attributes: Record<string, Dated<string | null>[]>;
  email: Dated<string>[];
  /** Every address the person was ever named by. */
  addresses: string[];
  /** Per grant key, in the same order as attributes. */
  grants: Record<string, Dated<Grant>[]>;
  /** What looked-up records said last. */
  records: RecordMemory;
  tickets: TicketMemory;
}

/** The fold's result, with the facts that need a person's attention. */
export interface FoldResult extends Folded {
  attention: Record<string, JobErrorCode>;
  /** When each fact comes into force. */
  effectiveAt: Record<string, Instant>;
  /** What each fact says that was not said before: a record, once looked up, repeats itself. */
  news: Record<string, Fact>;
}

/** Nothing known yet. */
export function nothingFolded(defaultZone: string): Folded {
  return {
    zone: defaultZone,
    employments: { periods: [], opened: 0 },
    attributes: {},
    email: [],
    addresses: [],
    grants: {},
    records: {},
    tickets: NO_TICKETS,
  };
}

/**
 * Folds facts, in whatever order they are given, onto a base. The base is left as it is.
 * @param without which facts are left unsaid.
 */
export function foldFacts(
  facts: readonly Fact[],
  base: Folded,
  without: (fact: Fact) => boolean = () => false,
): FoldResult {
  const folded: FoldResult = { ...copyOf(base), attention: {}, effectiveAt: {}, news: {} };
  const inOrder = [...facts].sort(compareFacts);
  for (const fact of inOrder) {
    if (!without(fact)) foldFact(folded, fact, inOrder);
    // What is left out is left unsaid; that its record said it is remembered all the same.
    else if (fact.record) newsOfRecord(folded, fact, inOrder);
  }
  return folded;
}

/** What folding writes to is copied; lists of words are replaced as a whole and may be shared. (`structuredClone` took most of a fold.) */
function copyOf(base: Folded): Folded {
  const { periods, opened } = base.employments;
  const ownPeriods = periods.map((period) => ({
    ...period,
    endedBy: [...period.endedBy],
    numbers: [...period.numbers],
  }));
  return {
    ...base,
    employments: { periods: ownPeriods, opened },
    attributes: { ...base.attributes },
    addresses: [...base.addresses],
    grants: { ...base.grants },
    records: { ...base.records },
  };
}

function foldFact(folded: FoldResult, fact: Fact, all: readonly Fact[]): void {
  folded.zone = fact.timeZone ?? folded.zone;
  const news = fact.record ? newsOfRecord(folded, fact, all) : fact;
  const from = inForceFrom(news, folded.zone);
  folded.effectiveAt[fact.id] = from;
  folded.news[fact.id] = news;
  folded.tickets = rememberTicket(folded.tickets, fact, foldEmployment(folded, news, from));
  foldEmail(folded, news, from);
  for (const [name, value] of Object.entries(news.attributes)) {
    folded.attributes[name] = say(folded.attributes[name], { from, value });
  }
  if (news.grant) foldGrant(folded, news, news.grant, from);
}

/** What else a record says of somebody who has begun holds from when it was said, not from their first day on. */
function inForceFrom(news: Fact, zone: string): Instant {
  const from = effectiveFrom(news, zone);
  return news.record && !news.employment && from < news.occurredAt ? news.occurredAt : from;
}

/** Folds what a fact says of the employment, and answers what that came to. */
function foldEmployment(folded: FoldResult, fact: Fact, at: Instant): 'start' | 'end' | null {
  const statement = { at, said: fact.occurredAt, source: fact.source };
  switch (fact.employment) {
    case 'end':
      endEmployment(folded.employments, statement);
      settle(folded, 'employment-unknown', 'hire-begun');
      return 'end';
    case 'withdrawal':
      if (withdrawHire(folded.employments, statement)) return 'end';
      folded.attention[fact.id] = 'hire-begun';
      return null;
    case 'start':
      if (!startEmployment(folded.employments, statement)) {
        folded.attention[fact.id] = 'ended-elsewhere';
        return null;
      }
      settle(folded, 'employment-unknown', 'ended-elsewhere', 'hire-begun');
      return 'start';
    default:
      return null;
  }
}

/** What waited for a word on the employment needs nobody's attention any more. */
function settle({ attention }: FoldResult, ...codes: JobErrorCode[]): void {
  for (const [id, code] of Object.entries(attention)) if (codes.includes(code)) delete attention[id];
}

function foldEmail(folded: Folded, fact: Fact, from: Instant): void {
  const { email, previousEmail, externalId } = fact;
  // An old address alone only names the person; with an employee id or the previous address it says what the address is.
  const onlyNames = !externalId && !previousEmail && email !== undefined && folded.addresses.includes(email);
  for (const address of [previousEmail, email]) {
    if (address && !folded.addresses.includes(address)) folded.addresses.push(address);
  }
  if (email === undefined || onlyNames) return;
  if (fact.mayRename || folded.email.length === 0) folded.email = say(folded.email, { from, value: email });
}

function foldGrant(folded: FoldResult, fact: Fact, statement: GrantStatement, from: Instant): void {
  const period = periodOfGrant(folded.employments, fact.occurredAt, from);
  if (period === null) return;
  if (period === 'unknown') folded.attention[fact.id] ??= 'employment-unknown';
  const until = statement.until ? effectiveInstant(statement.until, folded.zone, 'end') : null;
  const value = { ...statement, source: fact.source, until, period: period === 'unknown' ? FIRST_PERIOD : period };
  const key = `${fact.source}:${statement.key}`;
  folded.grants[key] = say(folded.grants[key], { from, value });
}

/** The period a grant belongs to: the one it comes into force in, else the one it is given in or the one to come; `null` for somebody who has left. */
function periodOfGrant({ periods }: Employments, said: Instant, from: Instant): number | 'unknown' | null {
  const last = periods.at(-1);
  if (!last) return 'unknown';
  if (hasEnded(last, said)) return null;
  const held = periodAt(periods, from > said ? from : said) ?? periodAt(periods, said) ?? last;
  return held.start === null ? 'unknown' : (held.numbers.at(-1) ?? null);
}

/** Adds a newer word: it voids the older ones that were meant for the same day or a later one. */
function say<T>(said: Dated<T>[] | undefined, word: Dated<T>): Dated<T>[] {
  return [...(said ?? []).filter(({ from }) => from < word.from), word];
}
