/** A job that comes again after it has expired is open again; nothing that was said under its id is lost or said twice. */
import { describe, expect, it } from 'vitest';
import { jobIdOf } from '../../shared/lifecycle/fact.ts';
import { addFact, newPerson, type Person } from '../../shared/lifecycle/person.ts';
import { isUnderWay, reopened } from '../../shared/lifecycle/reopening.ts';
import { factSaid, june, say } from './saying.ts';

const first = factSaid(say('offboard', june(3), { id: 'job-a' }));
const underWay = addFact(newPerson('person-1'), first) as Person;
const done: Person = { ...underWay, open: [] };

describe('a fact whose job is done', () => {
  it('in the same words opens its job and is known once', () => {
    const again = reopened(done, [first]);
    expect(again.facts).toEqual([first]);
    expect(again.open).toEqual([{ jobId: 'job-a', status: 'queued', attempts: 0 }]);
    expect(isUnderWay(again, first)).toBe(true);
  });

  it('in other words leaves the former one as no open job’s', () => {
    const other = factSaid(say('offboard', june(9), { id: 'job-a' }));
    const again = addFact(reopened(done, [other]), other);
    expect(again?.facts.map(({ occurredAt }) => occurredAt)).toEqual([june(3), june(9)]);
    expect(again?.facts.map(jobIdOf)).toEqual([`job-a@${june(3)}`, 'job-a']);
    expect(again?.open.map(({ jobId }) => jobId)).toEqual(['job-a']);
  });

  it('that a record said beside another opens one job for both', () => {
    const beside = { ...first, id: 'job-a:start', jobId: 'job-a' };
    const person = { ...done, facts: [first, beside] };
    expect(reopened(person, [first, beside])).toEqual({ ...person, open: underWay.open });
  });
});

describe('nothing is opened', () => {
  it('by a fact whose job is open still, whatever it says now', () => {
    expect(reopened(underWay, [{ ...first, occurredAt: june(9) }])).toBe(underWay);
  });

  it('by a fact that is news', () => {
    expect(reopened(done, [{ ...first, id: 'job-b' }])).toBe(done);
  });
});
