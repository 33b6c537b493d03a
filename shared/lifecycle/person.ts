/** The person: facts, account, and what is under way. One item in the ledger, written as a whole under its version. */
import type { AccessPolicy } from './access-policy.ts';
import { type Account, nextReassertion } from './account.ts';
import { type DesiredAccess, desiredAccess } from './desired-access.ts';
import type { JobErrorCode } from './errors.ts';
import { compareFacts, type Fact } from './fact.ts';
import { boundaries, type Folded, type FoldResult, fold, foldFacts, nothingFolded, type Snapshot } from './fold.ts';
import type { JobStatus, Outcome } from './job.ts';
import type { Instant } from './ports.ts';

/** The exclusive right to call Conscent for a person, which runs out by itself. */
export interface Claim {
  id: string;
  until: Instant;
}

/** The step under way, as far as it has failed. */
export interface Attempt {
  /** The step it is about; another step starts afresh. */
  step: string;
  failures: number;
  error: JobErrorCode;
  /** When it is tried again; `null`: only when a person acts or the step changes. */
  nextAt: Instant | null;
}

/** A job of this person that is not finished. */
export interface OpenJob {
  jobId: string;
  status: JobStatus;
  /** Calls to Conscent made on its behalf. */
  attempts: number;
  /** What its call came to, until the job has been told. */
  outcome?: Outcome;
}

/** Something that happened to the person's account, for the audit. `by` is a token's name where an operator did it. */
export interface HistoryEntry {
  at: Instant;
  what: string;
  by?: string;
}

export interface Person {
  id: string;
  /** Grows with every write; 0 has never been written. */
  version: number;
  /** Old facts, folded. */
  base: Folded | null;
  /** The `occurredAt` of the newest fact in the base; what is older comes too late. */
  baseUntil: Instant | null;
  facts: Fact[];
  externalIds: { source: string; externalId: string }[];
  account: Account | null;
  claim: Claim | null;
  /** Claims in a row that ended without an outcome. */
  claims: number;
  attempt: Attempt | null;
  open: OpenJob[];
  history: HistoryEntry[];
  /** Set on somebody who turned out to be another person: everything is there. */
  mergedInto: string | null;
  policyHash: string | null;
}

// DynamoDB takes items of 400 KB; the base, the history and the open jobs need room too.
const MAX_FACTS = 200;
const MAX_FACT_BYTES = 200_000;
const MAX_HISTORY = 100;

/** Somebody of whom nothing is known. */
export function newPerson(id: string): Person {
  return {
    id,
    version: 0,
    base: null,
    baseUntil: null,
    facts: [],
    externalIds: [],
    account: null,
    claim: null,
    claims: 0,
    attempt: null,
    open: [],
    history: [],
    mergedInto: null,
    policyHash: null,
  };
}

/** Folds all that is known of a person, less the facts that are left out. */
export function foldPerson(
  person: Person,
  defaultZone: string,
  without: (fact: Fact) => boolean = () => false,
): FoldResult {
  return foldFacts(
    person.facts.filter((fact) => !without(fact)),
    person.base ?? nothingFolded(defaultZone),
  );
}

/** Adds a fact and the job that brought it. Adding it twice is adding it once. Returns `null` where the fact is older than the base. */
export function addFact(person: Person, fact: Fact): Person | null {
  if (person.facts.some(({ id }) => id === fact.id)) return person;
  if (person.baseUntil !== null && fact.occurredAt <= person.baseUntil) return null;
  const { source, externalId } = fact;
  const isKnown = person.externalIds.some((known) => known.source === source && known.externalId === externalId);
  return {
    ...person,
    facts: [...person.facts, fact].sort(compareFacts),
    externalIds:
      externalId === undefined || isKnown ? person.externalIds : [...person.externalIds, { source, externalId }],
    open: [...person.open, { jobId: fact.id, status: 'queued', attempts: 0 }],
  };
}

/**
 * Keeps the facts bounded. First go attribute changes that a newer word in force has wholly replaced: no fact that may still come can bring
 * them back. Only where that is not enough are the oldest facts folded into the base.
 */
export function compact(person: Person, defaultZone: string, now: Instant): Person {
  if (surplusOf(person.facts) === 0) return person;
  const isOpen = (fact: Fact) => person.open.some(({ jobId }) => jobId === fact.id);
  const kept = person.facts.filter((fact) => isOpen(fact) || !isReplaced(fact, person, now));
  const firstOpen = kept.findIndex(isOpen);
  const old = kept.slice(0, firstOpen === -1 ? surplusOf(kept) : Math.min(surplusOf(kept), firstOpen));
  const last = old.at(-1);
  if (!last) return { ...person, facts: kept };
  const { attention, effectiveAt, ...base } = foldFacts(old, person.base ?? nothingFolded(defaultZone));
  return { ...person, facts: kept.slice(old.length), base, baseUntil: last.occurredAt };
}

/** How many of the oldest facts are too many, by number and by size. */
function surplusOf(facts: readonly Fact[]): number {
  const encoder = new TextEncoder();
  let bytes = 0;
  const newest = facts.toReversed().findIndex((fact, index) => {
    bytes += encoder.encode(JSON.stringify(fact)).length;
    return index >= MAX_FACTS || bytes > MAX_FACT_BYTES;
  });
  return newest === -1 ? 0 : facts.length - newest;
}

function isReplaced(fact: Fact, { facts }: Person, now: Instant): boolean {
  if (fact.employment || fact.grant || fact.record || fact.timeZone || fact.previousEmail || fact.effectiveAt)
    return false;
  const at = facts.indexOf(fact);
  const inForce = facts
    .slice(at + 1)
    .filter((other) => !other.effectiveAt && other.occurredAt <= now && other.mayRename);
  return (
    addsNoAddress(fact, facts.slice(0, at), inForce) &&
    Object.keys(fact.attributes).every((name) => inForce.some((other) => name in other.attributes))
  );
}

/** Whether an address says nothing that older facts, or newer ones with the employee id, do not say too. */
function addsNoAddress({ email, externalId }: Fact, older: readonly Fact[], newer: readonly Fact[]): boolean {
  if (email === undefined || newer.some((other) => other.email === email && other.externalId !== undefined))
    return true;
  return externalId === undefined && older.some((other) => other.email === email || other.previousEmail === email);
}

/** A person at an instant, with what the policy gives. */
export interface View extends Snapshot {
  desired: DesiredAccess;
}

/** What is known of a person at an instant and what they should hold then. */
export function viewAt(folded: Folded, policy: AccessPolicy, at: Instant): View {
  const snapshot = fold(folded, at);
  return { ...snapshot, desired: desiredAccess(snapshot, policy) };
}

/** When somebody must be looked at again, and whether they should lose access then: leavers come first. */
export interface Wake {
  at: Instant;
  isLeaver: boolean;
}

/** The next instant at which something may be due for a person who has been settled; `null`: nothing until the next event. */
export function nextWake(person: Person, policy: AccessPolicy, defaultZone: string, now: Instant): Wake | null {
  if (person.mergedInto !== null) return null;
  const folded = foldPerson(person, defaultZone);
  const view = viewAt(folded, policy, now);
  const candidates = [
    person.claim?.until,
    person.attempt?.nextAt,
    // What is failing is tried again on its own schedule, not because it is due.
    view.desired === 'none' && person.attempt === null ? nextReassertion(person.account) : null,
    boundaries(folded, now)[0],
    // A fact may come into force without changing anything; its job waits for the date all the same.
    ...person.open.map(({ jobId }) => folded.effectiveAt[jobId]).filter((at) => at !== undefined && at > now),
  ].filter((at): at is Instant => at != null);
  const at = candidates.sort()[0];
  return at === undefined ? null : { at, isLeaver: losesAccess(person, viewAt(folded, policy, at).desired) };
}

/** Whether somebody should hold nothing while Conscent has not said that they do. */
export function losesAccess({ account }: Person, desired: DesiredAccess): boolean {
  return desired === 'none' && account !== null && !(account.state === 'linked' && account.access === 'none');
}

/** Adds to the audit; the oldest entries give way. */
export function record(person: Person, entry: HistoryEntry): Person {
  return { ...person, history: [...person.history, entry].slice(-MAX_HISTORY) };
}
