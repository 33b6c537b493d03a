/**
 * The oracle: what DESIGN §3 says of a set of events, written down a second time, slowly and obviously.
 * Nothing here knows the code under test; only types and the list of permissions are shared.
 */
import type { AccessPolicy } from '../../shared/lifecycle/access-policy.ts';
import type { CanonicalEvent } from '../../shared/lifecycle/event.ts';
import type { Origin } from '../../shared/lifecycle/fact.ts';
import { PERMISSIONS, type Permission } from '../../shared/lifecycle/permission.ts';
import { comesIntoForce } from './oracle-dates.ts';
import { type Employments, employmentsOf, periodOf, type Span } from './oracle-employment.ts';

/** One event, where it came from, and whether it is a looked-up record. */
export interface Said {
  event: CanonicalEvent;
  origin: Origin;
  record?: true;
}

/** An event with its instants worked out. */
export interface Word extends Said {
  id: string;
  source: string;
  at: number;
  from: number;
  zone: string;
  isEnd: boolean;
}

interface Granted {
  key: string;
  from: number;
  until: number;
  access: NonNullable<CanonicalEvent['access']>;
  /** The employment it belongs to; `null`: it never counts. */
  span: Span | null;
}

export interface Answer {
  state: 'unknown' | 'employed' | 'not-employed';
  attributes: Record<string, string>;
  /** Access, every role that may stand beside it, or none of it. */
  access: { roles: string[]; permissions: Permission[] } | 'none' | 'unknown';
}

/** The words in order of `occurredAt`; of two at one instant an end last, then by position, then by job id. */
export function inOrder(saids: readonly Said[], defaultZone: string): Word[] {
  const timed = saids.map((said) => {
    const isEnd = said.event.type === 'offboard';
    return { ...said, id: said.origin.jobId, source: said.origin.source, at: occurred(said, isEnd), isEnd };
  });
  const rank = (a: (typeof timed)[number], b: (typeof timed)[number]) => [
    a.at - b.at,
    Number(a.isEnd) - Number(b.isEnd),
    a.origin.position - b.origin.position,
    a.id < b.id ? -1 : 1,
  ];
  timed.sort((a, b) => rank(a, b).find((difference) => difference !== 0) ?? 0);
  let zone = defaultZone;
  return timed.map((word) => {
    zone = word.event.timeZone ?? zone;
    const { effectiveAt } = word.event;
    const from = effectiveAt === undefined ? word.at : comesIntoForce(effectiveAt, zone, word.isEnd);
    return { ...word, from, zone };
  });
}

function occurred({ event, origin }: Said, isEnd: boolean): number {
  const received = Date.parse(origin.receivedAt);
  if (event.occurredAt === undefined) return received;
  const hasFraction = event.occurredAt.includes('.');
  const said = Date.parse(event.occurredAt) + (isEnd && !hasFraction ? 999 : 0);
  return Math.min(said, received);
}

/** Everything that is known of one person at an instant. */
export function ask(saids: readonly Said[], policy: AccessPolicy, defaultZone: string, instant: string): Answer {
  const now = Date.parse(instant);
  const words = inOrder(saids, defaultZone);
  const employments = employmentsOf(words);
  const attributes = attributesAt(words, now);
  const state = stateAt(employments, now);
  if (state !== 'employed') return { state, attributes, access: state === 'unknown' ? 'unknown' : 'none' };
  return { state, attributes, access: accessAt(attributes, grantsAt(words, employments, now), policy) };
}

function stateAt({ spans, isStated }: Employments, now: number): Answer['state'] {
  if (!isStated) return 'unknown';
  const span = periodOf(spans, now);
  if (span) return span.start === null ? 'unknown' : 'employed';
  return 'not-employed';
}

function attributesAt(words: readonly Word[], now: number): Record<string, string> {
  const held: Record<string, string | null> = {};
  for (const { event, from, origin } of words) {
    if (from > now || !origin.authority.includes('attributes')) continue;
    const { department, jobTitle, location, employmentType, attributes } = event.person;
    const own = Object.entries(attributes ?? {}).map(([name, value]) => [`attributes.${name}`, value] as const);
    const said = [...Object.entries({ department, jobTitle, location, employmentType }), ...own];
    for (const [name, value] of said) if (value !== undefined) held[name] = value;
  }
  return Object.fromEntries(Object.entries(held).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** Per key the newest word in force; it counts until its end, within the employment it was given in. */
function grantsAt(words: readonly Word[], { spans, givenIn }: Employments, now: number): Granted['access'][] {
  const newest = new Map<string, Granted>();
  for (const word of words) {
    const { access, reference } = word.event;
    if (!access || !word.origin.authority.includes('grants') || word.from > now) continue;
    const key = `${word.source} ${reference ?? access.profile ?? 'direct'}`;
    const until = access.until === undefined ? Number.POSITIVE_INFINITY : comesIntoForce(access.until, word.zone, true);
    newest.set(key, { key, from: word.from, until, access, span: givenIn.get(word.id) ?? null });
  }
  const span = periodOf(spans, now);
  return [...newest.values()]
    .filter((grant) => grant.span !== null && grant.span === span && now < grant.until)
    .map(({ access }) => access);
}

function accessAt(
  attributes: Record<string, string>,
  grants: readonly Granted['access'][],
  policy: AccessPolicy,
): Answer['access'] {
  const matching = policy.rules.filter(({ when }) =>
    Object.entries(when).every(([name, wanted]) => [wanted].flat().some((one) => one === attributes[name])),
  );
  const byRule = matching.flatMap(({ profile }) => policy.profiles[profile] ?? []);
  const byGrant = grants.flatMap((grant) =>
    grant.profile === undefined
      ? { role: grant.role ?? '', permissions: flags(grant) }
      : (policy.profiles[grant.profile] ?? []),
  );
  const all = new Set([...byRule, ...byGrant].flatMap(({ permissions }) => permissions));
  if (all.size === 0) return 'none';
  const first = byRule[0];
  const roles = first ? [first.role] : byGrant.map(({ role }) => role);
  return { roles, permissions: PERMISSIONS.filter((name) => all.has(name)) };
}

function flags({ permissions = {} }: Granted['access']): Permission[] {
  return PERMISSIONS.filter((name) => permissions[name] === true);
}

/** The jobs whose onboard wanted to undo an end that it had no say in. */
export function endedElsewhere(saids: readonly Said[], defaultZone: string): string[] {
  return employmentsOf(inOrder(saids, defaultZone)).refused;
}
