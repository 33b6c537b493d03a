/** Rule 11: a fresh password, answered once and kept nowhere. */
import { describe, expect, it } from 'vitest';
import type { ConscentAnswer } from '../../shared/lifecycle/conscent-answer.ts';
import { pauseWrites } from '../../shared/operate/pause-writes.ts';
import { setPassword } from '../../shared/operate/set-password.ts';
import { callForOperator } from '../../shared/reconcile/call.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const IDUN = 'idun@hamn.example';
const set = (world: MemoryWorld, address = IDUN) => setPassword(world, callForOperator, { address, by: 'help-desk' });

async function employed(department = 'Newsroom'): Promise<MemoryWorld> {
  const world = memoryWorld();
  await post(world, about(IDUN, 'onboard', { person: { department } }));
  await world.runFor(1);
  return world;
}

/** What Conscent was sent, and everything that is kept. */
function watch(world: MemoryWorld) {
  const sent: string[] = [];
  const { update } = world.conscent;
  world.conscent.update = (userId, change) => {
    if (change.kind === 'password') sent.push(change.password);
    return update(userId, change);
  };
  const kept = () => JSON.stringify([world.allJobs(), world.allPeople(), world.messages, world.alarms]);
  return { sent, kept };
}

describe('a fresh password', () => {
  it('is what Conscent was sent, and kept nowhere', async () => {
    const world = await employed();
    const { sent, kept } = watch(world);
    const password = await set(world);
    expect(sent).toEqual([password]);
    await world.runFor(60);
    expect(kept()).not.toContain(password);
  });

  it('leaves the access as it is, sure and without another call', async () => {
    const world = await employed();
    const before = world.allPeople()[0]?.account;
    await set(world);
    await world.runFor(60);
    expect(world.allPeople()[0]?.account).toEqual(before);
    expect(world.fake.calls.map(({ kind }) => kind)).toEqual(['create', 'password']);
  });

  it('is in the history with the name of who asked', async () => {
    const world = await employed();
    await set(world);
    expect(world.allPeople()[0]?.history.at(-1)).toEqual({
      at: world.clock.now(),
      what: 'password set',
      by: 'help-desk',
    });
  });

  it('that two ask for at once is given to one, and that one is in force', async () => {
    const world = await employed();
    const { sent } = watch(world);
    const both = await Promise.allSettled([set(world), set(world)]);
    const given = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(given).toEqual(sent);
    expect(given).toHaveLength(1);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'unavailable', headers: { 'retry-after': '10' } },
    });
  });

  it.each<[name: string, answer: ConscentAnswer]>([
    ['silence', { kind: 'silence', reason: 'timeout' }],
    ['a failure', { kind: 'unavailable' }],
    ['a request to slow down', { kind: 'throttled', retryAfterSeconds: 30 }],
  ])('that Conscent answers with %s is not given out', async (_, answer) => {
    const world = await employed();
    world.fake.faults = [{ takesEffect: true, answer }];
    await expect(set(world)).rejects.toMatchObject({ code: 'unavailable' });
    await world.runFor(600);
    expect(world.allPeople()[0]).toMatchObject({ account: { state: 'linked' }, claim: null, claims: 0 });
    expect(world.fake.users[0]?.permissions).toEqual(['paywallBuilder', 'journey']);
  });

  it('is set again when the time is over that Conscent asked for', async () => {
    const world = await employed();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'throttled', retryAfterSeconds: 5 } }];
    await expect(set(world)).rejects.toMatchObject({ code: 'unavailable' });
    world.advance(3);
    await expect(set(world)).rejects.toMatchObject({ code: 'unavailable' });
    world.advance(3);
    const { sent } = watch(world);
    expect([await set(world)]).toEqual(sent);
    expect(await world.pause.get()).toBeNull();
  });

  it('is not set within a minute of one that was never answered and may still land', async () => {
    const world = await employed();
    world.fake.faults = [{ takesEffect: true, answer: { kind: 'silence', reason: 'timeout' } }];
    await expect(set(world)).rejects.toMatchObject({ code: 'unavailable' });
    await world.runFor(50);
    await expect(set(world)).rejects.toMatchObject({ code: 'unavailable', headers: { 'retry-after': '60' } });
    await world.runFor(15);
    const { sent } = watch(world);
    expect([await set(world)]).toEqual(sent);
  });

  it('that a worker died over is in the history, and counts as never answered', async () => {
    const world = await employed();
    let isDead = false;
    world.setBlow((point) => {
      isDead ||= point === 'after conscent.update';
      if (isDead) throw new Error('the function was stopped');
    });
    await expect(set(world)).rejects.toThrow();
    world.setBlow(() => {});
    expect(world.allPeople()[0]?.history.at(-1)).toMatchObject({ what: 'password asked for', by: 'help-desk' });
    await world.runFor(120);
    expect(world.allPeople()[0]).toMatchObject({ claim: null, account: { state: 'linked', silent: true } });
  });

  it('set over a call that a dead worker left behind does not make that call forgotten', async () => {
    const world = await employed();
    await post(world, about(IDUN, 'change', { person: { department: 'Treasury' } }));
    let isDead = false;
    world.setBlow((point) => {
      isDead ||= point === 'after conscent.update';
      if (isDead) throw new Error('the worker died');
    });
    for (const message of world.messages.splice(0)) await reconcile(world, message).catch(() => {});
    world.setBlow(() => {});
    world.advance(80);
    await set(world);
    await post(world, about(IDUN, 'offboard'));
    world.fake.calls.length = 0;
    await world.runFor(3_600);
    // Once at once and once a minute later, because a call of before may still land.
    expect(world.fake.calls.filter(({ kind }) => kind === 'revoke')).toHaveLength(2);
  });

  it('for an id that Conscent does not know unlinks the account', async () => {
    const world = await employed();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'not-found' } }];
    await expect(set(world)).rejects.toMatchObject({ code: 'unavailable' });
    expect(world.allPeople()[0]?.account).toMatchObject({ state: 'unlinked' });
    await expect(set(world)).rejects.toMatchObject({ code: 'invalid-state' });
  });

  it('holds up nobody: a leaver who was told meanwhile is revoked right after it', async () => {
    const world = await employed();
    const { update } = world.conscent;
    world.conscent.update = async (userId, change) => {
      await post(world, about(IDUN, 'offboard'));
      for (const message of world.messages.splice(0)) await reconcile(world, message);
      world.conscent.update = update;
      return update(userId, change);
    };
    await set(world);
    for (const message of world.messages.splice(0)) await reconcile(world, message);
    expect(world.fake.users).toMatchObject([{ permissions: [] }]);
    expect(world.allJobs().at(-1)).toMatchObject({ outcome: 'revoked' });
  });
});

describe('no password is set', () => {
  it.each([
    ['who has left', { type: 'offboard' }, 'The person is not employed, so nobody may have a password.'],
    [
      'who should hold no access',
      { type: 'change', department: 'Canteen' },
      'The person should hold no access, so nobody may have a password.',
    ],
  ] as const)('for somebody %s', async (_, said, reason) => {
    const world = await employed();
    const person = 'department' in said ? { person: { department: said.department } } : {};
    await post(world, about(IDUN, said.type, person));
    await world.runFor(1);
    world.fake.calls.length = 0;
    await expect(set(world)).rejects.toMatchObject({ code: 'invalid-state', message: reason });
    expect(world.fake.calls).toEqual([]);
  });

  it('for somebody whose account is not linked', async () => {
    const world = memoryWorld();
    world.fake.faults = [{ takesEffect: true, answer: { kind: 'created' } }];
    await post(world, about(IDUN, 'onboard', { person: { department: 'Newsroom' } }));
    await world.runFor(1);
    await expect(set(world)).rejects.toMatchObject({ code: 'invalid-state' });
  });

  it('for somebody nobody knows', async () => {
    await expect(set(await employed(), 'nobody@hamn.example')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('while writes are stopped', async () => {
    const world = await employed();
    await pauseWrites(world, { by: 'night-desk' });
    world.fake.calls.length = 0;
    await expect(set(world)).rejects.toMatchObject({ code: 'unavailable', headers: { 'retry-after': '60' } });
    expect(world.fake.calls).toEqual([]);
  });
});
