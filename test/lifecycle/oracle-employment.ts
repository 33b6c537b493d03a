/** The oracle's employment: rule 1's table and rule 3's authority, one row at a time. */
import type { Word } from './oracle.ts';

/** One stretch of employment. `start: null`: only its end was ever heard of. */
export interface Span {
  start: number | null;
  end: number | null;
  /** Who stated an end of it. */
  endedBy: Set<string>;
}

export interface Employments {
  spans: Span[];
  /** Whether an onboard or an offboard that counts was ever said. */
  isStated: boolean;
  /** Per job, the employment that a grant it brought belongs to. */
  givenIn: Map<string, Span>;
  /** Jobs whose onboard had no say over the end it would have undone, unless somebody who had one has undone it since. */
  refused: string[];
}

/** Folds words that are already in order. */
export function employmentsOf(words: readonly Word[]): Employments {
  const known: Employments = { spans: [], isStated: false, givenIn: new Map(), refused: [] };
  const early: string[] = [];
  for (const word of words) {
    const before = new Set(known.spans);
    if (word.isEnd) offboard(known, word);
    else if (word.event.type === 'onboard' && word.origin.authority.includes('employment')) onboard(known, word);
    if (word.event.access) bind(known, word, early);
    const opened = known.spans.find((span) => !before.has(span));
    // What was given while employment was unknown counts from the first employment on.
    if (opened) for (const id of early.splice(0)) known.givenIn.set(id, opened);
  }
  return known;
}

function onboard(known: Employments, { at: said, from: S, source, id }: Word): void {
  known.isStated = true;
  const last = known.spans.at(-1);
  if (last === undefined) {
    known.spans.push({ start: S, end: null, endedBy: new Set() });
    return;
  }
  const hasSay = (span: Span) => span.end === null || source === 'api' || span.endedBy.has(source);
  if (!touched(known.spans, last, S, said).every(hasSay)) {
    known.refused.push(id);
    return;
  }
  known.refused.length = 0;
  const isComing = last.start !== null && last.start > said;
  if (last.end !== null && last.end <= said) known.spans.push({ start: S, end: null, endedBy: new Set() });
  else if (isComing) {
    last.start = S;
    if (last.end !== null && last.end <= S) Object.assign(last, { end: null, endedBy: new Set() });
  } else if (last.end === null || last.end >= S) {
    last.end = null;
    last.endedBy.clear();
    last.start ??= S;
  } else known.spans.push({ start: S, end: null, endedBy: new Set() });
  unite(known, said);
}

/** The stretches whose end the onboard would take away or be followed by a new one. */
function touched(spans: readonly Span[], last: Span, S: number, said: number): Span[] {
  const isComing = last.start !== null && last.start > said && (last.end === null || last.end > said);
  if (!isComing) return [last];
  return spans.filter((span) =>
    span === last ? last.end !== null && S >= last.end : span.end !== null && span.end >= S,
  );
}

function offboard(known: Employments, { at: said, from: E, source }: Word): void {
  known.isStated = true;
  const last = known.spans.at(-1);
  if (last === undefined) {
    known.spans.push({ start: null, end: E, endedBy: new Set([source]) });
    return;
  }
  if (last.end !== null && last.end <= said) {
    last.endedBy.add(source);
    return;
  }
  known.spans = known.spans.filter(({ start }) => !(start !== null && start > said && start >= E));
  const left = known.spans.at(-1);
  // A cancelled hire with nothing before it: whoever cancelled it has stated its end.
  if (left === undefined) known.spans.push({ start: said, end: said, endedBy: new Set([source]) });
  if (left === undefined || (left.end !== null && left.end <= said)) return;
  left.end = E;
  left.endedBy.add(source);
}

/** Stretches that touch or overlap are one; grants of one that had ended have ended with it all the same. */
function unite(known: Employments, said: number): void {
  const [first, ...rest] = [...known.spans].sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  const united = first ? [first] : [];
  for (const span of rest) {
    const before = united.at(-1);
    if (before === undefined || (before.end !== null && (span.start ?? 0) > before.end)) {
      united.push(span);
      continue;
    }
    // A hire moved to before an employment takes it in as it is, and lasts as long as it did.
    if (before.end === null || (span.end !== null && span.end < before.end)) {
      const goesOn = span.end === null || span.end > said;
      for (const [id, given] of known.givenIn) if (given === span && goesOn) known.givenIn.set(id, before);
      continue;
    }
    for (const [id, given] of known.givenIn) if (given === before && before.end <= said) known.givenIn.delete(id);
    before.start ??= span.start;
    if (before.start !== null && span.start !== null) before.start = Math.min(before.start, span.start);
    before.end = span.end;
    before.endedBy = span.endedBy;
    for (const [id, given] of known.givenIn) if (given === span) known.givenIn.set(id, before);
  }
  known.spans = united;
}

/** The employment that holds at an instant. */
export function periodOf(spans: readonly Span[], at: number): Span | undefined {
  return spans.find(({ start, end }) => (start === null || start <= at) && (end === null || at < end));
}

/** Which employment a grant is given in: the one it comes into force in, else the one of its day, else the coming one. */
function bind(known: Employments, { at: said, from, id }: Word, early: string[]): void {
  if (!known.isStated) {
    early.push(id);
    return;
  }
  const coming = known.spans.find(({ start }) => start !== null && start > said);
  const now = periodOf(known.spans, said);
  if (!now && !coming) return;
  const span = periodOf(known.spans, Math.max(said, from)) ?? now ?? coming;
  if (span) known.givenIn.set(id, span);
}
