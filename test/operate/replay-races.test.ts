/** Workers and a replay at once, in any interleaving; messages doubled and out of order. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isFinished } from '../../shared/lifecycle/job.ts';
import { pauseWrites, resumeWrites } from '../../shared/operate/pause-writes.ts';
import { planReplay } from '../../shared/operate/replay.ts';
import { reconcile } from '../../shared/reconcile/reconcile.ts';
import { sweep } from '../../shared/reconcile/sweep.ts';
import { about, post } from '../fakes/post.ts';
import { type MemoryWorld, memoryWorld } from '../fakes/world.ts';
import { again, allowDuplicates, BY, backUp, DAY, HOUR } from './restoring.ts';

const EMAILS = ['ida@pub.example', 'ole@pub.example', 'kim@pub.example'];

function random(seed: number) {
  let state = seed * 2654435761 + 1;
  return (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x7fffffff) * below) % below;
  };
}

/** Each touch of the stores, and of Conscent, takes a random number of turns. */
function jitter(world: MemoryWorld, pick: (below: number) => number) {
  const slow =
    <A extends unknown[], R>(own: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      for (let turns = pick(4); turns > 0; turns -= 1) await setImmediate();
      return own(...args);
    };
  const { jobs, people, pause, conscent } = world;
  Object.assign(jobs, { get: slow(jobs.get), change: slow(jobs.change), list: slow(jobs.list) });
  Object.assign(people, { get: slow(people.get), save: slow(people.save), find: slow(people.find) });
  Object.assign(people, { point: slow(people.point) });
  Object.assign(pause, { get: slow(pause.get) });
  Object.assign(conscent, { create: slow(conscent.create), update: slow(conscent.update) });
}

async function live(world: MemoryWorld, pick: (below: number) => number, steps: number) {
  for (let n = 0; n < steps; n += 1) {
    const who = EMAILS[pick(3)] ?? '';
    const what = pick(4);
    if (what === 0) await post(world, about(who, 'offboard'));
    else if (what === 1)
      await post(world, about(who, 'change', { person: { department: ['Newsroom', 'Treasury', 'Garden'][pick(3)] } }));
    else if (what === 2)
      await post(world, about(who, 'onboard', { person: { department: ['Newsroom', 'Treasury'][pick(2)] } }));
    else
      await post(world, about(who, 'change', { access: { profile: 'treasury', until: `2026-03-${10 + pick(15)}` } }));
    await world.runFor(5);
  }
}

const holdings = (world: MemoryWorld) =>
  world.fake.users.map(({ email, permissions }) => [email, ...permissions].join(' ')).sort();

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'seed %s: replay with three workers and the sweep at once',
  async (seed) => {
    const world = memoryWorld();
    allowDuplicates(world);
    const pick = random(seed);
    await live(world, pick, pick(5));
    const { since, putBack } = backUp(world);
    await live(world, pick, 1 + pick(6));
    const before = holdings(world);
    await pauseWrites(world, BY);
    putBack();
    jitter(world, pick);
    const plan = await planReplay(world, since);
    let isDone = false;
    const worker = async () => {
      while (!isDone || world.messages.length > 0) {
        const [message] = world.messages.splice(pick(Math.max(world.messages.length, 1)), 1);
        if (message && pick(3) === 0) world.messages.push(message);
        if (message) await reconcile(world, message).catch(() => {});
        await setImmediate();
      }
    };
    const sweeping = async () => {
      for (let n = 0; n < 3; n += 1) await sweep(world).catch(() => {});
    };
    const workers = [worker(), worker(), worker(), sweeping()];
    const left = await again(world, since, plan);
    const repeated = await again(world, since);
    isDone = true;
    await Promise.all(workers);
    await world.runFor(400);
    await resumeWrites(world, BY);
    await world.runFor(HOUR);
    expect({ left, repeated, holdings: holdings(world) }).toEqual({ left: [], repeated: [], holdings: before });
    await world.runFor(60 * DAY);
    expect(
      world
        .allJobs()
        .filter(({ status }) => !isFinished(status))
        .map(({ type, status }) => [type, status])
        .filter(([, status]) => status !== 'needs-attention'),
    ).toEqual([]);
  },
);
