/** `POST /events`: one canonical event or an array of 1–100, from somebody who holds a token. */
import type { AccessPolicy } from '../lifecycle/access-policy.ts';
import { Problem } from '../lifecycle/errors.ts';
import { type CanonicalEvent, readEvents } from '../lifecycle/event.ts';
import type { World } from '../lifecycle/ports.ts';
import { type Accepted, accept, hash } from './accept.ts';

/** A request to accept events. */
export interface EventsRequest {
  body: Uint8Array;
  idempotencyKey: string | undefined;
  /** The token's name and scopes. */
  caller: { name: string; scopes: readonly string[] };
}

/** What came of it. */
export interface AcceptedEvents {
  accepted: Accepted[];
  isArray: boolean;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Accepts events. The same `Idempotency-Key` of the same token is the same jobs; without one each request is new.
 * @throws Problem `invalid-request`, `forbidden` (a direct grant without its scope), `unknown-profile`, `idempotency-key-reused`.
 */
export async function acceptEvents(
  world: World,
  allowedDomains: readonly string[],
  request: EventsRequest,
): Promise<AcceptedEvents> {
  const { caller, idempotencyKey } = request;
  if (idempotencyKey !== undefined && !KEY.test(idempotencyKey)) throw badKey();
  const { events, isArray } = readEvents(request.body, allowedDomains);
  if (events.some(isDirect) && !caller.scopes.includes('access:direct')) {
    throw new Problem(
      'forbidden',
      'A role and permissions of one’s own need the scope access:direct. Ask for a profile instead.',
    );
  }
  refuseUnknownProfiles(events, world.policy);
  const requestId = world.newId();
  const notices = events.map((event) => ({ kind: 'event' as const, event }));
  const accepted = await accept(world, notices, {
    source: 'api',
    authority: ['employment', 'attributes', 'grants'],
    deliveryId: idempotencyKey ?? requestId,
    seed: idempotencyKey === undefined ? `request\n${requestId}` : `api\n${caller.name}\n${idempotencyKey}`,
    requestHash: idempotencyKey === undefined ? null : hash(JSON.stringify(events)),
    receivedAt: world.clock.now(),
    by: caller.name,
  });
  return { accepted, isArray };
}

function isDirect({ access }: CanonicalEvent): boolean {
  return access?.permissions !== undefined;
}

function refuseUnknownProfiles(events: readonly CanonicalEvent[], { profiles }: AccessPolicy): void {
  const isUnknown = ({ access }: CanonicalEvent) =>
    access?.profile !== undefined && !Object.hasOwn(profiles, access.profile);
  if (!events.some(isUnknown)) return;
  throw new Problem('unknown-profile', `The access policy has these profiles: ${Object.keys(profiles).join(', ')}.`);
}

function badKey(): Problem {
  const detail = 'must be 1 to 255 printable ASCII characters without spaces';
  return new Problem('invalid-request', 'Correct the Idempotency-Key.', {
    violations: [{ pointer: 'Idempotency-Key', detail }],
  });
}
