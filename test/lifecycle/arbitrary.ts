/** Arbitrary events about one person, dense enough in time that they meet, overlap and contradict one another. */
import fc from 'fast-check';
import type { CanonicalEvent } from '../../shared/lifecycle/event.ts';
import type { Said } from './oracle.ts';
import { AUTHORITIES, june, RECEIVED } from './saying.ts';

const day = fc.integer({ min: 1, max: 12 });
const instant = fc.tuple(day, fc.constantFrom(0, 6, 18)).map(([date, hour]) => june(date, hour));
const date = day.map((number) => june(number).slice(0, 10));
const when = fc.oneof(instant, date);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const access: fc.Arbitrary<NonNullable<CanonicalEvent['access']>> = fc
  .tuple(
    fc.constantFrom(
      { profile: 'analysts' },
      { profile: 'tellers' },
      { role: 'GUEST', permissions: { pdfManager: true, billing: false } },
    ),
    maybe(when),
  )
  .map(([asked, until]) => ({ ...asked, ...(until && { until }) }));

const attributes = fc.record({ level: fc.constantFrom('lead', 'junior', null) }, { requiredKeys: [] });

const department = maybe(fc.constantFrom('Desk', 'Till', 'Archive', null));

/** An event of one person; every event carries the same address, so that only what it says of them is in question. */
export const saying: fc.Arbitrary<Omit<Said, 'origin'> & { by: string; position: number }> = fc
  .record({
    by: fc.constantFrom(...Object.keys(AUTHORITIES)),
    type: fc.constantFrom('onboard' as const, 'onboard' as const, 'change' as const, 'offboard' as const),
    occurredAt: instant,
    position: fc.integer({ min: 0, max: 2 }),
    effectiveAt: maybe(when),
    timeZone: maybe(fc.constantFrom('Asia/Kolkata', 'America/Sao_Paulo', 'Pacific/Auckland')),
    department,
    own: attributes,
    access: maybe(access),
    reference: maybe(fc.constantFrom('REQ-1', 'REQ-2')),
  })
  .map(({ by, position, department, own, ...rest }) => {
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as typeof rest;
    const person = {
      email: 'noor@paper.example',
      ...(department !== undefined && { department }),
      ...(Object.keys(own).length > 0 && { attributes: own as Record<string, string | null> }),
    };
    return { by, position, event: { ...given, person } as CanonicalEvent };
  });

/** A handful of events about one person, each with a job of its own. */
export const sayings: fc.Arbitrary<Said[]> = fc.array(saying, { minLength: 1, maxLength: 9 }).map((all) =>
  all.map(({ by, position, event }, index) => ({
    event,
    origin: { jobId: `job-${index}`, source: by, receivedAt: RECEIVED, position, authority: AUTHORITIES[by] ?? [] },
  })),
);

/** Instants at which something may just have changed. */
export const instants = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 14 }), fc.constantFrom(0, 3, 6, 18, 19)), { minLength: 4, maxLength: 4 })
  .map((all) => all.map(([date, hour]) => june(date, hour)));

/** The same things in another order, some of them more than once. */
export function arrivals<T>(all: readonly T[]): fc.Arbitrary<T[]> {
  return fc
    .tuple(fc.shuffledSubarray([...all], { minLength: all.length }), fc.subarray([...all]))
    .chain(([once, again]) => fc.shuffledSubarray([...once, ...again], { minLength: once.length + again.length }));
}
