/** Finished jobs expire. What comes under the same id after that has a job again, which ends like any other. */
import { describe, expect, test } from 'vitest';
import { accept } from '../../shared/intake/accept.ts';
import { readEvent } from '../../shared/lifecycle/event.ts';
import { sweep } from '../../shared/reconcile/sweep.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

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
