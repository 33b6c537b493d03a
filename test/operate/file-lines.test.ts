import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRows, ndjsonLines, textOf } from '../../shared/operate/file-lines.ts';

const rowsOf = (text: string) =>
  [...csvRows(Buffer.from(text))].map(({ line, lastLine, cells }) => [line, lastLine, cells] as const);

const CSV: [rule: string, text: string, rows: ReturnType<typeof rowsOf>][] = [
  [
    'is read row by row',
    'a,b\n1,2\n',
    [
      [1, 1, ['a', 'b']],
      [2, 2, ['1', '2']],
    ],
  ],
  [
    'needs no line break at its end',
    'a\n1',
    [
      [1, 1, ['a']],
      [2, 2, ['1']],
    ],
  ],
  [
    'may begin with a byte order mark',
    '\ufeff"a"\n1',
    [
      [1, 1, ['a']],
      [2, 2, ['1']],
    ],
  ],
  [
    'may end its lines with CRLF, CR, or each in its own way',
    'a\r\nb\rc\nd',
    [
      [1, 1, ['a']],
      [2, 2, ['b']],
      [3, 3, ['c']],
      [4, 4, ['d']],
    ],
  ],
  [
    'may quote commas, quotes and line breaks',
    'a\n"1,""2"""\n',
    [
      [1, 1, ['a']],
      [2, 2, ['1,"2"']],
    ],
  ],
  [
    'counts the lines within quotes, whatever they end with',
    '"a\r\nb\nc"\r\n1\n',
    [
      [1, 3, ['a\r\nb\nc']],
      [4, 4, ['1']],
    ],
  ],
  [
    'may hold blank lines and rows of empty cells, which count as lines',
    '\n\na,b\n \n,\n1,2\n',
    [
      [3, 3, ['a', 'b']],
      [6, 6, ['1', '2']],
    ],
  ],
  [
    'may have rows of any length',
    'a,b\n1\n1,2,3',
    [
      [1, 1, ['a', 'b']],
      [2, 2, ['1']],
      [3, 3, ['1', '2', '3']],
    ],
  ],
  ['of nothing has no rows', '', []],
];

describe('a CSV file', () => {
  for (const [rule, text, rows] of CSV) it(rule, () => expect(rowsOf(text)).toEqual(rows));
});

const BROKEN: [rule: string, text: string, rows: ReturnType<typeof rowsOf>][] = [
  [
    'is opened and never closed',
    'a\n"1\n2\n3\n',
    [
      [1, 1, ['a']],
      [2, 2, null],
      [3, 3, ['2']],
      [4, 4, ['3']],
    ],
  ],
  [
    'is closed by the next line’s',
    'a\n"1\n"2"\n3\n',
    [
      [1, 1, ['a']],
      [2, 2, null],
      [3, 3, ['2']],
      [4, 4, ['3']],
    ],
  ],
  [
    'stands within a field',
    'a\r\n1"2\r\n3',
    [
      [1, 1, ['a']],
      [2, 2, null],
      [3, 3, ['3']],
    ],
  ],
  [
    'is followed by something',
    'a\n"1" \n3',
    [
      [1, 1, ['a']],
      [2, 2, null],
      [3, 3, ['3']],
    ],
  ],
  ['is all there is', '"', [[1, 1, null]]],
];

describe('a line of CSV is lost alone where a quote', () => {
  for (const [rule, text, rows] of BROKEN) it(rule, () => expect(rowsOf(text)).toEqual(rows));
});

const linesOf = (bytes: Uint8Array, read: typeof csvRows | typeof ndjsonLines) =>
  [...read(bytes)].map((row) => [row.line, Buffer.from(row.bytes).toString('latin1')] as const);

describe('an NDJSON file', () => {
  it('is read line by line, without the blank ones, which count', () => {
    expect(linesOf(Buffer.from('\ufeff{}\r\n\n \t\r\n[1]'), ndjsonLines)).toEqual([
      [1, '{}\r\n'],
      [4, '[1]'],
    ]);
  });
});

describe('whatever the bytes are', () => {
  const bytes = fc.array(fc.constantFrom(...Buffer.from('"",,\n\n\r\nab \u00e9\ufeff')), { maxLength: 60 });
  it('nothing but blank is left out, and every row stands on the line it says', () => {
    fc.assert(
      fc.property(bytes, (array) => {
        const file = Buffer.from(array);
        for (const read of [csvRows, ndjsonLines]) {
          const text = file.toString('latin1');
          let at = 0;
          for (const { line, bytes: row } of read(file)) {
            const start = row.byteOffset - file.byteOffset;
            const skipped = text.slice(at, start).replace('\u00ef\u00bb\u00bf', '');
            expect(skipped).toMatch(/^[",\s]*$/);
            const breaks = read === csvRows ? /\r\n|\r|\n/ : /\n/;
            expect(text.slice(0, start).split(breaks).length).toBe(line);
            at = start + row.length;
          }
          expect(text.slice(at).replace('\u00ef\u00bb\u00bf', '')).toMatch(/^[",\s]*$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  for (const line of ['x"\n', '"a""\n'])
    it(`2,000 lines of ${JSON.stringify(line)} are lost one by one, and in no time`, () => {
      const started = performance.now();
      expect([...csvRows(Buffer.from(line.repeat(2_000)))].map(({ cells }) => cells)).toEqual(Array(2_000).fill(null));
      expect(performance.now() - started).toBeLessThan(10_000);
    });
});

describe('text', () => {
  it('is UTF-8, or there is none', () => {
    expect(textOf(Buffer.from('Ærø'))).toBe('Ærø');
    expect(textOf(Buffer.from('Ærø', 'latin1'))).toBeNull();
    expect(textOf(Buffer.from('Ærø', 'utf16le'))).toBeNull();
  });

  it('in which somebody on the way replaced what was no UTF-8 is none either', () => {
    expect(textOf(Buffer.from(Buffer.from('Ærø', 'latin1').toString()))).toBeNull();
  });
});
