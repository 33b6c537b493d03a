/** Parameters and headers, which several routes share. */
import { JOB_STATUSES } from '../../lifecycle/job.ts';
import { ANA } from './examples.ts';
import type { JsonSchema } from './schemas.ts';

/** A parameter of OpenAPI 3.1. */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: true;
  description: string;
  schema: JsonSchema;
  example?: string | number | boolean;
}

/** A header of an answer. */
export interface Header {
  description: string;
  schema: JsonSchema;
}

const TEXT: JsonSchema = { type: 'string' };

/** Every parameter there is, by its name; a path parameter's is the one in the route. */
export const PARAMETERS = {
  source: path('source', 'The sender’s name. One that is not configured is a 404.', 'standard-webhooks'),
  name: path('name', 'The name under which a sender of your own was configured.', 'workday'),
  jobId: path('jobId', 'The id that a job was accepted with.', '25f7b110059d113b3c8f30de2128c46a'),
  email: path('email', 'Any address that the person was ever named by, percent-encoded.', ANA),
  dryRun: {
    name: 'dryRun',
    in: 'query',
    description: 'true: answer what would be done. Nothing is stored and Conscent is not called.',
    schema: { type: 'boolean', default: false },
  },
  idempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes a repetition safe: the same key with the same body is the same job for good, with another body a 422. Keys are each token’s own. Without one every request is new. Printable ASCII without spaces.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]*$' },
    example: 'ticket-4711',
  },
  prefer: {
    name: 'Prefer',
    in: 'header',
    description:
      'wait=N (RFC 7240): hold the answer back for up to N seconds, at most 25, until no job will move by itself within that time. Anything else is ignored.',
    schema: TEXT,
    example: 'wait=10',
  },
  webhookId: {
    name: 'webhook-id',
    in: 'header',
    description: 'Of standard-webhooks: names the delivery, so that a repetition is the same job. svix-id will do.',
    schema: TEXT,
    example: 'msg_1',
  },
  webhookTimestamp: {
    name: 'webhook-timestamp',
    in: 'header',
    description: 'Of standard-webhooks: seconds since 1970, at most five minutes off. svix-timestamp will do.',
    schema: TEXT,
  },
  oktaChallenge: {
    name: 'x-okta-verification-challenge',
    in: 'header',
    description: 'Of okta: the text to be sent back. Letters, digits and . _ ~ + / = -, once.',
    schema: { type: 'string', minLength: 1, maxLength: 512, pattern: '^[A-Za-z0-9_.~+/=-]+$' },
  },
  listEmail: {
    name: 'email',
    in: 'query',
    description: 'Jobs of this address. Either email or status must be given, and not both.',
    schema: TEXT,
    example: ANA,
  },
  listStatus: {
    name: 'status',
    in: 'query',
    description: 'Jobs that are in this status now.',
    schema: { type: 'string', enum: [...JOB_STATUSES] },
  },
  cursor: {
    name: 'cursor',
    in: 'query',
    description: 'The cursor of the page before. It is for the same query only and cannot be made up.',
    schema: TEXT,
  },
  limit: {
    name: 'limit',
    in: 'query',
    description: 'How many jobs a page holds at most.',
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
  },
} as const satisfies Readonly<Record<string, Parameter>>;

/** A parameter, by name. */
export type ParameterName = keyof typeof PARAMETERS;

function path<N extends string>(name: N, description: string, example: string) {
  return { name, in: 'path', required: true, description, schema: TEXT, example } as const;
}

/** Every header that an answer may bear. */
export const HEADERS = {
  Location: {
    description: 'Where the job is. Not sent for an array.',
    schema: { type: 'string', format: 'uri-reference' },
  },
  'Preference-Applied': { description: 'The wait that was granted. Sent where one was asked for.', schema: TEXT },
  'Retry-After': { description: 'In how many seconds to come again.', schema: { type: 'integer', minimum: 1 } },
  'WWW-Authenticate': { description: 'How to authenticate.', schema: TEXT },
  Allow: { description: 'The methods that are answered here.', schema: TEXT },
  'Cache-Control': { description: 'Always no-store.', schema: { const: 'no-store' } },
} as const satisfies Readonly<Record<string, Header>>;

/** A header, by name. */
export type HeaderName = keyof typeof HEADERS;
