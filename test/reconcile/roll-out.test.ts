/** A changed policy reaches everybody who is there. */
import { describe, expect, test } from 'vitest';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { rollOut } from '../../shared/reconcile/roll-out.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

async function employing(count: number): Promise<MemoryWorld> {
  const world = memoryWorld();
  for (let who = 0; who < count; who += 1)
    await post(world, about(`person-${who}@pub.example`, 'onboard', { person: { department: 'Newsroom' } }));
  await world.runFor(120);
  world.fake.calls.length = 0;
  return world;
}

function deploy(world: MemoryWorld, hash: string, builtAt: string): void {
  const profiles = { ...world.policy.profiles, newsroom: { role: 'ADMIN', permissions: ['journey' as const] } };
  Object.assign(world, { policy: { ...world.policy, profiles, hash }, policyBuiltAt: builtAt });
}

describe('a policy that was changed', () => {
  test('reaches everybody, once each, without any event', async () => {
    const world = await employing(8);
    deploy(world, 'narrower', '2027-01-01T00:00:00.000Z');
    await world.runFor(600);
    expect(world.fake.users.map(({ permissions }) => permissions)).toEqual(
      Array.from({ length: 8 }, () => ['journey']),
    );
    expect(world.fake.calls).toHaveLength(8);
    expect(world.allPeople().map(({ policyHash }) => policyHash)).toEqual(Array.from({ length: 8 }, () => 'narrower'));
    for (let rounds = 0; rounds < 4; rounds += 1) {
      world.advance(900);
      await rollOut(world);
    }
    expect(await world.rollout.get()).toMatchObject({ policyHash: 'narrower', isDone: true });
    expect(world.messages).toEqual([]);
  });

  test('that is older than the one in force begins nothing', async () => {
    const world = await employing(3);
    deploy(world, 'of-an-old-container', '2020-01-01T00:00:00.000Z');
    await world.runFor(600);
    expect(world.fake.calls).toEqual([]);
    expect(await world.rollout.get()).toMatchObject({ policyHash: 'policy-of-the-tests' });
  });

  test('loses nobody whose wake-up was lost, or whom a worker with the old one was at work on', async () => {
    const world = await employing(4);
    deploy(world, 'narrower', '2027-01-01T00:00:00.000Z');
    await rollOut(world);
    world.messages.length = 0;
    await world.runFor(600);
    expect(world.fake.users.map(({ permissions }) => permissions)).toEqual(
      Array.from({ length: 4 }, () => ['journey']),
    );
  });
});

test('somebody whom an old container has planned meanwhile is planned anew', async () => {
  const world = await employing(3);
  const old = { policy: world.policy, policyBuiltAt: world.policyBuiltAt };
  deploy(world, 'narrower', '2027-01-01T00:00:00.000Z');
  await world.runFor(60);
  const event = about('person-1@pub.example', 'change', { person: { location: 'Kaj' } });
  await post(world, event);
  const newer = { policy: world.policy, policyBuiltAt: world.policyBuiltAt };
  Object.assign(world, old);
  for (const message of world.messages.splice(0)) await reconcile(world, message);
  expect(world.fake.users[1]?.permissions).toEqual(['paywallBuilder', 'journey']);
  Object.assign(world, newer);
  for (let sweeps = 0; sweeps < 20; sweeps += 1) {
    world.advance(60);
    await rollOut(world);
    for (const message of world.messages.splice(0)) await reconcile(world, message);
  }
  expect(world.fake.users.map(({ permissions }) => permissions)).toEqual(Array.from({ length: 3 }, () => ['journey']));
  expect(await world.rollout.get()).toMatchObject({ isDone: true });
});

test('two sweeps at once do no harm', async () => {
  const world = await employing(4);
  deploy(world, 'narrower', '2027-01-01T00:00:00.000Z');
  await Promise.all([rollOut(world), rollOut(world)]);
  await world.runFor(600);
  expect(world.fake.calls).toHaveLength(4);
});
