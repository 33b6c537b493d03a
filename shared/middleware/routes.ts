/** The routes there are. serverless.yml declares the same ones, which a test checks; what is not here is a 404 or a 405 of our own. */
export const ROUTES = [
  'POST /webhooks/{source}',
  'GET /webhooks/{source}',
  'POST /webhooks/generic/{name}',
  'POST /events',
  'GET /jobs/{jobId}',
  'GET /people/{email}',
  'PUT /people/{email}/account',
  'GET /health',
] as const;

/** A method and a path, as API Gateway names a route. */
export type RouteKey = (typeof ROUTES)[number];

/** The methods that a path knows; none where the path is unknown. */
export function methodsOf(path: string): string[] {
  return ROUTES.filter((route) => patternOf(route).test(path)).map((route) => route.slice(0, route.indexOf(' ')));
}

function patternOf(route: RouteKey): RegExp {
  const path = route.slice(route.indexOf(' ') + 1);
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
