import { describe, expect, it } from 'vitest';
import { accept } from '../../shared/intake/accept.ts';
import { readEvent } from '../../shared/lifecycle/event.ts';
import { findPerson } from '../../shared/operate/find-person.ts';
import { importPeople } from '../../shared/operate/import-people.ts';
import { showPerson } from '../../shared/operate/show.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const NJORD = 'njord@hamn.example';
const NEWSROOM = ['paywallBuilder', 'journey'];
const DAY = 86_400;

/** Conscent has an account of old, which has been imported. */
async function imported(line: object = {}): Promise<MemoryWorld> {
  const world = memoryWorld();
  world.fake.users.push({ userId: 'old-1', email: NJORD, role: 'ADMIN', permissions: ['ga4'], passwords: 0 });
  await bring(world, { email: NJORD, userId: 'old-1', ...line });
  await world.runFor(DAY);
  return world;
}

const bring = (world: MemoryWorld, line: object) =>
  importPeople(world, {
    type: 'application/x-ndjson',
    file: Buffer.from(JSON.stringify(line)),
    by: 'desk',
    allowedDomains: [],
  });

/** An event from an HR system that knows people by employee id. */
async function fromHr(world: MemoryWorld, event: object): Promise<void> {
  await accept(world, [readEvent(event)], {
    source: 'hr-one',
    authority: ['employment', 'attributes'],
    deliveryId: world.newId(),
    seed: world.newId(),
    requestHash: null,
    receivedAt: world.clock.now(),
  });
  await world.runFor(60);
}

const kinds = (world: MemoryWorld) => world.fake.calls.map(({ kind }) => kind);
const living = (world: MemoryWorld) => world.allPeople().filter(({ mergedInto }) => mergedInto === null);

describe('somebody who was imported', () => {
  it('and is onboarded by address gets the account they have updated, not another', async () => {
    const world = await imported();
    await post(world, about(NJORD, 'onboard', { person: { department: 'Newsroom' } }));
    await world.runFor(60);
    expect(world.fake.users).toMatchObject([{ userId: 'old-1', permissions: NEWSROOM }]);
    expect(world.allJobs()).toMatchObject([{ outcome: 'updated', userId: 'old-1' }]);
    expect(living(world)).toHaveLength(1);
  });

  it('holding exactly what they should needs no call', async () => {
    const world = await imported({ role: 'ADMIN', permissions: NEWSROOM });
    await post(world, about(NJORD, 'onboard', { person: { department: 'Newsroom' } }));
    await world.runFor(60);
    expect(world.fake.calls).toEqual([]);
    expect(world.allJobs()).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it('and leaves is revoked, though nobody ever said that they came', async () => {
    for (const line of [{}, { role: 'ADMIN', permissions: 'ga4' }]) {
      const world = await imported(line);
      await post(world, about(NJORD, 'offboard'));
      await world.runFor(60);
      expect(world.fake.users).toMatchObject([{ permissions: [], passwords: 1 }]);
      expect(world.allJobs()).toMatchObject([{ outcome: 'revoked' }]);
    }
  });

  it('and is onboarded with an employee id is known by it from then on', async () => {
    const world = await imported();
    await fromHr(world, { type: 'onboard', person: { externalId: '7', email: NJORD, department: 'Newsroom' } });
    expect(world.fake.users).toMatchObject([{ userId: 'old-1', permissions: NEWSROOM }]);
    await fromHr(world, { type: 'offboard', person: { externalId: '7' } });
    expect(world.fake.users).toMatchObject([{ userId: 'old-1', permissions: [] }]);
    expect(living(world)).toHaveLength(1);
  });

  it('is the person of whom only the employee id had been heard', async () => {
    const world = await imported();
    await fromHr(world, { type: 'offboard', person: { externalId: '7' }, effectiveAt: '2026-03-20' });
    await fromHr(world, {
      type: 'onboard',
      person: { externalId: '7', email: NJORD, department: 'Newsroom' },
      occurredAt: '2026-03-01T00:00:00Z',
    });
    expect(world.fake.users).toMatchObject([{ userId: 'old-1', permissions: NEWSROOM }]);
    await world.runFor(30 * DAY);
    expect(world.fake.users).toMatchObject([{ permissions: [] }]);
    expect(living(world)).toHaveLength(1);
  });

  it('and is renamed keeps the account', async () => {
    const world = await imported();
    const person = {
      externalId: '7',
      email: 'njord.noatun@hamn.example',
      previousEmail: NJORD,
      department: 'Newsroom',
    };
    await fromHr(world, { type: 'onboard', person });
    expect(world.fake.users).toMatchObject([
      { userId: 'old-1', email: 'njord.noatun@hamn.example', permissions: NEWSROOM },
    ]);
    expect(kinds(world)).toEqual(['update', 'rename']);
  });

  it('and moves before any employment was stated is left alone', async () => {
    const world = await imported();
    await post(world, about(NJORD, 'change', { person: { department: 'Newsroom' } }));
    await world.runFor(DAY);
    expect(world.fake.calls).toEqual([]);
  });

  it('is another person than one who has the employee id and an address of their own', async () => {
    const world = await imported();
    await fromHr(world, { type: 'onboard', person: { externalId: '7', email: 'skadi@hamn.example' } });
    await fromHr(world, { type: 'offboard', person: { externalId: '7', email: NJORD } });
    expect(world.allJobs().at(-1)).toMatchObject({ error: { code: 'identity-conflict' } });
    expect(world.fake.users[0]?.permissions).toEqual(['ga4']);
  });

  it('is shown with the address and what the account is known to hold', async () => {
    const world = await imported({ permissions: 'ga4' });
    expect(showPerson(world, await findPerson(world, NJORD))).toMatchObject({
      email: NJORD,
      addresses: [NJORD],
      employment: { state: 'unknown' },
      account: {
        state: 'linked',
        userId: 'old-1',
        email: NJORD,
        role: null,
        permissions: { ga4: true, export: false },
      },
      desiredAccess: { access: 'unknown' },
      losesAccess: false,
      nextWake: null,
      history: [{ what: 'account imported', by: 'desk' }],
    });
  });
});

describe('an account that is imported while an event takes its address for somebody else’s', () => {
  it('is not lost: an event that names two people changes nothing', async () => {
    const world = memoryWorld();
    await fromHr(world, { type: 'onboard', person: { externalId: '7', email: 'skadi@hamn.example' } });
    // An import that has crashed has left the address pointing at nobody.
    await world.people.point({ kind: 'email', email: NJORD }, 'p-njord', null);
    const { get } = world.people;
    let looks = 0;
    world.people.get = async (id) => {
      looks += id === 'p-njord' ? 1 : 0;
      // The first look finds nobody; before the second, which is to take nobody in, the file is imported again.
      if (id === 'p-njord' && looks === 2) await bring(world, { email: NJORD, userId: 'old-1' });
      return get(id);
    };
    await fromHr(world, { type: 'change', person: { externalId: '7', email: NJORD } });
    expect((await findPerson(world, NJORD)).account).toMatchObject({ userId: 'old-1' });
    expect(world.allJobs().at(-1)).toMatchObject({ error: { code: 'identity-conflict' } });
  });
});
