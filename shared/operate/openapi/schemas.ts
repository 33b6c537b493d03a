/** The schemas of the document: those that validate requests, and those that the shown types are taken from. */
import * as z from 'zod/mini';
import { accessSchema, eventSchema, MAX_ATTRIBUTES, MAX_BATCH, personSchema } from '../../lifecycle/event.ts';
import {
  handshakeAnswer,
  healthAnswer,
  importedAnswer,
  importedLineAnswer,
  passwordAnswer,
  pausedAnswer,
  releasedAnswer,
  resumedAnswer,
} from '../answers/action.ts';
import {
  acceptedAnswer,
  acceptedJobAnswer,
  jobAnswer,
  jobListAnswer,
  planAnswer,
  plansAnswer,
  waitedAnswer,
  waitedJobAnswer,
} from '../answers/job.ts';
import { eventType, jobErrorAnswer, permissionFlagsAnswer, status } from '../answers/members.ts';
import { accountAnswer, grantAnswer, personAnswer } from '../answers/person.ts';
import { problemAnswer } from '../answers/problem.ts';
import { lineSchema } from '../import-line.ts';
import { linkSchema } from '../link-account.ts';
import { ACCESS_WORDS, EVENT_WORDS, LINE_WORDS, LINK_WORDS, PERSON_WORDS } from './request-words.ts';

/** A JSON Schema of draft 2020-12, which is what OpenAPI 3.1 speaks. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

const REQUESTS = {
  Event: eventSchema,
  EventPerson: personSchema,
  EventAccess: accessSchema,
  AccountLink: linkSchema,
  ImportLine: lineSchema,
};

const ANSWERS = {
  Job: jobAnswer,
  JobList: jobListAnswer,
  JobStatus: status,
  JobError: jobErrorAnswer,
  EventType: eventType,
  Accepted: acceptedAnswer,
  AcceptedJob: acceptedJobAnswer,
  Waited: waitedAnswer,
  WaitedJob: waitedJobAnswer,
  Plans: plansAnswer,
  Plan: planAnswer,
  PermissionFlags: permissionFlagsAnswer,
  Person: personAnswer,
  Account: accountAnswer,
  Grant: grantAnswer,
  Imported: importedAnswer,
  ImportedLine: importedLineAnswer,
  Released: releasedAnswer,
  Paused: pausedAnswer,
  Resumed: resumedAnswer,
  Password: passwordAnswer,
  Handshake: handshakeAnswer,
  Health: healthAnswer,
  Problem: problemAnswer,
};

/** A schema of the document, by name. */
export type SchemaName = keyof typeof REQUESTS | keyof typeof ANSWERS;

const PLACE = '#/components/schemas/';

/** Points at a schema of the document. */
export function refTo(name: SchemaName): JsonSchema {
  return { $ref: PLACE + name };
}

/** One event, or several: what `readEvents` takes. */
export const EVENTS: JsonSchema = {
  anyOf: [refTo('Event'), { type: 'array', items: refTo('Event'), minItems: 1, maxItems: MAX_BATCH }],
};

/** Every schema of the document by its name. */
export function componentSchemas(): Record<string, JsonSchema> {
  const requests = generated(REQUESTS, 'input');
  describe(requests['Event'], EVENT_WORDS);
  describe(requests['EventPerson'], PERSON_WORDS);
  describe(requests['EventAccess'], ACCESS_WORDS);
  describe(requests['AccountLink'], LINK_WORDS);
  describe(requests['ImportLine'], LINE_WORDS);
  Object.assign(requests['Event'] ?? {}, ADDRESS_RULE);
  Object.assign(requests['EventAccess'] ?? {}, ACCESS_RULE);
  Object.assign(requests['EventPerson']?.properties?.['attributes'] ?? {}, { maxProperties: MAX_ATTRIBUTES });
  return { ...requests, ...generated(ANSWERS, 'output') };
}

function generated(named: Readonly<Record<string, z.core.$ZodType>>, io: 'input' | 'output') {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    target: 'draft-2020-12',
    uri: (id) => PLACE + id,
    override: ({ jsonSchema }) => {
      // What every integer of JavaScript is bounded by, and no rule of ours.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  // The document says which draft it speaks, and its schemas are found by their place.
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]));
}

function describe(schema: JsonSchema | undefined, words: Readonly<Record<string, string>>): void {
  for (const [name, member] of Object.entries(schema?.properties ?? {})) {
    if (typeof member === 'object') member.description = words[name] ?? '';
  }
}

// Rules between members, which a schema of single members does not know and JSON Schema can say.
const ADDRESS_RULE: JsonSchema = {
  description:
    'One canonical event. An onboard needs person.email; a change and an offboard need it or person.externalId.',
  if: { properties: { type: { const: 'onboard' } } },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word
  then: { properties: { person: { required: ['email'] } } },
  else: { properties: { person: { anyOf: [{ required: ['email'] }, { required: ['externalId'] }] } } },
};
const ACCESS_RULE: JsonSchema = {
  description: 'A grant: either a profile, or a role and permissions.',
  oneOf: [
    { required: ['profile'], properties: { role: false, permissions: false } },
    { required: ['role', 'permissions'], properties: { profile: false } },
  ],
};
