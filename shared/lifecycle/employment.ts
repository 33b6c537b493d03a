/**
 * Employment as a list of periods, folded from onboards and offboards (DESIGN rule 1's table, rule 3's authority).
 *
 *   onboard S ──┬─ nothing known, or the last period has ended ── opens a period at S
 *               ├─ a period that has not begun ────────────────── moves its start to S
 *               ├─ employed, no end or an end not before S ────── takes the end away
 *               └─ employed, an end before S ──────────────────── opens the next period at S
 */
import type { Instant } from './ports.ts';

/** One stretch of employment, `[start, end)`. */
export interface Period {
  /** Tells periods apart for the grants that belong to them; an opened period never has the number of an earlier one. */
  number: number;
  /** `null`: an end was stated for somebody whose start was never heard of. */
  start: Instant | null;
  end: Instant | null;
  /** The sources that stated an end of it. They, and `api`, may take it away. */
  endedBy: string[];
}

/** The number of the first period that is known to begin. Grants given while employment is unknown belong to it. */
export const FIRST_PERIOD = 1;
const UNHEARD_OF = 0;

/** What a source says of employment. */
export interface EmploymentStatement {
  /** When it comes into force. */
  at: Instant;
  /** When it was said. */
  said: Instant;
  source: string;
}

/** Folds an onboard in. Returns `false`, and changes nothing, where only another source may take the end away. */
export function startEmployment(periods: Period[], statement: EmploymentStatement): boolean {
  const last = periods.at(-1);
  if (!last) return open(periods, statement.at);
  if (hasEnded(last, statement.said)) return mayFollow(last, statement.source) && open(periods, statement.at);
  if (!hasBegun(last, statement.said)) return moveStart(periods, last, statement);
  if (last.end === null) return true;
  if (!mayFollow(last, statement.source)) return false;
  return last.end < statement.at ? open(periods, statement.at) : takeEndAway(periods, last, statement.at);
}

/** Folds an offboard in. */
export function endEmployment(periods: Period[], { at, said, source }: EmploymentStatement): void {
  const last = periods.at(-1);
  if (last && hasEnded(last, said)) {
    addSource(last, source);
    return;
  }
  const withdrawn = withdraw(periods, at, said);
  const left = periods.at(-1);
  if (left && !hasEnded(left, said)) {
    left.end = at;
    addSource(left, source);
  } else if (withdrawn) {
    // A cancelled hire leaves an empty period, so that the end is known and has its source.
    periods.push({ number: nextNumber(withdrawn), start: said, end: said, endedBy: [source] });
  } else {
    periods.push({ number: UNHEARD_OF, start: null, end: at, endedBy: [source] });
  }
}

/** The period that holds an instant. */
export function periodAt(periods: readonly Period[], at: Instant): Period | undefined {
  return periods.find(({ start, end }) => (start === null || start <= at) && (end === null || at < end));
}

/** Whether a period's end has passed. */
export function hasEnded(period: Period, at: Instant): boolean {
  return period.end !== null && period.end <= at;
}

function hasBegun(period: Period, at: Instant): boolean {
  return period.start === null || period.start <= at;
}

function mayFollow(period: Period, source: string): boolean {
  return source === 'api' || period.endedBy.includes(source);
}

function addSource(period: Period, source: string): void {
  if (!period.endedBy.includes(source)) period.endedBy.push(source);
}

function nextNumber(last: Period | undefined): number {
  return last ? last.number + 2 : FIRST_PERIOD;
}

function open(periods: Period[], start: Instant): true {
  periods.push({ number: nextNumber(periods.at(-1)), start, end: null, endedBy: [] });
  unite(periods);
  return true;
}

function takeEndAway(periods: Period[], last: Period, at: Instant): true {
  // Where the start was never heard of, employment is known from this onboard on, as a new period.
  if (last.start === null) Object.assign(last, { start: at, number: FIRST_PERIOD });
  last.end = null;
  last.endedBy = [];
  unite(periods);
  return true;
}

function moveStart(periods: Period[], last: Period, { at, source }: EmploymentStatement): boolean {
  const previous = periods.at(-2);
  const meetsPrevious = previous?.end != null && at <= previous.end;
  const passesEnd = last.end !== null && last.end <= at;
  if (meetsPrevious && !mayFollow(previous, source)) return false;
  if (passesEnd && !mayFollow(last, source)) return false;
  last.start = at;
  if (passesEnd) Object.assign(last, { end: null, endedBy: [] });
  unite(periods);
  return true;
}

/** Takes away the periods that have not begun and would not begin before the end; returns the last of them. */
function withdraw(periods: Period[], end: Instant, said: Instant): Period | undefined {
  let withdrawn: Period | undefined;
  for (
    let last = periods.at(-1);
    last && !hasBegun(last, said) && last.start !== null && last.start >= end;
    last = periods.at(-1)
  ) {
    withdrawn ??= last;
    periods.pop();
  }
  return withdrawn;
}

/** Periods that touch or overlap are one: the last swallows those it reaches. */
function unite(periods: Period[]): void {
  for (let previous = periods.at(-2); previous && reaches(periods.at(-1), previous); previous = periods.at(-2)) {
    const last = periods.pop() as Period;
    periods.pop();
    periods.push({ ...last, start: earlier(previous.start, last.start) });
  }
}

function reaches(last: Period | undefined, previous: Period): boolean {
  return last !== undefined && (previous.end === null || last.start === null || last.start <= previous.end);
}

function earlier(a: Instant | null, b: Instant | null): Instant | null {
  return a === null || b === null ? (a === null ? b : a) : a < b ? a : b;
}
