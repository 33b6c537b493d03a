/** What an event makes of its job, be it sent or looked up. */
import { occurredInstant } from './effective-date.ts';
import type { CanonicalEvent } from './event.ts';
import { factOf } from './fact.ts';
import type { Job, StoredEvent } from './job.ts';

/** A job with its event, and the members that were left out because its source has no authority over them, in words. */
export function withEvent(job: Job, event: CanonicalEvent): { job: Job; leftOut: string } {
  const { source, receivedAt } = job;
  const { leftOut } = factOf(event, job);
  return {
    job: {
      ...job,
      type: event.type,
      email: event.person.email ?? null,
      reference: event.reference ?? null,
      effectiveAt: event.effectiveAt ? null : occurredInstant(event.occurredAt, event.type === 'offboard', receivedAt),
      event: storedEvent(event),
    },
    leftOut:
      leftOut.length > 0 ? `; left out, because ${source} has no authority over them: ${leftOut.join(', ')}` : '',
  };
}

/** Names are dropped: Conscent has no field for them, so nobody needs to keep them. */
function storedEvent({ person: { firstName, lastName, ...person }, ...event }: CanonicalEvent): StoredEvent {
  return { ...event, person };
}
