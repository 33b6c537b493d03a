/** The document of the API: valid, complete, and true of what validates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../infra/local/settings.ts';
import { DOCUMENT, operationAt, undocumented, wrongAt } from '../functions/documented.ts';
import { declaredRoutes } from '../middleware/declared-routes.ts';

const documented = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone({ ...DOCUMENT }))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('points at nothing that is not there', () => {
    const text = JSON.stringify(DOCUMENT);
    const pointers = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, pointer = '']) => pointer.split('/'));
    const dangling = pointers.filter((steps) => !isThere(steps));
    expect(pointers.length).toBeGreaterThan(100);
    expect(dangling).toEqual([]);
  });

  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(DOCUMENT.info.version).toBe(version);
  });

  it('names every operation once', () => {
    const ids = documented.map((route) => operationAt(route)?.operation.operationId);
    expect(new Set(ids).size).toBe(documented.length);
  });
});

function isThere(steps: readonly string[]): boolean {
  let at: unknown = DOCUMENT;
  for (const step of steps) at = (at as Record<string, unknown> | undefined)?.[step];
  return at !== undefined;
}

// Answered by functions/api.ts, which takes whatever nobody else declared.
const OF_API = ['GET /health', 'GET /openapi.json'];

describe('the routes', () => {
  it('that deploy are those of the document', () => {
    expect([...declaredRoutes(), ...OF_API].sort()).toEqual([...documented].sort());
  });

  // DESIGN §4, "who".
  const WHO: [route: string, scope: string][] = [
    ['POST /events', 'events:write'],
    ['GET /jobs/{jobId}', 'jobs:read'],
    ['GET /jobs', 'jobs:read'],
    ['POST /jobs/{jobId}/retry', 'jobs:write'],
    ['POST /jobs/{jobId}/cancel', 'jobs:write'],
    ['GET /people/{email}', 'people:read'],
    ['PUT /people/{email}/account', 'people:write'],
    ['POST /people/import', 'people:write'],
    ['POST /people/{email}/release', 'people:write'],
    ['POST /guard/release', 'people:write'],
    ['POST /guard/pause', 'people:write'],
    ['POST /guard/resume', 'people:write'],
    ['POST /people/{email}/reapply', 'people:write'],
    ['POST /people/{email}/password', 'passwords:set'],
  ];
  for (const [route, scope] of WHO) {
    it(`want a token with ${scope}: ${route}`, () => {
      const operation = operationAt(route)?.operation;
      expect(operation?.security).toEqual([{ token: [scope] }]);
      expect(Object.keys(operation?.responses ?? {})).toEqual(expect.arrayContaining(['400', '401', '403', '503']));
    });
  }

  it('of senders are signed, handshakes included, and all others are for anybody', () => {
    for (const route of documented.filter((one) => !WHO.some(([named]) => named === one))) {
      const isOfSenders = route.includes(' /webhooks/');
      expect(operationAt(route)?.operation.security).toEqual(isOfSenders ? [{ signature: [] }] : []);
    }
  });

  it('may answer what the contract says', () => {
    const statuses = (route: string) => Object.keys(operationAt(route)?.operation.responses ?? {}).map(Number);
    expect(statuses('POST /events')).toEqual([200, 202, 400, 401, 403, 413, 415, 422, 500, 503]);
    expect(statuses('POST /webhooks/{source}')).toEqual([200, 202, 400, 401, 404, 413, 415, 500, 503]);
    expect(statuses('GET /webhooks/{source}')).toEqual([200, 400, 401, 404, 405, 500, 503]);
    expect(statuses('PUT /people/{email}/account')).toEqual([200, 400, 401, 403, 404, 413, 415, 422, 500, 503]);
    expect(statuses('POST /jobs/{jobId}/retry')).toEqual([202, 400, 401, 403, 404, 413, 422, 500, 503]);
    expect(statuses('GET /health')).toEqual([200, 500]);
  });
});

describe('an example', () => {
  it('is there for every body but that of a sender of your own', () => {
    const bodies = documented.flatMap((route) =>
      Object.entries(operationAt(route)?.operation.requestBody?.content ?? {}).map(([type, media]) => ({
        route,
        type,
        media,
      })),
    );
    const without = bodies.filter(({ media }) => Object.keys(media.examples ?? {}).length === 0);
    expect(new Set(without.map(({ route }) => route))).toEqual(new Set(['POST /webhooks/generic/{name}']));
  });

  for (const route of documented) {
    const found = operationAt(route);
    for (const [type, { examples = {} }] of Object.entries(found?.operation.requestBody?.content ?? {})) {
      const place = [...(found?.place ?? []), 'requestBody', 'content', type, 'schema'];
      for (const [name, { value }] of Object.entries(examples)) {
        it(`is as its schema says: ${name} of ${route}, ${type}`, () => expect(wrongAt(place, value)).toEqual([]));
      }
    }
  }
});

describe('an answer that is not documented', () => {
  const headers = { 'content-type': 'application/json' };

  it('is noticed: a member, a value, a status, a media type, a header', () => {
    const body = { status: 'ok' };
    expect(undocumented('GET /health', { status: 200, headers, body })).toEqual([]);
    expect(undocumented('GET /health', { status: 200, headers, body: { ...body, uptime: 1 } })).toHaveLength(1);
    expect(undocumented('GET /health', { status: 200, headers, body: { status: 'no' } })).toHaveLength(1);
    expect(undocumented('GET /health', { status: 202, headers, body })).toHaveLength(1);
    expect(undocumented('GET /health', { status: 200, headers: { 'content-type': 'text/html' }, body })).toHaveLength(
      1,
    );
    const problem = {
      ...{ type: 'urn:conscent-lifecycle:problem:unavailable', title: 'T', status: 503, detail: 'D', instance: 'i' },
    };
    const sent = { 'content-type': 'application/problem+json' };
    expect(undocumented('POST /events', { status: 503, headers: sent, body: problem })).toEqual([
      '503 without Retry-After',
    ]);
    const other = { ...problem, type: 'urn:conscent-lifecycle:problem:internal' };
    expect(
      undocumented('POST /events', { status: 503, headers: { ...sent, 'retry-after': '30' }, body: other }),
    ).toHaveLength(1);
  });
});
