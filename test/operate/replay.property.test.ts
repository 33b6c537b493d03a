/** Whatever has happened since a backup of the people's table: restored and replayed, everybody holds what they would hold without. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFinished, type JobStatus } from '../../shared/lifecycle/job.ts';
import { cancelJob } from '../../shared/operate/change-job.ts';
import { pauseWrites, resumeWrites } from '../../shared/operate/pause-writes.ts';
import { planReplay, replay } from '../../shared/operate/replay.ts';
import { mergeJob } from '../../shared/reconcile/merge.ts';
import type { Fault } from '../fakes/conscent.ts';
import { about, post, postFrom } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { allowDuplicates } from './restoring.ts';

const HOUR = 3_600;
const YEAR = 366 * 24 * HOUR;
const BY = { by: 'night-desk' };
const EMAILS = ['ida@pub.example', 'ole@pub.example', 'kim@pub.example'];

type Step = (world: MemoryWorld) => Promise<unknown>;

/** A step that a counterexample names. */
function named(name: string, step: Step): Step {
  return Object.assign((world: MemoryWorld) => step(world), { [fc.toStringMethod]: () => name });
}

const who = fc.constantFrom(...EMAILS);
const department = fc.constantFrom('Newsroom', 'Treasury', 'Garden');
const day = fc.integer({ min: -2, max: 40 });
const dayOf = (world: MemoryWorld, offset: number) =>
  new Date(Date.parse(world.clock.now()) + offset * 24 * HOUR * 1000).toISOString().slice(0, 10);

/** HR names its people by an id, and may give them another address. */
const employee = fc.record({ index: fc.nat(EMAILS.length - 1), isRenamed: fc.boolean(), department });
const recordOf = ({ index, isRenamed, department }: { index: number; isRenamed: boolean; department: string }) => ({
  email: `${isRenamed ? 'new-' : ''}${EMAILS[index]}`,
  externalId: String(index),
  department,
});

const said = (type: 'onboard' | 'change' | 'offboard', who: string, more: Parameters<typeof about>[2] = {}) =>
  named(`${type} ${who} ${JSON.stringify(more)}`, (world) => post(world, about(who, type, more)));
const dated = (what: string, eventOf: (who: string, date: string) => object) =>
  fc
    .tuple(who, day)
    .map(([who, days]) =>
      named(`${what} ${who} ${days} days`, (world) => post(world, eventOf(who, dayOf(world, days)))),
    );

const posting = fc.oneof(
  fc.tuple(who, department).map(([who, department]) => said('onboard', who, { person: { department } })),
  fc.tuple(who, department).map(([who, department]) => said('change', who, { person: { department } })),
  who.map((who) => said('offboard', who)),
  dated('offboard in', (who, effectiveAt) => about(who, 'offboard', { effectiveAt })),
  dated('grant for', (who, until) => about(who, 'change', { access: { profile: 'treasury', until } })),
  fc.tuple(fc.constantFrom('onboard', 'change', 'offboard'), employee).map(([type, one]) => {
    const event = { type, person: recordOf(one) };
    return named(`HR: ${JSON.stringify(event)}`, (world) => postFrom(world, event));
  }),
);
const failing = fc
  .constantFrom<Fault>(
    { takesEffect: true, answer: { kind: 'created' } },
    { takesEffect: true, answer: { kind: 'silence', reason: 'timeout' } },
    { takesEffect: false, answer: { kind: 'silence', reason: 'timeout' } },
    { takesEffect: false, answer: { kind: 'unavailable' } },
  )
  .map((fault) => named(JSON.stringify(fault), async (world) => world.fake.faults.push(fault)));
const cancelling = named('cancel', async (world) => {
  const [job] = world.allJobs().filter(({ status }) => status === 'scheduled');
  if (job) await cancelJob(world, { jobId: job.jobId, ...BY });
});
const waiting = fc
  .integer({ min: 1, max: 900 })
  .map((hours) => named(`${hours} hours`, (world) => world.runFor(hours * HOUR)));
const step = fc.oneof(
  { weight: 5, arbitrary: posting },
  { weight: 1, arbitrary: failing },
  { weight: 1, arbitrary: fc.constant(cancelling) },
  { weight: 2, arbitrary: waiting },
);

async function live(world: MemoryWorld, steps: readonly Step[]): Promise<void> {
  for (const act of steps) {
    await act(world);
    await world.runFor(5);
  }
  world.fake.faults = [];
}

/** As docs/operations.md says it. */
async function restore(world: MemoryWorld, since: string, putBack: () => void): Promise<void> {
  await pauseWrites(world, BY);
  putBack();
  expect(await replay(world, await planReplay(world, since), (job) => mergeJob(world, job))).toEqual([]);
  await world.runFor(5);
  await resumeWrites(world, BY);
  await world.runFor(HOUR);
}

const holdings = (world: MemoryWorld) =>
  world.fake.users.map(({ email, permissions }) => [email, ...permissions].join(' ')).sort();

const inStatus = (world: MemoryWorld, isMeant: (status: JobStatus) => boolean) =>
  world.allJobs().flatMap(({ email, status }) => (isMeant(status) ? [email] : []));
const atWork = (world: MemoryWorld) => inStatus(world, (status) => !isFinished(status) && status !== 'needs-attention');
/** Whom a person is asked about: by another job perhaps, and about more of them after a restore, never about fewer. */
const asked = (world: MemoryWorld) => inStatus(world, (status) => status === 'needs-attention');

describe('a people’s table that was restored and replayed', () => {
  it('gives everybody the account that they had, now and whenever a date comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.array(step, { maxLength: 8 }), async (before, since) => {
        const [restored, untouched] = [memoryWorld(), memoryWorld()];
        for (const world of [restored, untouched]) allowDuplicates(world);
        await live(restored, before);
        const putBack = restored.backUpPeople();
        const then = restored.clock.now();
        restored.advance(1);
        await live(restored, since);
        await restore(restored, then, putBack);

        await live(untouched, before);
        untouched.advance(1);
        await live(untouched, since);
        await untouched.runFor(5 + HOUR);
        expect(holdings(restored)).toEqual(holdings(untouched));
        await restored.runFor(YEAR);
        await untouched.runFor(YEAR);
        expect(holdings(restored)).toEqual(holdings(untouched));
        expect(atWork(restored)).toEqual([]);
        expect(asked(restored)).toEqual(expect.arrayContaining(asked(untouched)));
      }),
      { numRuns: 150 },
    );
  });
});
