/** What events would do, from what is there, with nothing written and nobody called. */
import { describe, expect, test } from 'vitest';
import { acceptEvents } from '../../shared/intake/accept-events.ts';
import { pauseWrites } from '../../shared/operate/pause-writes.ts';
import { planJobs } from '../../shared/reconcile/dry-run.ts';
import { pretendWorld } from '../../shared/reconcile/pretend.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const IDUN = 'idun@hamn.example';
const inNewsroom = { person: { department: 'Newsroom' } };

async function dryRun(world: MemoryWorld, events: object | object[]) {
  const pretended = pretendWorld(world);
  const { accepted } = await acceptEvents(pretended, [], {
    body: Buffer.from(JSON.stringify(events)),
    idempotencyKey: undefined,
    caller: { name: 'planner', scopes: ['events:write', 'access:direct'] },
  });
  return planJobs(
    pretended,
    accepted.map(({ job }) => job),
  );
}

async function employing(addresses: readonly string[], settings = {}): Promise<MemoryWorld> {
  const world = memoryWorld({ settings });
  for (const address of addresses) await post(world, about(address, 'onboard', inNewsroom));
  await world.runFor(5);
  return world;
}

/** Everything that is kept anywhere. */
const kept = async (world: MemoryWorld) =>
  JSON.stringify([
    world.allJobs(),
    world.allPeople(),
    world.messages,
    world.alarms,
    world.fake,
    await world.guard.get(),
    await world.pause.get(),
  ]);

describe('a dry run', () => {
  test('writes nothing, wakes nobody and calls nobody', async () => {
    const world = await employing([IDUN]);
    const before = await kept(world);
    await dryRun(world, [about(IDUN, 'offboard'), about('new@hamn.example', 'onboard', inNewsroom)]);
    expect(await kept(world)).toBe(before);
  });

  test('of a joiner names the rule and the access', async () => {
    expect(await dryRun(memoryWorld(), about(IDUN, 'onboard', inNewsroom))).toEqual([
      {
        email: IDUN,
        step: 'create',
        effectiveAt: '2026-03-02T08:00:00.000Z',
        desired: { role: 'ADMIN', permissions: ['paywallBuilder', 'journey'] },
        reason: 'employed since 2026-03-02T08:00:00.000Z; rule 1 (department) gives newsroom; there is no account yet',
      },
    ]);
  });

  test('of a mover, a leaver and of nothing new is a plan from the real ledger', async () => {
    const world = await employing([IDUN, 'saga@hamn.example']);
    const plans = await dryRun(world, [
      about(IDUN, 'change', { person: { department: 'Treasury' } }),
      about('saga@hamn.example', 'offboard'),
      about('saga@hamn.example', 'offboard'),
    ]);
    expect(plans.map(({ step }) => step)).toEqual(['update', 'revoke', 'nothing']);
    expect(plans[1]).toMatchObject({ desired: 'none', reason: expect.stringContaining('the employment ended at') });
  });

  test('of a later day is the plan of that day, after what comes before it', async () => {
    const plans = await dryRun(memoryWorld(), [
      about(IDUN, 'onboard', { ...inNewsroom, effectiveAt: '2026-04-01', timeZone: 'Asia/Kolkata' }),
      about(IDUN, 'offboard', { effectiveAt: '2026-06-30' }),
    ]);
    expect(plans).toMatchObject([
      { step: 'create', effectiveAt: '2026-03-31T18:30:00.000Z' },
      { step: 'revoke', effectiveAt: '2026-06-30T18:30:00.000Z', desired: 'none' },
    ]);
    expect(plans[0]?.reason).toContain('in force from 2026-03-31T18:30:00.000Z on');
  });

  test('of a later day that changes nothing for somebody who has left says that nothing is done', async () => {
    const world = await employing([IDUN]);
    await post(world, about(IDUN, 'offboard'));
    await world.runFor(5);
    const [plan] = await dryRun(world, about(IDUN, 'change', { ...inNewsroom, effectiveAt: '2026-03-06T12:00:00Z' }));
    expect(plan).toMatchObject({ step: 'nothing', desired: 'none' });
  });

  test('of somebody whose create a worker died over does not promise an account', async () => {
    const world = memoryWorld();
    await post(world, about(IDUN, 'onboard', inNewsroom));
    let isDead = false;
    world.setBlow((point) => {
      isDead ||= point === 'after conscent.create';
      if (isDead) throw new Error('the worker died');
    });
    for (const message of world.messages.splice(0)) await reconcile(world, message).catch(() => {});
    world.setBlow(() => {});
    world.advance(80);
    const [plan] = await dryRun(world, about(IDUN, 'change', { person: { location: 'Kaj' } }));
    expect(plan).toMatchObject({ step: 'nothing', reason: expect.stringContaining('account-unlinked') });
  });

  test('of a grant names it and how long it lasts', async () => {
    const world = await employing([IDUN]);
    const grant = { access: { profile: 'treasury', until: '2026-05-31' }, reference: 'REQ-7' };
    const [plan] = await dryRun(world, about(IDUN, 'change', grant));
    expect(plan).toMatchObject({ step: 'update' });
    expect(plan?.reason).toContain('the grant REQ-7 gives treasury until 2026-06-01T00:00:00.000Z');
  });

  test('of more leavers than usual says whom the guard would hold', async () => {
    const people = ['a', 'b', 'c', 'd'].map((name) => `${name}@hamn.example`);
    const world = await employing(people, { guard: { limit: 2, percent: 20, windowSeconds: 3_600 } });
    const plans = await dryRun(
      world,
      people.map((address) => about(address, 'offboard')),
    );
    expect(plans.map(({ reason }) => reason.includes('the guard would hold it'))).toEqual([false, false, true, true]);
    expect(plans.map(({ step }) => step)).toEqual(['revoke', 'revoke', 'revoke', 'revoke']);
  });

  test('while writes are stopped says so', async () => {
    const world = await employing([IDUN]);
    await pauseWrites(world, { by: 'night-desk' });
    const [plan] = await dryRun(world, about(IDUN, 'offboard'));
    expect(plan?.reason).toContain('writes to Conscent are stopped by an operator');
  });

  test('of what needs a person says why', async () => {
    const world = await employing([IDUN, 'saga@hamn.example']);
    const clash = { type: 'offboard', person: { email: IDUN, previousEmail: 'saga@hamn.example' } };
    expect(await dryRun(world, clash)).toMatchObject([
      { step: 'nothing', desired: 'unknown', reason: expect.stringContaining('two different people') },
    ]);
    const unheard = about('who@hamn.example', 'change', { access: { profile: 'treasury' } });
    expect((await dryRun(world, unheard))[0]?.reason).toContain('No employment was ever stated');
  });
});
