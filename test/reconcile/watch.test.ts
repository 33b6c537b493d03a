/** The numbers of the sweep: they say what is so now, whoever did or failed to do something about it. */
import { describe, expect, test } from 'vitest';
import { acceptUnreadable } from '../../shared/intake/accept.ts';
import { retryJob } from '../../shared/operate/change-job.ts';
import { pauseWrites, resumeWrites } from '../../shared/operate/pause-writes.ts';
import { reapply } from '../../shared/operate/reapply.ts';
import { markCrashed } from '../../shared/reconcile/crashed.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { sweep } from '../../shared/reconcile/sweep.ts';
import type { Notice } from '../../shared/sources/source.ts';
import { about, post, postFrom } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { DAY, record, told } from './told.ts';

const QUARTER = 900;
const BY = { by: 'night-desk' };
const onboard = about('ida@pub.example', 'onboard', { person: { department: 'Newsroom' } });
const offboard = about('ida@pub.example', 'offboard');

/** What one sweep says under a name. */
async function said(world: MemoryWorld, metric: string): Promise<number[]> {
  const from = world.measured.length;
  await sweep(world);
  return world.measured.slice(from).flatMap(([name, value]) => (name === metric ? [value] : []));
}

async function employed(): Promise<MemoryWorld> {
  const world = memoryWorld();
  await post(world, onboard);
  await world.runFor(5);
  return world;
}

describe('a leaver is late', () => {
  test('who still has access after a quarter of an hour, and until it is gone', async () => {
    const world = await employed();
    world.setBlow((point) => {
      if (point === 'before conscent.update') throw new Error('Conscent is away');
    });
    await post(world, offboard);
    await world.runFor(QUARTER - 60);
    expect(await said(world, 'leavers.late')).toEqual([0]);
    await world.runFor(120);
    expect(await said(world, 'leavers.late')).toEqual([1]);
    world.setBlow(() => {});
    await world.runFor(86_400);
    expect(world.fake.users[0]?.permissions).toEqual([]);
    expect(await said(world, 'leavers.late')).toEqual([0]);
  });

  test('for whom an operator’s stop of every write stands in the way', async () => {
    const world = await employed();
    await pauseWrites(world, BY);
    await post(world, offboard);
    await world.runFor(QUARTER + 60);
    expect(await said(world, 'leavers.late')).toEqual([1]);
  });

  test('whom nobody has looked at for so long', async () => {
    const world = await employed();
    const [job] = await post(world, offboard);
    world.messages.splice(0);
    // Their fact is known, and then every worker dies.
    world.setBlow((point) => {
      if (point === 'after people.save') throw new Error('killed');
    });
    await reconcile(world, { jobId: job?.jobId ?? '' }).catch(() => {});
    world.setBlow(() => {});
    world.advance(QUARTER + 1);
    // With their job, which does not know yet whose it is.
    expect(await said(world, 'leavers.late')).toEqual([2]);
  });

  test('whose wake-up the sweep sends again and again to a queue that nobody reads', async () => {
    const world = await employed();
    await post(world, offboard);
    for (let minute = 0; minute < 15; minute += 1) {
      expect(await said(world, 'leavers.late')).toEqual([0]);
      world.advance(60);
    }
    for (let minute = 0; minute < 8; minute += 1) {
      expect(await said(world, 'leavers.late'), `${minute} minutes later`).toEqual([1]);
      world.advance(60);
    }
    for (const wakeUp of world.messages.splice(0)) await reconcile(world, wakeUp);
    expect(await said(world, 'leavers.late')).toEqual([0]);
  });

  test('whose record cannot be looked up, because what cannot be read may be a leaver’s', async () => {
    const world = memoryWorld();
    await told(world, { kind: 'failed', reason: 'vendor-unavailable' }, {}, QUARTER - 60);
    expect(await said(world, 'leavers.late')).toEqual([0]);
    await world.runFor(120);
    expect(await said(world, 'leavers.late')).toEqual([1]);
  });

  test('whom no worker survives, for as long as that is so', async () => {
    const world = await employed();
    await post(world, offboard);
    world.setBlow((point) => {
      if (point === 'before people.save') throw new Error('killed');
    });
    const wakeUp = world.messages[0] ?? { jobId: '' };
    await reconcile(world, wakeUp).catch(() => {});
    world.setBlow(() => {});
    await markCrashed(world, wakeUp);
    world.messages.splice(0);
    world.advance(QUARTER + 1);
    expect(await said(world, 'leavers.late')).toEqual([1]);
  });

  test('behind however many others that have failed since', async () => {
    const world = memoryWorld();
    const failed = { kind: 'failed', reason: 'vendor-unavailable' } as const;
    await told(world, failed, {}, QUARTER + 1);
    for (let one = 0; one < 101; one += 1) await told(world, failed, {}, 0);
    await world.runFor(1);
    expect(await said(world, 'leavers.late')).toEqual([1]);
  });

  test('behind however many that wait for an address', async () => {
    const world = memoryWorld();
    await told(world, { kind: 'failed', reason: 'vendor-unavailable' }, {}, 1);
    for (let one = 0; one < 101; one += 1) await told(world, record({ email: null, start: '2026-06-01' }), {}, 0);
    await world.runFor(1);
    world.advance(QUARTER + 1);
    expect(await said(world, 'leavers.late')).toEqual([1]);
  });

  test('whom a new department leaves without access, and whom no worker survives', async () => {
    const world = await employed();
    await post(world, about('ida@pub.example', 'change', { person: { department: 'Garden' } }));
    const [wakeUp = { jobId: '' }] = world.messages.splice(0);
    world.setBlow((point) => {
      if (point === 'before pause.get') throw new Error('killed');
    });
    await reconcile(world, wakeUp).catch(() => {});
    world.setBlow(() => {});
    await markCrashed(world, { personId: world.allPeople()[0]?.id ?? '' });
    world.advance(QUARTER + 1);
    expect(await said(world, 'leavers.late')).toEqual([1]);
  });

  test('whose grant has run out, and whom no worker survives', async () => {
    const world = await employed();
    const access = { profile: 'newsroom', until: '2026-03-03' };
    await post(world, about('kim@pub.example', 'onboard'));
    await post(world, about('kim@pub.example', 'change', { access }));
    await world.runFor(5);
    world.advance(2 * DAY);
    const kim = world.allPeople().find(({ facts }) => facts.some(({ email }) => email === 'kim@pub.example'));
    await markCrashed(world, { personId: kim?.id ?? '' });
    world.advance(QUARTER + 1);
    expect(await said(world, 'leavers.late')).toEqual([1]);
  });

  test('never while somebody who is known to have joined has no address yet', async () => {
    const world = memoryWorld();
    const job = await told(world, record({ email: null, start: '2026-06-01' }), {}, 2 * DAY);
    expect(job()?.error?.code).toBe('no-work-email');
    expect(await said(world, 'leavers.late')).toEqual([0]);
  });

  test('never where no worker survives somebody whose last day is to come', async () => {
    const world = await employed();
    await post(world, { ...offboard, effectiveAt: '2026-06-30' });
    await world.runFor(5);
    await markCrashed(world, { personId: world.allPeople()[0]?.id ?? '' });
    world.advance(QUARTER + 1);
    expect(await said(world, 'leavers.late')).toEqual([0]);
  });

  test('never while it is their last day that is to come', async () => {
    const world = await employed();
    await post(world, { ...offboard, effectiveAt: '2026-06-30' });
    await world.runFor(QUARTER * 4);
    expect(await said(world, 'leavers.late')).toEqual([0]);
  });
});

describe('the longest overdue wake', () => {
  test('is nothing where nothing is due', async () => {
    expect(await said(memoryWorld(), 'wakes.overdue')).toEqual([0]);
  });

  test('is as old as the oldest thing that is due', async () => {
    const world = memoryWorld();
    await post(world, onboard);
    world.advance(100);
    await post(world, about('ole@pub.example', 'onboard'));
    world.advance(250);
    expect(await said(world, 'wakes.overdue')).toEqual([350]);
  });

  test('grows with every sweep that sends it to a queue that nobody reads, until somebody does', async () => {
    const world = memoryWorld();
    await post(world, onboard);
    for (let minute = 0; minute < 20; minute += 1) {
      expect(await said(world, 'wakes.overdue')).toEqual([minute * 60]);
      world.advance(60);
    }
    await reconcile(world, world.messages[0] ?? { jobId: '' });
    expect(await said(world, 'wakes.overdue')).toEqual([0]);
  });

  test('is no wake that is to come', async () => {
    const world = await employed();
    await post(world, { ...offboard, effectiveAt: '2026-03-02T08:05:00Z' });
    world.advance(60);
    await world.runFor(1);
    expect(await said(world, 'wakes.overdue')).toEqual([0]);
  });
});

describe('what needs attention', () => {
  test('is counted until somebody has acted', async () => {
    const world = memoryWorld();
    await post(world, about('ida@pub.example', 'change', { access: { profile: 'newsroom' } }));
    await world.runFor(60);
    expect(await said(world, 'jobs.needs-attention')).toEqual([1]);
    await post(world, onboard);
    await world.runFor(60);
    expect(await said(world, 'jobs.needs-attention')).toEqual([0]);
  });

  test('is counted for a week where nobody can do anything about it, and hides nothing that comes later', async () => {
    const world = memoryWorld();
    const receipt = { source: 'hr-one', authority: [], deliveryId: 'd-1', requestHash: null, bodyHash: 'ab12' };
    await acceptUnreadable(world, { ...receipt, seed: 'd-1', receivedAt: world.clock.now() }, ['/employee']);
    await world.runFor(6 * DAY);
    expect(await said(world, 'jobs.needs-attention')).toEqual([1]);
    world.advance(DAY);
    await world.runFor(1);
    expect(await said(world, 'jobs.needs-attention')).toEqual([0]);
    await post(world, about('ida@pub.example', 'change', { access: { profile: 'newsroom' } }));
    await world.runFor(60);
    expect(await said(world, 'jobs.needs-attention')).toEqual([1]);
  });

  test('is counted for as long as it is a leaver’s, behind however many others', async () => {
    const world = memoryWorld();
    world.fake.faults.push({ answer: { kind: 'created' }, takesEffect: true });
    await post(world, onboard);
    await world.runFor(5);
    await post(world, offboard);
    await world.runFor(30 * DAY);
    expect(world.allJobs().map(({ type, status }) => [type, status])).toContainEqual(['offboard', 'needs-attention']);
    const receipt = { source: 'hr-one', authority: [], deliveryId: 'd-1', requestHash: null, bodyHash: 'ab12' };
    for (let one = 0; one < 150; one += 1)
      await acceptUnreadable(world, { ...receipt, seed: `d-${one}`, receivedAt: world.clock.now() }, ['/employee']);
    await world.runFor(8 * DAY);
    expect(await said(world, 'jobs.needs-attention')).toEqual([1]);
  });
});

describe('what needs attention of a leaver’s, looked up', () => {
  test('is counted for as long as the record names two people', async () => {
    const world = memoryWorld();
    await post(world, about('ebba@pub.example', 'onboard', { person: { department: 'Newsroom' } }));
    await postFrom(world, about('other@pub.example', 'onboard', { person: { externalId: '77' } }));
    await world.runFor(5);
    const job = await told(world, record({ end: '2026-03-01' }), {}, 60);
    expect(job()).toMatchObject({ type: 'offboard', status: 'needs-attention', error: { code: 'identity-conflict' } });
    await world.runFor(8 * DAY);
    expect(await said(world, 'jobs.needs-attention')).toEqual([1]);
  });

  test('is counted for as long as somebody who is not found has not been said to have left, and is over where they have', async () => {
    const world = memoryWorld();
    await told(world, record(), {}, 5);
    const job = await told(world, { kind: 'not-found' }, { said: 'offboard' } as Partial<Notice>, 60);
    await world.runFor(8 * DAY);
    expect(await said(world, 'jobs.needs-attention')).toEqual([1]);
    await post(world, about('ebba@pub.example', 'offboard'));
    await world.runFor(5);
    await retryJob(world, { jobId: job()?.jobId ?? '', ...BY });
    await world.runFor(5);
    expect(job()).toMatchObject({ status: 'ignored', outcome: 'superseded' });
    expect(await said(world, 'jobs.needs-attention')).toEqual([0]);
  });
});

describe('somebody who is stuck', () => {
  const stuck = (world: MemoryWorld) => world.measured.filter(([name]) => name === 'person.stuck').length;
  const refused = () => ({ answer: { kind: 'rejected' as const, status: 400 }, takesEffect: false });

  test('is counted each time that it is alarmed, where no job says so', async () => {
    const world = await employed();
    world.fake.faults.push(refused());
    await reapply(world, { address: 'ida@pub.example', ...BY });
    await world.runFor(60);
    expect(world.alarms).toContainEqual({ code: 'conscent-rejected', fields: { personId: world.allPeople()[0]?.id } });
    expect(stuck(world)).toBe(world.alarms.length);
  });

  test('is not where a job needs attention for it', async () => {
    const world = memoryWorld();
    world.fake.faults.push(refused());
    await post(world, onboard);
    await world.runFor(60);
    expect(world.allJobs()).toMatchObject([{ status: 'needs-attention' }]);
    expect(stuck(world)).toBe(0);
  });
});

describe('a pause', () => {
  test('of an operator is told from one that Conscent asked for', async () => {
    const world = memoryWorld();
    const both = async () => [await said(world, 'pause.operator'), await said(world, 'pause.conscent')].flat();
    expect(await both()).toEqual([0, 0]);
    await pauseWrites(world, BY);
    expect(await both()).toEqual([1, 0]);
    await resumeWrites(world, BY);
    world.conscent.create = async () => ({ kind: 'throttled', retryAfterSeconds: 600 });
    await post(world, onboard);
    await world.runFor(5);
    expect(await both()).toEqual([0, 1]);
    await pauseWrites(world, BY);
    expect(await both()).toEqual([1, 1]);
  });
});

describe('how long a change took', () => {
  const times = (world: MemoryWorld) =>
    world.measured.flatMap(([name, value]) => (name === 'accepted.changed' ? [value] : []));

  test('is counted from when it was accepted', async () => {
    const world = memoryWorld();
    await post(world, onboard);
    world.advance(42);
    await world.runFor(5);
    expect(times(world)).toEqual([42]);
  });

  test('or from its date, where that came later', async () => {
    const world = await employed();
    await post(world, { ...offboard, effectiveAt: '2026-03-03T08:00:00Z' });
    await world.runFor(2 * 86_400);
    expect(times(world).at(-1)).toBeLessThanOrEqual(1);
    expect(times(world)).toHaveLength(2);
  });

  test('is not counted where nothing was changed', async () => {
    const world = await employed();
    await post(world, onboard);
    await world.runFor(60);
    expect(times(world)).toHaveLength(1);
  });
});
