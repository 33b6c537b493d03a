/** What was said, withdrawn and told stays so, in whatever order the jobs come again. */
import { describe, expect, test } from 'vitest';
import { accept } from '../../shared/intake/accept.ts';
import { readEvent } from '../../shared/lifecycle/event.ts';
import { cancelJob } from '../../shared/operate/change-job.ts';
import { pauseWrites, resumeWrites } from '../../shared/operate/pause-writes.ts';
import { planReplay } from '../../shared/operate/replay.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { about, post, postFrom } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { again, BY, backUp, DAY, fromTicket, HOUR, held, jobs, lost, restore } from './restoring.ts';

const onboard = about('ida@pub.example', 'onboard', { person: { department: 'Newsroom' } });

async function employed(): Promise<MemoryWorld> {
  const world = memoryWorld();
  await post(world, onboard);
  await world.runFor(5);
  return world;
}

describe.each([
  ['as they were sent', () => {}],
  ['by the sweep alone, leavers first', lost],
] as const)('jobs that come again %s', (_how, queued) => {
  test('a ticket’s second end, after a reversal, is no repetition', async () => {
    const world = memoryWorld();
    const backup = backUp(world);
    await post(world, onboard);
    await world.runFor(5);
    await fromTicket(world, 'T-1', about('ida@pub.example', 'offboard'));
    await post(world, about('ida@pub.example', 'onboard'));
    await world.runFor(5);
    expect(held(world)['user-1']).not.toEqual([]);
    await fromTicket(world, 'T-1', about('ida@pub.example', 'offboard'));
    expect(held(world)['user-1']).toEqual([]);
    const left = await restore(world, backup, queued);
    await world.runFor(DAY);
    expect({ left, held: held(world), jobs: jobs(world) }).toMatchObject({ left: [], held: { 'user-1': [] } });
  });

  test('a ticket that took its last edit back holds what it says', async () => {
    const world = await employed();
    const backup = backUp(world);
    const asks = (profile: string) => about('ida@pub.example', 'change', { access: { profile }, reference: 'REQ-1' });
    await fromTicket(world, 'T-1', asks('newsroom'));
    await fromTicket(world, 'T-1', asks('treasury'));
    await fromTicket(world, 'T-1', asks('newsroom'));
    const before = held(world);
    const left = await restore(world, backup, queued);
    expect({ left, held: held(world), jobs: jobs(world) }).toMatchObject({ left: [], held: before });
  });

  test('a ticket’s hire, edited, and an end: what was no reopening is none', async () => {
    const world = memoryWorld();
    const backup = backUp(world);
    await fromTicket(
      world,
      'T-1',
      about('kim@pub.example', 'onboard', { access: { profile: 'newsroom' }, reference: 'R' }),
    );
    await fromTicket(
      world,
      'T-1',
      about('kim@pub.example', 'onboard', { access: { profile: 'treasury' }, reference: 'R' }),
    );
    await post(world, about('kim@pub.example', 'offboard', { effectiveAt: '2026-06-01' }));
    await world.runFor(5);
    const before = held(world);
    const left = await restore(world, backup, queued);
    expect({ left, held: held(world), jobs: jobs(world) }).toMatchObject({ left: [], held: before });
  });
});

describe('finished before the backup, its ticket told after it', () => {
  test('a job keeps its outcome, and its ticket is told nothing else', async () => {
    const world = await employed();
    const { reply } = world;
    let isDown = true;
    world.reply = async (...args) => (isDown ? { kind: 'failed', reason: 'vendor-unavailable' } : reply(...args));
    const jobId = await fromTicket(world, 'T-1', about('ida@pub.example', 'offboard'), undefined, true);
    expect(await world.jobs.get(jobId)).toMatchObject({ outcome: 'revoked' });
    const backup = backUp(world);
    isDown = false;
    await world.runFor(HOUR);
    expect(world.replies).toHaveLength(1);
    await restore(world, backup);
    await world.runFor(HOUR);
    const job = await world.jobs.get(jobId);
    expect({ status: job?.status, outcome: job?.outcome, told: world.replies.map(({ text }) => text) }).toMatchObject({
      status: 'succeeded',
      told: [expect.stringContaining('taken away')],
    });
  });
});

describe('what was withdrawn since stays withdrawn', () => {
  test('of somebody who has turned out to be another since', async () => {
    const world = await employed();
    // HR names her by her id alone: nobody knows yet that they are one.
    const moves = { type: 'change', person: { externalId: '7', department: 'Treasury' }, effectiveAt: '2026-03-20' };
    const move = await postFrom(world, moves);
    expect(move).toMatchObject({ status: 'scheduled' });
    const jobId = move?.jobId ?? '';
    const backup = backUp(world);
    await postFrom(world, about('ida@pub.example', 'change', { person: { externalId: '7' } }));
    await world.runFor(5);
    await cancelJob(world, { jobId, ...BY });
    await world.runFor(5);
    const left = await restore(world, backup);
    await world.runFor(30 * DAY);
    expect({ left, held: held(world), job: (await world.jobs.get(jobId))?.status }).toEqual({
      left: [],
      held: { 'user-1': ['paywallBuilder', 'journey'] },
      job: 'cancelled',
    });
  });

  test.each([
    ['and has been settled', true, false],
    ['and its person’s message comes last', false, true],
  ])('while the replay is at work %s', async (_how, isSettled, isReversed) => {
    const world = await employed();
    const [job] = await post(
      world,
      about('ida@pub.example', 'change', { access: { profile: 'treasury' }, effectiveAt: '2026-03-20' }),
    );
    await world.runFor(5);
    const jobId = job?.jobId ?? '';
    const { since, putBack } = backUp(world);
    // Touched since: put off, say, and scheduled again.
    await world.jobs.change(jobId, (one) => ({
      ...one,
      history: [...one.history, { at: world.clock.now(), status: one.status, detail: 'touched' }],
    }));
    await pauseWrites(world, BY);
    putBack();
    const plan = await planReplay(world, since);
    expect(plan.jobs.map((one) => one.jobId)).toContain(jobId);
    expect(await cancelJob(world, { jobId, ...BY })).toMatchObject({ status: 'cancelled' });
    if (isSettled) await world.runFor(5);
    await again(world, since, plan);
    if (isReversed) world.messages.reverse();
    for (const message of world.messages.splice(0)) await reconcile(world, message);
    await world.runFor(60);
    await resumeWrites(world, BY);
    await world.runFor(30 * DAY);
    expect({ job: (await world.jobs.get(jobId))?.status, held: held(world) }).toEqual({
      job: 'cancelled',
      held: { 'user-1': ['paywallBuilder', 'journey'] },
    });
  });
});

describe('what was nobody’s fact', () => {
  test('a job that nobody has confirmed is not confirmed', async () => {
    const world = memoryWorld();
    const backup = backUp(world);
    await accept(
      world,
      [
        {
          kind: 'event',
          isUnconfirmed: true,
          ticket: 'T-9',
          event: readEvent({ ...onboard, access: { profile: 'treasury' } }),
        },
      ],
      {
        source: 'desk',
        authority: ['employment', 'grants'],
        deliveryId: 'd',
        seed: 'd',
        requestHash: null,
        receivedAt: world.clock.now(),
        wantsReply: true,
      },
    );
    await post(world, onboard);
    await world.runFor(HOUR);
    await restore(world, backup);
    await restore(world, backup);
    expect(jobs(world)[0]).toMatchObject({ status: 'needs-attention', error: 'unconfirmed' });
    expect(held(world)).toEqual({ 'user-1': ['paywallBuilder', 'journey'] });
  });
});

test('a fact that has been folded into the base: its job keeps its outcome', async () => {
  const world = await employed();
  // A fixed term: the job waits, and two hundred words later it has been folded.
  const [term] = await post(world, about('ida@pub.example', 'offboard', { effectiveAt: '2026-03-20' }));
  await world.runFor(5);
  for (let n = 0; n < 230; n += 1) {
    world.advance(1);
    await post(world, about('ida@pub.example', 'change', { access: { profile: 'newsroom' }, reference: `R-${n}` }));
    await world.runFor(1);
  }
  expect(world.allPeople()[0]?.facts.some(({ id }) => id === term?.jobId)).toBe(false);
  const backup = backUp(world);
  await world.runFor(30 * DAY);
  expect(await world.jobs.get(term?.jobId ?? '')).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
  const left = await restore(world, backup);
  await world.runFor(DAY);
  const job = await world.jobs.get(term?.jobId ?? '');
  expect({ left, held: held(world), status: job?.status, outcome: job?.outcome }).toMatchObject({
    left: [],
    held: { 'user-1': [] },
    status: 'succeeded',
  });
});
