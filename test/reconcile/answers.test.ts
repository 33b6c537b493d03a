import { describe, expect, test } from 'vitest';
import type { ConscentAnswer } from '../../shared/lifecycle/conscent-answer.ts';
import { linkAccount } from '../../shared/operate/link-account.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld, type WorldOptions } from '../fakes/world.ts';

const DAY = 86_400;
const inNewsroom = { person: { department: 'Newsroom' } };
const silence: ConscentAnswer = { kind: 'silence', reason: 'timeout' };

async function employed(options?: WorldOptions): Promise<MemoryWorld> {
  const world = memoryWorld(options);
  await post(world, about('olof@pub.example', 'onboard', inNewsroom));
  await world.runFor(1);
  return world;
}

function only(world: MemoryWorld) {
  return world.allJobs().at(-1);
}

describe('a leaver who comes back and leaves again', () => {
  test('is revoked again on seven days, though the update in between was never answered', async () => {
    const world = await employed();
    await post(world, about('olof@pub.example', 'offboard'));
    await world.runFor(10 * DAY);
    world.fake.faults = [{ takesEffect: true, answer: silence }];
    await post(world, about('olof@pub.example', 'onboard', inNewsroom));
    await world.runFor(1);
    world.fake.calls.length = 0;
    await post(world, about('olof@pub.example', 'offboard'));
    await world.runFor(10 * DAY);
    // At once, after a minute because of the silence, and then daily.
    expect(world.fake.calls.map(({ kind }) => kind)).toEqual(Array.from({ length: 9 }, () => 'revoke'));
  });
});

describe('five claims without an outcome', () => {
  test('need a person, but a leaver is revoked all the same when it can be done again', async () => {
    const world = await employed();
    world.setBlow((point) => {
      if (point === 'before conscent.update') throw new Error('the worker died');
    });
    await post(world, about('olof@pub.example', 'offboard'));
    await world.runFor(3_600);
    expect(only(world)).toMatchObject({ status: 'needs-attention', error: { code: 'no-outcome' } });
    expect(world.alarms.map(({ code }) => code)).toContain('leaver-not-revoked');
    world.setBlow(() => {});
    await world.runFor(DAY);
    expect(only(world)).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
    expect(world.fake.users).toMatchObject([{ permissions: [] }]);
  });
});

describe('known not to have worked', () => {
  test.each([
    ['500 or 503', { kind: 'unavailable' }],
    ['429', { kind: 'throttled', retryAfterSeconds: 7 }],
    ['401', { kind: 'unauthorized', status: 401 }],
  ] as [string, ConscentAnswer][])('%s to a create is repeated, and one account comes of it', async (_name, answer) => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: false, answer }];
    await post(world, about('olof@pub.example', 'onboard', inNewsroom));
    await world.runFor(DAY);
    expect(world.fake.users).toHaveLength(1);
    expect(only(world)).toMatchObject({ status: 'succeeded', outcome: 'created', attempts: 2 });
  });

  test('what was not sent for want of our own secret says so, is no attempt, and is repeated', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'unavailable', because: 'secret-unreadable' } }];
    await post(world, about('olof@pub.example', 'onboard', inNewsroom));
    await world.runFor(1);
    expect(only(world)).toMatchObject({
      status: 'retrying',
      attempts: 0,
      error: {
        code: 'secret-unreadable',
        retryable: true,
        detail: expect.stringContaining('our own secret') as unknown,
      },
    });
    await world.runFor(DAY);
    expect(only(world)).toMatchObject({ status: 'succeeded', outcome: 'created', attempts: 1 });
  });

  test('a request that is refused needs a person at once', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'rejected', status: 400 } }];
    await post(world, about('olof@pub.example', 'onboard', inNewsroom));
    await world.runFor(DAY);
    expect(world.fake.calls).toHaveLength(1);
    expect(only(world)).toMatchObject({
      status: 'needs-attention',
      error: { code: 'conscent-rejected', retryable: false },
    });
    expect(world.alarms.map(({ code }) => code)).toContain('conscent-rejected');
  });

  test('the schedule used up needs a person, after at least 8 attempts over at least 30 hours', async () => {
    const world = memoryWorld();
    world.fake.faults = Array.from({ length: 99 }, () => ({ takesEffect: false, answer: { kind: 'unavailable' } }));
    const startedAt = Date.parse(world.clock.now());
    await post(world, about('olof@pub.example', 'onboard', inNewsroom));
    await world.runFor(10 * DAY);
    expect(only(world)).toMatchObject({ status: 'needs-attention', error: { code: 'retries-exhausted' } });
    expect(only(world)?.attempts).toBeGreaterThanOrEqual(8);
    expect(Date.parse(world.clock.now()) - startedAt).toBeGreaterThanOrEqual(30 * 3_600_000);
  });

  test('a revoke that is refused is alarmed once, with whom it is about and why', async () => {
    const world = await employed();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'rejected', status: 400 } }];
    const [job] = await post(world, about('olof@pub.example', 'offboard'));
    await world.runFor(DAY);
    const personId = world.allPeople()[0]?.id;
    expect(world.alarms.filter(({ code }) => code === 'leaver-not-revoked')).toEqual([
      { code: 'leaver-not-revoked', fields: { personId, jobId: job?.jobId, reason: 'conscent-rejected' } },
    ]);
  });

  test('a revoke is never given up, and alarmed each time it has failed once the schedule is used up', async () => {
    const world = await employed();
    world.fake.faults = Array.from({ length: 14 }, () => ({ takesEffect: false, answer: { kind: 'unavailable' } }));
    await post(world, about('olof@pub.example', 'offboard'));
    await world.runFor(10 * DAY);
    expect(world.fake.users[0]?.permissions).toEqual([]);
    expect(only(world)).toMatchObject({ outcome: 'revoked' });
    // Fourteen failures, of which the schedule has ten.
    expect(world.alarms.filter(({ code }) => code === 'leaver-not-revoked')).toHaveLength(4);
  });

  test('a leaver does not wait for the schedule of an earlier change', async () => {
    const world = await employed();
    world.fake.faults = Array.from({ length: 8 }, () => ({ takesEffect: false, answer: { kind: 'unavailable' } }));
    await post(world, about('olof@pub.example', 'change', { person: { department: 'Treasury' } }));
    await world.runFor(4 * 3600);
    world.fake.faults = [];
    await post(world, about('olof@pub.example', 'offboard'));
    await world.runFor(1);
    expect(world.fake.users[0]?.permissions).toEqual([]);
  });
});

describe('silence', () => {
  test.each([true, false])('after a PATCH (effect: %s) it is sent again', async (takesEffect) => {
    const world = await employed();
    world.fake.faults = [{ takesEffect, answer: silence }];
    await post(world, about('olof@pub.example', 'change', { person: { department: 'Treasury' } }));
    await world.runFor(60);
    expect(world.fake.calls.map(({ kind }) => kind)).toEqual(['create', 'update', 'update']);
    expect(only(world)).toMatchObject({ outcome: 'updated', attempts: 2 });
  });

  test.each([true, false])(
    'after a POST (effect: %s) is not repeated: unlinked, and a person must look',
    async (takesEffect) => {
      const world = memoryWorld();
      world.fake.faults = [{ takesEffect, answer: silence }];
      await post(world, about('olof@pub.example', 'onboard', inNewsroom));
      await world.runFor(5 * DAY);
      expect(world.fake.calls).toHaveLength(1);
      expect(world.allPeople()[0]?.account).toMatchObject({ state: 'unlinked', userId: null });
      expect(only(world)).toMatchObject({ status: 'needs-attention', error: { code: 'account-unlinked' } });
    },
  );

  test('after a POST is repeated where Conscent refuses duplicates', async () => {
    const world = memoryWorld({ settings: { refusesDuplicates: true } });
    world.fake.faults = [{ takesEffect: false, answer: silence }];
    await post(world, about('olof@pub.example', 'onboard', inNewsroom));
    await world.runFor(60);
    expect(only(world)).toMatchObject({ outcome: 'created', attempts: 2 });
  });

  test('a repeated POST that meets its own account is unlinked', async () => {
    const world = memoryWorld({ settings: { refusesDuplicates: true } });
    world.fake.faults = [{ takesEffect: true, answer: silence }];
    await post(world, about('olof@pub.example', 'onboard', inNewsroom));
    await world.runFor(DAY);
    expect(world.fake.users).toHaveLength(1);
    expect(only(world)).toMatchObject({ status: 'needs-attention', error: { code: 'account-exists' } });
  });
});

describe('accounts without an id', () => {
  test('201 without an id is a success, and the account is unlinked', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: true, answer: { kind: 'created' } }];
    await post(world, about('olof@pub.example', 'onboard', inNewsroom));
    await world.runFor(1);
    expect(only(world)).toMatchObject({ status: 'succeeded', outcome: 'created' });
    expect(world.allPeople()[0]?.account).toMatchObject({ state: 'unlinked' });
  });

  test('a leaver whose account is unlinked is the loudest alarm, until somebody links it', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: true, answer: { kind: 'created' } }];
    await post(world, about('olof@pub.example', 'onboard', inNewsroom));
    await world.runFor(1);
    await post(world, about('olof@pub.example', 'offboard'));
    await world.runFor(1);
    expect(only(world)).toMatchObject({ status: 'needs-attention', error: { code: 'account-unlinked' } });
    expect(world.alarms.map(({ code }) => code)).toContain('unlinked-leaver');
    await linkAccount(world, { address: 'olof@pub.example', body: { userId: 'user-1' }, by: 'it-desk' });
    await world.runFor(1);
    expect(world.fake.users[0]?.permissions).toEqual([]);
    expect(only(world)).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
  });

  test('404 for a known id is never "already gone"', async () => {
    const world = await employed();
    world.fake.users.length = 0;
    await post(world, about('olof@pub.example', 'offboard'));
    await world.runFor(1);
    expect(only(world)).toMatchObject({ status: 'needs-attention', error: { code: 'account-not-found' } });
    expect(world.allPeople()[0]?.account).toMatchObject({ state: 'unlinked' });
    expect(world.alarms.map(({ code }) => code)).toContain('unlinked-leaver');
  });

  test('an address that Conscent already knows is unlinked and needs a person', async () => {
    const world = memoryWorld();
    await world.fake.create('olof@pub.example', { role: 'ADMIN', permissions: [] });
    await post(world, about('olof@pub.example', 'onboard', inNewsroom));
    await world.runFor(1);
    expect(only(world)).toMatchObject({ status: 'needs-attention', error: { code: 'account-exists' } });
  });
});

describe('the pause', () => {
  test('while Conscent refuses our credentials nobody burns an attempt, and one probe at a time re-opens it', async () => {
    const world = memoryWorld();
    const refused = { takesEffect: false, answer: { kind: 'unauthorized', status: 401 } as const };
    world.fake.faults = Array.from({ length: 6 }, () => refused);
    for (const name of ['a', 'b', 'c', 'd']) await post(world, about(`${name}@pub.example`, 'onboard', inNewsroom));
    await world.runFor(DAY);
    expect(world.fake.calls).toHaveLength(6 + 4);
    expect(world.allJobs().map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created', 'created']);
    expect(await world.pause.get()).toBeNull();
  });

  test('a job that waits for the pause says until when and why', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'throttled', retryAfterSeconds: 600 } }];
    await post(world, about('a@pub.example', 'onboard', inNewsroom));
    await post(world, about('b@pub.example', 'onboard', inNewsroom));
    await world.runFor(5);
    expect(world.fake.calls).toHaveLength(1);
    expect(world.allJobs()).toMatchObject([
      {
        status: 'retrying',
        attempts: 1,
        error: { code: 'conscent-throttled' },
        nextAttemptAt: '2026-03-02T08:10:00.000Z',
      },
      {
        status: 'retrying',
        attempts: 0,
        error: { code: 'conscent-throttled' },
        nextAttemptAt: '2026-03-02T08:10:00.000Z',
      },
    ]);
  });
});
