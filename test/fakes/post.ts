/** Posts events into a world in memory, as somebody with every scope. */
import { acceptEvents } from '../../shared/intake/accept-events.ts';
import type { Job } from '../../shared/lifecycle/job.ts';
import type { World } from '../../shared/lifecycle/ports.ts';

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
