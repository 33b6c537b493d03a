/**
 * Okta event hooks. Deliveries are not signed: the text that was configured comes in `Authorization`, and that is all there is. So a delivery is no
 * more than a hint: the user is looked up with our own credential, and how they stand there decides, whatever was said. That also makes the
 * order of events, which Okta does not promise, matter to nobody. Okta waits 3 seconds for an answer and tries once more after a time-out or a
 * 5xx, never after a 4xx. `data.events` holds the events of about one moment.
 *
 * Activation and deactivation go on after their event: `transitioningToStatus` is there until they are through.
 * Unknown to the documentation: whether a member of the profile that was emptied is `null` or left out. Left out it says nothing.
 * Sources: developer.okta.com, docs/concepts/event-hooks, docs/guides/event-hook-implementation, docs/guides/hooks-best-practices,
 * docs/reference/api/event-types; docs/api/openapi/okta-management, User and UserLifecycle; support.okta.com, "Unable to verify event hook",
 * which shows that the challenge comes with the credential.
 */
import * as z from 'zod/mini';
import { Problem, type Violation } from '../../lifecycle/errors.ts';
import type { CanonicalEvent, EventType } from '../../lifecycle/event.ts';
import type { Lookup } from '../../lifecycle/lookup.ts';
import { hasHeader } from '../credentials.ts';
import { word, wordOrNull, workEmail } from '../employee-record.ts';
import { credential } from '../hr-settings.ts';
import { conform, readBody, sha256, unreadable } from '../json-body.ts';
import {
  authoritySchema,
  baseUrlSchema,
  type Delivery,
  type Notice,
  type Reading,
  readSettings,
  type Source,
  type SourceContext,
  secretsSchema,
} from '../source.ts';
import { askVendor } from '../vendor-api.ts';
import { incomplete, lookUpBy, wholeOf } from '../vendor-record.ts';

/** `me` would be whoever the token belongs to; a login is taken in an id's place, too, but never answered with it as the id. */
const ID = /^(?!me$)[A-Za-z0-9]{1,64}$/;
const EVENT_ID = /^[\w.:-]{1,128}$/;
const CHALLENGE = /^[\w.~+/=-]{1,512}$/;
/** What an event tells of must be there to be read: a leaver who is read too early is none. */
const SETTLE_SECONDS = 2;

const SAID: ReadonlyMap<string, EventType> = new Map([
  ['user.lifecycle.create', 'onboard'],
  ['user.lifecycle.activate', 'onboard'],
  ['user.lifecycle.reactivate', 'onboard'],
  ['user.lifecycle.unsuspend', 'onboard'],
  ['user.account.update_profile', 'change'],
  ['user.lifecycle.suspend', 'offboard'],
  ['user.lifecycle.deactivate', 'offboard'],
  ['user.lifecycle.delete.initiated', 'offboard'],
]);

/** Its member of the sources secret. `authorizations` are whole values of the header: `Basic` and what follows it, or any text. */
const settingsSchema = z.strictObject({
  authorizations: secretsSchema,
  apiToken: credential,
  baseUrl: baseUrlSchema,
  authority: z._default(authoritySchema, ['employment']),
});
type Settings = z.output<typeof settingsSchema>;

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function okta(value: unknown, context: SourceContext): Source {
  const settings = readSettings('okta', settingsSchema, value);
  return {
    name: 'okta',
    authority: settings.authority,
    mediaTypes: ['application/json', ''],
    unreadableStatus: 202,
    acceptedStatus: 200,
    verify: (delivery) => hasHeader(delivery, 'authorization', settings.authorizations),
    read,
    handshake,
    lookUp: lookUpBy(ID, (id, said) => lookUp(id, said, { settings, context })),
  };
}

/** The one-time verification. What is echoed is bounded, and of no character that could mean anything to whoever reads it. */
function handshake({ 'x-okta-verification-challenge': challenge = '' }: Delivery['headers']): object | null {
  return CHALLENGE.test(challenge) ? { verification: challenge } : null;
}

const envelopeSchema = z.object({
  // An inline hook that was pointed here would wait for another answer.
  eventType: z.literal('com.okta.event_hook', 'must be "com.okta.event_hook"'),
  eventId: z.catch(z.string(), ''),
  data: z.object({ events: z.array(z.unknown()) }),
});

function read({ body }: Delivery): Reading {
  // `eventId` is signed no more than the rest: under the id of a delivery to come, other events must not take its place.
  const deliveryId = ({ eventId }: z.output<typeof envelopeSchema>) =>
    EVENT_ID.test(eventId) ? `${eventId}:${sha256(body).slice(0, 16)}` : sha256(body);
  return readBody({ body, schema: envelopeSchema, deliveryId }, ({ data }) => data.events.flatMap(readOne));
}

const happenedSchema = z.object({
  eventType: z.string(),
  outcome: z.catch(z.nullish(z.object({ result: z.string() })), undefined),
});
const aboutSchema = z.object({ target: z.array(z.unknown()) });
const userTargetSchema = z.object({ type: z.literal('User'), id: z.optional(z.unknown()) });

/** One bad event does not keep the others from being read. */
function readOne(event: unknown, position: number): Notice[] {
  try {
    const { eventType, outcome } = conform(happenedSchema, event);
    const said = SAID.get(eventType);
    if (!said || (outcome && outcome.result !== 'SUCCESS')) return [];
    const id = userIn(conform(aboutSchema, event).target);
    return [{ kind: 'lookup', id, said, settleSeconds: SETTLE_SECONDS, position }];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [{ kind: 'unreadable', violations: error.violations.map((found) => within(position, found)), position }];
  }
}

function within(position: number, { pointer, detail }: Violation): Violation {
  return { pointer: `/data/events/${position}${pointer}`, detail };
}

/** Whom an event is about: its one target that is a user. */
function userIn(targets: readonly unknown[]): string {
  const users = targets.flatMap((target) => userTargetSchema.safeParse(target).data ?? []);
  const [id, ...others] = new Set(users.map((user) => user.id));
  if (typeof id === 'string' && ID.test(id) && others.length === 0) return id;
  throw unreadable({ pointer: '/target', detail: 'must name one user, by an id of Okta’s' });
}

const userSchema = z.object({
  id: z.string(),
  status: z.string(),
  transitioningToStatus: z.nullish(z.string()),
  profile: z.object({
    email: z.optional(word),
    department: z.optional(word),
    title: z.optional(word),
    userType: z.optional(word),
  }),
});
type User = z.output<typeof userSchema>;
type Person = CanonicalEvent['person'];

const WORKING = ['ACTIVE', 'PROVISIONED', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT'];
const GONE = ['SUSPENDED', 'DEPROVISIONED'];

async function lookUp(
  id: string,
  said: EventType | undefined,
  { settings, context }: { settings: Settings; context: SourceContext },
): Promise<Lookup> {
  const url = `${settings.baseUrl}/api/v1/users/${encodeURIComponent(id)}`;
  const asked = askVendor({ url, headers: { authorization: `SSWS ${settings.apiToken}` } });
  const user = await wholeOf(asked, userSchema);
  if (user.id !== id) throw incomplete();
  return judge(user, said, context);
}

/**
 * How the user stands decides. What was said only tells a joiner from a mover: an onboard that is out of date or forged brings nobody back
 * who was stopped at Okta, and an offboard stops nobody who was not.
 */
function judge(user: User, said: EventType | undefined, context: SourceContext): Lookup {
  const { status, transitioningToStatus: next } = user;
  const person = personOf(user, context);
  if (GONE.includes(next ?? status)) return { kind: 'event', event: { type: 'offboard', person } };
  if (WORKING.includes(status)) return working(user, person, said === 'onboard' ? 'onboard' : 'change');
  // On the way to working there: it is asked again until that is through, because it may fail.
  if (next != null) throw incomplete();
  // Their activation comes with an event of its own. A status that is new to us is for a person: asking again would not explain it.
  return status === 'STAGED'
    ? { kind: 'nothing', because: 'not-active' }
    : { kind: 'review', code: 'employee-inactive' };
}

function working({ profile }: User, person: Person, type: 'onboard' | 'change'): Lookup {
  if (type === 'onboard' && person.email === undefined) return { kind: 'review', code: 'no-email' };
  return { kind: 'event', event: { type, person: { ...person, ...wordsOf(profile) } } };
}

/**
 * The address is `email`. `login` is none: it need not be a mailbox although it looks like one, it may be somebody else's, and a user whose
 * email is missing for a day would be renamed to it and back.
 */
function personOf({ id, profile }: User, context: SourceContext): Person {
  const email = workEmail(profile.email, context);
  return { externalId: id, ...(email !== null && { email }) };
}

function wordsOf({ department, title, userType }: User['profile']): Partial<Person> {
  const words = { department, jobTitle: title, employmentType: userType };
  const said = Object.entries(words).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said.map(([name, value]) => [name, wordOrNull(value)]));
}
