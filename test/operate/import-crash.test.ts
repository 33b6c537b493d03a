import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPerson } from '../../shared/operate/find-person.ts';
import { importPeople } from '../../shared/operate/import-people.ts';
import { linkAccount } from '../../shared/operate/link-account.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const MODI = 'modi@hamn.example';
const MAGNI = 'magni@hamn.example';

const bring = (world: MemoryWorld, ...lines: [email: string, userId: string][]) =>
  importPeople(world, {
    type: 'text/csv',
    file: Buffer.from(['email,userId', ...lines].join('\n')),
    by: 'desk',
    allowedDomains: [],
  });

/** Lets something fall at the n-th point that touches the ledger. Answers whether it has fallen. */
function blowAt(world: MemoryWorld, n: number): () => boolean {
  let points = 0;
  world.setBlow((point) => {
    if (!point.includes('people.')) return;
    points += 1;
    if (points === n) throw new Error('crashed');
  });
  return () => points >= n;
}

/** Nobody's userId is anybody else's, and every account is found by its address and its id. */
async function expectSound(world: MemoryWorld): Promise<void> {
  const linked = world.allPeople().filter(({ account }) => account?.userId);
  expect(new Set(linked.map(({ account }) => account?.userId)).size).toBe(linked.length);
  for (const { id, account } of linked) {
    const userId = account?.userId ?? '';
    expect(await world.people.find([{ kind: 'userId', userId }])).toEqual([id]);
    expect((await findPerson(world, account?.email ?? '')).id).toBe(id);
  }
}

describe('a crash anywhere', () => {
  it('is finished by importing again', async () => {
    for (let n = 1; ; n += 1) {
      const world = memoryWorld();
      const hasFallen = blowAt(world, n);
      const first = await bring(world, [MODI, 'u-1']).catch(() => null);
      world.setBlow(() => {});
      if (!hasFallen()) break;
      expect(first).toBeNull();
      expect(await bring(world, [MODI, 'u-1'])).toMatchObject([{ status: expect.stringMatching(/linked|unchanged/) }]);
      await expectSound(world);
      expect(world.allPeople()).toHaveLength(1);
    }
  });

  it('keeps the userId from nobody, should the file have been wrong', async () => {
    for (let n = 1; ; n += 1) {
      const world = memoryWorld();
      const hasFallen = blowAt(world, n);
      await bring(world, [MODI, 'u-1']).catch(() => null);
      world.setBlow(() => {});
      if (!hasFallen()) break;
      const isLinked = world.allPeople().length > 0;
      expect(await bring(world, [MAGNI, 'u-1'])).toMatchObject([{ status: isLinked ? 'failed' : 'linked' }]);
      await expectSound(world);
    }
  });

  it('is finished by an event, should that come first', async () => {
    for (let n = 1; ; n += 1) {
      const world = memoryWorld();
      const hasFallen = blowAt(world, n);
      await bring(world, [MODI, 'u-1']).catch(() => null);
      world.setBlow(() => {});
      if (!hasFallen()) break;
      await post(world, about(MODI, 'onboard', { person: { externalId: '7', department: 'Newsroom' } }));
      await world.runFor(60);
      expect((await findPerson(world, MODI)).facts).toHaveLength(1);
    }
  });

  it('of a ledger that stays down ends the import', async () => {
    const world = memoryWorld();
    let calls = 0;
    world.setBlow(() => {
      calls += 1;
      throw new Error('the ledger is down');
    });
    const lines = Array.from({ length: 500 }, (_, n): [string, string] => [`p-${n}@hamn.example`, `u-${n}`]);
    await expect(bring(world, ...lines)).rejects.toThrow('the ledger is down');
    expect(calls).toBeLessThan(100);
  });
});

describe('at the same time', () => {
  it('two imports of one file link every account once', async () => {
    const world = memoryWorld();
    const lines = Array.from({ length: 60 }, (_, n): [string, string] => [`p-${n}@hamn.example`, `u-${n}`]);
    const both = await Promise.all([bring(world, ...lines), bring(world, ...lines)]);
    for (const index of lines.keys())
      expect(both.map((answer) => answer[index]?.status).sort()).toEqual(['linked', 'unchanged']);
    await expectSound(world);
    expect(world.allPeople()).toHaveLength(60);
  });

  it('an onboard and an import make one person and one account', async () => {
    const world = memoryWorld();
    const [job] = await post(world, about(MODI, 'onboard', { person: { externalId: '7', department: 'Newsroom' } }));
    world.fake.users.push({ userId: 'u-1', email: MODI, role: '', permissions: [], passwords: 0 });
    await Promise.all([bring(world, [MODI, 'u-1']), reconcile(world, { jobId: job?.jobId ?? '' }).catch(() => {})]);
    await world.runFor(600);
    expect(world.allPeople().filter(({ mergedInto }) => mergedInto === null)).toHaveLength(1);
    expect(world.fake.users).toHaveLength(1);
  });

  it('linking by hand and importing never give one userId to two', async () => {
    const emails = [MODI, MAGNI, 'ull@hamn.example'];
    const step = fc.record({ email: fc.constantFrom(...emails), userId: fc.constantFrom('u-1', 'u-2') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.array(step, { maxLength: 8 }), async (files, hands) => {
        const world = memoryWorld();
        await Promise.all([
          bring(world, ...files.map(({ email, userId }): [string, string] => [email, userId])),
          ...hands.map(({ email, userId }) =>
            linkAccount(world, { address: email, body: { userId }, by: 'desk' }).catch(() => null),
          ),
        ]);
        await expectSound(world);
      }),
      { numRuns: 200 },
    );
  });
});
