/** The person: facts, account, and what is under way. One item in the ledger, written as a whole under its version. */
import type { AccessPolicy } from './access-policy.ts';
import { type Account, nextReassertion, unansweredIntent } from './account.ts';
import { type DesiredAccess, desiredAccess } from './desired-access.ts';
import type { Instant } from './effective-date.ts';
import type { JobErrorCode } from './errors.ts';
import type { EventType } from './event.ts';
import { compareFacts, type Fact, jobIdOf } from './fact.ts';
import { type Folded, type FoldResult, foldFacts, nothingFolded } from './fold.ts';
import { holdsAccess } from './guard.ts';
import type { JobStatus, Outcome, Wake } from './job.ts';
import { boundaries, endOf, type Snapshot, snapshotAt } from './snapshot.ts';

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

/** Whether an attempt needs a person to act; a leaver's may go on all the same. */
export function needsPerson({ error, nextAt }: Attempt): boolean {
  return nextAt === null || error === 'no-outcome' || error === 'crashed';
}

/** A job of this person that is not finished. */
export interface OpenJob {
  jobId: string;
  status: JobStatus;
  /** Calls to Conscent made on its behalf. */
  attempts: number;
  /** What its call came to, until the job has been told. */
  outcome?: Outcome;
  /** What a looked-up record turned out to say; events say it themselves. */
  type?: EventType;
  /** An operator withdrew its fact; the job has yet to be told. */
  isCancelled?: true;
  /** Its fact has been folded into the base. */
  folded?: { type: EventType; effectiveAt: Instant };
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
  /** No password is set before then: one that was never answered may still land. */
  passwordAfter: Instant | null;
  /** An operator let the loss of access through that the guard had stopped. */
  isReleased: boolean;
  open: OpenJob[];
  /** The words of tickets, by ticket, that an operator has withdrawn. */
  withdrawn?: Record<string, string>;
  history: HistoryEntry[];
  /** The next wake, as last settled. */
  wakeAt: Instant | null;
  /** Since when it has been known that they should lose their access, until Conscent has said that they have. */
  leavingSince: Instant | null;
  /** Set on somebody who turned out to be another person: everything is there. */
  mergedInto: string | null;
  policyHash: string | null;
}

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
    passwordAfter: null,
    isReleased: false,
    open: [],
    history: [],
    wakeAt: null,
    leavingSince: null,
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
  return foldFacts(person.facts, person.base ?? nothingFolded(defaultZone), without);
}

/** Adds the facts of one job. Adding them twice is adding them once. Returns `null` where they are older than the base. */
export function addFacts(person: Person, facts: readonly Fact[], type?: EventType): Person | null {
  let added: Person | null = person;
  for (const fact of facts) added = added && addFact(added, fact);
  if (!added || type === undefined) return added;
  const jobIds = facts.map(jobIdOf);
  return { ...added, open: added.open.map((job) => (jobIds.includes(job.jobId) ? { ...job, type } : job)) };
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
    open: opened(person.open, jobIdOf(fact)),
  };
}

/** The open jobs, and that one. */
export function opened(open: OpenJob[], jobId: string): OpenJob[] {
  return open.some((job) => job.jobId === jobId) ? open : [...open, { jobId, status: 'queued', attempts: 0 }];
}

// No plan has such a step, so that whatever is planned next is not kept waiting.
const ANY_STEP = 'any';

/** Somebody whose wake-ups no worker survives. Nothing is folded or planned for it: that may be what they die of. */
export function crashedPerson(person: Person, nextAt: Instant): Person {
  return { ...person, attempt: { step: ANY_STEP, failures: 0, error: 'crashed', nextAt } };
}

/** A person at an instant, with what the policy gives. */
export interface View extends Snapshot {
  desired: DesiredAccess;
}

/** What is known of a person at an instant and what they should hold then. */
export function viewAt(folded: Folded, policy: AccessPolicy, at: Instant): View {
  const snapshot = snapshotAt(folded, at);
  return { ...snapshot, desired: desiredAccess(snapshot, policy) };
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
    view.desired === 'none' && person.attempt === null ? nextReassertion(person.account, endOf(view.employment)) : null,
    boundaries(folded, now)[0],
    // A fact may come into force without changing anything; its job waits for the date all the same.
    ...person.open
      .flatMap((job) => job.folded?.effectiveAt ?? effectiveOf(job, person, folded))
      .filter((at) => at !== undefined && at > now),
  ].filter((at): at is Instant => at != null);
  const at = candidates.sort()[0];
  return at === undefined ? null : { at, isLeaver: losesAccess(person, viewAt(folded, policy, at).desired) };
}

function effectiveOf({ jobId }: OpenJob, { facts }: Person, { effectiveAt }: FoldResult): (Instant | undefined)[] {
  return facts.filter((fact) => jobIdOf(fact) === jobId).map(({ id }) => effectiveAt[id]);
}

/** Whether somebody should hold nothing while Conscent has not said that they do. */
export function losesAccess({ account }: Person, desired: DesiredAccess): boolean {
  return desired === 'none' && account !== null && !(account.state === 'linked' && account.access === 'none');
}

/** A claim that ran out belonged to a worker that died: its call counts as unanswered. */
export function letGo(person: Person, repeatsCreate: boolean): Person {
  if (person.claim === null) return person;
  const { account } = person;
  return { ...person, claim: null, account: account?.intent ? unansweredIntent(account, repeatsCreate) : account };
}

/**
 * `held`: a leaver whom the guard, or an operator's stop of every write, keeps from losing access. `active`: holds access, as far as is known.
 * Who is held is active too, and named once.
 */
export type Standing = 'held' | 'active';

/** How a person stands, for the guard, which must find those who are held and count those who hold access. */
export function standingOf({ account, attempt }: Person): Standing | null {
  if (attempt?.error === 'held' || (attempt?.error === 'writes-paused' && attempt.step === 'revoke')) return 'held';
  return holdsAccess(account) ? 'active' : null;
}

/** Adds to the audit; the oldest entries give way. */
export function record(person: Person, entry: HistoryEntry): Person {
  return { ...person, history: [...person.history, entry].slice(-MAX_HISTORY) };
}
