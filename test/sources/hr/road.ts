/** The whole road for one HR system: its webhooks come in, its API is asked over HTTP, and a Conscent in memory holds the accounts. */
import { receiveWebhook } from '../../../shared/intake/receive-webhook.ts';
import type { Job } from '../../../shared/lifecycle/job.ts';
import type { Delivery, Source, SourceContext } from '../../../shared/sources/source.ts';
import { type MemoryWorld, memoryWorld } from '../../fakes/world.ts';

export const DAY = 86_400;

export interface Road {
  world: MemoryWorld;
  /** Delivers, lets some seconds pass, and answers the jobs as they are then. */
  deliver(sign: (at: string) => Delivery, seconds?: number): Promise<(Job | undefined)[]>;
  /** What each account may do. */
  access(): string[][];
  /** Everything that is kept or sent on. */
  kept(): string;
}

/** A road whose HR system is this source. It is 2026-03-02, 08:00 in UTC. */
export function roadFrom(make: (context: SourceContext) => Source): Road {
  const world = memoryWorld();
  const source = make({ allowedDomains: ['verlag.example'], defaultZone: 'UTC', now: world.clock.now });
  world.lookUp = async (_, employeeId) => (await source.lookUp?.(employeeId)) ?? { kind: 'not-found' };
  return {
    world,
    deliver: async (sign, seconds = 1) => {
      const accepted = await receiveWebhook(world, source, sign(world.clock.now()));
      await world.runFor(seconds);
      return accepted.map(({ job }) => world.allJobs().find(({ jobId }) => jobId === job.jobId));
    },
    access: () => world.fake.users.map(({ permissions }) => permissions),
    kept: () => JSON.stringify([world.allJobs(), world.allPeople(), world.messages, world.alarms, world.fake.calls]),
  };
}
