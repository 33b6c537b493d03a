import { describe, expect, it } from 'vitest';
import { newPerson } from '../../shared/lifecycle/person.ts';
import { findPerson } from '../../shared/operate/find-person.ts';
import { memoryWorld } from '../fakes/world.ts';

const ADDRESS = 'embla@hamn.example';

async function known() {
  const world = memoryWorld();
  await world.people.save(newPerson('p-embla'), null);
  await world.people.point({ kind: 'email', email: ADDRESS }, 'p-embla', null);
  return world;
}

describe('somebody', () => {
  it('is found by an address, however it is spelled', async () => {
    const world = await known();
    for (const address of [ADDRESS, ' Embla@Hamn.EXAMPLE '])
      expect((await findPerson(world, address)).id).toBe('p-embla');
  });

  it('who turned out to be somebody else is found there', async () => {
    const world = await known();
    const embla = await findPerson(world, ADDRESS);
    await world.people.save({ ...newPerson('p-middle'), mergedInto: 'p-last' }, null);
    await world.people.save(newPerson('p-last'), null);
    await world.people.save({ ...embla, mergedInto: 'p-middle' }, null);
    expect((await findPerson(world, ADDRESS)).id).toBe('p-last');
  });
});

const NOBODY: [rule: string, address: string][] = [
  ['that nobody has', 'nobody@hamn.example'],
  ['that is empty', ''],
  ['without an @', 'embla'],
  ['with two', 'embla@@hamn.example'],
  ['of 300 characters', `${'e'.repeat(288)}@hamn.example`],
  ['with a Kelvin sign, which is no k', '\u212Aari@hamn.example'],
  ['with a full-width letter', 'embl\uFF41@hamn.example'],
  ['that is still encoded', 'embla%40hamn.example'],
  ['that is a key of the ledger', 'person#p-embla'],
];

describe('nobody is found by an address', () => {
  for (const [rule, address] of NOBODY) {
    it(rule, async () => {
      const world = await known();
      await world.people.point({ kind: 'email', email: 'kari@hamn.example' }, 'p-embla', null);
      await expect(findPerson(world, address)).rejects.toMatchObject({ code: 'not-found', status: 404 });
    });
  }

  it('that points at somebody of whom nothing was written yet', async () => {
    const world = memoryWorld();
    await world.people.point({ kind: 'email', email: ADDRESS }, 'p-coming', null);
    await expect(findPerson(world, ADDRESS)).rejects.toMatchObject({ status: 404 });
  });
});
