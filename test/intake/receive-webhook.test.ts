import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { receiveWebhook } from '../../shared/intake/receive-webhook.ts';
import type { Delivery, Notice, Reading, Source } from '../../shared/sources/source.ts';
import { memoryWorld } from '../fakes/world.ts';

const AT = '2026-11-11T11:11:11.000Z';
const DELIVERY: Delivery = {
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: Buffer.from('whatever was signed'),
  receivedAt: AT,
};
const EVENTS: Reading = {
  kind: 'notices',
  deliveryId: 'dlv-8',
  notices: [{ kind: 'event', event: { type: 'offboard', person: { email: 'aud@hamn.example' } } }],
};
const UNREADABLE: Reading = {
  kind: 'unreadable',
  deliveryId: 'dlv-9',
  violations: [{ pointer: '/person/email', detail: 'is required' }],
};

function source(more: Partial<Source> = {}): Source {
  return {
    name: 'kiosk',
    authority: ['employment'],
    mediaTypes: ['application/json'],
    unreadableStatus: 400,
    acceptedStatus: 202,
    verify: () => true,
    read: () => EVENTS,
    ...more,
  };
}

describe('that a source is alive', () => {
  it('is noted with each delivery that is its own', async () => {
    const world = memoryWorld({ now: AT });
    await receiveWebhook(world, source(), DELIVERY);
    expect(await world.heard.get('kiosk')).toEqual({ at: AT, saidAt: null });
  });

  const SAYS_NOTHING: [string, Reading][] = [
    ['cannot be read', UNREADABLE],
    ['says more than can be recorded', { ...EVENTS, notices: Array(2_501).fill({ kind: 'skip' }) as Notice[] }],
  ];
  it.each(SAYS_NOTHING)('is noted, and before it is answered, with one that %s', async (_, reading) => {
    const world = memoryWorld({ now: AT });
    const { note } = world.heard;
    world.heard.note = async (...heard) => {
      await setImmediate();
      await note(...heard);
    };
    await expect(receiveWebhook(world, source({ read: () => reading }), DELIVERY)).rejects.toThrow();
    expect(await world.heard.get('kiosk')).toEqual({ at: AT, saidAt: null });
  });

  it('is not noted for whoever does not sign', async () => {
    const world = memoryWorld({ now: AT });
    await expect(receiveWebhook(world, source({ verify: () => false }), DELIVERY)).rejects.toThrow();
    expect(await receiveWebhook(world, source({ greets: async () => true }), DELIVERY)).toEqual([]);
    expect(await world.heard.get('kiosk')).toBeNull();
  });

  it('costs no delivery where it cannot be noted', async () => {
    const world = memoryWorld({ now: AT });
    world.heard.note = () => Promise.reject(new Error('the table is gone'));
    expect(await receiveWebhook(world, source(), DELIVERY)).toHaveLength(1);
    expect(world.measured).toContainEqual(['source.unnoted', 1]);
  });
});

describe('a delivery', () => {
  it('with a good signature is recorded under its source and id, with the source’s authority', async () => {
    const world = memoryWorld({ now: AT });
    const accepted = await receiveWebhook(world, source(), DELIVERY);
    expect(accepted).toMatchObject([
      { isDuplicate: false, job: { source: 'kiosk', deliveryId: 'dlv-8', authority: ['employment'], receivedAt: AT } },
    ]);
    expect(world.messages).toHaveLength(1);
  });

  it('with a bad signature is refused before it is read, and nothing is stored, sent or alarmed', async () => {
    const world = memoryWorld({ now: AT });
    const read = () => {
      throw new Error('It was read before it was verified');
    };
    const refused = receiveWebhook(world, source({ verify: () => false, read }), DELIVERY);
    await expect(refused).rejects.toMatchObject({ code: 'invalid-signature', status: 401 });
    expect([world.allJobs(), world.messages, world.alarms]).toEqual([[], [], []]);
  });

  it('that says more than can be recorded in time is one job for a person, and not thousands', async () => {
    const world = memoryWorld({ now: AT });
    const saying = (count: number) => ({ ...EVENTS, notices: Array(count).fill({ kind: 'skip' }) as Notice[] });
    const [job, ...others] = await receiveWebhook(
      world,
      source({ unreadableStatus: 202, read: () => saying(2_501) }),
      DELIVERY,
    );
    expect(others).toEqual([]);
    expect(job).toMatchObject({ job: { status: 'needs-attention', error: { code: 'unreadable' } } });
    expect(world.alarms).toMatchObject([{ code: 'unreadable' }]);
    expect(await receiveWebhook(world, source({ read: () => saying(2_500) }), DELIVERY)).toHaveLength(2_500);
  });

  for (const type of [undefined, 'text/plain', 'application/x-www-form-urlencoded']) {
    it(`of the type ${type}, which the source does not read, is a 415 and not stored, for nobody can tell what it says`, async () => {
      const world = memoryWorld({ now: AT });
      const refused = receiveWebhook(world, source(), { ...DELIVERY, headers: { 'content-type': type } });
      await expect(refused).rejects.toMatchObject({ code: 'unsupported-media-type', status: 415 });
      expect([world.allJobs(), world.messages, world.alarms]).toEqual([[], [], []]);
    });
  }

  it('of another type with a bad signature is told of the signature alone', async () => {
    const delivery = { ...DELIVERY, headers: { 'content-type': 'text/plain' } };
    const refused = receiveWebhook(memoryWorld(), source({ verify: () => false }), delivery);
    await expect(refused).rejects.toMatchObject({ status: 401 });
  });

  it('that is repeated is the same job, however the sender writes it this time', async () => {
    const world = memoryWorld({ now: AT });
    await receiveWebhook(world, source(), DELIVERY);
    const again = await receiveWebhook(world, source(), {
      ...DELIVERY,
      body: Buffer.from('written anew'),
      receivedAt: '2026-11-12T00:00:00.000Z',
    });
    expect(again).toMatchObject([{ isDuplicate: true }]);
    expect(world.allJobs()).toHaveLength(1);
  });

  it('of another source under the same id is another job', async () => {
    const world = memoryWorld({ now: AT });
    await receiveWebhook(world, source(), DELIVERY);
    expect(await receiveWebhook(world, source({ name: 'canteen' }), DELIVERY)).toMatchObject([{ isDuplicate: false }]);
  });
});

describe('a signed delivery that cannot be read', () => {
  it('is recorded, alarmed, and then answered 400 with where it is wrong, to a sender of our own making', async () => {
    const world = memoryWorld({ now: AT });
    const refused = receiveWebhook(world, source({ read: () => UNREADABLE }), DELIVERY);
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-request',
      status: 400,
      violations: UNREADABLE.violations,
    });
    expect(world.allJobs()).toMatchObject([
      { status: 'needs-attention', deliveryId: 'dlv-9', error: { code: 'unreadable' } },
    ]);
    expect(world.alarms).toMatchObject([{ code: 'unreadable' }]);
  });

  it('is recorded, alarmed, and then accepted, from a vendor that would only repeat it', async () => {
    const world = memoryWorld({ now: AT });
    const accepted = await receiveWebhook(world, source({ unreadableStatus: 202, read: () => UNREADABLE }), DELIVERY);
    expect(accepted).toMatchObject([{ isDuplicate: false, job: { status: 'needs-attention' } }]);
    expect(world.alarms).toHaveLength(1);
  });

  it('keeps nothing of the body', async () => {
    const world = memoryWorld({ now: AT });
    await receiveWebhook(world, source({ unreadableStatus: 202, read: () => UNREADABLE }), DELIVERY);
    expect(JSON.stringify(world.allJobs())).not.toContain('whatever');
  });

  it('is answered again as it was the first time', async () => {
    const world = memoryWorld({ now: AT });
    const unreadable = source({ read: () => UNREADABLE });
    for (const _ of [1, 2])
      await expect(receiveWebhook(world, unreadable, DELIVERY)).rejects.toMatchObject({ status: 400 });
    expect([world.allJobs().length, world.alarms.length]).toEqual([1, 1]);
  });

  // The job says: "Correct the sender, then let it send again." A sender repeats a delivery under its old id.
  it('counts when it comes again in a form that can be read', async () => {
    const world = memoryWorld({ now: AT });
    await receiveWebhook(world, source({ read: () => UNREADABLE }), DELIVERY).catch(() => {});
    await receiveWebhook(world, source({ read: () => ({ ...EVENTS, deliveryId: 'dlv-9' }) }), DELIVERY);
    expect(world.allJobs()).toContainEqual(
      expect.objectContaining({ type: 'offboard', email: 'aud@hamn.example', status: 'queued' }),
    );
  });
});

describe('while the ledger is down', () => {
  it('nothing is answered as accepted, readable or not', async () => {
    for (const reading of [EVENTS, UNREADABLE]) {
      const world = memoryWorld({ now: AT });
      world.setBlow((point) => {
        if (point === 'before jobs.record') throw new Error('the ledger is down');
      });
      await expect(receiveWebhook(world, source({ read: () => reading }), DELIVERY)).rejects.toThrow(
        'the ledger is down',
      );
      // What cannot be read is alarmed before it is recorded, and so again when it comes again: rather twice than never.
      expect(world.allJobs()).toEqual([]);
    }
  });
});
