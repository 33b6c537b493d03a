/** The routes there are. serverless.yml declares the same ones, which a test checks; what is not here is a 404 or a 405 of our own. */
import type { Scope } from './authenticate.ts';

/**
 * Every route and the scope its caller's token needs. `null` is for anybody: such a route verifies by itself, or has nothing to protect.
 */
export const ROUTES = {
  'POST /webhooks/{source}': null,
  'GET /webhooks/{source}': null,
  'POST /webhooks/generic/{name}': null,
  'POST /events': 'events:write',
  'GET /jobs': 'jobs:read',
  'GET /jobs/{jobId}': 'jobs:read',
  'POST /jobs/{jobId}/retry': 'jobs:write',
  'POST /jobs/{jobId}/cancel': 'jobs:write',
  'POST /people/import': 'people:write',
  'GET /people/{email}': 'people:read',
  'PUT /people/{email}/account': 'people:write',
  'POST /people/{email}/release': 'people:write',
  'POST /people/{email}/reapply': 'people:write',
  'POST /people/{email}/password': 'passwords:set',
  'POST /guard/release': 'people:write',
  'POST /guard/pause': 'people:write',
  'POST /guard/resume': 'people:write',
  'GET /health': null,
  'GET /openapi.json': null,
} as const satisfies Readonly<Record<string, Scope | null>>;

/** A method and a path, as API Gateway names a route. */
export type RouteKey = keyof typeof ROUTES;

/** The scope that a route needs; `null` for anybody, and for what is no route of ours. */
export function scopeOf(route: string): Scope | null {
  return Object.hasOwn(ROUTES, route) ? ROUTES[route as RouteKey] : null;
}

/** The methods that a path knows; none where the path is unknown. */
export function methodsOf(path: string): string[] {
  return Object.keys(ROUTES)
    .filter((route) => patternOf(route).test(path))
    .map((route) => route.slice(0, route.indexOf(' ')));
}

function patternOf(route: string): RegExp {
  const path = route.slice(route.indexOf(' ') + 1);
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`);
}
