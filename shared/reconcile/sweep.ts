/** The sweep: once a minute, whatever is due. It alone is enough for everything to finish. */
import { type Instant, plusSeconds } from '../lifecycle/effective-date.ts';
import type { Due, WakeUp, World } from '../lifecycle/ports.ts';
import { watchGuard } from './guard.ts';
import { reconcile } from './reconcile.ts';
import { rollOut } from './roll-out.ts';
import { watchLedger, watchWakes } from './watch.ts';
import { watchSources } from './watch-sources.ts';

/** How many of each kind one sweep takes on; what is left is the next one's. */
const LIMIT = 1_000;

/** How many wake-ups are sent at a time. */
const AT_ONCE = 10;

/**
 * How long what was sent is the queue's: its visibility time-out (infra/queues.yml), after which a message whose worker died comes back by
 * itself. Sent every minute, one wake-up that hangs the worker each time would soon have all workers to itself.
 */
export const QUEUES_TURN_SECONDS = 360;

/** What the sweep does itself goes to the end of the line first: should it end the sweep, the next one takes the others before it. */
const OWN_TURN_SECONDS = 60;

type Kind = 'people' | 'jobs';
type DueWake = Due & { kind: Kind };

/**
 * One turn: whoever is due is woken, what is so now is watched, a new access policy goes on being rolled out. Each part runs whatever became
 * of the others: a table that fails one of them must not blind them all.
 * @param hasTime whether there is time left for more; consulted before each piece of work of its own.
 * @throws AggregateError of what the parts threw, once all have run.
 */
export async function sweep(world: World, hasTime: () => boolean = () => true): Promise<void> {
  const now = world.clock.now();
  const parts = [
    () => wakeDue(world, now, hasTime),
    () => watchWaiting(world, now),
    () => watchGuard(world),
    () => watchSources(world),
    () => rollOut(world),
  ];
  const errors: unknown[] = [];
  for (const part of parts) await part().catch((error: unknown) => errors.push(error));
  if (errors.length > 0)
    throw new AggregateError(errors, `${errors.length} of ${parts.length} parts of the sweep failed`);
}

/** Wakes everybody whose wake is due, leavers first. Where the queue does not take the wake-up the sweep does the work itself. */
async function wakeDue(world: World, now: Instant, hasTime: () => boolean): Promise<void> {
  const [people, jobs] = await Promise.all([dueOf(world, 'people', now), dueOf(world, 'jobs', now)]);
  const due = [...people, ...jobs].sort((a, b) => Number(b.isLeaver) - Number(a.isLeaver));
  for (let from = 0; from < due.length && hasTime(); from += AT_ONCE) {
    const some = due.slice(from, from + AT_ONCE);
    const sent = await Promise.all(some.map((one) => send(world, one, now)));
    for (const one of some.filter((_, index) => !sent[index])) if (hasTime()) await work(world, one, now);
  }
  world.monitor.count('wakes.due', due.length);
}

async function watchWaiting(world: World, now: Instant): Promise<void> {
  const waiting = await waitingSince(world, now);
  watchWakes(world, waiting, now);
  await watchLedger(world, waiting, now);
}

/** What was due then and is not done, whether or not it has been put off since. */
async function waitingSince(world: World, now: Instant): Promise<Due[]> {
  const until = plusSeconds(now, QUEUES_TURN_SECONDS);
  const [people, jobs] = await Promise.all([dueOf(world, 'people', until), dueOf(world, 'jobs', until)]);
  return [...people, ...jobs].filter(({ at }) => at <= now);
}

async function dueOf(world: World, kind: Kind, now: Instant): Promise<DueWake[]> {
  const due = await world[kind].due(now, LIMIT);
  return due.map((one) => ({ ...one, kind }));
}

async function send(world: World, due: DueWake, now: Instant): Promise<boolean> {
  try {
    await world.queue.send(wakeUpOf(due));
  } catch {
    world.monitor.count('queue.unavailable');
    return false;
  }
  await putOff(world, due, { now, seconds: QUEUES_TURN_SECONDS });
  return true;
}

async function work(world: World, due: DueWake, now: Instant): Promise<void> {
  const wakeUp = wakeUpOf(due);
  await putOff(world, due, { now, seconds: OWN_TURN_SECONDS });
  await reconcile(world, wakeUp).catch((error: unknown) => {
    // Its kind alone: its message may quote anything.
    const reason = error instanceof Error ? error.name : 'unknown';
    world.monitor.alarm('reconcile-failed', { ...wakeUp, reason });
  });
}

/** Where it fails the wake-up is sent once too often. */
async function putOff(world: World, { kind, id }: DueWake, turn: { now: Instant; seconds: number }) {
  const until = plusSeconds(turn.now, turn.seconds);
  await world[kind].putOff(id, turn.now, until).catch(() => world.monitor.count('wake.not-put-off'));
}

function wakeUpOf({ kind, id }: DueWake): WakeUp {
  return kind === 'people' ? { personId: id } : { jobId: id };
}
