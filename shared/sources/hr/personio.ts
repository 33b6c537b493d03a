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
import type { Lookup } from '../../lifecycle/ports.ts';
import { askAsClient } from '../client-credentials.ts';
import { hasHeader } from '../credentials.ts';
import { dateSchema, periodThatMatters, wordSchema, workEmail } from '../period-record.ts';
import { hashOf, readBody, unreadable } from '../read-body.ts';
import {
  authoritySchema,
  baseUrlSchema,
  type Delivery,
  type Reading,
  readSettings,
  type Source,
  type SourceContext,
  secretsSchema,
} from '../source.ts';
import type { VendorAnswer } from '../vendor-api.ts';

const ID = /^[A-Za-z0-9-]{1,64}$/;
const INCOMPLETE: Lookup = { kind: 'failed', reason: 'record-incomplete' };

/** Its member of the sources secret. Every token is valid, so that rotation needs no downtime; Personio's `NONE` has no place in it. */
const settingsSchema = z.strictObject({
  tokens: secretsSchema,
  header: z._default(z.string().check(z.toLowerCase(), z.regex(/^[a-z0-9-]{1,64}$/)), 'authorization'),
  clientId: z.string().check(z.minLength(1)),
  clientSecret: z.string().check(z.minLength(1)),
  baseUrl: z._default(baseUrlSchema, 'https://api.personio.de'),
  authority: authoritySchema,
});

/** Asks for a path of the API. */
type Ask = (path: string) => Promise<VendorAnswer>;

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function personio(value: unknown, context: SourceContext): Source {
  const settings = readSettings('personio', settingsSchema, value);
  const { baseUrl } = settings;
  const client = { ...settings, tokenUrl: `${baseUrl}/v2/auth/token`, now: context.now };
  return {
    name: 'personio',
    authority: settings.authority ?? ['employment', 'attributes'],
    mediaTypes: ['application/json', ''],
    unreadableStatus: 202,
    acceptedStatus: 202,
    verify: (delivery) => hasHeader(delivery, settings.header, settings.tokens),
    read,
    lookUp: (id) => lookUp(id, (path) => askAsClient(client, { url: `${baseUrl}/v2/${path}` }), context),
  };
}

const anyId = z.catch(z.optional(z.union([z.string(), z.int()])), undefined);
const eventSchema = z.object({
  company_id: z.union([z.string(), z.int()]),
  event_name: z.string(),
  occurred_at: z.string(),
  payload: z.record(z.string(), z.unknown()),
});
const payloadSchema = z.object({
  person: z.catch(z.optional(z.object({ id: anyId })), undefined),
  person_id: anyId,
  id: anyId,
});

function read(delivery: Delivery): Reading {
  return readBody(eventSchema, delivery, ({ company_id, event_name, occurred_at, payload }) => {
    const deliveryId = hashOf(JSON.stringify([company_id, event_name, occurred_at, payload]));
    if (!/^(person|employment)\./.test(event_name)) return { kind: 'notices', notices: [], deliveryId };
    const employeeId = personIn(payload, event_name);
    if (!employeeId) return unreadable(delivery.body, [{ pointer: '/payload', detail: 'names no person' }]);
    if (event_name !== 'person.deleted')
      return { kind: 'notices', notices: [{ kind: 'lookup', employeeId }], deliveryId };
    return { kind: 'notices', notices: [{ kind: 'review', employeeId, code: 'employee-deleted' }], deliveryId };
  });
}

function personIn(payload: unknown, event: string): string | undefined {
  const { person, person_id, id } = payloadSchema.safeParse(payload).data ?? {};
  const candidates = [person?.id, person_id, event.startsWith('person.') ? id : undefined];
  return candidates.map((candidate) => String(candidate ?? '')).find((candidate) => ID.test(candidate));
}

const personSchema = z.object({ id: z.string(), email: z.nullable(z.string()) });
const terminationSchema = z
  .object({ termination_date: z.optional(dateSchema), terminated_at: z.optional(dateSchema) })
  .check(z.refine((stated) => stated.termination_date !== undefined || stated.terminated_at !== undefined));
const employmentSchema = z.object({
  status: z.string(),
  type: z.optional(wordSchema),
  employment_start_date: dateSchema,
  termination: z.nullable(terminationSchema),
  position: z.nullable(z.object({ title: wordSchema })),
  org_units: z.nullable(z.array(z.object({ type: z.string(), id: z.union([z.string(), z.int()]) }))),
});
// The most recent ones come first; 50 is the most that a page holds.
const employmentsSchema = z.object({ _data: z.array(employmentSchema) });

type Employment = z.output<typeof employmentSchema>;

async function lookUp(id: string, ask: Ask, context: SourceContext): Promise<Lookup> {
  if (!ID.test(id)) return { kind: 'not-found' };
  const path = `persons/${encodeURIComponent(id)}`;
  const person = await ask(path);
  if (person.kind !== 'json') return person;
  const employments = await ask(`${path}/employments?limit=50`);
  if (employments.kind !== 'json') return employments;
  const who = personSchema.safeParse(person.value);
  const listed = employmentsSchema.safeParse(employments.value);
  if (!who.success || !listed.success || who.data.id !== id) return INCOMPLETE;
  const periods = listed.data._data.map((one) => ({ ...one, start: one.employment_start_date, end: endOf(one) }));
  const employment = periodThatMatters(periods, context.now(), context.defaultZone);
  if (!employment) return INCOMPLETE;
  if (employment.status === 'INACTIVE' && employment.end === null) return { kind: 'review', code: 'employee-inactive' };
  return withDepartment(employment, ask, { employeeId: id, email: workEmail(who.data.email, context) });
}

/** `terminated_at` is when it was decided, wherever `termination_date` is there to say when it comes into force. */
function endOf({ termination }: Employment): string | null {
  if (!termination) return null;
  const { termination_date, terminated_at = null } = termination;
  return termination_date === undefined ? terminated_at : termination_date;
}

/** An employment names its department by id only. Without the name there is no record, for the policy would take access away. */
async function withDepartment(
  { start, end, position, type, org_units }: Employment & { start: string | null; end: string | null },
  ask: Ask,
  who: { employeeId: string; email: string | null },
): Promise<Lookup> {
  const unit = org_units?.find((one) => one.type.toLowerCase() === 'department');
  const answer = unit && (await ask(`org-units/${encodeURIComponent(unit.id)}?type=department`));
  if (answer?.kind === 'failed') return answer;
  const department = z.object({ name: wordSchema }).safeParse(answer?.kind === 'json' ? answer.value : undefined);
  if (unit && !department.success) return INCOMPLETE;
  const attributes = {
    department: department.data?.name ?? null,
    jobTitle: position?.title ?? null,
    ...(type !== undefined && { employmentType: type }),
  };
  return { kind: 'record', record: { ...who, start, end, attributes } };
}
