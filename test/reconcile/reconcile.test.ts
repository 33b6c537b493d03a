import { describe, expect, test } from 'vitest';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const HOUR = 3600;
const DAY = 86_400;

async function outcomeOf(world: MemoryWorld, event: object): Promise<string | null | undefined> {
  const [job] = await post(world, event);
  await world.runFor(1);
  return world.allJobs().find(({ jobId }) => jobId === job?.jobId)?.outcome;
}

function jobOf(world: MemoryWorld, jobId: string | undefined) {
  return world.allJobs().find((job) => job.jobId === jobId);
}

const inNewsroom = { person: { department: 'Newsroom' } };

describe('the main job', () => {
  test('a joiner gets an account, a mover gets it changed, a leaver loses everything', async () => {
    const world = memoryWorld();
    expect(await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom))).toBe('created');
    expect(world.fake.users).toMatchObject([
      { email: 'ida@pub.example', role: 'ADMIN', permissions: ['paywallBuilder', 'journey'] },
    ]);
    expect(await outcomeOf(world, about('ida@pub.example', 'change', { person: { department: 'Treasury' } }))).toBe(
      'updated',
    );
    expect(world.fake.users[0]?.permissions).toEqual(['payments', 'billing']);
    expect(await outcomeOf(world, about('ida@pub.example', 'offboard'))).toBe('revoked');
    expect(world.fake.users).toMatchObject([{ permissions: [], passwords: 2 }]);
  });

  test('what is so already is an outcome and makes no call', async () => {
    const world = memoryWorld();
    await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom));
    expect(await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom))).toBe('unchanged');
    expect(world.fake.calls).toHaveLength(1);
  });

  test('no matching rule means no account, never a default', async () => {
    const world = memoryWorld();
    expect(await outcomeOf(world, about('ida@pub.example', 'onboard', { person: { department: 'Canteen' } }))).toBe(
      'no-access',
    );
    expect(world.fake.calls).toEqual([]);
  });

  test('a direct grant is held while employed and goes with the employment', async () => {
    const world = memoryWorld();
    const access = { role: 'EDITOR', permissions: { ga4: true, export: false } };
    expect(await outcomeOf(world, about('ida@pub.example', 'onboard', { access }))).toBe('created');
    expect(world.fake.users).toMatchObject([{ role: 'EDITOR', permissions: ['ga4'] }]);
    await outcomeOf(world, about('ida@pub.example', 'offboard'));
    await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom));
    expect(world.fake.users[0]?.permissions).toEqual(['paywallBuilder', 'journey']);
  });

  test('a rename goes in a call of its own, after the permissions', async () => {
    const world = memoryWorld();
    await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom));
    const person = { previousEmail: 'ida@pub.example', department: 'Treasury' };
    expect(await outcomeOf(world, about('ida.holm@pub.example', 'change', { person }))).toBe('updated');
    expect(world.fake.calls.map(({ kind }) => kind)).toEqual(['create', 'update', 'rename']);
    expect(world.fake.users).toMatchObject([{ email: 'ida.holm@pub.example', permissions: ['payments', 'billing'] }]);
    expect(world.allPeople()).toHaveLength(1);
  });

  test('an old address still offboards its person', async () => {
    const world = memoryWorld();
    await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom));
    await outcomeOf(world, about('ida.holm@pub.example', 'change', { person: { previousEmail: 'ida@pub.example' } }));
    expect(await outcomeOf(world, about('ida@pub.example', 'offboard'))).toBe('revoked');
    expect(world.fake.users).toMatchObject([{ email: 'ida.holm@pub.example', permissions: [] }]);
  });
});

describe('dates', () => {
  test('a future end leaves access alone until its hour, then takes it', async () => {
    const world = memoryWorld();
    await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom));
    const [job] = await post(
      world,
      about('ida@pub.example', 'offboard', { effectiveAt: '2026-03-03', timeZone: 'Asia/Kolkata' }),
    );
    await world.runFor(HOUR);
    expect(jobOf(world, job?.jobId)).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-03T18:30:00.000Z' });
    expect(world.fake.users[0]?.permissions).not.toEqual([]);
    await world.runFor(2 * DAY);
    expect(jobOf(world, job?.jobId)).toMatchObject({ status: 'succeeded', outcome: 'revoked', attempts: 1 });
    expect(world.fake.users[0]?.permissions).toEqual([]);
  });

  test('a date that passed while nothing ran is acted on at once', async () => {
    const world = memoryWorld();
    await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom));
    const [job] = await post(world, about('ida@pub.example', 'offboard', { effectiveAt: '2026-03-04' }));
    await world.runFor(1);
    world.advance(30 * DAY);
    await world.runFor(1);
    expect(jobOf(world, job?.jobId)).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
  });

  test('a termination that is rescinded in time is superseded and touches nothing', async () => {
    const world = memoryWorld();
    await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom));
    const [end] = await post(world, about('ida@pub.example', 'offboard', { effectiveAt: '2026-03-20' }));
    await world.runFor(HOUR);
    await post(world, about('ida@pub.example', 'onboard'));
    await world.runFor(30 * DAY);
    expect(jobOf(world, end?.jobId)).toMatchObject({ status: 'ignored', outcome: 'superseded' });
    expect(world.fake.users[0]?.permissions).toEqual(['paywallBuilder', 'journey']);
  });

  test('an event that comes after a newer one is stale', async () => {
    const world = memoryWorld();
    await outcomeOf(world, about('ida@pub.example', 'onboard', { ...inNewsroom, occurredAt: '2026-03-01T10:00:00Z' }));
    await outcomeOf(
      world,
      about('ida@pub.example', 'change', { person: { department: 'Treasury' }, occurredAt: '2026-03-02T07:00:00Z' }),
    );
    const late = about('ida@pub.example', 'change', {
      person: { department: 'Newsroom' },
      occurredAt: '2026-03-01T12:00:00Z',
    });
    expect(await outcomeOf(world, late)).toBe('stale');
    expect(world.fake.users[0]?.permissions).toEqual(['payments', 'billing']);
  });
});

describe('re-assertion', () => {
  test('every revoke is sent once a day for seven days after the end', async () => {
    const world = memoryWorld();
    await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom));
    await outcomeOf(world, about('ida@pub.example', 'offboard'));
    await world.runFor(30 * DAY);
    expect(world.fake.calls.filter(({ kind }) => kind === 'revoke')).toHaveLength(8);
  });

  test('a revoke that followed silence is sent once more after a minute', async () => {
    const world = memoryWorld();
    await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom));
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'silence', reason: 'timeout' } }];
    const [job] = await post(world, about('ida@pub.example', 'offboard'));
    await world.runFor(120);
    expect(world.fake.calls.filter(({ kind }) => kind === 'revoke')).toHaveLength(3);
    expect(jobOf(world, job?.jobId)).toMatchObject({ status: 'succeeded', outcome: 'revoked', attempts: 2 });
  });

  test('a rehire ends the re-assertion', async () => {
    const world = memoryWorld();
    await outcomeOf(world, about('ida@pub.example', 'onboard', inNewsroom));
    await outcomeOf(world, about('ida@pub.example', 'offboard'));
    await outcomeOf(world, about('ida@pub.example', 'onboard'));
    await world.runFor(30 * DAY);
    expect(world.fake.users[0]?.permissions).toEqual(['paywallBuilder', 'journey']);
  });
});

describe('somebody of whom more is said than there is room for', () => {
  const filler = 'x'.repeat(190);
  const attributes = (batch: number) =>
    Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`attribute-${batch}-${index}`, filler]));

  test('keeps what there is room for, needs a person for the rest, and can always leave', async () => {
    const world = memoryWorld();
    await post(world, about('olof@pub.example', 'onboard', { person: { department: 'Newsroom' } }));
    for (let batch = 0; batch < 40; batch += 1) {
      await post(world, about('olof@pub.example', 'change', { person: { attributes: attributes(batch) } }));
      await world.runFor(1);
    }
    expect(world.allJobs().at(-1)).toMatchObject({ status: 'needs-attention', error: { code: 'person-too-large' } });
    expect(JSON.stringify(world.allPeople()).length).toBeLessThan(400_000);
    await post(world, about('olof@pub.example', 'offboard', { person: { attributes: attributes(99) } }));
    await world.runFor(1);
    expect(world.allJobs().at(-1)).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
    expect(JSON.stringify(world.allPeople()).length).toBeLessThan(400_000);
  });
});
