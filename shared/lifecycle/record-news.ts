/** What is new in a looked-up record: a member that repeats what the source said before of the same employee is no statement. */
import { effectiveInstant } from './effective-date.ts';
import { type Employments, hasEnded } from './employment.ts';
import { effectiveFrom, type Fact } from './fact.ts';

/** What an employee's record said last, by the names of `recordMember` and of attributes. */
type Said = Record<string, string | null>;

/** Per source and employee id, since one person may have several records in a system. */
export type RecordMemory = Record<string, Record<string, Said>>;

interface Known {
  zone: string;
  employments: Employments;
  records: RecordMemory;
}

/** What a record of the fact's employee said before. */
export function saidBefore({ records }: Pick<Known, 'records'>, { source, externalId = '' }: Fact): Said {
  return records[source]?.[externalId] ?? {};
}

/** What of employment a fact states, and the date; `undefined` where it states nothing. */
export function recordMember({ employment, former, effectiveAt, occurredAt }: Fact): [string, string] | undefined {
  if (employment === undefined) return undefined;
  // It is the hire that is withdrawn, on whatever day that is heard.
  if (employment === 'withdrawal') return [employment, 'stated'];
  return [former ? 'formerEnd' : employment, effectiveAt ?? occurredAt];
}

/**
 * Leaves out what the record said before, and remembers what it says now. A record that states a passed end starts nothing, nor does one whose
 * first day lies before an end that its source has stated and that has passed: it says when they came, not that they came back.
 */
export function newsOfRecord(known: Known, fact: Fact, all: readonly Fact[]): Fact {
  const before = saidBefore(known, fact);
  const { employment, email, ...rest } = fact;
  const member = recordMember(fact);
  const now = { ...fact.attributes, ...(email && { email }), ...(member && { [member[0]]: member[1] }) };
  const isNew = ([name, value]: [string, string | null]) => before[name] !== value;
  const takesBack = fact.endsNever === true && before['end'] != null;
  const speaks =
    member !== undefined &&
    (takesBack || isNew(member)) &&
    (employment !== 'start' || isStart(known, fact, { all, takesBack })) &&
    !(employment === 'end' && isFollowed(known, fact));
  remember(known, fact, { ...before, ...now, ...voided(employment, speaks, takesBack) });
  return {
    ...rest,
    ...(speaks && { employment }),
    ...(email && isNew(['email', email]) && { email }),
    attributes: Object.fromEntries(Object.entries(fact.attributes).filter(isNew)),
  };
}

function remember({ records }: Known, { source, externalId = '' }: Fact, said: Said): void {
  records[source] = { ...records[source], [externalId]: said };
}

/** A start takes an end away, and a withdrawal the hire: what the record states of them after that is stated anew. */
function voided(employment: Fact['employment'], speaks: boolean, takesBack: boolean): Said {
  if (takesBack || (speaks && employment === 'start')) return { end: null, withdrawal: null };
  return employment === 'withdrawal' ? { start: null, end: null } : {};
}

function isStart(known: Known, fact: Fact, { all, takesBack }: { all: readonly Fact[]; takesBack: boolean }): boolean {
  if (all.some((other) => isPassedEnd(other, fact, known.zone))) return false;
  return takesBack || !isBeforeOwnEnd(known, fact);
}

/** Whether another fact is the end that the same record states, and that end has passed. */
function isPassedEnd(other: Fact, fact: Fact, zone: string): boolean {
  const isSameRecord =
    other.record &&
    other.source === fact.source &&
    other.externalId === fact.externalId &&
    other.occurredAt === fact.occurredAt;
  if (!isSameRecord || other.employment !== 'end' || other.former) return false;
  return !other.effectiveAt || effectiveInstant(other.effectiveAt, other.timeZone ?? zone, 'end') <= fact.occurredAt;
}

/** Whether another record of the system says that the person came back after this end, works there now and leaves on no day. */
function isFollowed({ records, zone }: Known, fact: Fact): boolean {
  const { source, externalId = '', effectiveAt, occurredAt } = fact;
  return Object.entries(records[source] ?? {}).some(([id, { start, end }]) => {
    if (id === externalId || start == null || end != null || !effectiveAt || start <= effectiveAt) return false;
    return effectiveFrom({ ...fact, type: 'onboard', effectiveAt: start }, zone) <= occurredAt;
  });
}

function isBeforeOwnEnd({ employments, zone }: Known, fact: Fact): boolean {
  const last = employments.periods.at(-1);
  if (!last?.end || !hasEnded(last, fact.occurredAt) || !last.endedBy.includes(fact.source)) return false;
  return effectiveFrom(fact, zone) < last.end;
}
