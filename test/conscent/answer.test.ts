import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../shared/conscent/answer.ts';
import type { RawAnswer } from '../../shared/conscent/client.ts';
import type { ConscentAnswer } from '../../shared/lifecycle/conscent-answer.ts';

type Answered = Extract<RawAnswer, { kind: 'answer' }>;

const raw = (status: number, body: unknown = '', more: Partial<Answered> = {}): Answered => ({
  kind: 'answer',
  status,
  contentType: 'application/json',
  retryAfter: undefined,
  date: undefined,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  cut: undefined,
  ...more,
});

const both = ['POST', 'PATCH'] as const;

describe.each(both)('an error in answer to a %s', (method) => {
  it.each<[number, unknown, ConscentAnswer]>([
    [400, { statusCode: 400, message: ['email must be an email'] }, { kind: 'rejected', status: 400 }],
    [422, '', { kind: 'rejected', status: 422 }],
    [400, { message: 'User exists' }, { kind: 'already-exists' }],
    [422, { message: ['That address is ALREADY taken'] }, { kind: 'already-exists' }],
    [400, { message: 'already@example.org is not allowed' }, { kind: 'rejected', status: 400 }],
    [400, { message: 'That role does not exist' }, { kind: 'rejected', status: 400 }],
    [401, { statusCode: 401 }, { kind: 'unauthorized', status: 401 }],
    [403, '', { kind: 'unauthorized', status: 403 }],
    [404, { statusCode: 404 }, { kind: 'not-found' }],
    [409, '', { kind: 'already-exists' }],
    [429, '', { kind: 'throttled' }],
    [500, '', { kind: 'unavailable' }],
    [503, '<html>', { kind: 'unavailable' }],
    [502, '', { kind: 'silence', reason: 'bad-gateway' }],
    [504, '', { kind: 'silence', reason: 'bad-gateway' }],
    [402, '', { kind: 'unknown-answer', status: 402 }],
    [405, '', { kind: 'unknown-answer', status: 405 }],
    [413, '', { kind: 'unknown-answer', status: 413 }],
    [418, '', { kind: 'unknown-answer', status: 418 }],
    [501, '', { kind: 'unknown-answer', status: 501 }],
    [520, '', { kind: 'unknown-answer', status: 520 }],
  ])('%i with %j is %j', (status, body, expected) => {
    expect(readAnswer(method, raw(status, body))).toEqual(expected);
  });

  it.each([300, 301, 302, 303, 304, 307, 308])('%i is a redirect', (status) => {
    expect(readAnswer(method, raw(status))).toEqual({ kind: 'silence', reason: 'redirect' });
  });

  it('counts by its status even where its body broke off', () => {
    expect(readAnswer(method, raw(503, '{"st', { cut: 'truncated', retryAfter: '4' }))).toEqual({
      kind: 'unavailable',
      retryAfterSeconds: 4,
    });
    expect(readAnswer(method, raw(401, '', { cut: 'timeout' }))).toEqual({ kind: 'unauthorized', status: 401 });
  });
});

describe.each([
  [429, 'throttled'],
  [500, 'unavailable'],
  [503, 'unavailable'],
])('Retry-After of a %i', (status, kind) => {
  const date = 'Sun, 06 Dec 2026 10:00:00 GMT';
  const now = new Date('2026-12-06T09:00:00Z');

  it.each<[string, string | undefined, number | undefined]>([
    ['0', undefined, 0],
    ['90', undefined, 90],
    [' 90 ', undefined, 90],
    ['Sun, 06 Dec 2026 10:02:00 GMT', date, 120],
    ['Sunday, 06-Dec-26 10:02:00 GMT', date, 120],
    ['Sun, 06 Dec 2026 10:02:00 GMT', undefined, 3720],
    ['Sun, 06 Dec 2026 10:02:00 GMT', 'nonsense', 3720],
    ['Sun, 06 Dec 2026 09:59:00 GMT', date, 0],
    ['-5', date, undefined],
    ['soon', date, undefined],
    ['2026-12-07', date, undefined],
    ['', date, undefined],
  ])('%j, answered at %j, asks for %j seconds', (retryAfter, at, seconds) => {
    const answer = readAnswer('PATCH', raw(status, '', { retryAfter, date: at }), now);
    expect(answer).toEqual(seconds === undefined ? { kind } : { kind, retryAfterSeconds: seconds });
  });

  it('is not guessed where it is a date and no clock is known', () => {
    expect(readAnswer('POST', raw(status, '', { retryAfter: date }))).toEqual({ kind });
  });
});

describe.each(both)('a 2xx to a %s is silence', (method) => {
  it.each<[string, Answered, string]>([
    ['whose body broke off', raw(201, '{"userId":"u1"}', { cut: 'truncated' }), 'truncated'],
    ['whose body took too long', raw(200, '', { cut: 'timeout' }), 'timeout'],
    ['whose JSON object is cut short', raw(200, '{"userId":"u'), 'truncated'],
    ['whose JSON array is cut short', raw(200, ' [{"a":1}', { contentType: 'text/plain' }), 'truncated'],
    ['that is a page', raw(200, '<!doctype html><p>Log in</p>', { contentType: 'text/html; charset=utf-8' }), 'html'],
    ['that is a page by any other name', raw(201, '\ufeff \n<html>', { contentType: 'application/json' }), 'html'],
    ['that is a page after some text', raw(200, 'Hello <b>you</b>', { contentType: 'text/html' }), 'html'],
    ['that is an empty page', raw(200, '', { contentType: 'text/html' }), 'html'],
    ['whose JSON says 400', raw(200, { statusCode: 400, message: 'no' }), 'error-in-2xx'],
    ['whose JSON says 500', raw(201, { statusCode: 500, userId: 'u1' }), 'error-in-2xx'],
    ['whose JSON says "404"', raw(200, { statusCode: '404' }), 'error-in-2xx'],
  ])('%s', (_, answer, reason) => {
    expect(readAnswer(method, answer)).toEqual({ kind: 'silence', reason });
  });
});

describe('a PATCH has worked', () => {
  it.each([
    [200, { message: 'Done' }],
    [200, { statusCode: 200, message: 'Done' }],
    [200, ''],
    [200, '200 OK: updated'],
    [202, { message: 'Done' }],
    [204, ''],
  ])('with %i and %j', (status, body) => {
    expect(readAnswer('PATCH', raw(status, body))).toEqual({ kind: 'updated' });
  });
});

describe('a POST has worked without an id', () => {
  const sentence = '201 Created: User created successfully.';
  it.each([
    ['the documented sentence', raw(201, sentence, { contentType: 'text/plain' })],
    ['the sentence called JSON', raw(201, sentence)],
    ['the sentence called HTML, as Express does', raw(201, sentence, { contentType: 'text/html; charset=utf-8' })],
    ['the sentence as a JSON string', raw(201, JSON.stringify(sentence))],
    ['the sentence with 200', raw(200, sentence)],
    ['nothing', raw(201)],
    ['JSON without an id', raw(201, { message: 'Welcome', success: true })],
    ['an id in a list', raw(201, { data: [{ _id: 'u1' }] })],
    ['an id two levels deep', raw(201, { data: { user: { _id: 'u1' } } })],
    ['two objects that could both be meant', raw(201, { owner: { _id: 'u1' }, member: { _id: 'u2' } })],
    ['an empty id', raw(201, { userId: '', _id: ' ' })],
    ['an id that is a path', raw(201, { userId: '..' })],
    ['an id that is neither text nor a number', raw(201, { userId: true, id: { a: 1 }, _id: null })],
    ['a number that lost its last digits', raw(201, '{"userId":12345678901234567890}')],
    ['null', raw(201, 'null')],
  ])('where it answers %s', (_, answer) => {
    expect(readAnswer('POST', answer)).toEqual({ kind: 'created' });
  });

  it.each([202, 203, 204, 207])('cannot be said of a %i', (status) => {
    expect(readAnswer('POST', raw(status))).toEqual({ kind: 'unknown-answer', status });
  });
});

describe('the id of a new user is found', () => {
  it.each<[unknown, string]>([
    [{ message: 'Welcome', userId: 'u1' }, 'u1'],
    [{ _id: 'u1' }, 'u1'],
    [{ id: 4711 }, '4711'],
    [{ id: 0 }, '0'],
    [{ id: 'no', _id: 'nor this', userId: 'u1' }, 'u1'],
    [{ userId: '', id: 'u1' }, 'u1'],
    [{ id: 'u1', user: { _id: 'no' } }, 'u1'],
    [{ user: { _id: 'u1' } }, 'u1'],
    [{ data: { id: 'u1' } }, 'u1'],
    [{ userData: { userId: 'u1' } }, 'u1'],
    [{ client: { _id: 'no' }, user: { _id: 'u1' } }, 'u1'],
    [{ message: 'Welcome', newMultiUser: { _id: 'u1' } }, 'u1'],
    [{ permissions: { ga4: true }, member: { id: 'u1' } }, 'u1'],
  ])('in %j: %s', (body, userId) => {
    expect(readAnswer('POST', raw(201, body))).toEqual({ kind: 'created', userId });
  });
});

describe.each(both)('no answer to a %s', (method) => {
  it('from a connection that was never made has not worked', () => {
    expect(readAnswer(method, { kind: 'never-connected' })).toEqual({ kind: 'unavailable' });
  });

  it.each(['timeout', 'connection-lost'] as const)('for the reason %s may have worked', (reason) => {
    expect(readAnswer(method, { kind: 'lost', reason })).toEqual({ kind: 'silence', reason });
  });
});
