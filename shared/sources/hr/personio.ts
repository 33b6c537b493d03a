/**
 * Personio, API v2. Deliveries are not signed: a static text in `Authorization`, or in a header of one's choice, is all there is. So a
 * delivery is no more than a hint, and the employee is looked up. Personio waits 3 seconds for the answer, so nothing is asked before it.
 *
 * Unknown to the documentation: what stands in `payload`. The person's id is looked for where it can be: `person.id`, `person_id`, and in
 * person events `id`. Also unknown: whether `termination` may be missing where there is none. Missing, it is not taken for none, because
 * attributes that the credentials may not read are missing, too; then the look-up is incomplete.
 * Sources: developer.personio.de, reference/webhooks, get_v2-persons-id, get_v2-persons-person-id-employments, org-units, post_v2-auth-token.
 */
import * as z from 'zod/mini';
import type { Lookup } from '../../lifecycle/lookup.ts';
import { askAsClient } from '../client-credentials.ts';
import { hasHeader } from '../credentials.ts';
import { dateMember, employeeRecord, periodThatMatters, word } from '../employee-record.ts';
import { credential, hrSettings } from '../hr-settings.ts';
import { readBody, sha256, unreadable } from '../json-body.ts';
import {
  baseUrlSchema,
  type Delivery,
  type Notice,
  type Reading,
  readSettings,
  type Source,
  type SourceContext,
  secretsSchema,
} from '../source.ts';
import type { VendorAnswer } from '../vendor-api.ts';
import { incomplete, lookUpBy, partOf, wholeOf } from '../vendor-record.ts';

const ID = /^[A-Za-z0-9-]{1,64}$/;
/** Its times are full seconds: of two changes within one the second is known as the first again, so both must be there to be read. */
const SETTLE_SECONDS = 2;

/** Its member of the sources secret. Every token is valid, so that rotation needs no downtime; Personio's `NONE` has no place in it. */
const settingsSchema = z.strictObject({
  ...hrSettings,
  tokens: secretsSchema,
  header: z._default(z.string().check(z.toLowerCase(), z.regex(/^[a-z0-9-]{1,64}$/)), 'authorization'),
  clientId: credential,
  clientSecret: credential,
  baseUrl: z._default(baseUrlSchema, 'https://api.personio.de'),
});

/** What looking somebody up needs. */
interface Api {
  ask(path: string): Promise<VendorAnswer>;
  timeZone: string | undefined;
  context: SourceContext;
}

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function personio(value: unknown, context: SourceContext): Source {
  const settings = readSettings('personio', settingsSchema, value);
  const { baseUrl, timeZone } = settings;
  const client = { ...settings, tokenUrl: `${baseUrl}/v2/auth/token`, now: context.now };
  const ask = (path: string) => askAsClient(client, { url: `${baseUrl}/v2/${path}` });
  return {
    name: 'personio',
    authority: settings.authority,
    mediaTypes: ['application/json', ''],
    unreadableStatus: 202,
    acceptedStatus: 202,
    verify: (delivery) => hasHeader(delivery, settings.header, settings.tokens),
    read,
    lookUp: lookUpBy(ID, (id) => lookUp(id, { ask, timeZone, context })),
  };
}

const id = z.union([z.string(), z.int()], 'must be a text or a number');
const anyId = z.catch(z.optional(id), undefined);
const eventSchema = z.object({
  company_id: id,
  event_name: z.string(),
  occurred_at: z.string(),
  payload: z.record(z.string(), z.unknown()),
});
const payloadSchema = z.object({
  person: z.catch(z.optional(z.object({ id: anyId })), undefined),
  person_id: anyId,
  id: anyId,
});

type PersonioEvent = z.output<typeof eventSchema>;

/**
 * Deliveries have no id: the same event is the same delivery. Nothing of it is signed, so whoever knows the token could send one that is yet to
 * come; looked into too early, it would pass for that when it comes. What claims to be of a time to come is therefore another delivery.
 */
function read({ body, receivedAt }: Delivery): Reading {
  const isAhead = ({ occurred_at }: PersonioEvent) => Date.parse(occurred_at) > Date.parse(receivedAt);
  const deliveryId = (event: PersonioEvent) => {
    const { company_id, event_name, occurred_at, payload } = event;
    return sha256(JSON.stringify([company_id, event_name, occurred_at, payload, ...(isAhead(event) ? ['ahead'] : [])]));
  };
  return readBody({ body, schema: eventSchema, deliveryId }, (event) =>
    noticesOf(event).map((notice) => (isAhead(event) ? { ...notice, isRepeatable: true } : notice)),
  );
}

function noticesOf({ event_name: event, payload }: PersonioEvent): Notice[] {
  if (!/^(person|employment)\./.test(event)) return [];
  const employeeId = personIn(payload, event);
  if (!employeeId) throw unreadable({ pointer: '/payload', detail: 'names no person' });
  if (event === 'person.deleted') return [{ kind: 'review', id: employeeId, code: 'employee-deleted' }];
  return [{ kind: 'lookup', id: employeeId, settleSeconds: SETTLE_SECONDS }];
}

function personIn(payload: unknown, event: string): string | undefined {
  const { person, person_id, id } = payloadSchema.safeParse(payload).data ?? {};
  const candidates = [person?.id, person_id, event.startsWith('person.') ? id : undefined];
  return candidates.map((candidate) => String(candidate ?? '')).find((candidate) => ID.test(candidate));
}

// Days, whatever hour comes with them.
const day = dateMember('days');
const personSchema = z.object({ id: z.string(), email: word });
const terminationSchema = z
  .object({ termination_date: z.optional(day), terminated_at: z.optional(day) })
  .check(z.refine((stated) => stated.termination_date !== undefined || stated.terminated_at !== undefined));
const employmentSchema = z.object({
  status: z.string(),
  type: z.optional(word),
  employment_start_date: day,
  termination: z.nullable(terminationSchema),
  position: z.nullable(z.object({ title: word })),
  org_units: z.nullable(z.array(z.object({ type: z.string(), id }))),
});
// The most recent ones come first; 50 is the most that a page holds.
const employmentsSchema = z.object({ _data: z.array(employmentSchema) });

type Employment = z.output<typeof employmentSchema>;

async function lookUp(employeeId: string, { ask, timeZone, context }: Api): Promise<Lookup> {
  const path = `persons/${encodeURIComponent(employeeId)}`;
  const { id, email } = await wholeOf(ask(path), personSchema);
  const { _data: employments } = await partOf(ask(`${path}/employments?limit=50`), employmentsSchema);
  const periods = employments.map((one) => ({ ...one, start: one.employment_start_date, end: endOf(one) }));
  const employment = periodThatMatters(periods, context.now(), timeZone ?? context.defaultZone);
  if (id !== employeeId || !employment) throw incomplete();
  const { status, start, end, formerEnd } = employment;
  if (status === 'INACTIVE' && end === null) return { kind: 'review', code: 'employee-inactive' };
  const words = await wordsOf(employment, ask);
  return employeeRecord({ employeeId, email, start, end, formerEnd, timeZone, ...words }, context);
}

/** `terminated_at` is when it was decided, wherever `termination_date` is there to say when it comes into force. */
function endOf({ termination }: Employment): string | null {
  if (!termination) return null;
  const { termination_date, terminated_at = null } = termination;
  return termination_date === undefined ? terminated_at : termination_date;
}

/** An employment names its department by id only. Without the name there is no record, for the policy would take access away. */
async function wordsOf({ position, type: employmentType, org_units }: Employment, ask: Api['ask']) {
  const unit = org_units?.find((one) => one.type.toLowerCase() === 'department');
  const path = unit && `org-units/${encodeURIComponent(unit.id)}?type=department`;
  const department = path ? (await partOf(ask(path), z.object({ name: word }))).name : null;
  return { department, jobTitle: position?.title ?? null, employmentType };
}
