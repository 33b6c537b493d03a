/** What every HTTP handler goes through: log in → who is calling → the route → problem details → log out. */
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { Problem } from '../lifecycle/errors.ts';
import { authenticate, type Caller, TokensMisconfigured } from './authenticate.ts';
import { type Answer, problemAnswer, problemOf } from './problem-details.ts';
import { type RequestLog, requestLog } from './request-log.ts';
import { type RouteKey, scopeOf } from './routes.ts';

/** A body above this is refused with 413. */
export const MAX_BODY_BYTES = 256 * 1024;

/** A request as the routes see it. */
export interface HttpRequest {
  method: string;
  path: string;
  /** Path parameters, decoded once by the gateway. */
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
  requestId: string;
}

/** What answers a route's requests, once the caller's token has been found to have the route's scope. */
export type Answering = (request: HttpRequest, caller: Caller) => Answer | Promise<Answer>;

const ANYBODY: Caller = { name: 'anybody', scopes: [] };

/** What the HTTP handlers share. */
export interface HttpWorld {
  tokens(): Promise<unknown>;
  /** Whoever calls is told no more than that it is our fault; the people who run it are told here. */
  onTokensUnusable(): void;
  now(): string;
  log: RequestLog;
}

type Routes = Partial<Record<RouteKey | '$default', Answering>>;
type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Makes a Lambda handler of routes. Whatever is thrown becomes a problem: no answer is ever 200 for a crash. */
export function http(world: HttpWorld, routes: Routes): Handler {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .use(requestLog(world.log, ({ routeKey }: APIGatewayProxyEventV2) => ({ route: routeKey })))
    .onError(function asProblem(request) {
      if (request.error instanceof TokensMisconfigured) world.onTokensUnusable();
      const problem = problemOf(request.error);
      world.log.failed(problem.code, request.error, { requestId: request.context.awsRequestId });
      request.response = toResult(problemAnswer(problem, request.context.awsRequestId));
    })
    .handler(async (event: APIGatewayProxyEventV2, context: Context) => {
      const answering = routes[event.routeKey as RouteKey] ?? routes.$default;
      if (!answering) throw new Problem('not-found', 'There is no such route.');
      const request = toRequest(event, context);
      return toResult(await answering(request, await callerOf(world, event.routeKey, request)));
    }) as Handler;
}

async function callerOf(world: HttpWorld, route: string, { body, headers, requestId }: HttpRequest): Promise<Caller> {
  if (body.length > MAX_BODY_BYTES)
    throw new Problem('payload-too-large', `Send at most ${MAX_BODY_BYTES / 1024} KB at a time.`);
  const scope = scopeOf(route);
  if (!scope) return ANYBODY;
  const caller = authenticate(headers['authorization'], await world.tokens(), { scope, now: world.now() });
  // Of what is only read no job and no person's history says who did.
  world.log.info('called', { requestId, token: caller.name });
  return caller;
}

function toRequest(event: APIGatewayProxyEventV2, context: Context): HttpRequest {
  const headers = Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    params: definedOnly(event.pathParameters),
    query: definedOnly(event.queryStringParameters),
    headers: Object.fromEntries(headers),
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    requestId: context.awsRequestId,
  };
}

function definedOnly(members: Record<string, string | undefined> | undefined): Record<string, string> {
  const entries = Object.entries(members ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

function toResult({ status, body, headers }: Answer): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

/** @throws Problem `unsupported-media-type` unless the request says it is JSON. */
export function requireJson(request: HttpRequest): void {
  requireMediaType(request, ['application/json']);
}

/** Which of the media types a request says it is of. @throws Problem `unsupported-media-type` where it is none of them. */
export function requireMediaType<T extends string>({ headers }: HttpRequest, allowed: readonly T[]): T {
  const said = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const type = allowed.find((one) => one === said);
  if (type === undefined) throw new Problem('unsupported-media-type', `Send ${allowed.filter(Boolean).join(' or ')}.`);
  return type;
}

/** Whether a query parameter asks for something. @throws Problem `invalid-request` unless it is `true`, `false` or not there. */
export function isAsked({ query }: HttpRequest, name: string): boolean {
  const value = query[name] ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Problem('invalid-request', 'Correct the parameters listed in errors.', {
    violations: [{ pointer: `?${name}`, detail: 'must be true or false' }],
  });
}

/** For a route that takes nothing but its path. @throws Problem `invalid-request` for a body or a query parameter. */
export function requireNothing(request: HttpRequest): void {
  requireKnownQuery(request);
  if (request.body.length > 0) throw new Problem('invalid-request', 'This route takes no body. Send none.');
}

/** @throws Problem `invalid-request` for a query parameter that the route does not know. */
export function requireKnownQuery({ query }: HttpRequest, known: readonly string[] = []): void {
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const found = unknown.map((name) => ({ pointer: `?${name.slice(0, 64)}`, detail: 'is not a known parameter' }));
  throw new Problem('invalid-request', 'Leave the parameters listed in errors out.', { violations: found });
}
