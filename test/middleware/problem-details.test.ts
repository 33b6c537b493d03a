import { describe, expect, it } from 'vitest';
import { Problem } from '../../shared/lifecycle/errors.ts';
import { Conflict } from '../../shared/lifecycle/ports.ts';
import { problemAnswer, problemOf } from '../../shared/middleware/problem-details.ts';

const CANARY = 'canary-of-the-problem-tests';

const DEPENDENCIES: [rule: string, error: Error][] = [
  ['AWS answered', Object.assign(new Error(CANARY), { name: 'ProvisionedThroughputExceededException', $metadata: {} })],
  ['AWS did not answer in time', Object.assign(new Error(CANARY), { name: 'TimeoutError' })],
  ['a connection was refused', Object.assign(new Error(CANARY), { code: 'ECONNREFUSED', syscall: 'connect' })],
  ['a secret could not be read', Object.assign(new Error(CANARY), { name: 'SecretUnreadable' })],
  ['a source is misconfigured', Object.assign(new Error(CANARY), { name: 'SourceMisconfigured' })],
];

describe('a sender shall try again, and learns nothing else, where', () => {
  for (const [rule, error] of DEPENDENCIES) {
    it(rule, () => {
      const problem = problemOf(error);
      expect(problem).toMatchObject({
        code: 'unavailable',
        status: 503,
        headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
      });
      expect(JSON.stringify(problemAnswer(problem, 'r'))).not.toContain(CANARY);
    });
  }
});

describe('what is thrown by mistake is a 500 that says nothing of it:', () => {
  for (const thrown of [
    new TypeError(CANARY),
    new Conflict(),
    CANARY,
    { message: CANARY, $metadata: {} },
    null,
    undefined,
    42,
  ]) {
    it(`${thrown instanceof Error ? thrown.name : typeof thrown}`, () => {
      const problem = problemOf(thrown);
      expect(problem).toMatchObject({ code: 'internal', status: 500 });
      expect(JSON.stringify(problemAnswer(problem, 'r'))).not.toContain(CANARY);
    });
  }
});

describe('a problem is told as RFC 9457 has it', () => {
  it('with a type, a title, the status, a detail and the request it happened in', () => {
    expect(problemAnswer(new Problem('not-found', 'There is nothing here.'), 'request-9')).toEqual({
      status: 404,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        type: 'urn:conscent-lifecycle:problem:not-found',
        title: 'Not found',
        status: 404,
        detail: 'There is nothing here.',
        instance: 'request-9',
      },
    });
  });

  it('and with the members that are wrong, where there are any', () => {
    const violations = [{ pointer: '/person/email', detail: 'is required' }];
    const { body } = problemAnswer(new Problem('invalid-request', 'Correct it.', { violations }), 'r');
    expect(body).toMatchObject({ errors: violations });
  });

  it('whose own headers are kept, but never instead of its content type', () => {
    const headers = { allow: 'GET', 'content-type': 'text/html' };
    const answer = problemAnswer(new Problem('method-not-allowed', 'No.', { headers }), 'r');
    expect(answer.headers).toEqual({ allow: 'GET', 'content-type': 'application/problem+json' });
  });

  it('as it was thrown', () => {
    const problem = new Problem('user-id-taken', 'Look again.');
    expect(problemOf(problem)).toBe(problem);
  });
});
