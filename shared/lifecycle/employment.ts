/**
 * Employment as a list of periods, folded from onboards and offboards (DESIGN rule 1's table, rule 3's authority).
 *
 *   onboard S ──┬─ nothing known, or the last period has ended ── opens a period at S
 *               ├─ a period that has not begun ────────────────── moves its start to S
 *               ├─ employed, no end or an end not before S ────── takes the end away
 *               └─ employed, an end before S ──────────────────── opens the next period at S
 */
import type { Instant } from './effective-date.ts';

/** One stretch of employment, `[start, end)`. */
export interface Period {
  /** `null`: an end was stated for somebody whose start was never heard of. */
  start: Instant | null;
  end: Instant | null;
  /** The sources that stated an end of it. They, and `api`, may take it away. */
  endedBy: string[];
  /** Tell periods apart for the grants that belong to them. Several where periods turned out to be one. */
  numbers: number[];
}

/** All that was ever said of somebody's employment. */
export interface Employments {
  periods: Period[];
  /** How many periods were ever opened; no number is given twice, so that a grant never comes back with a later one. */
  opened: number;
}

/** The number of the first period, heard of by its start or by its end alone. Grants given while employment is unknown belong to it. */
export const FIRST_PERIOD = 1;

/** What a source says of employment. */
export interface EmploymentStatement {
  /** When it comes into force. */
  at: Instant;
  /** When it was said. */
  said: Instant;
  source: string;
}

/** Folds an onboard in. Returns `false`, and changes nothing, where only another source may take the end away. */
export function startEmployment(employments: Employments, statement: EmploymentStatement): boolean {
  const { at, said, source } = statement;
  const last = employments.periods.at(-1);
  if (!last) return open(employments, statement);
  if (hasEnded(last, said)) return mayFollow(last, source) && open(employments, statement);
  if (!hasBegun(last, said)) return moveStart(employments, last, statement);
  if (last.end === null) return true;
  if (!mayFollow(last, source)) return false;
  return last.end < at ? open(employments, statement) : takeEndAway(employments, last, statement);
}

/** Folds an offboard in. */
export function endEmployment(employments: Employments, { at, said, source }: EmploymentStatement): void {
  const { periods } = employments;
  const last = periods.at(-1);
  if (!last) {
    employments.opened = FIRST_PERIOD;
    periods.push({ start: null, end: at, endedBy: [source], numbers: [FIRST_PERIOD] });
  } else if (hasEnded(last, said)) {
    // It never moves, but a source that states it again may also take it away again.
    addSource(last, source);
  } else {
    withdraw(periods, at, said);
    const left = periods.at(-1);
    // Whoever cancelled the only hire there was has stated its end: an empty period remembers that.
    if (!left) periods.push({ start: said, end: said, endedBy: [source], numbers: [] });
    if (!left || hasEnded(left, said)) return;
    left.end = at;
    addSource(left, source);
  }
}

/**
 * Folds a cancelled hire in: what has not begun is withdrawn. Returns `false`, and changes nothing, where the last period has begun and goes
 * on: a hire that was taken back says nothing of somebody who works there.
 */
export function withdrawHire({ periods }: Employments, { said, source }: EmploymentStatement): boolean {
  const last = periods.at(-1);
  if (!last) return true;
  if (hasBegun(last, said)) return hasEnded(last, said);
  withdraw(periods, said, said);
  if (periods.length === 0) periods.push({ start: said, end: said, endedBy: [source], numbers: [] });
  return true;
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

function open(employments: Employments, { at, said }: EmploymentStatement): true {
  employments.opened += 1;
  employments.periods.push({ start: at, end: null, endedBy: [], numbers: [employments.opened] });
  unite(employments.periods, said);
  return true;
}

function takeEndAway({ periods }: Employments, last: Period, { at, said }: EmploymentStatement): true {
  // Where the start was never heard of, employment is known from this onboard on.
  Object.assign(last, { start: last.start ?? at, end: null, endedBy: [] });
  unite(periods, said);
  return true;
}

function moveStart({ periods }: Employments, last: Period, { at, said, source }: EmploymentStatement): boolean {
  const previous = periods.at(-2);
  const meetsPrevious = previous?.end != null && at <= previous.end;
  const passesEnd = last.end !== null && last.end <= at;
  if (meetsPrevious && !mayFollow(previous, source)) return false;
  if (passesEnd && !mayFollow(last, source)) return false;
  last.start = at;
  if (passesEnd) Object.assign(last, { end: null, endedBy: [] });
  unite(periods, said);
  return true;
}

/** Takes away the periods that have not begun and would not begin before the end: a cancelled hire. */
function withdraw(periods: Period[], end: Instant, said: Instant): void {
  const isWithdrawn = ({ start }: Period) => start !== null && start > said && start >= end;
  for (let last = periods.at(-1); last && isWithdrawn(last); last = periods.at(-1)) periods.pop();
}

/** Periods that touch or overlap are one: the last swallows those it reaches. Grants live on in it, unless their employment had ended. */
function unite(periods: Period[], said: Instant): void {
  for (let pair = periods.slice(-2); pair.length === 2; pair = periods.slice(-2)) {
    const [previous, last] = pair as [Period, Period];
    if (previous.end !== null && last.start !== null && last.start > previous.end) return;
    const numbers = hasEnded(previous, said) ? last.numbers : [...previous.numbers, ...last.numbers];
    periods.splice(-2, 2, { ...last, start: earlier(previous.start, last.start), numbers });
  }
}

function earlier(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}
