import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointerSchema, putAt, valueAt } from '../../shared/sources/json-pointer.ts';

// The document and the pointers of RFC 6901 §5.
const DOCUMENT: unknown = JSON.parse(
  '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}',
);
const EVALUATED: [pointer: string, value: unknown][] = [
  ['', DOCUMENT],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
];

describe('a pointer', () => {
  it.each(EVALUATED)('%j reads what RFC 6901 says', (pointer, value) => {
    expect(pointerSchema.safeParse(pointer).success).toBe(true);
    expect(valueAt(DOCUMENT, pointer)).toEqual(value);
  });

  it.each([
    '/none',
    '/foo/2',
    '/foo/00',
    '/foo/-',
    '/foo/-1',
    '/foo/length',
    '/foo/0/0',
    '/foo/0/length',
    '/__proto__',
    '/constructor/name',
    '/foo/map',
    '//deeper',
  ])('%j finds nothing', (pointer) => expect(valueAt(DOCUMENT, pointer)).toBeUndefined());

  it.each(['foo', '#/foo', '/~', '/~2', '/a/~x', '/a~'])('%j is none', (pointer) => {
    expect(pointerSchema.safeParse(pointer).success).toBe(false);
  });

  it('reads "~01" as "~1"', () => expect(valueAt({ '~1': 'tilde', '/': 'slash' }, '/~01')).toBe('tilde'));

  it('reads a member named __proto__ that a body holds, and it is an ordinary one', () => {
    expect(valueAt(JSON.parse('{"__proto__":{"mail":"eve"}}'), '/__proto__/mail')).toBe('eve');
  });
});

const escaped = (step: string) => step.replaceAll('~', '~0').replaceAll('/', '~1');

describe('of any JSON', () => {
  it('whatever is in it is found by the steps that lead there', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('~', '/', '~1', '~01', '__proto__', 'length', '0', ''));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), fc.jsonValue(), (steps, leaf) => {
        const inner = leaf === null ? 'null' : JSON.stringify(leaf);
        const text = steps.reduceRight((json, step) => `{"x":[],${JSON.stringify(step)}:${json}}`, inner);
        const pointer = steps.map((step) => `/${escaped(step)}`).join('');
        expect(valueAt(JSON.parse(text), pointer)).toEqual(JSON.parse(inner));
      }),
    );
  });

  it('any pointer reads something that is in it, or nothing, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.string({ maxLength: 3 }), { maxLength: 5 }), (value, steps) => {
        const found = valueAt(value, steps.map((step) => `/${escaped(step)}`).join(''));
        if (found !== undefined) expect(JSON.stringify(value)).toContain(JSON.stringify(found));
      }),
    );
  });
});

describe('what is put', () => {
  it('is found where it was put, beside what was there', () => {
    const into: Record<string, unknown> = { variables: { email: 'tove@hamn.example' } };
    putAt(into, '/variables/number', '7');
    putAt(into, '/cat_item/name', 'New colleague');
    expect(into).toEqual({
      variables: { email: 'tove@hamn.example', number: '7' },
      cat_item: { name: 'New colleague' },
    });
  });

  it('under a name that every object inherits is its own, and reaches nobody else', () => {
    const into: Record<string, unknown> = {};
    putAt(into, '/constructor/name', 'mine');
    putAt(into, '/toString/name', 'mine');
    expect(into).toEqual({ constructor: { name: 'mine' }, toString: { name: 'mine' } });
    expect([Object.name, Object.prototype.toString.name]).toEqual(['Object', 'toString']);
  });
});
