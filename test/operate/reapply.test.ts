/** What a person should hold, sent once more. */
import { describe, expect, it } from 'vitest';
import { linkAccount } from '../../shared/operate/link-account.ts';
import { reapply } from '../../shared/operate/reapply.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';

const IDUN = 'idun@hamn.example';
const again = (world: MemoryWorld) => reapply(world, { address: IDUN, by: 'night-desk' });

async function employed(): Promise<MemoryWorld> {
  const world = memoryWorld();
  await post(world, about(IDUN, 'onboard', { person: { department: 'Newsroom' } }));
  await world.runFor(1);
  return world;
}

describe('re-applying', () => {
  it('undoes what somebody edited in the dashboard', async () => {
    const world = await employed();
    Object.assign(world.fake.users[0] ?? {}, { role: 'OWNER', permissions: ['internalUser'] });
    await again(world);
    await world.runFor(1);
    expect(world.fake.users).toMatchObject([{ role: 'ADMIN', permissions: ['paywallBuilder', 'journey'] }]);
  });

  it('takes everything from a leaver again, and needs nobody’s leave', async () => {
    const world = await employed();
    await post(world, about(IDUN, 'offboard'));
    await world.runFor(1);
    world.settings.guard = { limit: 0, percent: 0, windowSeconds: 3_600 };
    Object.assign(world.fake.users[0] ?? {}, { permissions: ['internalUser'] });
    await again(world);
    await world.runFor(1);
    expect(world.fake.users).toMatchObject([{ permissions: [] }]);
  });

  it('is in the history with the name of who asked', async () => {
    const world = await employed();
    expect((await again(world)).history.at(-1)).toEqual({
      at: world.clock.now(),
      what: 're-applied',
      by: 'night-desk',
    });
  });

  it('is refused where no account is linked, and where no employment is known', async () => {
    const world = memoryWorld();
    await post(world, about(IDUN, 'change', { person: { department: 'Newsroom' } }));
    await world.runFor(1);
    await expect(again(world)).rejects.toMatchObject({ code: 'invalid-state', message: /linked account/ });
    await linkAccount(world, { address: IDUN, body: { userId: 'u-1' }, by: 'desk' });
    await expect(again(world)).rejects.toMatchObject({ code: 'invalid-state', message: /employment/ });
  });

  it('of nobody is not found', async () => {
    await expect(again(memoryWorld())).rejects.toMatchObject({ code: 'not-found' });
  });
});
