/** A job and the facts that are known of it part: the one expires, the other is restored from before there was such a job. */
import { describe, expect, test } from 'vitest';
import { accept } from '../../shared/intake/accept.ts';
import { readEvent } from '../../shared/lifecycle/event.ts';
import { cancelJob, retryJob } from '../../shared/operate/change-job.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { sweep } from '../../shared/reconcile/sweep.ts';
import { dieAt } from '../fakes/death.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { HR, record, told } from './told.ts';

const DAY = 86_400;
const onboard = about('ida@pub.example', 'onboard', { person: { department: 'Newsroom' } });
const offboard = about('ida@pub.example', 'offboard');

async function employed(): Promise<MemoryWorld> {
  const world = memoryWorld();
  await post(world, onboard);
  await world.runFor(5);
  return world;
}

async function yearsLater(world: MemoryWorld): Promise<void> {
  await world.runFor(401 * DAY);
  world.expireJobs();
  expect(world.allJobs()).toEqual([]);
}

/** A delivery as a vendor repeats it: the same in every word. */
async function deliver(world: MemoryWorld): Promise<string> {
  const [accepted] = await accept(
    world,
    [{ kind: 'event', event: readEvent({ ...offboard, occurredAt: '2026-03-02T08:00:05.000Z' }) }],
    {
      source: 'hr-one',
      authority: ['employment', 'attributes'],
      deliveryId: 'leave-1',
      seed: 'hr-one leave-1',
      requestHash: null,
      receivedAt: world.clock.now(),
    },
  );
  return accepted?.job.jobId ?? '';
}

describe('after its job has expired', () => {
  test('a key that is used again for the next leave is acted on', async () => {
    const world = await employed();
    await post(world, offboard, 'leave-ida');
    await world.runFor(10 * DAY);
    await post(world, onboard);
    await world.runFor(5);
    expect(world.fake.users[0]?.permissions).not.toEqual([]);
    await yearsLater(world);
    const [again] = await post(world, offboard, 'leave-ida');
    await world.runFor(5);
    expect(await world.jobs.get(again?.jobId ?? '')).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
    expect(world.fake.users[0]?.permissions).toEqual([]);
  });

  test('the same delivery ends its new job and changes nothing', async () => {
    const world = await employed();
    await deliver(world);
    await world.runFor(5);
    await yearsLater(world);
    const held = world.fake.users[0]?.permissions;
    const facts = world.allPeople().map((person) => person.facts);
    const jobId = await deliver(world);
    await world.runFor(5);
    expect(await world.jobs.get(jobId)).toMatchObject({ status: 'succeeded', outcome: 'unchanged' });
    expect(world.allPeople().map((person) => person.facts)).toEqual(facts);
    expect(world.fake.users[0]?.permissions).toEqual(held);
    world.advance(DAY);
    const from = world.measured.length;
    await sweep(world);
    expect(world.measured.slice(from)).toContainEqual(['leavers.late', 0]);
  });
});

describe('a recorded delivery without a time of its own, sent again after its job has expired', () => {
  const hire = about('ida@pub.example', 'onboard', { person: { department: 'Newsroom' } });
  async function send(world: MemoryWorld, event: object, seed: string, more: { withdraws?: true } = {}): Promise<void> {
    await accept(world, [{ kind: 'event', event: readEvent(event), ...more }], {
      source: 'hr-one',
      authority: ['employment', 'attributes'],
      deliveryId: seed,
      seed,
      requestHash: null,
      receivedAt: world.clock.now(),
    });
    await world.runFor(5);
  }

  test('brings nobody back who has left since', async () => {
    const world = memoryWorld();
    await send(world, hire, 'hire');
    await send(world, offboard, 'leave');
    await yearsLater(world);
    await send(world, hire, 'hire');
    await world.runFor(DAY);
    expect(world.fake.users.map(({ permissions }) => permissions)).toEqual([[]]);
  });

  test('brings nobody in whose hire was taken back', async () => {
    const world = memoryWorld();
    const coming = { ...hire, effectiveAt: '2026-04-01' };
    await send(world, coming, 'hire');
    await send(world, offboard, 'no-hire', { withdraws: true });
    await yearsLater(world);
    await send(world, coming, 'hire');
    await world.runFor(DAY);
    expect(world.fake.users).toEqual([]);
  });
});

describe('a job of somebody who was restored from before it', () => {
  test('is tried again until it is done, wherever the worker dies that an operator has woken', async () => {
    const stuck: string[] = [];
    for (let death = 1; death < 60; death += 1) {
      const world = await employed();
      const putBack = world.backUpPeople();
      world.fake.faults.push({ answer: { kind: 'rejected', status: 400 }, takesEffect: false });
      const [job] = await post(world, offboard);
      await world.runFor(5);
      putBack();
      const jobId = job?.jobId ?? '';
      await retryJob(world, { jobId, by: 'night-desk' });
      world.messages.splice(0);
      const diedAt = await dieAt(world, death, () => reconcile(world, { jobId }));
      await world.runFor(3 * DAY);
      if (world.fake.users[0]?.permissions.length !== 0) stuck.push(`${death} ${diedAt}`);
      if (diedAt === null) break;
    }
    expect(stuck).toEqual([]);
  });

  test('is looked up again until its vendor answers', async () => {
    const world = memoryWorld();
    await told(world, record(), {}, 5);
    const putBack = world.backUpPeople();
    world.fake.faults.push({ answer: { kind: 'rejected', status: 400 }, takesEffect: false });
    world.advance(10);
    const job = await told(world, record({ end: '2026-03-01' }), {}, 5);
    expect(job()).toMatchObject({ status: 'needs-attention', type: 'offboard' });
    putBack();
    world.records.set(HR, { kind: 'failed', reason: 'vendor-unavailable' });
    await retryJob(world, { jobId: job()?.jobId ?? '', by: 'night-desk' });
    await world.runFor(60);
    world.records.set(HR, record({ end: '2026-03-01' }));
    await world.runFor(3 * DAY);
    expect(world.fake.users[0]?.permissions).toEqual([]);
  });

  test('is added to them again where an operator tries it again', async () => {
    const world = await employed();
    const putBack = world.backUpPeople();
    world.fake.faults.push({ answer: { kind: 'rejected', status: 400 }, takesEffect: false });
    const [job] = await post(world, offboard);
    await world.runFor(5);
    putBack();
    expect(await world.jobs.get(job?.jobId ?? '')).toMatchObject({ status: 'needs-attention' });
    await retryJob(world, { jobId: job?.jobId ?? '', by: 'night-desk' });
    await world.runFor(5);
    expect(await world.jobs.get(job?.jobId ?? '')).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
    expect(world.fake.users[0]?.permissions).toEqual([]);
  });

  test('that was cancelled while a worker looked at it stays cancelled', async () => {
    const world = await employed();
    const [job] = await post(world, { ...offboard, effectiveAt: '2026-03-20' });
    await world.runFor(5);
    const wakeUp = { jobId: job?.jobId ?? '' };
    let isCancelled = false;
    world.setBlow((point) => {
      if (point === 'after jobs.get') isCancelled = true;
    });
    // The worker has read the job as scheduled; before it reads the person, the job is cancelled and all is told.
    const { get } = world.people;
    world.people.get = async (id) => {
      if (!isCancelled) return get(id);
      world.people.get = get;
      world.setBlow(() => {});
      await cancelJob(world, { ...wakeUp, by: 'night-desk' });
      await world.runFor(5);
      return get(id);
    };
    await reconcile(world, wakeUp);
    await world.runFor(60 * DAY);
    expect(await world.jobs.get(wakeUp.jobId)).toMatchObject({ status: 'cancelled' });
    expect(world.fake.users[0]?.permissions).not.toEqual([]);
  });
});
