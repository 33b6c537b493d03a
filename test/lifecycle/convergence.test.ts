/** The heart: any events, any arrival, any weather — the same end, which is what DESIGN says of the facts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, plusSeconds } from '../../shared/lifecycle/effective-date.ts';
import type { Person } from '../../shared/lifecycle/person.ts';
import { saying } from './arbitrary.ts';
import { ask, inOrder, type Said } from './oracle.ts';
import { AUTHORITIES, june, RULES } from './saying.ts';
import { type Arrival, simulate } from './simulation.ts';
import type { User, Weather } from './weather.ts';

const addressesOf = (who: number) => [`one-${who}@paper.example`, `two-${who}@paper.example`] as const;

const weather: fc.Arbitrary<Weather[]> = fc.array(
  fc.constantFrom<Weather[]>(
    'fine',
    'fine',
    'silent',
    'silent-but-done',
    'lost',
    'lost-but-done',
    'unavailable',
    'throttled',
    'unauthorized',
    'no-id',
  ),
  { maxLength: 12 },
);

/** What happens to a person: an event, when it is heard (after it occurred), whether twice, and whether it renames them. */
const happening = fc.record({
  saying,
  who: fc.integer({ min: 0, max: 1 }),
  delay: fc.constantFrom(0, 1, 20, 4_000, 90_000, 200_000),
  again: fc.option(fc.constantFrom(0, 3, 5_000, 300_000)),
  rename: fc.constantFrom(null, null, null, 0, 1),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function arrivalsOf(
  { saying: { by, event, position }, who, delay, again, rename }: Happening,
  index: number,
): Arrival[] {
  const [first, second] = addressesOf(who);
  const isRename = rename !== null && (by === 'hibob' || by === 'api');
  const addresses = isRename
    ? { email: rename === 0 ? second : first, previousEmail: rename === 0 ? first : second }
    : { email: first };
  const at = plusSeconds(event.occurredAt ?? june(1), delay);
  // An event whose day lies ahead renames nobody yet: the address is what is in question here, not its day.
  const { effectiveAt, ...rest } = event;
  const said: Said = {
    event: { ...rest, ...(!isRename && effectiveAt && { effectiveAt }), person: { ...event.person, ...addresses } },
    origin: { jobId: `job-${index}`, source: by, receivedAt: at, position, authority: AUTHORITIES[by] ?? [] },
  };
  return [{ at, who, said }, ...(again === null ? [] : [{ at: plusSeconds(at, again), who, said }])];
}

/** The address of the newest rename, else the first. */
function emailOf(who: number, saids: readonly Said[]): string {
  const renames = inOrder(saids, 'UTC').filter(({ event }) => event.person.previousEmail !== undefined);
  return renames.at(-1)?.event.person.email ?? addressesOf(who)[0];
}

function once(arrivals: readonly Arrival[], who: number): Said[] {
  const own = arrivals.filter((arrival) => arrival.who === who).map(({ said }) => said);
  return own.filter((said, index) => own.findIndex(({ origin }) => origin.jobId === said.origin.jobId) === index);
}

/** Somebody who is settled and should hold nothing holds nothing, at every instant. */
function watch(person: Person, user: User | undefined, heard: readonly Said[], now: Instant): string | null {
  const isSettled = person.account?.state === 'linked' && person.attempt === null;
  const unique = heard.filter(
    (said, index) => heard.findIndex(({ origin }) => origin.jobId === said.origin.jobId) === index,
  );
  if (!isSettled || !user || user.access === 'none') return null;
  return ask(unique, RULES, 'UTC', now).access === 'none' ? `${person.id} should hold nothing at ${now}` : null;
}

function play(happenings: readonly Happening[], skies: readonly Weather[], refusesDuplicates: boolean) {
  const arrivals = happenings.flatMap(arrivalsOf);
  return { arrivals, ...simulate({ count: 2, arrivals, weather: skies, refusesDuplicates, watch }) };
}

const happenings = fc.array(happening, { minLength: 1, maxLength: 10 });

describe.each([false, true])('whatever happens, where Conscent refuses duplicates: %s', (refusesDuplicates) => {
  it('nobody has two accounts, nothing is left undone while unsure, and a leaver holds nothing', () => {
    fc.assert(
      fc.property(happenings, weather, (all, skies) => {
        expect(play(all, skies, refusesDuplicates).violations).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('Conscent ends with exactly the access that the facts ask for', () => {
    fc.assert(
      fc.property(happenings, weather, (all, skies) => {
        const { arrivals, users, people, end } = play(all, skies, refusesDuplicates);
        for (const [who, { account }] of people.entries()) {
          const { access } = ask(once(arrivals, who), RULES, 'UTC', end);
          const held = users.find((user) => user.who === who)?.access ?? 'none';
          if (access === 'unknown') continue;
          if (typeof access === 'string' || held === 'none') {
            expect(held).toEqual(access);
            continue;
          }
          expect(account?.state).toBe('linked');
          expect(held.permissions).toEqual(access.permissions);
          expect(access.roles).toContain(held.role);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('everybody who holds access has the address that was said last', () => {
    fc.assert(
      fc.property(happenings, weather, (all, skies) => {
        const { arrivals, users } = play(all, skies, refusesDuplicates);
        for (const { who, email, access } of users)
          if (access !== 'none') expect(email).toBe(emailOf(who, once(arrivals, who)));
      }),
      { numRuns: 400 },
    );
  });
});
