/** Whatever has happened since a backup of the people's table: restored and replayed, everybody holds what they would hold without. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFinished } from '../../shared/lifecycle/job.ts';
import { cancelJob } from '../../shared/operate/change-job.ts';
import { pauseWrites, resumeWrites } from '../../shared/operate/pause-writes.ts';
import { planReplay, replay } from '../../shared/operate/replay.ts';
import { mergeJob } from '../../shared/reconcile/merge.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const HOUR = 3_600;
const YEAR = 366 * 24 * HOUR;
const BY = { by: 'night-desk' };
const EMAILS = ['ida@pub.example', 'ole@pub.example', 'kim@pub.example'];

type Step = (world: MemoryWorld) => Promise<unknown>;

const email = fc.constantFrom(...EMAILS);
const department = fc.constantFrom('Newsroom', 'Treasury', 'Garden');
const days = fc.integer({ min: -2, max: 40 });
const dayOf = (world: MemoryWorld, offset: number) =>
  new Date(Date.parse(world.clock.now()) + offset * 24 * HOUR * 1000).toISOString().slice(0, 10);

const posting: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(email, department).map(
    ([who, department]): Step =>
      (world) =>
        post(world, about(who, 'onboard', { person: { department } })),
  ),
  fc.tuple(email, department).map(
    ([who, department]): Step =>
      (world) =>
        post(world, about(who, 'change', { person: { department } })),
  ),
  fc.tuple(email, days).map(
    ([who, offset]): Step =>
      (world) =>
        post(world, about(who, 'change', { access: { profile: 'treasury', until: dayOf(world, offset) } })),
  ),
  email.map(
    (who): Step =>
      (world) =>
        post(world, about(who, 'offboard')),
  ),
  fc.tuple(email, days).map(
    ([who, offset]): Step =>
      (world) =>
        post(world, about(who, 'offboard', { effectiveAt: dayOf(world, offset) })),
  ),
);
const cancelling: Step = async (world) => {
  const [job] = world.allJobs().filter(({ status }) => status === 'scheduled');
  if (job) await cancelJob(world, { jobId: job.jobId, ...BY });
};
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: posting },
  { weight: 1, arbitrary: fc.constant(cancelling) },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 900 }).map(
      (hours): Step =>
        (world) =>
          world.runFor(hours * HOUR),
    ),
  },
);

async function live(world: MemoryWorld, steps: readonly Step[]): Promise<void> {
  for (const act of steps) {
    await act(world);
    await world.runFor(5);
  }
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

/** A job whose end was brought about by one that was cancelled since may ask a person again; no other is left. */
const atWork = (world: MemoryWorld) =>
  world.allJobs().flatMap(({ status, type, email }) => {
    const isLeft = !isFinished(status) && (status !== 'needs-attention' || type === 'offboard');
    return isLeft ? [`${type} ${email}`] : [];
  });

describe('a people’s table that was restored and replayed', () => {
  it('gives everybody the account that they had, now and whenever a date comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.array(step, { maxLength: 8 }), async (before, since) => {
        const [restored, untouched] = [memoryWorld(), memoryWorld()];
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
        expect(atWork(restored)).toEqual(atWork(untouched));
      }),
      { numRuns: 150 },
    );
  });
});
