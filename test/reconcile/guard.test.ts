/** Rule 9 on the road: who is held, who sees it, who lets them go, and what stays as it is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pauseWrites, resumeWrites } from '../../shared/operate/pause-writes.ts';
import { releaseAll, releasePerson } from '../../shared/operate/release.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { sweep } from '../../shared/reconcile/sweep.ts';
import { about, post, postFrom } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const DAY = 86_400;
const GUARD = { limit: 2, percent: 20, windowSeconds: 3_600 };
const addressOf = (who: number) => `person-${who}@pub.example`;
const BY = { by: 'night-desk' };

async function employing(count: number, guard = GUARD): Promise<MemoryWorld> {
  const world = memoryWorld({ settings: { guard } });
  for (let who = 0; who < count; who += 1)
    await post(world, about(addressOf(who), 'onboard', { person: { department: 'Newsroom' } }));
  await world.runFor(10);
  return world;
}

async function leave(world: MemoryWorld, from: number, to: number): Promise<void> {
  for (let who = from; who < to; who += 1) await post(world, about(addressOf(who), 'offboard'));
  await world.runFor(10);
}

const withAccess = (world: MemoryWorld) => world.fake.users.filter(({ permissions }) => permissions.length > 0);
const jobsOf = (world: MemoryWorld, type: string) => world.allJobs().filter((job) => job.type === type);
const counts = (world: MemoryWorld, type = 'offboard') => {
  const states = jobsOf(world, type).map(({ status, outcome }) => outcome ?? status);
  return Object.fromEntries([...new Set(states)].map((state) => [state, states.filter((one) => one === state).length]));
};
const alarmed = (world: MemoryWorld, code: string) => world.alarms.filter((alarm) => alarm.code === code);

describe('when more people leave than usual', () => {
  test('the limit goes, the rest are held, and what was done stays done', async () => {
    const world = await employing(8);
    await leave(world, 0, 6);
    expect(counts(world)).toEqual({ revoked: 2, held: 4 });
    expect(withAccess(world)).toHaveLength(6);
    const held = jobsOf(world, 'offboard').find(({ status }) => status === 'held');
    expect(held).toMatchObject({ attempts: 0, error: { code: 'held', retryable: true }, nextAttemptAt: null });
    await world.runFor(DAY);
    expect(withAccess(world)).toHaveLength(6);
  });

  test('as many go as are a small share of all', async () => {
    const world = await employing(20);
    await leave(world, 0, 6);
    expect(counts(world)).toEqual({ revoked: 4, held: 2 });
  });

  test('somebody who held nothing takes nobody’s place', async () => {
    const world = await employing(8);
    await post(world, about(addressOf(0), 'change', { person: { department: 'Canteen' } }));
    await world.runFor(2 * 3_600);
    await leave(world, 0, 4);
    expect(counts(world)).toEqual({ unchanged: 1, revoked: 2, held: 1 });
  });

  test('joiners are never held', async () => {
    const world = await employing(8);
    await leave(world, 0, 6);
    await post(world, about('new@pub.example', 'onboard', { person: { department: 'Treasury' } }));
    await world.runFor(10);
    expect(world.allJobs().at(-1)).toMatchObject({ outcome: 'created' });
  });

  test('those who leave when the window has passed are few again, while those who were held still are', async () => {
    const world = await employing(8);
    await leave(world, 0, 4);
    await world.runFor(3_601);
    await leave(world, 4, 5);
    expect(counts(world)).toEqual({ revoked: 3, held: 2 });
  });

  test('it is alarmed once a window, with how many wait', async () => {
    const world = await employing(8);
    await leave(world, 0, 6);
    await sweep(world);
    await sweep(world);
    expect(alarmed(world, 'held')).toEqual([{ code: 'held', fields: { count: 4 } }]);
    world.advance(3_600);
    await sweep(world);
    expect(alarmed(world, 'held')).toHaveLength(2);
    expect(alarmed(world, 'leaver-not-revoked')).toEqual([]);
  });

  test('somebody who is held and comes back keeps the access, and the end is superseded', async () => {
    const world = await employing(8);
    await leave(world, 0, 3);
    await post(world, about(addressOf(2), 'onboard'));
    await world.runFor(10);
    expect(counts(world)).toEqual({ revoked: 2, superseded: 1 });
    expect(withAccess(world)).toHaveLength(6);
    expect(await releaseAll(world, BY)).toEqual({ released: 0, revoked: 2 });
  });

  test('a policy that takes access from everybody is stopped too', async () => {
    const world = await employing(8);
    world.policy = { ...world.policy, rules: [], hash: 'a-slip-of-the-pen' };
    world.policyBuiltAt = '2027-01-01T00:00:00.000Z';
    await world.runFor(600);
    expect(withAccess(world)).toHaveLength(6);
    expect(await world.people.ofStanding('held')).toHaveLength(6);
  });
});

test('everybody is counted once a minute, however many leave', async () => {
  for (const percent of [20, 90]) {
    const world = await employing(40, { ...GUARD, percent });
    const { ofStanding } = world.people;
    let reads = 0;
    world.people.ofStanding = (standing) => {
      if (standing === 'active') reads += 1;
      return ofStanding(standing);
    };
    await leave(world, 0, 30);
    expect(counts(world)).toEqual(percent === 20 ? { revoked: 8, held: 22 } : { revoked: 30 });
    expect(reads).toBe(1);
  }
});

describe('releasing', () => {
  test('one person lets that one go', async () => {
    const world = await employing(8);
    await leave(world, 0, 5);
    const [held] = jobsOf(world, 'offboard').filter(({ status }) => status === 'held');
    const address = held?.email ?? '';
    expect(await releasePerson(world, { address, ...BY })).toEqual({ released: 1, revoked: 2 });
    await world.runFor(10);
    expect(counts(world)).toEqual({ revoked: 3, held: 2 });
    expect(world.fake.users.find(({ email }) => email === address)).toMatchObject({ permissions: [] });
    const person = world.allPeople().find(({ id }) => id === held?.personId);
    expect(person?.history).toContainEqual({ at: expect.any(String), what: 'released', by: 'night-desk' });
  });

  test('everybody lets everybody go who is held, and counts against nobody who leaves after them', async () => {
    const world = await employing(20);
    await leave(world, 0, 9);
    expect(counts(world)).toEqual({ revoked: 4, held: 5 });
    expect(await releaseAll(world, BY)).toEqual({ released: 5, revoked: 4 });
    await world.runFor(10);
    expect(counts(world)).toEqual({ revoked: 9 });
    world.advance(3_000);
    expect(await releaseAll(world, BY)).toEqual({ released: 0, revoked: 9 });
    await world.runFor(700);
    await leave(world, 9, 11);
    expect(counts(world)).toEqual({ revoked: 11 });
  });

  test('twice is releasing once', async () => {
    const world = await employing(8);
    await leave(world, 0, 5);
    await releaseAll(world, BY);
    expect(await releaseAll(world, BY)).toEqual({ released: 0, revoked: 2 });
    await world.runFor(10);
    expect(world.fake.calls.filter(({ kind }) => kind === 'revoke')).toHaveLength(5);
  });

  test('somebody whom nobody holds is no error', async () => {
    const world = await employing(3);
    expect(await releasePerson(world, { address: addressOf(0), ...BY })).toEqual({ released: 0, revoked: 0 });
  });

  test('holds for that loss alone', async () => {
    const world = await employing(8);
    await leave(world, 0, 3);
    await releaseAll(world, BY);
    await world.runFor(10);
    await post(world, about(addressOf(2), 'onboard'));
    await world.runFor(10);
    await leave(world, 2, 3);
    expect(jobsOf(world, 'offboard').at(-1)).toMatchObject({ status: 'held' });
  });

  test('holds for no later loss, though the one it was given for never came', async () => {
    const world = await employing(8);
    await leave(world, 0, 5);
    await pauseWrites(world, BY);
    await releaseAll(world, BY);
    for (let who = 2; who < 5; who += 1)
      await post(world, about(addressOf(who), 'onboard', { person: { department: 'Treasury' } }));
    await world.runFor(2 * DAY);
    await leave(world, 2, 5);
    await resumeWrites(world, BY);
    await world.runFor(600);
    expect(withAccess(world)).toHaveLength(4);
    expect(await world.people.ofStanding('held')).toHaveLength(1);
  });

  test('counts as revoked whom Conscent has revoked, and not who is about to be', async () => {
    const world = await employing(8);
    world.fake.faults = [0, 1].map(() => ({ takesEffect: false, answer: { kind: 'unavailable' as const } }));
    for (let who = 0; who < 5; who += 1) await post(world, about(addressOf(who), 'offboard'));
    for (const message of world.messages.splice(0)) await reconcile(world, message);
    expect(await releaseAll(world, BY)).toEqual({ released: 3, revoked: 0 });
  });

  test('survives a Conscent that is down', async () => {
    const world = await employing(8);
    await leave(world, 0, 4);
    world.fake.faults = [0, 1, 2].map(() => ({ takesEffect: false, answer: { kind: 'unavailable' as const } }));
    await releaseAll(world, BY);
    await world.runFor(DAY);
    expect(counts(world)).toEqual({ revoked: 4 });
  });
});

describe('an operator who stops every write', () => {
  test('stops joiners, movers and leavers alike, who say so', async () => {
    const world = await employing(4);
    world.fake.calls.length = 0;
    await pauseWrites(world, BY);
    await post(world, about('new@pub.example', 'onboard', { person: { department: 'Treasury' } }));
    await post(world, about(addressOf(1), 'change', { person: { department: 'Treasury' } }));
    await leave(world, 0, 1);
    await world.runFor(DAY);
    expect(world.fake.calls).toEqual([]);
    expect(world.allJobs().slice(-3)).toMatchObject(
      [0, 1, 2].map(() => ({ status: 'held', attempts: 0, error: { code: 'writes-paused' } })),
    );
  });

  test('and lets them go on has everybody woken at once, leavers first', async () => {
    const world = await employing(4);
    await pauseWrites(world, BY);
    await post(world, about('new@pub.example', 'onboard', { person: { department: 'Treasury' } }));
    await leave(world, 0, 2);
    world.messages.length = 0;
    expect(await resumeWrites(world, BY)).toEqual({ paused: false, resumed: 3 });
    const leavers = jobsOf(world, 'offboard').map(({ personId }) => personId);
    expect(world.messages.slice(0, 2).map((wakeUp) => 'personId' in wakeUp && wakeUp.personId)).toEqual(
      expect.arrayContaining(leavers),
    );
    for (const message of world.messages.splice(0)) await reconcile(world, message);
    expect(world.allJobs().slice(-3)).toMatchObject([0, 1, 2].map(() => ({ status: 'succeeded' })));
  });

  test('twice stops once, and who lets go on what goes on wakes nobody', async () => {
    const world = await employing(1);
    const first = await pauseWrites(world, BY);
    world.advance(60);
    expect(await pauseWrites(world, BY)).toEqual(first);
    await resumeWrites(world, BY);
    expect(await resumeWrites(world, BY)).toEqual({ paused: false, resumed: 0 });
  });

  test('while a call is under way that Conscent refuses lets the leaver go when writes go on', async () => {
    const world = await employing(4);
    await post(world, about(addressOf(0), 'offboard'));
    const { update } = world.conscent;
    world.conscent.update = async () => {
      world.conscent.update = update;
      await pauseWrites(world, BY);
      return { kind: 'throttled', retryAfterSeconds: 30 };
    };
    for (const message of world.messages.splice(0)) await reconcile(world, message);
    expect(jobsOf(world, 'offboard')).toMatchObject([{ status: 'held', error: { code: 'writes-paused' } }]);
    expect(await resumeWrites(world, BY)).toEqual({ paused: false, resumed: 1 });
    await world.runFor(600);
    expect(counts(world)).toEqual({ revoked: 1 });
  });

  test('leaves what Conscent asked for in force when writes go on', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'throttled', retryAfterSeconds: 3_600 } }];
    await postFrom(world, about('new@pub.example', 'onboard', { person: { department: 'Treasury' } }));
    await pauseWrites(world, BY);
    await resumeWrites(world, BY);
    await world.runFor(1_800);
    expect(world.fake.calls).toHaveLength(1);
    await world.runFor(3_600);
    expect(world.allJobs()).toMatchObject([{ outcome: 'created' }]);
  });

  test('has the leavers who wait alarmed once a window, with how many', async () => {
    const world = await employing(4);
    await pauseWrites(world, BY);
    await post(world, about('new@pub.example', 'onboard', { person: { department: 'Treasury' } }));
    await leave(world, 0, 2);
    await sweep(world);
    expect(alarmed(world, 'held')).toEqual([{ code: 'held', fields: { count: 2 } }]);
  });

  test('counts who waits for it, and nobody else', async () => {
    const world = await employing(2);
    await post(world, about(addressOf(0), 'offboard', { effectiveAt: '2026-03-02T08:02:00Z' }));
    await world.runFor(1);
    await pauseWrites(world, BY);
    expect(await resumeWrites(world, BY)).toEqual({ paused: false, resumed: 0 });
  });

  test('does not end a pause that Conscent asked for', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'throttled', retryAfterSeconds: 900 } }];
    await postFrom(world, about('new@pub.example', 'onboard', { person: { department: 'Treasury' } }));
    const pause = await world.pause.get();
    expect(await resumeWrites(world, BY)).toEqual({ paused: false, resumed: 0 });
    expect(await world.pause.get()).toEqual(pause);
  });
});

describe('under any interleaving', () => {
  test('no more than the limit lose their access unreleased', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 0, max: 3 }), async (scheduler, limit) => {
        const world = await employing(6, { limit, percent: 0, windowSeconds: 3_600 });
        const { get, set } = world.guard;
        world.guard = {
          get: () => scheduler.schedule(get(), 'get'),
          set: (next, expected) => scheduler.schedule(Promise.resolve(), 'set').then(() => set(next, expected)),
        };
        for (let who = 0; who < 6; who += 1) await post(world, about(addressOf(who), 'offboard'));
        const work = Promise.allSettled(world.messages.splice(0).map((message) => reconcile(world, message)));
        await scheduler.waitFor(work);
        expect(withAccess(world)).toHaveLength(6 - limit);
      }),
      { numRuns: 40 },
    );
  });
});
