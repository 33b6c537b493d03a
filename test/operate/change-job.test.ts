/** What an operator may do about one job. */
import { describe, expect, it } from 'vitest';
import { acceptUnreadable } from '../../shared/intake/accept.ts';
import type { Job } from '../../shared/lifecycle/job.ts';
import { cancelJob, retryJob } from '../../shared/operate/change-job.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { about, post, postFrom } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const DAY = 86_400;
const IDUN = 'idun@hamn.example';
const inNewsroom = { person: { department: 'Newsroom' } };
const jobIdOf = (job: Job | undefined) => job?.jobId ?? '';
const retry = (world: MemoryWorld, job: Job | undefined) => retryJob(world, { jobId: jobIdOf(job), by: 'night-desk' });
const cancel = (world: MemoryWorld, job: Job | undefined) =>
  cancelJob(world, { jobId: jobIdOf(job), by: 'night-desk' });
const newest = (world: MemoryWorld) => world.allJobs().at(-1);
const historyOf = (world: MemoryWorld) => world.allPeople().flatMap(({ history }) => history);

async function employed(): Promise<MemoryWorld> {
  const world = memoryWorld();
  await post(world, about(IDUN, 'onboard', inNewsroom));
  await world.runFor(1);
  return world;
}

describe('trying a job again', () => {
  it('that Conscent had refused does what it asks, under the name of who asked', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'rejected', status: 400 } }];
    await post(world, about(IDUN, 'onboard', inNewsroom));
    await world.runFor(1);
    expect(newest(world)).toMatchObject({ status: 'needs-attention' });
    expect(await retry(world, newest(world))).toMatchObject({ status: 'queued', error: null });
    await world.runFor(1);
    expect(newest(world)).toMatchObject({ status: 'succeeded', outcome: 'created', attempts: 2 });
    expect(newest(world)?.history.map(({ detail }) => detail)).toContain('tried again by night-desk');
    expect(historyOf(world)).toContainEqual({ at: expect.any(String), what: 'tried again', by: 'night-desk' });
  });

  it('whose account may exist says that somebody has looked and there is none', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'silence', reason: 'timeout' } }];
    await post(world, about(IDUN, 'onboard', inNewsroom));
    await world.runFor(DAY);
    expect(newest(world)).toMatchObject({ status: 'needs-attention', error: { code: 'account-unlinked' } });
    await retry(world, newest(world));
    await world.runFor(1);
    expect(newest(world)).toMatchObject({ outcome: 'created' });
    expect(world.fake.users).toHaveLength(1);
  });

  it('for another reason says nothing of an account that may exist: no second one is made, and the leaver stays alarmed', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: true, answer: { kind: 'silence', reason: 'timeout' } }];
    await postFrom(world, { type: 'onboard', person: { email: IDUN, department: 'Newsroom' } });
    await postFrom(world, { type: 'offboard', person: { email: IDUN } });
    const refused = await postFrom(world, { type: 'onboard', person: { email: IDUN } }, 'ats');
    expect(refused).toMatchObject({ error: { code: 'ended-elsewhere' } });
    world.alarms.length = 0;
    await retry(world, refused);
    await world.runFor(60);
    expect(world.allPeople()[0]?.account).toMatchObject({ state: 'unlinked' });
    expect(world.fake.calls).toHaveLength(1);
    expect(world.alarms.map(({ code }) => code)).toContain('unlinked-leaver');
  });

  it('that the worker has dealt with in the same moment is left as the worker told it', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'rejected', status: 400 } }];
    await post(world, about(IDUN, 'onboard', inNewsroom));
    await world.runFor(1);
    const { send } = world.queue;
    world.queue.send = async (wakeUp, delay) => {
      world.queue.send = send;
      await reconcile(world, wakeUp);
      return send(wakeUp, delay);
    };
    expect(await retry(world, newest(world))).toMatchObject({ status: 'succeeded', outcome: 'created' });
    await world.runFor(DAY);
    expect(newest(world)).toMatchObject({ status: 'succeeded', outcome: 'created' });
  });

  it('that named two people works when somebody has said who is who', async () => {
    const world = await employed();
    await postFrom(world, { type: 'onboard', person: { email: IDUN, externalId: '7' } });
    await postFrom(world, { type: 'offboard', person: { externalId: '7' } });
    await postFrom(world, { type: 'onboard', person: { externalId: '7', email: 'idun.k@hamn.example' } });
    const conflict = newest(world);
    expect(conflict).toMatchObject({ status: 'needs-attention', error: { code: 'identity-conflict' } });
    await post(world, { type: 'change', person: { email: 'idun.k@hamn.example', previousEmail: IDUN } });
    await world.runFor(1);
    await retry(world, conflict);
    await world.runFor(1);
    expect(world.allJobs().find(({ jobId }) => jobId === conflict?.jobId)).toMatchObject({ outcome: 'updated' });
    expect(world.fake.users).toMatchObject([{ email: 'idun.k@hamn.example' }]);
  });

  it('in any other state is refused', async () => {
    const world = await employed();
    await expect(retry(world, newest(world))).rejects.toMatchObject({ code: 'invalid-state' });
    await post(world, about(IDUN, 'offboard', { effectiveAt: '2026-12-31' }));
    await world.runFor(1);
    await expect(retry(world, newest(world))).rejects.toMatchObject({ code: 'invalid-state' });
  });

  it('whose body could not be read is refused: nothing of it was kept', async () => {
    const world = memoryWorld();
    const receivedAt = world.clock.now();
    const receipt = { source: 'api', authority: [], deliveryId: 'd-1', seed: 's', requestHash: null, receivedAt };
    const { job } = await acceptUnreadable(world, receipt, ['']);
    await expect(retry(world, job)).rejects.toMatchObject({ code: 'invalid-state' });
  });

  it('while a call for its person is under way waits for that', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'rejected', status: 400 } }];
    await post(world, about(IDUN, 'onboard', inNewsroom));
    await world.runFor(1);
    const [person] = world.allPeople();
    if (!person) throw new Error('nobody is there');
    await world.people.save({ ...person, claim: { id: 'c', until: '2027-01-01T00:00:00.000Z' } }, null);
    await expect(retry(world, newest(world))).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('cancelling a job', () => {
  it('that waits for its date withdraws what it says', async () => {
    const world = await employed();
    await post(world, about(IDUN, 'offboard', { effectiveAt: '2026-03-10' }));
    await world.runFor(1);
    expect(await cancel(world, newest(world))).toMatchObject({ status: 'cancelled', outcome: null });
    await world.runFor(30 * DAY);
    expect(newest(world)).toMatchObject({ status: 'cancelled', finishedAt: expect.any(String) });
    expect(world.fake.users).toMatchObject([{ permissions: ['paywallBuilder', 'journey'] }]);
    expect(historyOf(world)).toContainEqual({
      at: expect.any(String),
      what: `withdrew job ${newest(world)?.jobId}`,
      by: 'night-desk',
    });
  });

  it('takes back the address that it would have brought: who gets it next is somebody else', async () => {
    const world = await employed();
    const rename = { email: 'idun.k@hamn.example', previousEmail: IDUN };
    await post(world, { type: 'change', person: rename, effectiveAt: '2026-03-10' });
    await world.runFor(1);
    await cancel(world, newest(world));
    await post(world, about(rename.email, 'onboard', { person: { department: 'Treasury' } }));
    await world.runFor(1);
    await post(world, about(rename.email, 'offboard'));
    await world.runFor(1);
    expect(world.fake.users).toMatchObject([
      { email: IDUN, permissions: ['paywallBuilder', 'journey'] },
      { email: rename.email, permissions: [] },
    ]);
  });

  it('of which the date has come is refused, whether or not anybody has been told', async () => {
    const world = await employed();
    await post(world, about(IDUN, 'offboard', { effectiveAt: '2026-03-03T08:00:00Z' }));
    await world.runFor(1);
    const job = newest(world);
    world.advance(DAY);
    await expect(cancel(world, job)).rejects.toMatchObject({ code: 'invalid-state' });
    await world.runFor(DAY);
    expect(newest(world)).toMatchObject({ outcome: 'revoked' });
  });

  it('and posting the same again is a new event', async () => {
    const world = await employed();
    const end = about(IDUN, 'offboard', { effectiveAt: '2026-03-10' });
    await post(world, end);
    await world.runFor(1);
    await cancel(world, newest(world));
    await post(world, end);
    await world.runFor(30 * DAY);
    expect(world.allJobs().map(({ outcome }) => outcome)).toEqual(['created', null, 'revoked']);
  });

  it('that is cut short is told by the worker', async () => {
    const world = await employed();
    await post(world, about(IDUN, 'offboard', { effectiveAt: '2026-03-10' }));
    await world.runFor(1);
    world.setBlow((point) => {
      if (point === 'before jobs.change') throw new Error('the function was stopped');
    });
    await expect(cancel(world, newest(world))).rejects.toThrow();
    world.setBlow(() => {});
    await world.runFor(30 * DAY);
    expect(newest(world)).toMatchObject({ status: 'cancelled' });
    expect(world.fake.users).toMatchObject([{ permissions: ['paywallBuilder', 'journey'] }]);
  });

  it('that does not wait for a date is refused', async () => {
    const world = await employed();
    await expect(cancel(world, newest(world))).rejects.toMatchObject({ code: 'invalid-state' });
    await expect(cancelJob(world, { jobId: 'f'.repeat(32), by: 'x' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(cancelJob(world, { jobId: '../people', by: 'x' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('twice is refused the second time', async () => {
    const world = await employed();
    await post(world, about(IDUN, 'offboard', { effectiveAt: '2026-03-10' }));
    await world.runFor(1);
    const job = newest(world);
    await cancel(world, job);
    await expect(cancel(world, job)).rejects.toMatchObject({ code: 'invalid-state' });
  });
});
