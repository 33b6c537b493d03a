import { describe, expect, it } from 'vitest';
import { methodsOf, ROUTES } from '../../shared/middleware/routes.ts';
import { declaredEvents } from './declared-routes.ts';

const declared = declaredEvents();

// Answered by functions/api.ts, which takes whatever nobody else declared.
const OF_API = ['GET /health', 'GET /openapi.json'];

describe('the routes that deploy', () => {
  it('end in one that takes everything else', () => {
    expect(declared.filter((route) => route === '*')).toHaveLength(1);
  });

  it('are declared once', () => {
    expect(new Set(declared).size).toBe(declared.length);
  });

  for (const route of declared.filter((one) => one !== '*')) {
    it(`have ${route}, which is known to our 404 and 405`, () => {
      expect(Object.keys(ROUTES)).toContain(route);
    });
  }

  for (const route of Object.keys(ROUTES).filter((one) => !OF_API.includes(one))) {
    it(`have ${route}, which our 405 would promise`, () => {
      expect(declared).toContain(route);
    });
  }
});

const METHODS: [path: string, methods: string[]][] = [
  ['/events', ['POST']],
  ['/webhooks/bamboohr', ['POST', 'GET']],
  ['/webhooks/generic/kiosk', ['POST']],
  ['/jobs/0a1b', ['GET']],
  ['/people/mira%40hamn.example', ['GET']],
  ['/people/mira@hamn.example/account', ['PUT']],
  ['/people/mira@hamn.example/password', ['POST']],
  ['/guard/pause', ['POST']],
  ['/health', ['GET']],
  ['/openapi.json', ['GET']],
  ['/openapi-json', []],
  ['/', []],
  ['/event', []],
  ['/events/1', []],
  ['/webhooks', []],
  ['/webhooks/other/kiosk', []],
  ['/people//account', []],
  ['/people/a/b/account', []],
  ['/EVENTS', []],
  ['/v1/events', []],
];

describe('the path', () => {
  for (const [path, methods] of METHODS) {
    it(`${path} knows ${methods.join(' and ') || 'no method'}`, () => {
      expect(methodsOf(path)).toEqual(methods);
    });
  }
});
