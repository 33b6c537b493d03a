import { describe, expect, it } from 'vitest';
import { linkedAccount } from '../../shared/lifecycle/account.ts';
import { newPerson, type Person } from '../../shared/lifecycle/person.ts';
import { Conflict } from '../../shared/lifecycle/ports.ts';
import { reserveUserId } from '../../shared/operate/reserve-user-id.ts';
import { memoryWorld } from '../fakes/world.ts';

const KEY = { kind: 'userId' as const, userId: 'u-1' };
const ADDRESS = { kind: 'email' as const, email: 'hler@hamn.example' };
const HLER = newPerson('p-hler');

/** A world in which the userId points at somebody. */
async function heldBy(holder: string | null, written?: Partial<Person>) {
  const world = memoryWorld();
  if (holder !== null) await world.people.point(KEY, holder, null);
  if (holder !== null && written) await world.people.save({ ...newPerson(holder), ...written }, null);
  const reserve = (more: object = {}) => reserveUserId(world, HLER, { userId: 'u-1', ...more });
  const held = async () => (await world.people.find([KEY, ADDRESS])) as [string | null, string | null];
  return { world, reserve, held };
}

describe('a userId', () => {
  it('of nobody is reserved, and reserving it again changes nothing', async () => {
    const { reserve, held } = await heldBy(null);
    await reserve();
    await reserve();
    expect(await held()).toEqual(['p-hler', null]);
  });

  it('is reserved after the address of somebody new', async () => {
    const { world, reserve, held } = await heldBy(null);
    let points = 0;
    world.setBlow((point) => {
      points += point === 'before people.point' ? 1 : 0;
      if (points === 2) throw new Error('crashed');
    });
    await expect(reserve({ newAddress: ADDRESS.email })).rejects.toThrow('crashed');
    world.setBlow(() => {});
    expect(await held()).toEqual([null, 'p-hler']);
  });

  it('of another account is refused, and the address is left alone', async () => {
    const { reserve, held } = await heldBy('p-ran', { account: linkedAccount('u-1', null) });
    await expect(reserve({ newAddress: ADDRESS.email })).rejects.toMatchObject({ code: 'user-id-taken' });
    expect(await held()).toEqual(['p-ran', null]);
  });

  it('that was reserved for an account which never came is free', async () => {
    for (const written of [undefined, {}, { account: linkedAccount('u-2', null) }]) {
      const { reserve, held } = await heldBy('p-ran', written);
      await reserve();
      expect(await held()).toEqual(['p-hler', null]);
    }
  });

  it('is taken over only so that whoever was about to link it must look again', async () => {
    const { world, reserve } = await heldBy('p-ran', {});
    const late = await world.people.get('p-ran');
    await reserve();
    const link = world.people.save({ ...newPerson('p-ran'), ...late, account: linkedAccount('u-1', null) }, null);
    await expect(link).rejects.toThrow(Conflict);
  });

  it('is not taken over from somebody for whom Conscent is being called', async () => {
    const claim = { id: 'c-1', until: '2026-03-02T08:00:10.000Z' };
    const { reserve, held } = await heldBy('p-ran', { claim });
    await expect(reserve()).rejects.toMatchObject({ code: 'unavailable', headers: { 'retry-after': '10' } });
    expect(await held()).toEqual(['p-ran', null]);
  });

  it('of somebody who turned out to be the person is theirs', async () => {
    const { reserve, held } = await heldBy('p-ran', { mergedInto: 'p-hler' });
    await reserve();
    expect(await held()).toEqual(['p-hler', null]);
  });
});
