import { describe, expect, it } from 'vitest';
import { accept as acceptNotices, type Receipt } from '../../shared/intake/accept.ts';
import type { CanonicalEvent } from '../../shared/lifecycle/event.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const AT = '2026-06-15T06:00:00.000Z';
const RECEIPT: Receipt = {
  source: 'standard-webhooks',
  authority: ['employment', 'attributes'],
  deliveryId: 'dlv-1',
  seed: 'standard-webhooks\ndlv-1',
  requestHash: null,
  receivedAt: AT,
};
const JOINS: CanonicalEvent = {
  type: 'onboard',
  person: { email: 'kari@hamn.example', firstName: 'Canary-Kari', lastName: 'Canary-Nord', department: 'Newsroom' },
  reference: 'HR-9',
};
const LEAVES: CanonicalEvent = { type: 'offboard', person: { externalId: '900' } };

/** Accepts events, each of them a notice. */
const accept = (world: MemoryWorld, events: readonly CanonicalEvent[], receipt: Receipt) =>
  acceptNotices(
    world,
    events.map((event) => ({ kind: 'event', event })),
    receipt,
  );

/** Listens to the order in which intake touches the world. */
function listening() {
  const world = memoryWorld({ now: AT });
  const points: string[] = [];
  world.setBlow((point) => void points.push(point));
  return { world, points: () => points.filter((point) => point.startsWith('after')) };
}

describe('an event', () => {
  it('is recorded before the queue is woken', async () => {
    const { world, points } = listening();
    await accept(world, [JOINS], RECEIPT);
    expect(points()).toEqual(['after jobs.record', 'after queue.send']);
  });

  it('of several is recorded with all of them before the queue is woken for any', async () => {
    const { world, points } = listening();
    await accept(world, [JOINS, LEAVES], RECEIPT);
    expect(points()).toEqual(['after jobs.record', 'after jobs.record', 'after queue.send', 'after queue.send']);
  });

  it('is a job with everything the contract says of a new one', async () => {
    const world = memoryWorld({ now: AT });
    const [accepted] = await accept(world, [JOINS], RECEIPT);
    expect(accepted?.isDuplicate).toBe(false);
    expect(accepted?.job).toMatchObject({
      source: 'standard-webhooks',
      deliveryId: 'dlv-1',
      type: 'onboard',
      email: 'kari@hamn.example',
      reference: 'HR-9',
      status: 'queued',
      outcome: null,
      attempts: 0,
      receivedAt: AT,
      policyHash: null,
      history: [{ at: AT, status: 'queued', detail: 'accepted' }],
    });
    expect(world.messages).toEqual([{ jobId: accepted?.job.jobId }]);
  });

  it('is stored without the names, which nobody needs', async () => {
    const world = memoryWorld({ now: AT });
    await accept(world, [JOINS], RECEIPT);
    expect(JSON.stringify([world.allJobs(), world.messages])).not.toMatch(/Canary|Name/);
    expect(world.allJobs()).toMatchObject([
      { event: { person: { email: 'kari@hamn.example', department: 'Newsroom' } } },
    ]);
  });

  it('tells in its history what the source has no authority over', async () => {
    const world = memoryWorld({ now: AT });
    const [accepted] = await accept(world, [{ ...JOINS, access: { profile: 'treasury' } }], {
      ...RECEIPT,
      authority: ['employment'],
    });
    expect(accepted?.job.history[0]?.detail).toMatch(/department.*access/);
    expect(accepted?.job.authority).toEqual(['employment']);
  });

  it('without an address is a job without one', async () => {
    const [accepted] = await accept(memoryWorld({ now: AT }), [LEAVES], RECEIPT);
    expect(accepted?.job).toMatchObject({ email: null, type: 'offboard' });
  });
});

describe('the id of a job', () => {
  const idOf = async (receipt: Partial<Receipt>, event = JOINS) =>
    (await accept(memoryWorld({ now: AT }), [event], { ...RECEIPT, ...receipt })).map(({ job }) => job.jobId)[0];

  it('is the same for the same delivery, whenever it comes', async () => {
    expect(await idOf({ receivedAt: '2026-06-16T06:00:00.000Z' })).toBe(await idOf({}));
  });

  it('is another for another delivery, and for each event of one', async () => {
    const ids = (await accept(memoryWorld({ now: AT }), [JOINS, JOINS, JOINS], RECEIPT)).map(({ job }) => job.jobId);
    expect(new Set([...ids, await idOf({ seed: 'standard-webhooks\ndlv-2' })]).size).toBe(4);
    expect(ids[0]).toBe(await idOf({}));
  });

  it('can stand in a path', async () => {
    expect(await idOf({ seed: 'a/b?c#d\n../€' })).toMatch(/^[\w-]{16,64}$/);
  });
});

describe('a delivery that comes again', () => {
  it('is the same job, as it is by now, and wakes nobody', async () => {
    const world = memoryWorld({ now: AT });
    const [first] = await accept(world, [JOINS], RECEIPT);
    await world.jobs.change(first?.job.jobId ?? '', (job) => ({ ...job, status: 'succeeded', outcome: 'created' }));
    world.messages.length = 0;
    const again = await accept(world, [JOINS], RECEIPT);
    expect(again).toMatchObject([{ isDuplicate: true, job: { status: 'succeeded', outcome: 'created' } }]);
    expect(world.allJobs()).toHaveLength(1);
    expect(world.messages).toEqual([]);
  });

  it('after only a part of it was recorded records the rest', async () => {
    const world = memoryWorld({ now: AT });
    await accept(world, [JOINS], RECEIPT);
    const both = await accept(world, [JOINS, LEAVES], RECEIPT);
    expect(both.map(({ isDuplicate }) => isDuplicate)).toEqual([true, false]);
    expect(world.allJobs()).toHaveLength(2);
  });

  it('under a key that was used for another request is refused, and nothing of it is stored', async () => {
    const world = memoryWorld({ now: AT });
    await accept(world, [JOINS], { ...RECEIPT, requestHash: 'one' });
    const other = accept(world, [LEAVES, JOINS], { ...RECEIPT, requestHash: 'two' });
    await expect(other).rejects.toMatchObject({ code: 'idempotency-key-reused', status: 422 });
    expect(world.allJobs()).toMatchObject([{ type: 'onboard' }]);
  });
});

describe('while', () => {
  const down = (part: string) => {
    const world = memoryWorld({ now: AT });
    world.setBlow((point) => {
      if (point.startsWith(`before ${part}`)) throw new Error(`${part} is down`);
    });
    return world;
  };

  it('the queue is down everything is accepted all the same, for the sweep will find it', async () => {
    const world = down('queue');
    expect(await accept(world, [JOINS, LEAVES], RECEIPT)).toMatchObject([
      { isDuplicate: false },
      { isDuplicate: false },
    ]);
    expect(await world.jobs.due(AT, 10)).toHaveLength(2);
  });

  it('the ledger is down nothing is accepted, nobody is woken, and the sender hears of it', async () => {
    const world = down('jobs');
    await expect(accept(world, [JOINS], RECEIPT)).rejects.toThrow('jobs is down');
    expect(world.messages).toEqual([]);
    world.setBlow(() => {});
    expect(await accept(world, [JOINS], RECEIPT)).toMatchObject([{ isDuplicate: false }]);
  });

  it('the answer of the ledger is lost, the sender’s repetition is the same job', async () => {
    const world = memoryWorld({ now: AT });
    world.setBlow((point) => {
      if (point === 'after jobs.record') throw new Error('the answer was lost');
    });
    await expect(accept(world, [JOINS], RECEIPT)).rejects.toThrow();
    world.setBlow(() => {});
    expect(await accept(world, [JOINS], RECEIPT)).toMatchObject([{ isDuplicate: true }]);
    expect(await world.jobs.due(AT, 10)).toHaveLength(1);
  });
});
