/** Posts events into a world in memory, as somebody with every scope. */
import { accept } from '../../shared/intake/accept.ts';
import { acceptEvents } from '../../shared/intake/accept-events.ts';
import { readEvent } from '../../shared/lifecycle/event.ts';
import type { Authority } from '../../shared/lifecycle/fact.ts';
import type { Job } from '../../shared/lifecycle/job.ts';
import type { World } from '../../shared/lifecycle/ports.ts';
import type { MemoryWorld } from './world.ts';

/** @param key an Idempotency-Key. Answers the jobs as recorded. */
export async function post(world: World, event: object | object[], key?: string): Promise<Job[]> {
  const { accepted } = await acceptEvents(world, [], {
    body: Buffer.from(JSON.stringify(event)),
    idempotencyKey: key,
    caller: { name: 'tests', scopes: ['events:write', 'access:direct'] },
  });
  return accepted.map(({ job }) => job);
}

/** Shortens an event about one person. */
export function about(
  email: string,
  type: 'onboard' | 'change' | 'offboard',
  more: { person?: object; [member: string]: unknown } = {},
) {
  const { person, ...rest } = more;
  return { type, person: { email, ...person }, ...rest };
}

/** An event as a source brings it, and a second of time for it to be dealt with. Answers the job as it is then. */
export async function postFrom(
  world: MemoryWorld,
  event: object,
  source = 'hr-one',
  authority: readonly Authority[] = ['employment', 'attributes'],
): Promise<Job | undefined> {
  const [accepted] = await accept(world, [{ kind: 'event', event: readEvent(event) }], {
    source,
    authority,
    deliveryId: world.newId(),
    seed: world.newId(),
    requestHash: null,
    receivedAt: world.clock.now(),
  });
  await world.runFor(1);
  return world.allJobs().find(({ jobId }) => jobId === accepted?.job.jobId);
}
