/** A fact: what one event says of a person. Never overwritten; the fold decides what of it counts. */
import { effectiveInstant, type Instant, occurredInstant } from './effective-date.ts';
import type { CanonicalEvent, EventType } from './event.ts';
import { type Permission, permissionSet } from './permission.ts';

/** A kind of statement that a source may be trusted with. An end counts from every source and needs none. */
export type Authority = 'employment' | 'attributes' | 'grants';

/** Access asked for on top of the policy. A newer grant with the same key replaces it. */
export interface GrantStatement {
  key: string;
  profile?: string;
  role?: string;
  permissions?: Permission[];
  /** A date or an instant; absent means for good. */
  until?: string;
}

export interface Fact {
  /** The id of the job that brought it; of the second fact of one job, that and what it is. */
  id: string;
  /** The job that brought it, where that is not its id. */
  jobId?: string;
  source: string;
  type: EventType;
  occurredAt: Instant;
  /** The place in the array that was posted; breaks ties. */
  position: number;
  /** A date or an instant; absent means `occurredAt`. */
  effectiveAt?: string;
  timeZone?: string;
  /** What it says of employment; absent where it says nothing or has no authority to. A withdrawal ends nothing that has begun. */
  employment?: 'start' | 'end' | 'withdrawal';
  email?: string;
  previousEmail?: string;
  externalId?: string;
  /** Whether its `email` may replace a known one. */
  mayRename: boolean;
  /** `department`, `jobTitle`, `location`, `employmentType` and `attributes.*`; `null` clears. */
  attributes: Record<string, string | null>;
  grant?: GrantStatement;
  /** The ticket that said it, by its vendor's id. */
  ticket?: string;
  /** It is a whole record that was looked up: a member that repeats the source's earlier record is no statement. */
  record?: true;
  /** It is the end of an earlier employment, which the same record states beside the first day of the coming one. */
  former?: true;
  /** The record that it is of states no end: one that it stated before is taken back. */
  endsNever?: true;
}

/** The job that brought a fact. */
export function jobIdOf({ id, jobId = id }: Pick<Fact, 'id' | 'jobId'>): string {
  return jobId;
}

/** Where an event came from and when. */
export interface Origin {
  jobId: string;
  source: string;
  receivedAt: Instant;
  position: number;
  authority: readonly Authority[];
  /** Whether an offboard takes back a hire, and so ends nothing that has begun. */
  withdraws?: true;
  ticket?: string;
}

/** A fact, and the members of its event that were left out because the source has no authority over them. */
export interface ReadFact {
  fact: Fact;
  leftOut: string[];
}

/** Reads the fact out of an event. Names are dropped here: Conscent has no field for them. */
export function factOf(event: CanonicalEvent, origin: Origin): ReadFact {
  const { type, person } = event;
  const may = (kind: Authority) => origin.authority.includes(kind);
  const attributes = attributesOf(person);
  const leftOut: string[] = [];
  const fact: Fact = {
    id: origin.jobId,
    source: origin.source,
    type,
    occurredAt: occurredInstant(event.occurredAt, type === 'offboard', origin.receivedAt),
    position: origin.position,
    mayRename: may('attributes'),
    attributes: may('attributes') ? attributes : {},
    ...pick(event, ['effectiveAt', 'timeZone']),
    ...pick(person, ['email', 'previousEmail', 'externalId']),
    ...(origin.ticket !== undefined && { ticket: origin.ticket }),
  };
  if (!may('attributes')) leftOut.push(...Object.keys(attributes));
  if (type === 'offboard') fact.employment = origin.withdraws ? 'withdrawal' : 'end';
  if (type === 'onboard' && may('employment')) fact.employment = 'start';
  if (type === 'onboard' && !may('employment')) leftOut.push('employment');
  if (event.access && may('grants')) fact.grant = grantOf(event, event.access);
  if (event.access && !may('grants')) leftOut.push('access');
  return { fact, leftOut };
}

function attributesOf(person: CanonicalEvent['person']): Record<string, string | null> {
  const named = pick(person, ['department', 'jobTitle', 'location', 'employmentType']);
  const own = Object.entries(person.attributes ?? {}).map(([name, value]) => [`attributes.${name}`, value]);
  return { ...named, ...Object.fromEntries(own) };
}

function grantOf(event: CanonicalEvent, access: NonNullable<CanonicalEvent['access']>): GrantStatement {
  const granted = Object.entries(access.permissions ?? {}).filter(([, on]) => on);
  return {
    key: event.reference ?? access.profile ?? 'direct',
    ...pick(access, ['profile', 'role', 'until']),
    ...(access.permissions && { permissions: permissionSet(granted.map(([name]) => name as Permission)) }),
  };
}

function pick<T extends object, K extends keyof T>(
  from: T,
  keys: readonly K[],
): { [P in K]?: Exclude<T[P], undefined> } {
  const entries = keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]);
  return Object.fromEntries(entries) as { [P in K]?: Exclude<T[P], undefined> };
}

/**
 * The order in which facts are folded: by `occurredAt`; of two at one instant an end comes last, then the later in the array, then job id.
 */
export function compareFacts(a: Fact, b: Fact): number {
  return (
    compare(a.occurredAt, b.occurredAt) ||
    compare(takesAway(a), takesAway(b)) ||
    compare(a.position, b.position) ||
    compare(a.id, b.id)
  );
}

function takesAway({ employment, former }: Fact): boolean {
  // A former end comes before the hire that its record states beside it.
  if (former) return false;
  return employment === 'end' || employment === 'withdrawal';
}

function compare<T extends string | number | boolean>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What a fact says of employment and of nothing else: an end always finds room. */
export function employmentOnly({ grant, email, previousEmail, ...fact }: Fact): Fact {
  return { ...fact, attributes: {} };
}

/** When a fact comes into force. @param zone for a date that came without one. */
export function effectiveFrom({ type, effectiveAt, timeZone, occurredAt }: Fact, zone: string): Instant {
  if (!effectiveAt) return occurredAt;
  return effectiveInstant(effectiveAt, timeZone ?? zone, type === 'offboard' ? 'end' : 'start');
}

/** What a fact speaks of: `start`, `end`, each attribute, its grant; `email` where it speaks of nothing else. */
export function subjectsOf(fact: Fact): string[] {
  const subjects = [
    ...(fact.employment ? [fact.employment] : []),
    ...Object.keys(fact.attributes),
    ...(fact.grant ? [`grant:${fact.source}:${fact.grant.key}`] : []),
  ];
  return subjects.length > 0 ? subjects : ['email'];
}
