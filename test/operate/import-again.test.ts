import { describe, expect, it } from 'vitest';
import { findPerson } from '../../shared/operate/find-person.ts';
import { linkAccount } from '../../shared/operate/link-account.ts';
import { memoryWorld } from '../fakes/world.ts';
import { accountOf, bring, TYR, unlinked, VAR } from './importing.ts';

describe('a second import', () => {
  const lines = [
    { email: TYR, userId: 'u-1' },
    { email: VAR, userId: 'u-2', permissions: '*' },
  ];

  it('of the same file changes nothing', async () => {
    const world = memoryWorld();
    await bring(world, lines);
    const before = world.allPeople();
    expect(await bring(world, lines)).toMatchObject([{ status: 'unchanged' }, { status: 'unchanged' }]);
    expect(world.allPeople()).toEqual(before);
  });

  it('says nothing against what Conscent has acknowledged since', async () => {
    const world = await unlinked();
    await bring(world, [{ email: TYR, userId: 'user-1' }]);
    await world.runFor(30);
    const before = await findPerson(world, TYR);
    const again = await bring(world, [{ email: TYR, userId: 'user-1', role: 'EDITOR', permissions: '*' }]);
    expect(again).toMatchObject([{ status: 'unchanged' }]);
    expect(await findPerson(world, TYR)).toEqual(before);
  });

  it('with another userId fails: that is done by hand', async () => {
    const world = memoryWorld();
    await bring(world, lines);
    const before = world.allPeople();
    const [line] = await bring(world, [{ email: TYR, userId: 'u-3' }]);
    const error = expect.stringContaining('is linked to another userId; use PUT /people/{email}/account');
    expect(line).toEqual({ line: 1, email: TYR, status: 'failed', error });
    expect(world.allPeople()).toEqual(before);
  });

  it('with somebody else’s userId fails, and makes nobody', async () => {
    const world = memoryWorld();
    await bring(world, lines);
    const [line] = await bring(world, [{ email: 'vili@hamn.example', userId: 'u-1' }]);
    expect(line).toMatchObject({ status: 'failed', error: expect.stringMatching(/somebody else/) });
    expect(await world.people.find([{ kind: 'email', email: 'vili@hamn.example' }])).toEqual([null]);
    expect(world.allPeople()).toHaveLength(2);
  });

  it('may follow a correction by hand, which keeps the address', async () => {
    const world = memoryWorld();
    await bring(world, lines);
    await linkAccount(world, { address: TYR, body: { userId: 'u-3' }, by: 'desk' });
    expect(await accountOf(world, TYR)).toMatchObject({ userId: 'u-3', email: TYR });
    expect(await bring(world, [{ email: 'vili@hamn.example', userId: 'u-1' }])).toMatchObject([{ status: 'linked' }]);
  });
});

describe('of two lines in one file', () => {
  const statuses = async (...lines: [string, string][]) =>
    (
      await bring(
        memoryWorld(),
        lines.map(([email, userId]) => ({ email, userId })),
      )
    ).map(({ status }) => status);

  it('that say the same the second is unchanged', async () => {
    expect(await statuses([TYR, 'u-1'], [TYR.toUpperCase(), ' u-1'])).toEqual(['linked', 'unchanged']);
  });

  it('with one address the second fails', async () => {
    expect(await statuses([TYR, 'u-1'], [TYR, 'u-2'])).toEqual(['linked', 'failed']);
  });

  it('with one userId the second fails', async () => {
    expect(await statuses([TYR, 'u-1'], [VAR, 'u-1'])).toEqual(['linked', 'failed']);
  });

  it('a bad one stops no other, and all are answered in order', async () => {
    const many = Array.from({ length: 90 }, (_, n): [string, string] => [`p-${n}@hamn.example`, n % 3 ? `u-${n}` : '']);
    expect(await statuses(...many)).toEqual(many.map(([, userId]) => (userId ? 'linked' : 'failed')));
  });
});
