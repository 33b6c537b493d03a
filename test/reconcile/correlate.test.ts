import { describe, expect, test } from 'vitest';
import { about, post, postFrom } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const inNewsroom = { department: 'Newsroom' };

function living(world: MemoryWorld) {
  return world.allPeople().filter(({ mergedInto, facts }) => mergedInto === null && facts.length > 0);
}

const hired = (externalId: string, email: string) => ({
  type: 'onboard',
  person: { externalId, email, ...inNewsroom },
});

describe('employee ids', () => {
  test('an end that was stated under an employee id alone is too late where newer facts are in the base already', async () => {
    const world = memoryWorld();
    await postFrom(world, { type: 'offboard', person: { externalId: '77' } });
    world.advance(3_600);
    await post(world, about('ebba@pub.example', 'onboard', { person: inNewsroom }));
    await world.runFor(1);
    for (let moves = 0; moves < 220; moves += 1) {
      await post(
        world,
        about('ebba@pub.example', 'change', { access: { profile: 'newsroom' }, reference: `R${moves}` }),
      );
      await world.runFor(1);
    }
    await postFrom(world, { type: 'change', person: { externalId: '77', email: 'ebba@pub.example' } });
    expect(world.fake.users).toMatchObject([{ permissions: ['paywallBuilder', 'journey'] }]);
  });

  test('a job that named two people shows the instant its fact would have come into force', async () => {
    const world = memoryWorld();
    for (const email of ['ebba@pub.example', 'elsa@pub.example']) await post(world, about(email, 'onboard'));
    const clash = { email: 'ebba@pub.example', previousEmail: 'elsa@pub.example' };
    await postFrom(world, { type: 'offboard', person: clash, effectiveAt: '2026-12-31', timeZone: 'Asia/Kolkata' });
    expect(world.allJobs().at(-1)).toMatchObject({
      error: { code: 'identity-conflict' },
      effectiveAt: '2026-12-31T18:30:00.000Z',
    });
  });

  test('an offboard by employee id alone finds its person', async () => {
    const world = memoryWorld();
    await postFrom(world, hired('77', 'ebba@pub.example'));
    const job = await postFrom(world, { type: 'offboard', person: { externalId: '77' } });
    expect(job).toMatchObject({ outcome: 'revoked', email: 'ebba@pub.example' });
  });

  test('the same number in another source is another person', async () => {
    const world = memoryWorld();
    await postFrom(world, hired('77', 'ebba@pub.example'));
    await postFrom(world, { type: 'offboard', person: { externalId: '77' } }, 'hr-two');
    expect(world.fake.users[0]?.permissions).not.toEqual([]);
    expect(living(world)).toHaveLength(2);
  });

  test('somebody first heard of by employee id is the same person when the address comes', async () => {
    const world = memoryWorld();
    await postFrom(world, { type: 'offboard', person: { externalId: '77' }, effectiveAt: '2026-03-05' });
    const job = await postFrom(world, { ...hired('77', 'ebba@pub.example'), occurredAt: '2026-03-01T00:00:00Z' });
    expect(job).toMatchObject({ outcome: 'created' });
    await world.runFor(5 * 86_400);
    expect(world.fake.users).toMatchObject([{ permissions: [] }]);
    expect(living(world)).toHaveLength(1);
  });

  test('a leaver first heard of by employee id is taken into the person who turns out to have it', async () => {
    const world = memoryWorld();
    await post(world, about('ebba@pub.example', 'onboard', { person: inNewsroom, occurredAt: '2026-03-01T00:00:00Z' }));
    await world.runFor(1);
    const end = await postFrom(world, { type: 'offboard', person: { externalId: '77' } });
    expect(end).toMatchObject({ outcome: 'unchanged' });
    expect(world.fake.users[0]?.permissions).not.toEqual([]);
    await postFrom(world, {
      type: 'change',
      person: { externalId: '77', email: 'ebba@pub.example', jobTitle: 'Editor' },
    });
    expect(world.fake.users).toMatchObject([{ permissions: [] }]);
    expect(living(world)).toHaveLength(1);
  });

  test('an employee id that is used again for another address needs a person', async () => {
    const world = memoryWorld();
    await postFrom(world, hired('77', 'ebba@pub.example'));
    await postFrom(world, { type: 'offboard', person: { externalId: '77' } });
    const job = await postFrom(world, hired('77', 'nils@pub.example'));
    expect(job).toMatchObject({ status: 'needs-attention', error: { code: 'identity-conflict' } });
    expect(world.fake.users).toHaveLength(1);
    expect(world.fake.users[0]).toMatchObject({ email: 'ebba@pub.example', permissions: [] });
  });

  test('with the previous address it is a rehire under a new one', async () => {
    const world = memoryWorld();
    await postFrom(world, hired('77', 'ebba@pub.example'));
    await postFrom(world, { type: 'offboard', person: { externalId: '77' } });
    const again = {
      type: 'onboard',
      person: { externalId: '77', email: 'ebba.ek@pub.example', previousEmail: 'ebba@pub.example' },
    };
    expect(await postFrom(world, again)).toMatchObject({ outcome: 'updated' });
    expect(world.fake.users).toMatchObject([
      { email: 'ebba.ek@pub.example', permissions: ['paywallBuilder', 'journey'] },
    ]);
  });
});

describe('two people', () => {
  test('an event that names two changes nothing', async () => {
    const world = memoryWorld();
    await postFrom(world, hired('1', 'ebba@pub.example'));
    await postFrom(world, hired('2', 'nils@pub.example'));
    const job = await postFrom(world, { type: 'offboard', person: { externalId: '1', email: 'nils@pub.example' } });
    expect(job).toMatchObject({ status: 'needs-attention', error: { code: 'identity-conflict' }, userId: null });
    expect(world.fake.users.map(({ permissions }) => permissions.length)).toEqual([2, 2]);
    expect(world.alarms.map(({ code }) => code)).toContain('identity-conflict');
  });

  test('an address that was left behind by a rename goes to a newcomer with an id of their own', async () => {
    const world = memoryWorld();
    await postFrom(world, hired('1', 'e.ek@pub.example'));
    await postFrom(world, { type: 'change', person: { externalId: '1', email: 'ebba@pub.example' } });
    expect(await postFrom(world, hired('2', 'e.ek@pub.example'))).toMatchObject({ outcome: 'created' });
    expect(world.fake.users.map(({ email }) => email)).toEqual(['ebba@pub.example', 'e.ek@pub.example']);
    await postFrom(world, { type: 'offboard', person: { email: 'e.ek@pub.example' } });
    expect(world.fake.users.map(({ permissions }) => permissions.length)).toEqual([2, 0]);
  });

  test('an onboard with an address left behind and no id needs a person', async () => {
    const world = memoryWorld();
    await postFrom(world, hired('1', 'e.ek@pub.example'));
    await postFrom(world, { type: 'change', person: { externalId: '1', email: 'ebba@pub.example' } });
    const [job] = await post(world, about('e.ek@pub.example', 'onboard', { person: inNewsroom }));
    await world.runFor(1);
    expect(world.allJobs().find(({ jobId }) => jobId === job?.jobId)).toMatchObject({
      error: { code: 'identity-conflict' },
    });
  });

  test('many first events of one person at once make one person and one account', async () => {
    const world = memoryWorld();
    const { reconcile } = await import('../../shared/reconcile/reconcile.ts');
    const jobs = await post(
      world,
      Array.from({ length: 12 }, () => about('ebba@pub.example', 'onboard', { person: inNewsroom })),
    );
    await Promise.all(jobs.map(({ jobId }) => reconcile(world, { jobId }).catch(() => {})));
    await world.runFor(600);
    expect(world.fake.users).toHaveLength(1);
    expect(world.fake.calls).toHaveLength(1);
    expect(world.allJobs().filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(world.allJobs().every(({ status }) => status === 'succeeded' || status === 'ignored')).toBe(true);
  });
});

describe('leaver first', () => {
  test('a source that did not end an employment cannot re-open it', async () => {
    const world = memoryWorld();
    await postFrom(world, hired('1', 'ebba@pub.example'), 'hr-one');
    await postFrom(world, { type: 'offboard', person: { externalId: '1' } }, 'hr-one');
    const job = await postFrom(world, { type: 'onboard', person: { email: 'ebba@pub.example' } }, 'tickets');
    expect(job).toMatchObject({ status: 'needs-attention', error: { code: 'ended-elsewhere' } });
    expect(world.fake.users[0]?.permissions).toEqual([]);
  });

  test('the operator’s own onboard may, and settles what waited', async () => {
    const world = memoryWorld();
    await postFrom(world, hired('1', 'ebba@pub.example'), 'hr-one');
    await postFrom(world, { type: 'offboard', person: { externalId: '1' } }, 'hr-one');
    const waiting = await postFrom(world, { type: 'onboard', person: { email: 'ebba@pub.example' } }, 'tickets');
    await post(world, about('ebba@pub.example', 'onboard'));
    await world.runFor(1);
    expect(world.fake.users[0]?.permissions).toEqual(['paywallBuilder', 'journey']);
    expect(world.allJobs().find(({ jobId }) => jobId === waiting?.jobId)?.outcome).toBe('stale');
  });
});
