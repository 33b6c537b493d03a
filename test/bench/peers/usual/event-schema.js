/** The canonical event as a JSON Schema, compiled when the function starts: the usual way with @middy/validator. */
import { transpileSchema } from '@middy/validator/transpile';

const text = { type: 'string', minLength: 1, maxLength: 200 };
const clearable = { type: ['string', 'null'], minLength: 1, maxLength: 200 };
const email = { type: 'string', format: 'email', maxLength: 254 };
const when = { type: 'string', anyOf: [{ format: 'date' }, { format: 'date-time' }] };

const person = {
  type: 'object',
  additionalProperties: false,
  required: ['email'],
  properties: {
    email,
    externalId: text,
    previousEmail: email,
    firstName: clearable,
    lastName: clearable,
    department: clearable,
    jobTitle: clearable,
    location: clearable,
    employmentType: clearable,
    attributes: { type: 'object', maxProperties: 50, additionalProperties: clearable },
  },
};

const access = {
  type: 'object',
  additionalProperties: false,
  properties: {
    profile: text,
    role: text,
    permissions: { type: 'object', additionalProperties: { type: 'boolean' } },
    until: when,
  },
};

const body = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'person'],
  properties: {
    type: { enum: ['onboard', 'change', 'offboard'] },
    person,
    access,
    effectiveAt: when,
    timeZone: text,
    occurredAt: { type: 'string', format: 'date-time' },
    reason: text,
    reference: text,
  },
};

export const eventSchema = transpileSchema(
  { type: 'object', required: ['body'], properties: { body } },
  // Its own defaults turn numbers into strings and fill in what is empty; the contract refuses both. A nullable text is strict mode's enemy.
  { coerceTypes: false, useDefaults: false, allowUnionTypes: true, strictTypes: false },
);
