/**
 * Greenhouse Recruiting, an applicant tracking system: whom it hires has not begun yet. Its bodies say everything, so nothing is looked up.
 * Source: developers.greenhouse.io/webhooks.html (github.com/grnhse/greenhouse-api-docs, source/includes/webhooks).
 *
 * `Signature: sha256 <hex>` over the raw bytes, `\uXXXX` escapes as they came. Anything but a 200 is tried again, and a ping that is not
 * answered so leaves the webhook disabled. There is no timestamp, and `Greenhouse-Event-ID` is not signed: whoever repeats a recorded delivery
 * can choose it. So a delivery is known by what is signed, its action, application, version of the offer and last activity there.
 *
 * The addresses in the body are the candidate's own and are never used: the address is made of the name, as `workEmailPattern` says. Where
 * there is no pattern, or a name cannot be written in ASCII, a person must say what the address is.
 * `unhire_candidate` takes back a hire that has not begun. It does not say when the hire began, and internal candidates work there already:
 * once somebody has begun, it ends nothing and needs a person.
 */
import * as z from 'zod/mini';
import { dateOrNull, wordOrNull, workEmail } from '../employee-record.ts';
import { hrSettings } from '../hr-settings.ts';
import { readBody, sha256, unreadable } from '../json-body.ts';
import { type HmacScheme, verifyHmac } from '../signature.ts';
import {
  type Delivery,
  type Notice,
  type Reading,
  readSettings,
  type Source,
  type SourceContext,
  secretsSchema,
} from '../source.ts';
import { addressOf, isAddressPattern } from '../work-email-pattern.ts';

const SCHEME: HmacScheme = {
  algorithm: 'sha256',
  encoding: 'hex',
  signatureHeader: 'signature',
  prefix: 'sha256 ',
  parts: ['body'],
};

const settingsSchema = z.strictObject({
  ...hrSettings,
  signingSecrets: secretsSchema,
  workEmailPattern: z.optional(
    z.string().check(z.refine(isAddressPattern, 'must be an address with placeholders such as {firstName} or {l}')),
  ),
});
type Settings = z.output<typeof settingsSchema>;

const word = z.nullish(z.unknown());
const named = z.nullish(z.array(z.object({ name: word })));
const jobSchema = z.object({
  name: word,
  departments: named,
  offices: named,
  // A job without any has an empty array.
  custom_fields: z.catch(z.nullish(z.object({ employment_type: z.nullish(z.object({ value: word })) })), null),
});
// Personal data is in the body too; what is not named here is dropped as it is read. Other actions share members with the handled ones.
const applicationSchema = z.object({
  id: word,
  last_activity_at: word,
  candidate: z.nullish(z.object({ id: z.int(), first_name: word, last_name: word })),
  jobs: z.catch(z.nullish(z.array(jobSchema)), null),
  offer: z.nullish(z.object({ version: word, starts_at: word })),
});
const bodySchema = z.object({
  action: z.optional(z.string()),
  payload: z.nullish(
    z.object({ application: z.nullish(applicationSchema), person: z.nullish(z.object({ id: z.nullish(z.int()) })) }),
  ),
});
type Application = z.output<typeof applicationSchema>;
const NO_CANDIDATE = { pointer: '/payload/application/candidate', detail: 'is required' };

/** @throws Error naming the setting that is missing, unknown or wrong. */
export function greenhouse(value: unknown, context: SourceContext): Source {
  const settings = readSettings('greenhouse', settingsSchema, value);
  const { workEmailPattern: pattern } = settings;
  if (pattern && !workEmail(addressOf(pattern, { firstName: 'a', lastName: 'b', candidateId: '1' }), context))
    throw new Error('greenhouse.workEmailPattern must be within the allowed email domains');
  return {
    name: 'greenhouse',
    authority: settings.authority,
    mediaTypes: ['application/json'],
    unreadableStatus: 202,
    acceptedStatus: 200,
    verify: (delivery) => verifyHmac(delivery, SCHEME, settings.signingSecrets),
    read: (delivery) => read(delivery, settings),
    // There is nobody to ask; whoever tries a job again that a person must judge is told so.
    lookUp: async () => ({ kind: 'not-found' }),
  };
}

function read({ body }: Delivery, settings: Settings): Reading {
  const idOf = ({ action, payload }: z.output<typeof bodySchema>) => {
    const { id, offer, last_activity_at: activity } = payload?.application ?? {};
    return sha256(JSON.stringify([action, id ?? payload?.person?.id, offer?.version, activity]));
  };
  return readBody({ body, schema: bodySchema, deliveryId: idOf }, (read) => {
    const { application, person } = read.payload ?? {};
    if (read.action === 'hire_candidate') return hired(application ?? {}, settings);
    if (read.action === 'unhire_candidate') return unhired(application ?? {});
    if (read.action !== 'delete_candidate') return [];
    if (person?.id == null) throw unreadable({ pointer: '/payload/person/id', detail: 'is required' });
    return [{ kind: 'review', id: String(person.id), code: 'employee-deleted' }];
  });
}

/** Without a first day nobody can say from when on there is access, and at once would be too early. */
function hired({ candidate, jobs, offer }: Partial<Application>, settings: Settings): Notice[] {
  const { workEmailPattern: pattern, timeZone } = settings;
  const effectiveAt = dateOrNull(offer?.starts_at);
  if (!candidate) throw unreadable(NO_CANDIDATE);
  if (!effectiveAt) throw unreadable({ pointer: '/payload/application/offer/starts_at', detail: 'must be a date' });
  const externalId = String(candidate.id);
  const names = { firstName: candidate.first_name, lastName: candidate.last_name, candidateId: externalId };
  const email = pattern ? workEmail(addressOf(pattern, names), { allowedDomains: [] }) : null;
  if (!email) return [{ kind: 'review', id: externalId, code: 'no-email' }];
  const person = { email, externalId, ...attributesOf(jobs?.[0]) };
  return [{ kind: 'event', event: { type: 'onboard', person, effectiveAt, ...(timeZone && { timeZone }) } }];
}

function attributesOf(job: z.output<typeof jobSchema> | undefined) {
  return {
    jobTitle: wordOrNull(job?.name),
    department: wordOrNull(job?.departments?.[0]?.name),
    location: wordOrNull(job?.offices?.[0]?.name),
    employmentType: wordOrNull(job?.custom_fields?.employment_type?.value),
  };
}

function unhired({ candidate }: Partial<Application>): Notice[] {
  if (!candidate) throw unreadable(NO_CANDIDATE);
  const event = { type: 'offboard' as const, person: { externalId: String(candidate.id) }, reason: 'unhired' };
  return [{ kind: 'event', event, withdraws: true }];
}
