import { describe, expect, it } from 'vitest';
import { type HttpRequest, requireJson, requireKnownQuery, requireMediaType } from '../../shared/middleware/http.ts';

const typed = (contentType: string | undefined): HttpRequest => ({
  method: '',
  path: '',
  params: {},
  query: {},
  headers: { 'content-type': contentType },
  body: Buffer.of(),
  requestId: '',
});

describe('JSON', () => {
  for (const type of [
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    ' application/json ;v=1',
  ]) {
    it(`is what "${type}" says`, () => expect(() => requireJson(typed(type))).not.toThrow());
  }
  for (const type of [
    undefined,
    '',
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/json+x',
    'application/json, text/html',
    'x; application/json',
  ]) {
    it(`is not what "${type}" says, which is a 415`, () => {
      expect(() => requireJson(typed(type))).toThrow(
        expect.objectContaining({ code: 'unsupported-media-type', status: 415 }),
      );
    });
  }
});

describe('of several media types', () => {
  const allowed = ['text/csv', 'application/x-ndjson'] as const;

  it('the one that was sent is answered', () => {
    expect(requireMediaType(typed('Text/CSV; charset=utf-8; header=present'), allowed)).toBe('text/csv');
    expect(requireMediaType(typed('application/x-ndjson'), allowed)).toBe('application/x-ndjson');
  });

  it('none is a 415 that names them', () => {
    for (const type of [undefined, '', 'application/json', 'text/csvx', 'text/csv, application/x-ndjson'])
      expect(() => requireMediaType(typed(type), allowed)).toThrow(
        expect.objectContaining({ status: 415, message: 'Send text/csv or application/x-ndjson.' }),
      );
  });

  it('may be none at all, which the message does not name', () => {
    expect(requireMediaType(typed(''), ['text/csv', ''])).toBe('');
    expect(() => requireMediaType(typed('text/xml'), ['text/csv', ''])).toThrow('Send text/csv.');
  });
});

describe('a query parameter', () => {
  it('that the route knows passes', () => {
    expect(() => requireKnownQuery({ ...typed(''), query: { limit: '1' } }, ['limit'])).not.toThrow();
  });

  it('that it does not know is refused by name, cut to a bearable length', () => {
    const query = { limit: '1', [`__proto__${'x'.repeat(900)}`]: '42' };
    const violations = [{ pointer: `?__proto__${'x'.repeat(55)}`, detail: expect.any(String) }];
    expect(() => requireKnownQuery({ ...typed(''), query }, ['limit'])).toThrow(
      expect.objectContaining({ status: 400, violations }),
    );
  });
});
