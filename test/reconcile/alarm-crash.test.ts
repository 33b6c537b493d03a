/** Whatever needs a person is alarmed, wherever the worker that found out died: nothing wakes anybody for it a second time. */
import { describe, expect, test } from 'vitest';
import { accept } from '../../shared/intake/accept.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { dieAt } from '../fakes/death.ts';
import { about, post, postFrom } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const HOUR = 3600;
const EMAIL = 'siri@pub.example';
const joiner = about(EMAIL, 'onboard', { person: { department: 'Newsroom' } });

interface Scenario {
  name: string;
  /** What was before; then the event whose worker dies. Answers its job. */
  tell(world: MemoryWorld): Promise<string>;
  alarm: string;
}

const jobOf = async (world: MemoryWorld, event: object) => (await post(world, event))[0]?.jobId ?? '';

async function hired(world: MemoryWorld): Promise<void> {
  await post(world, joiner);
  await world.runFor(1);
}

const scenarios: Scenario[] = [
  {
    name: 'a leaver whose account is unlinked',
    tell: async (world) => {
      world.fake.faults.push({ takesEffect: true, answer: { kind: 'created' } });
      await hired(world);
      return jobOf(world, about(EMAIL, 'offboard'));
    },
    alarm: 'unlinked-leaver',
  },
  {
    name: 'a leaver whose revoke is refused',
    tell: async (world) => {
      await hired(world);
      // As often as it is sent: of a worker that died over the answer nobody knows that there was one.
      const refusal = { takesEffect: false, answer: { kind: 'rejected', status: 400 } } as const;
      world.fake.faults.push(...Array.from({ length: 9 }, () => refusal));
      return jobOf(world, about(EMAIL, 'offboard'));
    },
    alarm: 'leaver-not-revoked',
  },
  {
    name: 'an onboard of somebody whom another source has ended',
    tell: async (world) => {
      await hired(world);
      await post(world, about(EMAIL, 'offboard'));
      await world.runFor(1);
      const receipt = { source: 'hr-one', authority: ['employment' as const], deliveryId: 'd1', seed: 's1' };
      const event = { type: 'onboard' as const, person: { email: EMAIL } };
      const receivedAt = world.clock.now();
      const notices = [{ kind: 'event' as const, event }];
      const [accepted] = await accept(world, notices, { ...receipt, requestHash: null, receivedAt });
      return accepted?.job.jobId ?? '';
    },
    alarm: 'ended-elsewhere',
  },
  {
    name: 'an event that names two people',
    tell: async (world) => {
      await hired(world);
      await post(world, about('tor@pub.example', 'onboard', { person: { department: 'Newsroom' } }));
      await world.runFor(1);
      return jobOf(world, about(EMAIL, 'change', { person: { previousEmail: 'tor@pub.example' } }));
    },
    alarm: 'identity-conflict',
  },
  {
    name: 'a record that is not there',
    tell: async (world) => {
      const receipt = { source: 'hr-one', authority: ['employment' as const], deliveryId: 'd1', seed: 's1' };
      const receivedAt = world.clock.now();
      const notices = [{ kind: 'lookup' as const, id: '77' }];
      const [accepted] = await accept(world, notices, { ...receipt, requestHash: null, receivedAt });
      return accepted?.job.jobId ?? '';
    },
    alarm: 'employee-not-found',
  },
];

/** Lets the worker die there, and the sweep do the rest. `false` where it lived. */
async function diesAt({ tell, alarm }: Scenario, death: number): Promise<boolean> {
  const world = memoryWorld();
  const jobId = await tell(world);
  world.alarms.length = 0;
  world.messages.length = 0;
  const diedAt = await dieAt(world, death, () => reconcile(world, { jobId }));
  world.messages.length = 0;
  await world.runFor(HOUR);
  const codes = world.alarms.map(({ code }) => code);
  expect(codes, `died ${diedAt}`).toContain(alarm);
  return diedAt !== null;
}

describe.each(scenarios)('$name', (scenario) => {
  test('is alarmed wherever the worker died', async () => {
    let deaths = 1;
    while (await diesAt(scenario, deaths)) deaths += 1;
    expect(deaths).toBeGreaterThan(5);
  });
});

describe('a delivery that cannot be read', () => {
  test('is alarmed although whoever recorded it died before they could say so', async () => {
    const world = memoryWorld();
    const notices = [{ kind: 'review' as const, id: '77', code: 'employee-deleted' as const }];
    const receivedAt = world.clock.now();
    const receipt = { source: 'hr-one', authority: [], deliveryId: 'd1', seed: 's1', requestHash: null, receivedAt };
    // As after a write whose answer was lost: it is there, and nobody was told.
    world.setBlow((point) => {
      if (point === 'after jobs.record') throw new Error('died');
    });
    await accept(world, notices, receipt).catch(() => {});
    world.setBlow(() => {});
    await accept(world, notices, receipt);
    expect(world.alarms.map(({ code }) => code)).toContain('employee-deleted');
  });

  test('is not alarmed again for each repetition', async () => {
    const world = memoryWorld();
    await postFrom(world, joiner);
    expect(world.alarms).toEqual([]);
  });
});
