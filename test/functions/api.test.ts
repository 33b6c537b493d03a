import { describe, expect, it } from 'vitest';
import { DOCUMENT } from './documented.ts';
import { as, problemOf, SOUND, useHandler } from './stack.ts';

const { send } = useHandler(() => import('../../functions/api.ts'));

const ask = (method: string, path: string, headers = {}) => send({ route: '$default', method, path, headers });

describe('GET /health', () => {
  it('is for anybody', async () => {
    expect(await ask('GET', '/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('may be asked for its head alone', async () => {
    expect((await ask('HEAD', '/health')).status).toBe(200);
  });
});

describe('GET /openapi.json', () => {
  it('is for anybody, and the document', async () => {
    const answer = await ask('GET', '/openapi.json');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(answer.body).toEqual(JSON.parse(JSON.stringify(DOCUMENT)));
  });

  it('is the same when it is asked for again', async () => {
    expect((await ask('GET', '/openapi.json')).text).toBe((await ask('GET', '/openapi.json')).text);
  });

  it('may be asked for its head alone', async () => {
    expect((await ask('HEAD', '/openapi.json')).status).toBe(200);
  });
});

const UNKNOWN = [
  '/',
  '/nothing',
  '/event',
  '/events/1',
  '/webhooks',
  '/jobs/1/2',
  '/people',
  '/health/deep',
  '//events',
  '/%2e%2e',
  '/events%00',
];

describe('a path that is no route', () => {
  for (const path of UNKNOWN) {
    it(`is a 404: ${path}`, async () => {
      const answer = await ask('GET', path, as('writer'));
      expect(answer).toMatchObject({ status: 404, body: { type: 'urn:conscent-lifecycle:problem:not-found' } });
      expect(problemOf(answer)).toEqual(SOUND);
    });
  }
});

const METHODS: [method: string, path: string, allow: string][] = [
  ['GET', '/events', 'POST'],
  ['DELETE', '/events', 'POST'],
  ['POST', '/jobs/0a1b', 'GET'],
  ['DELETE', '/people/hod@hamn.example', 'GET'],
  ['GET', '/people/hod%40hamn.example/account', 'PUT'],
  ['POST', '/health', 'GET'],
  ['POST', '/openapi.json', 'GET'],
  ['PUT', '/webhooks/standard-webhooks', 'POST, GET'],
];

describe('a method that a route does not know', () => {
  for (const [method, path, allow] of METHODS) {
    it(`is a 405 that says which it knows: ${method} ${path}`, async () => {
      const answer = await ask(method, path);
      expect(answer).toMatchObject({
        status: 405,
        headers: { allow },
        body: { type: 'urn:conscent-lifecycle:problem:method-not-allowed' },
      });
      expect(problemOf(answer)).toEqual(SOUND);
    });
  }
});

// The gateway sends a path with a slash at its end here, for it is another one to it.
describe('a path with a slash at its end', () => {
  for (const [method, path] of [
    ['GET', '/health/'],
    ['POST', '/events/'],
    ['GET', '/jobs/0a1b/'],
  ] as const) {
    it(`is never told that ${method} is not allowed but ${method} is: ${path}`, async () => {
      const answer = await ask(method, path);
      expect(answer.headers['allow']?.toString().split(', ') ?? []).not.toContain(method);
    });
  }
});
