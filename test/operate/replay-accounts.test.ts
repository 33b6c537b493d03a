/** One account a person, and no leaver keeps theirs, whatever was known of accounts since the backup. */
import { describe, expect, test } from 'vitest';
import { importAccount } from '../../shared/operate/import-account.ts';
import { linkAccount } from '../../shared/operate/link-account.ts';
import { pauseWrites, resumeWrites } from '../../shared/operate/pause-writes.ts';
import { planReplay } from '../../shared/operate/replay.ts';
import { dieAt } from '../fakes/death.ts';
import { about, post, postFrom } from '../fakes/post.ts';
import { memoryWorld } from '../fakes/world.ts';
import { again, allowDuplicates, BY, backUp, DAY, HOUR, held, jobs, lost, restore, reversed } from './restoring.ts';

const onboard = about('ida@pub.example', 'onboard', { person: { department: 'Newsroom' } });
const offboard = about('ida@pub.example', 'offboard');

describe('an account whose id is not known', () => {
  test('that Conscent made without saying its id since is not made a second time', async () => {
    const world = memoryWorld();
    allowDuplicates(world);
    const backup = backUp(world);
    world.fake.faults.push({ answer: { kind: 'created' }, takesEffect: true });
    await post(world, onboard);
    await world.runFor(5);
    expect(world.fake.users).toHaveLength(1);
    await restore(world, backup);
    expect(world.fake.users).toHaveLength(1);
  });

  test('that silence followed since is not asked for a second time', async () => {
    const world = memoryWorld();
    allowDuplicates(world);
    const backup = backUp(world);
    world.fake.faults.push({ answer: { kind: 'silence', reason: 'timeout' }, takesEffect: true });
    await post(world, onboard);
    await world.runFor(5);
    expect(jobs(world)).toMatchObject([{ status: 'needs-attention', error: 'account-unlinked' }]);
    await restore(world, backup);
    expect(world.fake.users).toHaveLength(1);
  });

  test('of a leaver is still said, or left: the job does not end as if there were none', async () => {
    const world = memoryWorld();
    const backup = backUp(world);
    world.fake.faults.push({ answer: { kind: 'created' }, takesEffect: true });
    await post(world, onboard);
    await world.runFor(5);
    await post(world, offboard);
    await world.runFor(5);
    expect(jobs(world)[1]).toMatchObject({ type: 'offboard', status: 'needs-attention', error: 'account-unlinked' });
    const left = await restore(world, backup);
    const isStillSaid = left.length > 0 || jobs(world)[1]?.status === 'needs-attention';
    expect({ isStillSaid, job: jobs(world)[1], held: held(world) }).toMatchObject({ isStillSaid: true });
  });
});

describe('a replay that dies', () => {
  test('anywhere, and is run again, links the account all the same', async () => {
    const broken: string[] = [];
    for (let death = 1; death < 200; death += 1) {
      const world = memoryWorld();
      allowDuplicates(world);
      const { since, putBack } = backUp(world);
      await post(world, onboard);
      await world.runFor(5);
      world.advance(1);
      await post(world, offboard);
      await world.runFor(5);
      await post(world, onboard);
      await world.runFor(5);
      await pauseWrites(world, BY);
      putBack();
      const plan = await planReplay(world, since);
      const diedAt = await dieAt(world, death, () => again(world, since, plan));
      const left = await again(world, since);
      await world.runFor(60);
      await resumeWrites(world, BY);
      await world.runFor(HOUR);
      if (world.fake.users.length !== 1) broken.push(`${death} ${diedAt} ${JSON.stringify(left)}`);
      if (diedAt === null) break;
    }
    expect(broken).toEqual([]);
  });

  test('the same, and they have left: nobody keeps access', async () => {
    const broken: string[] = [];
    for (let death = 1; death < 200; death += 1) {
      const world = memoryWorld();
      const { since, putBack } = backUp(world);
      await post(world, onboard);
      await world.runFor(5);
      world.advance(1);
      // The revoke waits: all writes were stopped before the restore.
      await pauseWrites(world, BY);
      await post(world, offboard);
      await world.runFor(5);
      putBack();
      const plan = await planReplay(world, since);
      const diedAt = await dieAt(world, death, () => again(world, since, plan));
      const left = await again(world, since);
      await world.runFor(60);
      await resumeWrites(world, BY);
      await world.runFor(HOUR);
      if (world.fake.users[0]?.permissions.length && left.length === 0 && jobs(world)[1]?.status === 'succeeded')
        broken.push(`${death} ${diedAt}`);
      if (diedAt === null) break;
    }
    expect(broken).toEqual([]);
  });
});

describe('what Conscent holds is not what the backup says it acknowledged', () => {
  test('a grant that was given since, and ran out while nothing was written, is taken away', async () => {
    const world = memoryWorld();
    await post(world, onboard);
    await world.runFor(5);
    const backup = backUp(world);
    await post(world, about('ida@pub.example', 'change', { access: { profile: 'treasury', until: '2026-03-02' } }));
    await world.runFor(5);
    expect(held(world)).toEqual({ 'user-1': expect.arrayContaining(['payments', 'billing']) });
    await pauseWrites(world, BY);
    world.advance(DAY);
    const left = await restore(world, backup);
    await world.runFor(7 * DAY);
    expect({ left, held: held(world) }).toEqual({ left: [], held: { 'user-1': ['paywallBuilder', 'journey'] } });
  });

  test('somebody who came back and left again since, whose second leave waits for the pause, loses their access', async () => {
    const world = memoryWorld();
    await post(world, onboard);
    await world.runFor(5);
    await post(world, offboard);
    await world.runFor(20 * DAY);
    const backup = backUp(world);
    await post(world, onboard);
    await world.runFor(5);
    expect(held(world)['user-1']).not.toEqual([]);
    await pauseWrites(world, BY);
    world.advance(60);
    await post(world, offboard);
    await world.runFor(5);
    const left = await restore(world, backup);
    expect({ left, held: held(world), jobs: jobs(world).at(-1) }).toMatchObject({ left: [], held: { 'user-1': [] } });
    await world.runFor(30 * DAY);
    expect(held(world)).toEqual({ 'user-1': [] });
  });
});

describe('an account that was linked to another person since', () => {
  test('is that person’s, or left', async () => {
    const world = memoryWorld();
    allowDuplicates(world);
    world.fake.users.push(
      { userId: 'ida-1', email: 'ida@pub.example', role: 'ADMIN', permissions: ['payments'], passwords: 1 },
      { userId: 'kim-1', email: 'kim@pub.example', role: 'ADMIN', permissions: ['payments'], passwords: 1 },
    );
    // Mistaken: kim-1 is Kim's.
    await importAccount(world, { email: 'ida@pub.example', userId: 'kim-1' }, 'it');
    await post(world, onboard);
    await world.runFor(5);
    const backup = backUp(world);
    await linkAccount(world, { address: 'ida@pub.example', body: { userId: 'ida-1' }, by: 'it' });
    await world.runFor(5);
    await importAccount(world, { email: 'kim@pub.example', userId: 'kim-1' }, 'it');
    await post(world, about('kim@pub.example', 'onboard', { person: { department: 'Treasury' } }));
    await world.runFor(5);
    const left = await restore(world, backup);
    expect({ users: world.fake.users.length, left: left.length > 0 }).not.toEqual({ users: 3, left: false });
  });

  test('of two ids that somebody was linked to since, the later one is theirs', async () => {
    const world = memoryWorld();
    world.fake.users.push(
      { userId: 'ida-1', email: 'ida@pub.example', role: 'ADMIN', permissions: ['payments'], passwords: 1 },
      { userId: 'kim-1', email: 'kim@pub.example', role: 'ADMIN', permissions: ['payments'], passwords: 1 },
    );
    const backup = backUp(world);
    await importAccount(world, { email: 'ida@pub.example', userId: 'kim-1' }, 'it');
    await post(world, onboard);
    await world.runFor(5);
    world.advance(60);
    await linkAccount(world, { address: 'ida@pub.example', body: { userId: 'ida-1' }, by: 'it' });
    await post(world, about('ida@pub.example', 'change', { person: { department: 'Treasury' } }));
    await world.runFor(5);
    expect(jobs(world).map(({ userId }) => userId)).toEqual(['kim-1', 'ida-1']);
    const callsBefore = world.fake.calls.length;
    const left = await restore(world, backup);
    const calls = world.fake.calls.slice(callsBefore).map(({ userId }) => userId);
    expect({ left, calls }).toEqual({ left: [], calls: ['ida-1'] });
  });
});

describe.each([
  ['as they were sent', () => {}],
  ['the other way round', reversed],
  ['by the sweep alone, leavers first', lost],
] as const)('correlation of jobs that come %s', (_how, queued) => {
  test('joiner, rename, leaver since: the leaver loses access though the sweep brings leavers first', async () => {
    const world = memoryWorld();
    const backup = backUp(world);
    await postFrom(world, about('ida@pub.example', 'onboard', { person: { externalId: '7', department: 'Newsroom' } }));
    await world.runFor(5);
    await postFrom(world, about('ida.berg@pub.example', 'change', { person: { externalId: '7' } }));
    await world.runFor(5);
    await pauseWrites(world, BY);
    const leave = await postFrom(world, { type: 'offboard', person: { externalId: '7' } });
    await world.runFor(5);
    const left = await restore(world, backup, queued);
    expect({ left, held: held(world), jobs: jobs(world), leave: leave?.jobId !== '' }).toMatchObject({
      left: [],
      held: { 'user-1': [] },
    });
  });

  test('two people who had one address after another stay two', async () => {
    const world = memoryWorld();
    const backup = backUp(world);
    await postFrom(world, about('ida@pub.example', 'onboard', { person: { externalId: '7', department: 'Newsroom' } }));
    await world.runFor(5);
    await postFrom(
      world,
      about('ida.berg@pub.example', 'change', { person: { externalId: '7', previousEmail: 'ida@pub.example' } }),
    );
    await world.runFor(5);
    await postFrom(world, about('ida@pub.example', 'onboard', { person: { externalId: '8', department: 'Treasury' } }));
    await world.runFor(5);
    const before = held(world);
    const left = await restore(world, backup, queued);
    expect({
      left: left.length,
      held: held(world),
      jobs: jobs(world).map((j) => [j.email, j.status, j.error]),
    }).toMatchObject({ held: before });
  });
});

test('an address that has become another’s since: their account is theirs', async () => {
  const world = memoryWorld();
  await postFrom(world, about('ida@pub.example', 'onboard', { person: { externalId: '7', department: 'Garden' } }));
  await world.runFor(5);
  const backup = backUp(world);
  await postFrom(
    world,
    about('ida.berg@pub.example', 'change', { person: { externalId: '7', previousEmail: 'ida@pub.example' } }),
  );
  await world.runFor(5);
  await postFrom(world, about('ida@pub.example', 'onboard', { person: { externalId: '8', department: 'Treasury' } }));
  await world.runFor(5);
  expect(held(world)).toEqual({ 'user-1': ['payments', 'billing'] });
  const left = await restore(world, backup);
  expect({ left, held: held(world), jobs: jobs(world) }).toMatchObject({ held: { 'user-1': ['payments', 'billing'] } });
});
