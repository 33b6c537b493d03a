/** The canonical event in zod. */
import { z } from 'zod';

const text = z.string().trim().min(1).max(200);
const clearable = text.nullable().optional();
const email = z.string().trim().max(254).toLowerCase().pipe(z.email());
const when = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

const person = z.strictObject({
  email,
  externalId: text.optional(),
  previousEmail: email.optional(),
  firstName: clearable,
  lastName: clearable,
  department: clearable,
  jobTitle: clearable,
  location: clearable,
  employmentType: clearable,
  attributes: z.record(z.string(), text.nullable()).optional(),
});

const access = z.strictObject({
  profile: text.optional(),
  role: text.optional(),
  permissions: z.record(z.string(), z.boolean()).optional(),
  until: when.optional(),
});

export const eventSchema = z.strictObject({
  type: z.enum(['onboard', 'change', 'offboard']),
  person,
  access: access.optional(),
  effectiveAt: when.optional(),
  timeZone: text.optional(),
  occurredAt: z.iso.datetime({ offset: true }).optional(),
  reason: text.optional(),
  reference: text.optional(),
});
