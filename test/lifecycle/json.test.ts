/** JSON over the wire: what is so deep, or so wide, that reading it could overflow the stack is refused before it is parsed. */
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../shared/lifecycle/json.ts';

const parse = (text: string) => parseJson(Buffer.from(text));
const lists = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const TOO_DEEP = {
  code: 'invalid-request',
  violations: [{ pointer: '', detail: 'must not be nested deeper than 100' }],
};

describe('a body', () => {
  it('may be nested 100 deep', () => {
    expect(parse(lists(100))).toBeInstanceOf(Array);
    expect(parse(`[${Array(500).fill(lists(99)).join()}]`)).toHaveLength(500);
  });

  it.each([
    ['lists', lists(101)],
    ['objects', `${'{"a":'.repeat(101)}1${'}'.repeat(101)}`],
    ['both', `{"a":${lists(100)}}`],
    ['ten thousand lists', lists(10_000)],
    ['lists that never end', '['.repeat(200_000)],
    ['lists behind a text with a quote', `["\\"",${lists(100)}]`],
  ])('that is nested deeper by %s is refused', (_, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining(TOO_DEEP));
  });

  it('may hold 50,000 values, and no more', () => {
    expect(parse(`[${Array(50_000).fill('0').join()}]`)).toHaveLength(50_000);
    const violations = [{ pointer: '', detail: 'must hold at most 50000 values' }];
    const tooWide = expect.objectContaining({ code: 'invalid-request', violations });
    expect(() => parse(`[${Array(50_001).fill('0').join()}]`)).toThrow(tooWide);
  });

  it('may have any number of brackets and commas in its texts', () => {
    const texts = { a: '['.repeat(500), b: ','.repeat(60_000), '{{{"': `\\${'{'.repeat(500)}"[`, '\\': '[[' };
    expect(parse(JSON.stringify(texts))).toEqual(texts);
  });
});
