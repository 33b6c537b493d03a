/** A person stays within bounds, and nothing that matters is lost by it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compact } from '../../shared/lifecycle/compaction.ts';
import { plusSeconds } from '../../shared/lifecycle/effective-date.ts';
import type { Fact } from '../../shared/lifecycle/fact.ts';
import { causeOf, judgeJobs } from '../../shared/lifecycle/judge.ts';
import { addFact, foldPerson, newPerson, nextWake, type Person, viewAt } from '../../shared/lifecycle/person.ts';
import { saying } from './arbitrary.ts';
import { AUTHORITIES, factSaid, june, RECEIVED, RULES, say } from './saying.ts';

/** Somebody of whom all this was said, and whose jobs have finished but for one. */
function waitingFor(jobId: string, facts: readonly Fact[]): Person {
  let person = newPerson('person-1');
  for (const fact of facts) {
    const added = addFact(person, fact) ?? person;
    person = compact({ ...added, open: added.open.filter((job) => job.jobId === jobId) }, 'UTC', june(20));
  }
  return person;
}

describe('somebody whose end is years away', () => {
  const hired = factSaid(say('onboard', june(1), { id: 'hired', person: { department: 'Desk' } }));
  const ends = factSaid(say('offboard', june(2), { id: 'ends', effectiveAt: '2029-06-30' }));
  const moves = Array.from({ length: 300 }, (_, move) =>
    factSaid(
      say('change', plusSeconds(june(3), move), {
        id: `move-${move}`,
        timeZone: 'Asia/Kolkata',
        person: { department: move % 2 ? 'Desk' : 'Till' },
      }),
    ),
  );
  const person = waitingFor('ends', [hired, ends, ...moves]);
  const judgement = { person, policy: RULES, defaultZone: 'UTC' };
  const end = '2029-07-01T00:00:00.000Z';

  it('stays within bounds all the same', () => {
    expect(person.facts.length).toBeLessThanOrEqual(200);
    expect(person.facts.map(({ id }) => id)).not.toContain('ends');
  });

  it('still has that end, and a job that waits for it', () => {
    expect(viewAt(foldPerson(person, 'UTC'), RULES, end)).toMatchObject({ employment: { state: 'ended' } });
    expect(judgeJobs({ ...judgement, now: june(20) }).get('ends')).toMatchObject({
      status: 'scheduled',
      effectiveAt: end,
    });
    expect(nextWake(person, RULES, 'UTC', june(20))).toMatchObject({ at: end });
  });

  it('is revoked for the sake of that job', () => {
    expect(causeOf('revoke', { ...judgement, now: end })).toBe('ends');
    expect(judgeJobs({ ...judgement, now: end }).get('ends')).toMatchObject({
      status: 'succeeded',
      outcome: 'unchanged',
    });
  });
});

const HOUR = 3_600;
const COUNT = 240;
const at = (index: number) => plusSeconds(june(1), index * HOUR);

/** A long life: facts an hour apart, that arrive at most a few places out of order. */
const life: fc.Arbitrary<Fact[]> = fc
  .tuple(
    fc.array(saying, { minLength: COUNT, maxLength: COUNT, size: 'max' }),
    fc.infiniteStream(fc.integer({ min: 0, max: 8 })),
  )
  .map(([all, jitter]) => {
    const facts = all.map(({ by, event, position }, index) =>
      factSaid({
        event: { ...event, occurredAt: at(index) },
        origin: {
          jobId: `job-${String(index).padStart(3, '0')}`,
          source: by,
          receivedAt: RECEIVED,
          position,
          authority: AUTHORITIES[by] ?? [],
        },
        ...(by === 'hibob' && index % 2 === 0 && { record: true as const }),
      }),
    );
    const late = facts.map((fact, index) => ({ fact, due: index + (jitter.next().value ?? 0) }));
    return late.sort((a, b) => a.due - b.due).map(({ fact }) => fact);
  });

function live(facts: readonly Fact[], keep: (person: Person, now: string) => Person): Person {
  let person = newPerson('person-1');
  let now = june(1);
  for (const fact of facts) {
    if (fact.occurredAt > now) now = fact.occurredAt;
    person = keep({ ...(addFact(person, fact) ?? person), open: [] }, now);
  }
  return person;
}

describe('a person with a long life', () => {
  it('keeps at most 200 facts, and is seen from then on as if all had been kept', () => {
    fc.assert(
      fc.property(life, (facts) => {
        const whole = foldPerson(
          live(facts, (person) => person),
          'UTC',
        );
        const kept = live(facts, (person, now) => compact(person, 'UTC', now));
        expect(kept.facts.length).toBeLessThanOrEqual(200);
        for (const hours of [0, 1, 12, 40, 100]) {
          const instant = at(COUNT - 1 + hours);
          expect(viewAt(foldPerson(kept, 'UTC'), RULES, instant)).toEqual(viewAt(whole, RULES, instant));
        }
      }),
      { numRuns: 12 },
    );
  });

  it('takes what is older than its base for too late', () => {
    const facts = Array.from({ length: 230 }, (_, index) => factSaid(say('offboard', at(index))));
    const person = live(facts, (one, now) => compact(one, 'UTC', now));
    expect(person.facts).toHaveLength(200);
    expect(person.baseUntil).toBe(at(29));
    expect(addFact(person, factSaid(say('change', at(29))))).toBeNull();
    expect(addFact(person, factSaid(say('change', plusSeconds(at(29), 1))))).not.toBeNull();
  });

  it('first forgets changes that newer ones have replaced, so that nothing comes too late', () => {
    const facts = Array.from({ length: 260 }, (_, index) =>
      factSaid(
        say('change', at(index), {
          person: { externalId: '7', department: `Desk ${index}` },
        }),
      ),
    );
    const person = live(facts, (one, now) => compact(one, 'UTC', now));
    expect(person.facts.length).toBeLessThanOrEqual(200);
    expect(person.baseUntil).toBeNull();
  });

  it('keeps what the jobs that are still open need, when their facts are folded', () => {
    const first = factSaid(say('onboard', at(0), { id: 'open-job' }));
    let person = addFact(newPerson('person-1'), first) ?? newPerson('person-1');
    for (let index = 1; index < 230; index += 1) {
      const added = addFact(person, factSaid(say('offboard', at(index)))) ?? person;
      person = compact({ ...added, open: added.open.filter(({ jobId }) => jobId === 'open-job') }, 'UTC', at(index));
    }
    expect(person.facts.some(({ id }) => id === 'open-job')).toBe(false);
    expect(person.open).toMatchObject([{ jobId: 'open-job', folded: { type: 'onboard', effectiveAt: at(0) } }]);
  });

  it('is left as it is while it is short', () => {
    const person = live([factSaid(say('onboard', june(1)))], (one) => one);
    expect(compact(person, 'UTC', june(2))).toBe(person);
  });
});
