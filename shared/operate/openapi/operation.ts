/** From what is said of a route to an operation of OpenAPI. What follows from the kind of route is not said for each. */
import { PROBLEMS, type ProblemCode } from '../../lifecycle/errors.ts';
import { problemType } from '../answers/problem.ts';
import type { Example } from './examples.ts';
import { type HeaderName, PARAMETERS, type ParameterName } from './parameters.ts';
import { type JsonSchema, refTo, type SchemaName } from './schemas.ts';

/** A media type of a body. */
export interface Media {
  schema: JsonSchema;
  examples?: Readonly<Record<string, Example>>;
}

/** What is said of a route. */
export interface RouteWords {
  operationId: string;
  tag: string;
  summary: string;
  description: string;
  /** Beside those of the path. */
  parameters?: readonly ParameterName[];
  /** By media type. */
  body?: Readonly<Record<string, Media>>;
  /** What is answered where all is well, by status. */
  answers: Readonly<Record<number, SuccessWords>>;
  /** The problems of this route beside those that follow from its kind. */
  problems?: readonly ProblemCode[];
  /** The sender signs, rather than bearing a token. */
  isSigned?: true;
}

/** An answer where all is well. Without a schema its body is somebody else's; of several schemas it is one. */
export interface SuccessWords {
  description: string;
  schema?: SchemaName | readonly SchemaName[];
  headers?: readonly HeaderName[];
}

interface Response {
  description: string;
  headers?: Record<string, JsonSchema>;
  content: Record<string, Media>;
}

/** An operation of OpenAPI 3.1, as far as ours have members. */
export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: Record<string, string[]>[];
  parameters?: JsonSchema[];
  requestBody?: { required: true; content: Readonly<Record<string, Media>> };
  responses: Record<string, Response>;
}

/** The operation of a route. @param scope what its caller's token needs; `null` where it needs none. */
export function operationOf(route: string, scope: string | null, words: RouteWords): Operation {
  const { operationId, tag, summary, description, body } = words;
  const names = [...pathParameters(route), ...(words.parameters ?? [])];
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    security: securityOf(scope, words),
    ...(names.length > 0 && { parameters: names.map((name) => ({ $ref: `#/components/parameters/${name}` })) }),
    ...(body && { requestBody: { required: true, content: body } }),
    responses: { ...successes(words), ...problems(problemsOf(route, scope, words)) },
  };
}

function pathParameters(route: string): ParameterName[] {
  return [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    if (!Object.hasOwn(PARAMETERS, name)) throw new Error(`${route} has a parameter that nobody described`);
    return name as ParameterName;
  });
}

function securityOf(scope: string | null, { isSigned }: RouteWords): Operation['security'] {
  if (isSigned) return [{ signature: [] }];
  return scope === null ? [] : [{ token: [scope] }];
}

function successes({ answers }: RouteWords): Operation['responses'] {
  const entries = Object.entries(answers).map(([status, { description, schema, headers }]) => {
    const content = { 'application/json': { schema: bodyOf(schema) } };
    return [status, { description, ...(headers && { headers: headersOf(headers) }), content }];
  });
  return Object.fromEntries(entries);
}

function bodyOf(schema: SuccessWords['schema']): JsonSchema {
  if (schema === undefined) return {};
  return typeof schema === 'string' ? refTo(schema) : { anyOf: schema.map(refTo) };
}

/** What the middleware, a path, a body and a token bring with them. */
function problemsOf(route: string, scope: string | null, words: RouteWords): ProblemCode[] {
  const found: ProblemCode[] = ['internal', ...(words.problems ?? [])];
  if (scope !== null) found.push('invalid-request', 'unauthorized', 'forbidden', 'unavailable');
  if (route.includes('{')) found.push('not-found');
  if (!route.startsWith('GET ')) found.push('payload-too-large');
  if (words.body) found.push('unsupported-media-type');
  return found;
}

function problems(codes: readonly ProblemCode[]): Operation['responses'] {
  const all = Object.keys(PROBLEMS) as ProblemCode[];
  const statuses = Map.groupBy(
    all.filter((code) => codes.includes(code)),
    (code) => PROBLEMS[code].status,
  );
  return Object.fromEntries([...statuses].map(([status, some]) => [String(status), problemResponse(status, some)]));
}

function problemResponse(status: number, codes: readonly ProblemCode[]): Response {
  const types = codes.map(problemType);
  const schema = { ...refTo('Problem'), properties: { type: { enum: types }, status: { const: status } } };
  const headers = PROBLEM_HEADERS[status];
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
    ...(headers && { headers: headersOf([headers]) }),
    content: { 'application/problem+json': { schema } },
  };
}

const PROBLEM_HEADERS: Readonly<Record<number, HeaderName>> = {
  401: 'WWW-Authenticate',
  405: 'Allow',
  503: 'Retry-After',
};

function headersOf(names: readonly HeaderName[]): Record<string, JsonSchema> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
