/** A source that has gone silent is the only sign that its webhooks are broken. */
import { describe, expect, test } from 'vitest';
import { Conflict } from '../../shared/lifecycle/ports.ts';
import { watchSources } from '../../shared/reconcile/watch-sources.ts';
import { memoryWorld } from '../fakes/world.ts';

const DAY = 86_400;

function watching(...names: string[]) {
  const world = memoryWorld();
  world.sources.push(...names.map((name) => ({ name, silentAfterDays: 7 })));
  const silent = async () => {
    await watchSources(world);
    return world.measured.at(-1);
  };
  return { world, silent };
}

describe('a configured source', () => {
  test('is silent when it has not been heard for as many days as its settings say', async () => {
    const { world, silent } = watching('kiosk');
    await world.heard.note('kiosk', world.clock.now());
    world.advance(7 * DAY - 1);
    expect(await silent()).toEqual(['sources.silent', 0]);
    world.advance(1);
    expect(await silent()).toEqual(['sources.silent', 1]);
    expect(world.alarms).toEqual([{ code: 'source-silent', fields: { source: 'kiosk' } }]);
  });

  test('that was never heard is silent as long after it was first seen', async () => {
    const { world, silent } = watching('kiosk');
    expect(await silent()).toEqual(['sources.silent', 0]);
    world.advance(7 * DAY);
    expect(await silent()).toEqual(['sources.silent', 1]);
  });

  test('is counted at each sweep and named once a day', async () => {
    const { world, silent } = watching('kiosk', 'lift');
    await silent();
    world.advance(7 * DAY);
    for (let hour = 0; hour < 24; hour += 1) {
      expect(await silent()).toEqual(['sources.silent', 2]);
      world.advance(3_600);
    }
    expect(world.alarms.map(({ fields }) => fields)).toEqual([{ source: 'kiosk' }, { source: 'lift' }]);
    await silent();
    expect(world.alarms).toHaveLength(4);
  });

  test('that is heard again is silent no more', async () => {
    const { world, silent } = watching('kiosk');
    await silent();
    world.advance(8 * DAY);
    expect(await silent()).toEqual(['sources.silent', 1]);
    await world.heard.note('kiosk', world.clock.now());
    expect(await silent()).toEqual(['sources.silent', 0]);
  });

  test('that is heard in the very moment in which it would be said to be silent is not', async () => {
    const { world, silent } = watching('kiosk');
    await silent();
    world.advance(7 * DAY);
    world.heard.set = () => Promise.reject(new Conflict());
    expect(await silent()).toEqual(['sources.silent', 0]);
    expect(world.alarms).toEqual([]);
  });

  test('whose silence cannot be looked up fails the sweep, which is alarmed by itself', async () => {
    const { world, silent } = watching('kiosk');
    world.heard.get = () => Promise.reject(new Error('the table is gone'));
    await expect(silent()).rejects.toThrow('the table is gone');
    expect(world.alarms).toEqual([]);
  });
});

test('what is not configured is not listened for', async () => {
  const { world, silent } = watching();
  await world.heard.note('kiosk', world.clock.now());
  world.advance(30 * DAY);
  expect(await silent()).toEqual(['sources.silent', 0]);
});
