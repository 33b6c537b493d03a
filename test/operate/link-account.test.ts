import { describe, expect, it } from 'vitest';
import { findPerson } from '../../shared/operate/find-person.ts';
import { linkAccount } from '../../shared/operate/link-account.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const IDUN = 'idun@hamn.example';
const BRAGI = 'bragi@hamn.example';

/** Two people in the newsroom, whose accounts Conscent made without telling the ids. */
async function unlinked(): Promise<MemoryWorld> {
  const world = memoryWorld();
  world.fake.faults = [0, 1].map(() => ({ takesEffect: true, answer: { kind: 'created' as const } }));
  for (const email of [IDUN, BRAGI]) {
    await post(world, { type: 'onboard', person: { email, department: 'Newsroom' } });
    await world.runFor(30);
  }
  world.messages.length = 0;
  return world;
}

const link = (world: MemoryWorld, address: string, userId: unknown) =>
  linkAccount(world, { address, body: { userId }, by: 'desk' });
const accountOf = async (world: MemoryWorld, address: string) => (await findPerson(world, address)).account;

describe('linking', () => {
  it('keeps the address that Conscent acknowledged, so that a rename meanwhile is sent', async () => {
    const world = await unlinked();
    await post(world, { type: 'change', person: { email: 'idun.k@hamn.example', previousEmail: IDUN } });
    await world.runFor(30);
    await link(world, IDUN, 'user-1');
    await world.runFor(30);
    expect(world.fake.users[0]).toMatchObject({ userId: 'user-1', email: 'idun.k@hamn.example' });
  });

  it('frees an id that was linked by mistake and that Conscent did not know', async () => {
    const world = await unlinked();
    world.fake.faults = [{ takesEffect: false, answer: { kind: 'not-found' } }];
    await link(world, IDUN, 'user-2');
    await world.runFor(30);
    await link(world, IDUN, 'user-1');
    expect((await link(world, BRAGI, 'user-2')).account).toMatchObject({ userId: 'user-2' });
  });

  it.each(['never answered', 'left behind by a worker that died'])(
    'a leaver whose last call was %s: the revoke is sent once more after a minute',
    async (fate) => {
      const world = memoryWorld();
      if (fate === 'never answered') {
        world.fake.faults = [{ takesEffect: true, answer: { kind: 'silence', reason: 'timeout' } }];
      } else {
        let isDead = false;
        world.setBlow((point) => {
          isDead ||= point === 'after conscent.create';
          if (isDead) throw new Error('dead');
        });
      }
      await post(world, { type: 'onboard', person: { email: IDUN, department: 'Newsroom' } });
      for (const message of world.messages.splice(0)) await reconcile(world, message).catch(() => {});
      world.setBlow(() => {});
      await world.runFor(120);
      await link(world, IDUN, 'user-1');
      await post(world, { type: 'offboard', person: { email: IDUN } });
      world.fake.calls.length = 0;
      await world.runFor(3_600);
      expect(world.fake.calls.filter(({ kind }) => kind === 'revoke')).toHaveLength(2);
    },
  );

  it('gives an unlinked account its id, and what it holds is sure only when Conscent has said so', async () => {
    const world = await unlinked();
    expect(await accountOf(world, IDUN)).toMatchObject({ state: 'unlinked', userId: null });
    const linked = await link(world, IDUN, 'user-1');
    expect(linked.account).toMatchObject({ state: 'unsure', userId: 'user-1' });
    await world.runFor(30);
    expect(await accountOf(world, IDUN)).toMatchObject({
      state: 'linked',
      userId: 'user-1',
      access: { role: 'ADMIN' },
    });
    expect(world.fake.calls.at(-1)).toEqual({ kind: 'update', userId: 'user-1' });
  });

  it('wakes the person at once, and leaves a wake for the sweep where the queue is down', async () => {
    const world = await unlinked();
    const { id } = await findPerson(world, IDUN);
    await link(world, IDUN, 'user-1');
    expect(world.messages).toEqual([{ personId: id }]);
    world.setBlow((point) => {
      if (point === 'before queue.send') throw new Error('the queue is down');
    });
    await link(world, BRAGI, 'user-2');
    const due = await world.people.due(world.clock.now(), 10);
    expect(due).toHaveLength(2);
  });

  it('is noted in the history with the name of the token', async () => {
    const world = await unlinked();
    await link(world, IDUN, 'user-1');
    const { history } = await findPerson(world, IDUN);
    expect(history.at(-1)).toEqual({ at: world.clock.now(), what: 'account linked', by: 'desk' });
  });

  it('lets a leaver whom no call could reach be revoked', async () => {
    const world = await unlinked();
    await post(world, { type: 'offboard', person: { email: IDUN } });
    await world.runFor(30);
    expect(world.fake.users[0]?.permissions).not.toEqual([]);
    await link(world, IDUN, 'user-1');
    await world.runFor(30);
    expect(world.fake.users[0]?.permissions).toEqual([]);
    expect(await accountOf(world, IDUN)).toMatchObject({ state: 'linked', access: 'none' });
  });

  it('the same id again is no mistake: everything is sent once more', async () => {
    const world = await unlinked();
    for (const calls of [1, 2]) {
      await link(world, IDUN, 'user-1');
      await world.runFor(30);
      expect(world.fake.calls.filter(({ kind }) => kind === 'update')).toHaveLength(calls);
    }
  });

  it('trims an id, as people copy it', async () => {
    expect((await link(await unlinked(), IDUN, ' user-1 ')).account?.userId).toBe('user-1');
  });

  it('reaches somebody who only has an employee record, by any of their addresses', async () => {
    const world = await unlinked();
    await post(world, { type: 'change', person: { email: 'idun.ny@hamn.example', previousEmail: IDUN } });
    await world.runFor(30);
    const linked = await link(world, 'idun.ny@hamn.example', 'user-1');
    expect(linked.id).toBe((await findPerson(world, IDUN)).id);
  });
});

describe('an id that is another’s', () => {
  it('is refused, and nothing changes', async () => {
    const world = await unlinked();
    await link(world, IDUN, 'user-1');
    const before = await findPerson(world, BRAGI);
    await expect(link(world, BRAGI, 'user-1')).rejects.toMatchObject({ code: 'user-id-taken', status: 422 });
    expect(await findPerson(world, BRAGI)).toEqual(before);
  });

  it('is refused where Conscent itself told the id', async () => {
    const world = memoryWorld();
    await post(world, { type: 'onboard', person: { email: IDUN, department: 'Newsroom' } });
    await world.runFor(30);
    await post(world, { type: 'onboard', person: { email: BRAGI } });
    await world.runFor(30);
    await expect(link(world, BRAGI, 'user-1')).rejects.toMatchObject({ code: 'user-id-taken' });
  });

  it('is free again once the mistake was corrected', async () => {
    const world = await unlinked();
    await link(world, IDUN, 'user-2');
    await link(world, IDUN, 'user-1');
    expect((await link(world, BRAGI, 'user-2')).account?.userId).toBe('user-2');
  });

  it('given to two at once is one’s', async () => {
    const world = await unlinked();
    const both = await Promise.allSettled([link(world, IDUN, 'user-1'), link(world, BRAGI, 'user-1')]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('while a call for the person is under way', () => {
  it('linking waits: 503 with when to try again, and nothing is reserved', async () => {
    const world = await unlinked();
    const idun = await findPerson(world, IDUN);
    const claim = { id: 'c-1', until: '2999-01-01T00:00:00.000Z' };
    await world.people.save({ ...idun, claim }, null);
    const refused = { code: 'unavailable', status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } };
    await expect(link(world, IDUN, 'user-1')).rejects.toMatchObject(refused);
    expect(await world.people.find([{ kind: 'userId', userId: 'user-1' }])).toEqual([null]);
  });

  it('a claim that has run out holds nobody up', async () => {
    const world = await unlinked();
    const idun = await findPerson(world, IDUN);
    await world.people.save({ ...idun, claim: { id: 'c-1', until: world.clock.now() }, claims: 3 }, null);
    expect(await link(world, IDUN, 'user-1')).toMatchObject({ claim: null, claims: 0 });
  });
});

const REFUSED: [rule: string, body: unknown, pointer: string][] = [
  ['nothing', null, ''],
  ['an array', [], ''],
  ['no id', {}, '/userId'],
  ['null for the id', { userId: null }, '/userId'],
  ['a number for the id', { userId: 17 }, '/userId'],
  ['an empty id', { userId: '' }, '/userId'],
  ['spaces for the id', { userId: '   ' }, '/userId'],
  ['an id of 129 characters', { userId: 'u'.repeat(129) }, '/userId'],
  ['an id with a space in it', { userId: 'user 1' }, '/userId'],
  ['an id with a line break', { userId: 'user\n1' }, '/userId'],
  ['an id that leads elsewhere', { userId: 'a/b' }, '/userId'],
  ['an id with a query', { userId: 'a?b' }, '/userId'],
  ['an id that is not ASCII', { userId: '\u212A1' }, '/userId'],
  ['an id that climbs', { userId: '..' }, '/userId'],
  ['a member that is not known', { userId: 'user-1', role: 'ADMIN' }, '/role'],
  ['a __proto__', JSON.parse('{"userId":"user-1","__proto__":{}}'), '/__proto__'],
];

describe('a body is refused, with the pointer, for', () => {
  for (const [rule, body, pointer] of REFUSED) {
    it(rule, async () => {
      const world = await unlinked();
      const refused = linkAccount(world, { address: IDUN, body, by: 'desk' });
      await expect(refused).rejects.toMatchObject({ code: 'invalid-request', violations: [{ pointer }] });
    });
  }
});
