/** §4: problems and job errors are closed lists with fixed words. */
import { describe, expect, it } from 'vitest';
import { jobError, Problem, type ProblemCode } from '../../shared/lifecycle/errors.ts';

describe('a problem', () => {
  it.each<[ProblemCode, number]>([
    ['invalid-request', 400],
    ['invalid-cursor', 400],
    ['unauthorized', 401],
    ['invalid-signature', 401],
    ['forbidden', 403],
    ['not-found', 404],
    ['method-not-allowed', 405],
    ['payload-too-large', 413],
    ['unsupported-media-type', 415],
    ['idempotency-key-reused', 422],
    ['unknown-profile', 422],
    ['invalid-state', 422],
    ['user-id-taken', 422],
    ['internal', 500],
    ['unavailable', 503],
  ])('%s is answered %i', (code, status) => {
    const problem = new Problem(code, 'what to do');
    expect(problem).toMatchObject({ code, status, message: 'what to do', violations: [], headers: {} });
    expect(problem.title).not.toBe('');
    expect(problem).toBeInstanceOf(Error);
  });

  it('carries violations and headers', () => {
    const more = { violations: [{ pointer: '/a', detail: 'is wrong' }], headers: { 'retry-after': '5' } };
    expect(new Problem('unavailable', 'later', more)).toMatchObject(more);
  });
});

describe('a job’s error', () => {
  it('says by its code whether it goes on by itself', () => {
    for (const code of [
      'conscent-throttled',
      'conscent-unavailable',
      'secret-unreadable',
      'conscent-unauthorized',
      'conscent-silence',
      'writes-paused',
      'crashed',
    ] as const) {
      expect(jobError(code)).toMatchObject({ code, retryable: true });
    }
    for (const code of [
      'conscent-rejected',
      'retries-exhausted',
      'account-exists',
      'account-not-found',
      'account-unlinked',
      'identity-conflict',
      'ended-elsewhere',
      'hire-begun',
      'employment-unknown',
      'no-email',
      'no-outcome',
    ] as const) {
      expect(jobError(code)).toMatchObject({ code, retryable: false });
    }
  });

  it('of an end stated elsewhere answers: post the onboard to /events', () =>
    expect(jobError('ended-elsewhere').detail).toContain('/events'));
});
