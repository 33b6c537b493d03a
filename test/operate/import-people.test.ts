import { describe, expect, it } from 'vitest';
import { findPerson } from '../../shared/operate/find-person.ts';
import { importPeople } from '../../shared/operate/import-people.ts';
import { about, post } from '../fakes/post.ts';
import { memoryWorld } from '../fakes/world.ts';
import { accountOf, bring, TYR, unlinked, VAR } from './importing.ts';

describe('an address that nobody has', () => {
  it('becomes somebody of whom the account is all that is known, and nothing happens', async () => {
    const world = memoryWorld();
    expect(await bring(world, [{ email: TYR, userId: 'u-1' }])).toEqual([{ line: 1, email: TYR, status: 'linked' }]);
    expect(await findPerson(world, TYR)).toMatchObject({
      facts: [],
      account: { state: 'unsure', userId: 'u-1', email: TYR, access: null },
      history: [{ at: world.clock.now(), what: 'account imported', by: 'desk' }],
    });
    expect(world.messages).toEqual([]);
    await world.runFor(86_400 * 30);
    expect(world.fake.calls).toEqual([]);
  });

  it('with permissions is linked, with exactly these as acknowledged', async () => {
    const world = memoryWorld();
    await bring(world, [
      { email: TYR, userId: 'u-1', role: 'ADMIN', permissions: 'ga4' },
      { email: VAR, userId: 'u-2', permissions: [] },
    ]);
    expect(await accountOf(world, TYR)).toMatchObject({
      state: 'linked',
      access: { role: 'ADMIN', permissions: ['ga4'] },
    });
    expect(await accountOf(world, VAR)).toMatchObject({ state: 'linked', access: { permissions: [] } });
  });

  it('is refused outside the allowed domains', async () => {
    const world = memoryWorld();
    const [line] = await bring(world, [{ email: TYR, userId: 'u-1' }], ['kaj.example']);
    expect(line).toMatchObject({ status: 'failed', email: TYR, error: expect.stringMatching(/domains/) });
    expect(world.allPeople()).toEqual([]);
  });
});

describe('an address that is known', () => {
  it('is linked as by hand: what the account holds is sent again at once', async () => {
    const world = await unlinked();
    const { id } = await findPerson(world, TYR);
    expect(await bring(world, [{ email: TYR, userId: 'user-1' }])).toMatchObject([{ status: 'linked' }]);
    expect(world.messages).toEqual([{ personId: id }]);
    await world.runFor(30);
    expect(await accountOf(world, TYR)).toMatchObject({ state: 'linked', userId: 'user-1', access: { role: 'ADMIN' } });
    expect(world.fake.calls.at(-1)).toEqual({ kind: 'update', userId: 'user-1' });
  });

  it('whose account holds what it should needs no call', async () => {
    const world = await unlinked();
    const calls = world.fake.calls.length;
    await bring(world, [{ email: TYR, userId: 'user-1', role: 'ADMIN', permissions: 'journey paywallBuilder' }]);
    await world.runFor(30);
    expect(world.fake.calls).toHaveLength(calls);
    expect(world.allJobs()[0]).toMatchObject({ status: 'succeeded' });
  });

  for (const permissions of [undefined, 'journey', []])
    it(`of a leaver is revoked, even where the file says ${JSON.stringify(permissions) ?? 'nothing'}`, async () => {
      const world = await unlinked();
      await post(world, about(TYR, 'offboard'));
      await world.runFor(30);
      expect(world.fake.users[0]?.permissions).not.toEqual([]);
      await bring(world, [{ email: TYR, userId: 'user-1', permissions }]);
      expect(await world.people.due(world.clock.now(), 10)).toMatchObject([{ isLeaver: true }]);
      await world.runFor(30);
      expect(world.fake.users[0]?.permissions).toEqual([]);
      expect(await accountOf(world, TYR)).toMatchObject({ state: 'linked', access: 'none' });
    });

  it('is linked though the queue is down: the sweep has the same wake', async () => {
    const world = await unlinked();
    world.setBlow((point) => {
      if (point === 'before queue.send') throw new Error('the queue is down');
    });
    expect(await bring(world, [{ email: TYR, userId: 'user-1' }])).toMatchObject([{ status: 'linked' }]);
    expect(await world.people.due(world.clock.now(), 10)).toHaveLength(1);
  });

  it('but no employment wakes nobody', async () => {
    const world = memoryWorld();
    await post(world, about(TYR, 'change', { person: { department: 'Newsroom' } }));
    await world.runFor(30);
    await bring(world, [{ email: TYR, userId: 'u-1' }]);
    expect(world.messages).toEqual([]);
    await world.runFor(86_400);
    expect(world.fake.calls).toEqual([]);
    expect(world.allPeople()).toHaveLength(1);
  });

  it('keeps the wake of a job that waits, whatever is known of the employment', async () => {
    const world = memoryWorld();
    await post(world, about(TYR, 'change', { person: { department: 'Newsroom' }, effectiveAt: '2026-03-09' }));
    await world.runFor(30);
    await bring(world, [{ email: TYR, userId: 'u-1' }]);
    await world.runFor(86_400 * 8);
    expect(world.allJobs()).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it('of somebody for whom Conscent is being called fails: try again', async () => {
    const world = await unlinked();
    const tyr = await findPerson(world, TYR);
    await world.people.save({ ...tyr, claim: { id: 'c-1', until: '2999-01-01T00:00:00.000Z' } }, null);
    const [line] = await bring(world, [{ email: TYR, userId: 'user-1' }]);
    expect(line).toMatchObject({ status: 'failed', error: expect.stringMatching(/again/) });
    expect(await world.people.find([{ kind: 'userId', userId: 'user-1' }])).toEqual([null]);
  });
});

describe('somebody who was imported with no permissions at all', () => {
  it('may still know a password, so that a revoke follows when they leave', async () => {
    const world = memoryWorld();
    world.fake.users.push({ userId: 'u-var', email: VAR, role: 'ADMIN', permissions: [], passwords: 1 });
    const file = Buffer.from(JSON.stringify({ email: VAR, userId: 'u-var', role: 'ADMIN', permissions: [] }));
    await importPeople(world, { type: 'application/x-ndjson', file, by: 'desk', allowedDomains: [] });
    await post(world, { type: 'offboard', person: { email: VAR } });
    await world.runFor(1);
    expect(world.allJobs()).toMatchObject([{ outcome: 'revoked' }]);
    expect(world.fake.users).toMatchObject([{ passwords: 2 }]);
  });
});
