/**
 * The document of the HTTP API, OpenAPI 3.1. Bodies and answers are described by the very schemas that validate requests and that the shown
 * types are taken from; what is said of a route beside them is in `openapi/`. Only functions/api.ts carries any of it.
 */
import { EVENT_ROUTES } from './openapi/event-routes.ts';
import { JOB_ROUTES } from './openapi/job-routes.ts';
import { OPERATING_ROUTES } from './openapi/operating-routes.ts';
import { type Operation, operationOf } from './openapi/operation.ts';
import { HEADERS, type Header, PARAMETERS, type Parameter } from './openapi/parameters.ts';
import { PERSON_ROUTES } from './openapi/person-routes.ts';
import { componentSchemas, type JsonSchema } from './openapi/schemas.ts';

/** A document of OpenAPI 3.1, as far as ours has members. */
export interface OpenApiDocument {
  openapi: string;
  info: {
    title: string;
    version: string;
    summary: string;
    description: string;
    license: { name: string; identifier: string };
  };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    securitySchemes: Record<string, Record<string, string>>;
    schemas: Record<string, JsonSchema>;
    parameters: Readonly<Record<string, Parameter>>;
    headers: Readonly<Record<string, Header>>;
  };
}

const ROUTES = { ...EVENT_ROUTES, ...JOB_ROUTES, ...PERSON_ROUTES, ...OPERATING_ROUTES };

const INFO = {
  title: 'conscent-lifecycle',
  version: '0.1.0',
  summary: 'Joiner, mover and leaver automation for Conscent dashboard users',
  description: [
    'Tell it that somebody joins, moves or leaves; their Conscent dashboard account follows.',
    'Bodies are JSON in UTF-8 of at most 256 KB. Unknown members and query parameters are refused, so that a typo never passes silently.',
    'Errors are problems (RFC 9457). Their `type` says what happened, `detail` what to do, `errors` points at every member that is wrong. A 503 may be sent again after `Retry-After`.',
    'Instants are answered in UTC, to the millisecond.',
  ].join('\n\n'),
  license: { name: 'MIT', identifier: 'MIT' },
};

const TAGS = [
  { name: 'Events', description: 'Somebody joins, moves or leaves.' },
  { name: 'Jobs', description: 'What was accepted and what became of it: the audit trail.' },
  { name: 'People', description: 'What a person holds and why, and what an operator may do about it.' },
  { name: 'Guard', description: 'What keeps an accident from becoming many.' },
  { name: 'Service', description: 'Open to anybody.' },
];

const SECURITY_SCHEMES = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token that was handed out by name. Each has its scopes, and each route needs one of them.',
  },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'Of standard-webhooks: v1, and the base64 of the HMAC-SHA256 of id.timestamp.body (Standard Webhooks 1.0). Every other sender has its own signature or credential.',
  },
};

/**
 * Builds the document.
 * @param scopes every route, as API Gateway names it, and the scope its caller's token needs; `null` where it needs none.
 */
export function openApiDocument(scopes: Readonly<Record<keyof typeof ROUTES, string | null>>): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/' }],
    tags: TAGS,
    paths: pathsOf(scopes),
    components: {
      securitySchemes: SECURITY_SCHEMES,
      schemas: componentSchemas(),
      parameters: PARAMETERS,
      headers: HEADERS,
    },
  };
}

function pathsOf(scopes: Readonly<Record<keyof typeof ROUTES, string | null>>): OpenApiDocument['paths'] {
  const paths: OpenApiDocument['paths'] = {};
  for (const route of Object.keys(ROUTES) as (keyof typeof ROUTES)[]) {
    const [method = '', path = ''] = route.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(route, scopes[route], ROUTES[route]) };
  }
  return paths;
}
