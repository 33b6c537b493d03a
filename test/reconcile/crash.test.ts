import { describe, expect, test } from 'vitest';
import type { Job } from '../../shared/lifecycle/job.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { dieAt } from '../fakes/death.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const WEEK = 7 * 86_400;

interface Scenario {
  name: string;
  before: object[];
  event: object;
  refusesDuplicates?: boolean;
  /** What must hold in the end. `wasIntended`: the worker died between marking the call and writing its answer down. */
  holds(world: MemoryWorld, job: Job | undefined, wasIntended: boolean): void;
}

const joiner = about('tove@pub.example', 'onboard', { person: { department: 'Newsroom' } });
const newsroom = ['paywallBuilder', 'journey'];

const scenarios: Scenario[] = [
  {
    name: 'create',
    before: [],
    event: joiner,
    holds: (world, job, wasIntended) => {
      expect(world.fake.users.length).toBeLessThanOrEqual(1);
      if (job?.outcome === 'created') {
        expect(world.fake.users).toMatchObject([{ permissions: newsroom }]);
        return;
      }
      // The POST was intended and its answer never written down, so nobody may know: only a person can find out, and is told.
      expect(wasIntended).toBe(true);
      expect(job).toMatchObject({ status: 'needs-attention', error: { code: 'account-unlinked' } });
      expect(world.alarms.map(({ code }) => code)).toContain('account-unlinked');
    },
  },
  {
    name: 'create where Conscent refuses duplicates',
    before: [],
    event: joiner,
    refusesDuplicates: true,
    holds: (world, job) => {
      expect(world.fake.users).toMatchObject([{ permissions: newsroom }]);
      expect([job?.outcome, job?.error?.code]).toSatisfy(
        ([outcome, code]) => outcome === 'created' || code === 'account-exists',
      );
    },
  },
  {
    name: 'update',
    before: [joiner],
    event: about('tove@pub.example', 'change', { person: { department: 'Treasury' } }),
    holds: (world, job) => {
      expect(world.fake.users).toMatchObject([{ permissions: ['payments', 'billing'] }]);
      expect(job).toMatchObject({ status: 'succeeded', outcome: 'updated' });
    },
  },
  {
    name: 'rename',
    before: [joiner],
    event: about('tove.lind@pub.example', 'change', { person: { previousEmail: 'tove@pub.example' } }),
    holds: (world, job) => {
      expect(world.fake.users).toMatchObject([{ email: 'tove.lind@pub.example' }]);
      expect(world.allPeople().filter(({ facts }) => facts.length > 0)).toHaveLength(1);
      expect(job).toMatchObject({ status: 'succeeded', outcome: 'updated' });
    },
  },
  {
    name: 'revoke',
    before: [joiner],
    event: about('tove@pub.example', 'offboard'),
    holds: (world, job) => {
      expect(world.fake.users).toMatchObject([{ permissions: [] }]);
      expect(job).toMatchObject({ status: 'succeeded', outcome: 'revoked' });
    },
  },
];

async function play({ before, event, refusesDuplicates = false }: Scenario, death: number) {
  const world = memoryWorld({ settings: { refusesDuplicates } });
  for (const earlier of before) {
    await post(world, earlier);
    await world.runFor(1);
  }
  const [recorded] = await post(world, event);
  const message = { jobId: recorded?.jobId ?? '' };
  const diedAt = await dieAt(world, death, () => reconcile(world, message));
  const wasIntended = world.allPeople().some(({ account }) => account?.intent != null);
  // The message is lost with the worker: only the sweep is left.
  world.messages.length = 0;
  await world.runFor(WEEK);
  const job = world.allJobs().find(({ jobId }) => jobId === message.jobId);
  return { world, job, diedAt, wasIntended };
}

describe.each(scenarios)('a worker that dies during $name', (scenario) => {
  test('is made good by the sweep alone, wherever it died', async () => {
    const points: string[] = [];
    for (let death = 1; death < 200; death += 1) {
      const { world, job, diedAt, wasIntended } = await play(scenario, death);
      scenario.holds(world, job, wasIntended);
      expect(
        world.allPeople().flatMap(({ open }) => open.filter(({ status }) => status !== 'needs-attention')),
      ).toEqual([]);
      if (diedAt === null) break;
      points.push(diedAt);
    }
    // It really was killed before and after the call, and it lived in the end.
    const call = scenario.name.startsWith('create') ? 'conscent.create' : 'conscent.update';
    expect(points).toEqual(
      expect.arrayContaining([`before ${call}`, `after ${call}`, 'before people.save', 'after jobs.change']),
    );
    expect(points.length).toBeLessThan(199);
  });
});

describe('claims', () => {
  test('five claims in a row without an outcome need a person', async () => {
    const world = memoryWorld();
    const [job] = await post(world, joiner);
    await world.runFor(1);
    const [leaver] = await post(world, about('tove@pub.example', 'offboard'));
    for (let death = 0; death < 5; death += 1) {
      world.setBlow((point) => {
        if (point === 'before conscent.update') throw new Error('died');
      });
      await reconcile(world, { jobId: leaver?.jobId ?? '' }).catch(() => {});
      world.advance(80);
    }
    world.setBlow(() => {});
    await world.runFor(3600);
    expect(world.allJobs().find(({ jobId }) => jobId === job?.jobId)).toMatchObject({ outcome: 'created' });
    expect(world.allJobs().at(-1)).toMatchObject({ status: 'needs-attention', error: { code: 'no-outcome' } });
    expect(world.alarms.map(({ code }) => code)).toContain('leaver-not-revoked');
  });

  test('while one worker holds the claim another leaves the person alone', async () => {
    const world = memoryWorld();
    const [job] = await post(world, joiner);
    const wakeUp = { jobId: job?.jobId ?? '' };
    await Promise.all([reconcile(world, wakeUp), reconcile(world, wakeUp), reconcile(world, wakeUp)]);
    await world.runFor(200);
    expect(world.fake.users).toHaveLength(1);
    expect(world.fake.calls).toHaveLength(1);
    expect(world.allJobs()).toMatchObject([{ outcome: 'created' }]);
  });

  test('an event that arrives during a call is not lost', async () => {
    const world = memoryWorld();
    const [first] = await post(world, joiner);
    const create = world.conscent.create;
    let leaver = '';
    world.conscent.create = async (email, access) => {
      const answer = await create(email, access);
      world.advance(1);
      const [job] = await post(world, about('tove@pub.example', 'offboard'));
      leaver = job?.jobId ?? '';
      await reconcile(world, { jobId: leaver });
      return answer;
    };
    await reconcile(world, { jobId: first?.jobId ?? '' });
    expect(world.fake.users).toMatchObject([{ permissions: [] }]);
    expect(world.allJobs().find(({ jobId }) => jobId === leaver)).toMatchObject({ outcome: 'revoked' });
  });
});

describe('the sweep', () => {
  test('does the work itself while the queue is down', async () => {
    const world = memoryWorld();
    world.queue.send = async () => {
      throw new Error('the queue is down');
    };
    await post(world, joiner);
    await world.runFor(60);
    expect(world.allJobs()).toMatchObject([{ status: 'succeeded', outcome: 'created' }]);
  });

  test('wakes leavers before everybody else', async () => {
    const world = memoryWorld();
    for (let index = 0; index < 5; index += 1) await post(world, about(`joiner${index}@pub.example`, 'onboard'));
    const [leaver] = await post(world, about('leaver@pub.example', 'offboard'));
    world.messages.length = 0;
    const { sweep } = await import('../../shared/reconcile/sweep.ts');
    await sweep(world);
    expect(world.messages[0]).toEqual({ jobId: leaver?.jobId });
  });
});
