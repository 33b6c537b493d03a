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
import type { Lookup } from '../../lifecycle/lookup.ts';
import {
  dateMember,
  employeeRecord,
  endSince,
  isAhead,
  type Period,
  periodThatMatters,
  UUID,
  word,
} from '../employee-record.ts';
import { credential, hrSettings } from '../hr-settings.ts';
import { readBody, sha256 } from '../json-body.ts';
import { type HmacScheme, verifyHmac } from '../signature.ts';
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
import { askVendor } from '../vendor-api.ts';
import { incomplete, lookUpBy, wholeOf } from '../vendor-record.ts';

const SCHEME: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'hex',
  signatureHeader: 'x-deel-signature',
  prefix: '',
  parts: [{ text: 'POST' }, 'body'],
};
const INACTIVE: Lookup = { kind: 'review', code: 'employee-inactive' };

/** Its member of the sources secret: `apiToken` needs the scope `people:read`. */
const settingsSchema = z.strictObject({
  ...hrSettings,
  signingSecrets: secretsSchema,
  apiToken: credential,
  baseUrl: z._default(baseUrlSchema, 'https://api.letsdeel.com'),
});
type Settings = z.output<typeof settingsSchema>;

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function deel(value: unknown, context: SourceContext): Source {
  const settings = readSettings('deel', settingsSchema, value);
  return {
    name: 'deel',
    authority: settings.authority,
    mediaTypes: ['application/json', ''],
    unreadableStatus: 202,
    acceptedStatus: 202,
    verify: (delivery) => verifyHmac(delivery, SCHEME, settings.signingSecrets),
    read,
    lookUp: lookUpBy(UUID, (id) => lookUp(id, settings, context)),
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

const TRACKING_ID = /^[\w.:-]{1,128}$/;
const ABOUT_PEOPLE = /^(contract|employee|worker|people|person|hris|onboarding|offboarding)(?![a-z])|terminat/i;
/** Whose `id` is a profile's. */
const OF_A_PROFILE = /^(employee|worker|people|person|hris)(?![a-z])/i;
const JOINS_OR_LEAVES =
  /^(employee|worker)(?![a-z])|^contract[._-](created|signed|status[._-]updated|terminated|archived)$|terminat/i;

function read({ body }: Delivery): Reading {
  const deliveryId = ({ data: { meta } }: z.output<typeof bodySchema>) => {
    const id = meta.tracking_id ?? '';
    return TRACKING_ID.test(id) ? id : sha256(body);
  };
  return readBody({ body, schema: bodySchema, deliveryId }, ({ data: { meta, resource } }) => {
    if (meta.is_simulation === true || meta.is_simulation === 'true') return [{ kind: 'skip' }];
    return [resource].flat().flatMap((item) => noticesOf(meta.event_type, item));
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
  if (employeeId && /delete/i.test(type)) return [{ kind: 'review', id: employeeId, code: 'employee-deleted' }];
  if (employeeId) return [{ kind: 'lookup', id: employeeId }];
  if (!JOINS_OR_LEAVES.test(type)) return [];
  return [{ kind: 'review', id: contract_id || id || 'unknown', code: 'employee-unnamed' }];
}

// Days, whatever hour comes with them: midnight in UTC would be another day for many.
const day = dateMember('days');
const employmentSchema = z
  .object({
    start_date: day,
    completion_date: z.optional(day),
    termination_last_day: z.optional(day),
    is_ended: z.optional(z.nullable(z.boolean())),
    work_email: z.optional(word),
    contract_status: z.optional(word),
  })
  .check(z.refine((one) => one.completion_date !== undefined || one.termination_last_day !== undefined));
const personSchema = z.object({
  id: z.string(),
  emails: z.array(z.object({ type: z.string(), value: word })),
  department: z.nullable(z.object({ name: word })),
  job_title: word,
  work_location: z.optional(word),
  hiring_type: z.optional(word),
  hiring_status: z.optional(word),
  timezone: z.optional(word),
  direct_employee_termination_last_day: z.optional(day),
  employments: z.array(employmentSchema).check(z.minLength(1)),
});

type DeelPerson = z.output<typeof personSchema>;
type Employment = z.output<typeof employmentSchema> & Period;

async function lookUp(id: string, { baseUrl, apiToken, timeZone }: Settings, context: SourceContext): Promise<Lookup> {
  const url = `${baseUrl}/rest/v2/people/${encodeURIComponent(id)}`;
  const answer = askVendor({ url, headers: { authorization: `Bearer ${apiToken}` } });
  const { data: person } = await wholeOf(answer, z.object({ data: personSchema }));
  if (person.id.toLowerCase() !== id.toLowerCase()) throw incomplete();
  const zone = [timeZone, person.timezone].find((name) => name != null && isTimeZone(name)) ?? undefined;
  return judge(id, person, { zone, context });
}

/** A contract that was never signed, or was called off, is no employment. */
function judge(
  employeeId: string,
  person: DeelPerson,
  { zone, context }: { zone: string | undefined; context: SourceContext },
): Lookup {
  const periods: Employment[] = person.employments
    .filter(({ contract_status }) => !/cancel|reject|declin/i.test(contract_status ?? ''))
    .map((one) => ({ ...one, start: one.start_date, end: one.termination_last_day ?? one.completion_date ?? null }));
  const employment = periodThatMatters(periods, context.now(), zone ?? context.defaultZone);
  if (!employment) return INACTIVE;
  const { start } = employment;
  const lastDay = person.direct_employee_termination_last_day ?? null;
  // Direct employees have their last day beside their employments, and keep it when they are hired again.
  const end = employment.end ?? endSince(start, lastDay);
  const isComing = isAhead(start, zone ?? context.defaultZone, context);
  const formerEnd = employment.formerEnd ?? (isComing && end !== lastDay ? lastDay : null);
  const isOver = employment.is_ended === true || person.hiring_status === 'inactive';
  if (end === null && isOver) return INACTIVE;
  const email = workAddress(person, employment);
  return employeeRecord({ employeeId, email, start, end, formerEnd, timeZone: zone, ...wordsOf(person) }, context);
}

/** The `primary` address is the one that the worker signed up with, and may be anyone's. */
function workAddress({ emails }: DeelPerson, { work_email }: Employment): string | null {
  return emails.find(({ type }) => type.toLowerCase() === 'work')?.value ?? work_email ?? null;
}

function wordsOf({ department, job_title: jobTitle, work_location: location, hiring_type }: DeelPerson) {
  return { department: department?.name ?? null, jobTitle, location, employmentType: hiring_type };
}
