/**
 * Deel. Signed over `POST` and the body; no timestamp, so that a repeated delivery is known by its `tracking_id` only.
 *
 * Unknown to the documentation: which events carry a profile's id, and under which name. Taken is a UUID in `hris_profile_id`, `profile_id` or, in
 * events of employees and workers, `id`; a contract's own id is none. An event that names nobody but may mean that somebody joins or leaves needs a
 * person: its `worker_email` is often a private one and is not acted on. Event names are matched by how they begin, because the
 * lists of them differ. Simulations ask for nothing. A deleted worker is no leaver.
 * Sources: developer.deel.com, docs/webhooks-get-started, docs/webhook-event-types, endpoints/hris; the record: letsdeel/deel-api-java-sdk.
 */
import * as z from 'zod/mini';
import { isTimeZone } from '../../lifecycle/effective-date.ts';
import type { Lookup } from '../../lifecycle/ports.ts';
import { dateSchema, type Period, periodThatMatters, UUID, wordSchema, workEmail } from '../period-record.ts';
import { hashOf, readBody } from '../read-body.ts';
import { type HmacScheme, verifyHmac } from '../signature.ts';
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

const SCHEME: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'hex',
  signatureHeader: 'x-deel-signature',
  prefix: '',
  parts: [{ text: 'POST' }, 'body'],
};
const INCOMPLETE: Lookup = { kind: 'failed', reason: 'record-incomplete' };
const INACTIVE: Lookup = { kind: 'review', code: 'employee-inactive' };

/** Its member of the sources secret: `apiToken` needs the scope `people:read`. */
const settingsSchema = z.strictObject({
  signingSecrets: secretsSchema,
  apiToken: z.string().check(z.minLength(1)),
  baseUrl: z._default(baseUrlSchema, 'https://api.letsdeel.com'),
  authority: authoritySchema,
});

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function deel(value: unknown, context: SourceContext): Source {
  const settings = readSettings('deel', settingsSchema, value);
  const keys = settings.signingSecrets.map((secret) => Buffer.from(secret));
  return {
    name: 'deel',
    authority: settings.authority ?? ['employment', 'attributes'],
    mediaTypes: ['application/json', ''],
    unreadableStatus: 202,
    acceptedStatus: 202,
    verify: (delivery) => verifyHmac(delivery, SCHEME, keys),
    read,
    lookUp: (id) => lookUp(id, settings, context),
  };
}

const bodySchema = z.object({
  data: z.object({
    meta: z.object({
      event_type: z.string(),
      tracking_id: z.optional(z.nullable(z.string())),
      is_simulation: z.optional(z.unknown()),
    }),
    resource: z.optional(z.unknown()),
  }),
});

const ABOUT_PEOPLE = /^(contract|employee|worker|people|person|hris|onboarding|offboarding)(?![a-z])|terminat/i;
/** Whose `id` is a profile's. */
const OF_A_PROFILE = /^(employee|worker|people|person|hris)(?![a-z])/i;
const JOINS_OR_LEAVES =
  /^(employee|worker)(?![a-z])|^contract[._-](created|signed|status[._-]updated|terminated|archived)$|terminat/i;

function read(delivery: Delivery): Reading {
  return readBody(bodySchema, delivery, ({ data: { meta, resource } }) => {
    const isId = /^[\w.:-]{1,128}$/.test(meta.tracking_id ?? '');
    const isSimulated = meta.is_simulation === true || meta.is_simulation === 'true';
    const said = [resource].flat().flatMap((item) => noticesOf(meta.event_type, item));
    const deliveryId = isId ? `${meta.tracking_id}` : hashOf(delivery.body);
    return { kind: 'notices', notices: isSimulated ? [{ kind: 'skip' }] : said, deliveryId };
  });
}

const someId = z.catch(z.string().check(z.regex(/^[\w-]{1,64}$/)), '');
const resourceSchema = z.object({ hris_profile_id: someId, profile_id: someId, contract_id: someId, id: someId });
const NO_IDS = { hris_profile_id: '', profile_id: '', contract_id: '', id: '' };

function noticesOf(type: string, resource: unknown): Notice[] {
  if (!ABOUT_PEOPLE.test(type)) return [];
  const { hris_profile_id, profile_id, contract_id, id } = resourceSchema.safeParse(resource).data ?? NO_IDS;
  const candidates = [hris_profile_id, profile_id, OF_A_PROFILE.test(type) ? id : ''];
  const employeeId = candidates.find((candidate) => UUID.test(candidate));
  if (employeeId && /delete/i.test(type)) return [{ kind: 'review', employeeId, code: 'employee-deleted' }];
  if (employeeId) return [{ kind: 'lookup', employeeId }];
  if (!JOINS_OR_LEAVES.test(type)) return [];
  return [{ kind: 'review', employeeId: contract_id || id || 'unknown', code: 'employee-unnamed' }];
}

const word = z.optional(wordSchema);
const datesSchema = {
  start_date: dateSchema,
  completion_date: z.optional(dateSchema),
  termination_last_day: z.optional(dateSchema),
};
const employmentSchema = z
  .object({
    ...datesSchema,
    is_ended: z.optional(z.nullable(z.boolean())),
    work_email: z.optional(z.nullable(z.string())),
    contract_status: z.optional(z.nullable(z.string())),
  })
  .check(z.refine((one) => one.completion_date !== undefined || one.termination_last_day !== undefined));
const personSchema = z.object({
  id: z.string(),
  emails: z.array(z.object({ type: z.string(), value: z.nullable(z.string()) })),
  department: z.nullable(z.object({ name: wordSchema })),
  job_title: wordSchema,
  work_location: word,
  hiring_type: word,
  hiring_status: z.optional(z.nullable(z.string())),
  timezone: z.optional(z.nullable(z.string())),
  direct_employee_termination_last_day: z.optional(dateSchema),
  employments: z.array(employmentSchema).check(z.minLength(1)),
});

type DeelPerson = z.output<typeof personSchema>;
type Employment = z.output<typeof employmentSchema> & Period;

async function lookUp(
  id: string,
  { baseUrl, apiToken }: z.output<typeof settingsSchema>,
  context: SourceContext,
): Promise<Lookup> {
  if (!UUID.test(id)) return { kind: 'not-found' };
  const url = `${baseUrl}/rest/v2/people/${encodeURIComponent(id)}`;
  const answer = await askVendor({ url, headers: { authorization: `Bearer ${apiToken}` } });
  if (answer.kind !== 'json') return answer;
  const read = z.object({ data: personSchema }).safeParse(answer.value);
  if (!read.success || read.data.data.id.toLowerCase() !== id.toLowerCase()) return INCOMPLETE;
  return recordOf(id, read.data.data, context);
}

/** A contract that was never signed, or was called off, is no employment. */
function recordOf(employeeId: string, person: DeelPerson, context: SourceContext): Lookup {
  const zone = isTimeZone(person.timezone ?? '') ? (person.timezone ?? undefined) : undefined;
  const periods: Employment[] = person.employments
    .filter(({ contract_status }) => !/cancel|reject|declin/i.test(contract_status ?? ''))
    .map((one) => ({ ...one, start: one.start_date, end: one.termination_last_day ?? one.completion_date ?? null }));
  const employment = periodThatMatters(periods, context.now(), zone ?? context.defaultZone);
  if (!employment) return INACTIVE;
  const { start } = employment;
  const end = employment.end ?? lastDayAfter(start, person);
  const isOver = employment.is_ended === true || person.hiring_status === 'inactive';
  if (end === null && isOver) return INACTIVE;
  const email = workEmail(workAddress(person, employment), context);
  const record = { employeeId, email, start, end, attributes: attributesOf(person), ...(zone && { timeZone: zone }) };
  return { kind: 'record', record };
}

/** Direct employees have their last day beside their employments, and keep it when they are hired again. */
function lastDayAfter(start: string | null, { direct_employee_termination_last_day: day = null }: DeelPerson) {
  return day !== null && day >= (start ?? '') ? day : null;
}

/** The `primary` address is the one that the worker signed up with, and may be anyone's. */
function workAddress({ emails }: DeelPerson, { work_email }: Employment): string | null {
  return emails.find(({ type }) => type.toLowerCase() === 'work')?.value ?? work_email ?? null;
}

function attributesOf({ department, job_title, work_location, hiring_type }: DeelPerson) {
  return {
    department: department?.name ?? null,
    jobTitle: job_title,
    ...(work_location !== undefined && { location: work_location }),
    ...(hiring_type !== undefined && { employmentType: hiring_type }),
  };
}
