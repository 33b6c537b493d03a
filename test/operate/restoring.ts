/** What the tests of a replay share: a backup of the people’s table, and a restore as docs/operations.md says it. */

import { accept } from '../../shared/intake/accept.ts';
import { readEvent } from '../../shared/lifecycle/event.ts';
import type { Authority } from '../../shared/lifecycle/fact.ts';
import { pauseWrites, resumeWrites } from '../../shared/operate/pause-writes.ts';
import { type Left, planReplay, type Replay, replay } from '../../shared/operate/replay.ts';
import { mergeJob } from '../../shared/reconcile/merge.ts';
import type { MemoryWorld } from '../fakes/world.ts';

export const HOUR = 3_600;
export const DAY = 86_400;
export const BY = { by: 'night-desk' };

export function backUp(world: MemoryWorld): { since: string; putBack: () => void } {
  const putBack = world.backUpPeople();
  const since = world.clock.now();
  world.advance(1);
  return { since, putBack };
}

/** @param queued what becomes of the messages before workers get them: a standard queue promises neither order nor delivery. */
export async function restore(
  world: MemoryWorld,
  { since, putBack }: { since: string; putBack: () => void },
  queued: (messages: MemoryWorld['messages']) => void = () => {},
): Promise<Left[]> {
  await pauseWrites(world, BY);
  putBack();
  const left = await again(world, since);
  queued(world.messages);
  await world.runFor(60);
  await resumeWrites(world, BY);
  await world.runFor(HOUR);
  return left;
}

/** The command: what happened since is planned and replayed. */
export async function again(world: MemoryWorld, since: string, plan?: Replay): Promise<Left[]> {
  return replay(world, plan ?? (await planReplay(world, since)), (job) => mergeJob(world, job));
}

export const lost = (messages: unknown[]) => void messages.splice(0);
export const reversed = (messages: unknown[]) => void messages.reverse();

/** A ticket's words, as a ticketing system sends them. */
export async function fromTicket(
  world: MemoryWorld,
  ticket: string,
  event: object,
  authority: readonly Authority[] = ['employment', 'grants'],
  wantsReply = false,
) {
  const [accepted] = await accept(world, [{ kind: 'event', event: readEvent(event), ticket }], {
    source: 'desk',
    authority,
    deliveryId: world.newId(),
    seed: world.newId(),
    requestHash: null,
    receivedAt: world.clock.now(),
    wantsReply,
  });
  await world.runFor(5);
  return accepted?.job.jobId ?? '';
}

export const held = (world: MemoryWorld) =>
  Object.fromEntries(world.fake.users.map(({ userId, permissions }) => [userId, permissions]));
export const jobs = (world: MemoryWorld) =>
  world.allJobs().map(({ type, email, status, outcome, error, userId }) => ({
    type,
    email,
    status,
    outcome,
    error: error?.code ?? null,
    userId,
  }));

/** A Conscent that makes a second account for the same address: whether it refuses one is not documented. */
export function allowDuplicates(world: MemoryWorld): void {
  const { create } = world.conscent;
  world.conscent.create = async (email, access) => {
    const before = world.fake.users.filter((user) => user.email === email);
    for (const user of before) user.email = `(first) ${email}`;
    const answer = await create(email, access);
    for (const user of before) user.email = email;
    return answer;
  };
}
