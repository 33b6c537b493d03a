import { describe, expect, it } from 'vitest';
import { type ImportType, readImport } from '../../shared/operate/import-file.ts';

const csv = (text: string | Uint8Array) => readImport('text/csv', Buffer.from(text));
const ndjson = (text: string | Uint8Array) => readImport('application/x-ndjson', Buffer.from(text));
const SAID = { email: 'a@hamn.example', userId: 'u-1' };

describe('a CSV file', () => {
  it('says by its header what is in which column, in any order', () => {
    expect(csv('userId,permissions,email,role\nu-1,"ga4, export",a@hamn.example,ADMIN')).toEqual([
      { line: 2, members: { ...SAID, role: 'ADMIN', permissions: 'ga4, export' } },
    ]);
  });

  it('with an empty cell for role or permissions says nothing of them', () => {
    expect(csv('email,userId,role,permissions\na@hamn.example,u-1,, ')).toEqual([{ line: 2, members: SAID }]);
  });

  it('with an empty cell for the address or the userId says it is empty', () => {
    expect(csv('email,userId,role\n,,ADMIN')).toEqual([{ line: 2, members: { email: '', userId: '', role: 'ADMIN' } }]);
  });

  it('with nothing but a header is of nobody', () => {
    expect(csv('\ufeff email , userId \r\n')).toEqual([]);
  });
});

const HEADERS: [rule: string, text: string | Uint8Array, pointers: string[]][] = [
  ['is missing', '\n\n', ['']],
  ['is a person already', 'a@hamn.example,u-1', ['/a@hamn.example', '/u-1', '/email', '/userId']],
  ['names a column that is not known', 'email,userId,name', ['/name']],
  ['spells one otherwise', 'Email,userID', ['/Email', '/userID', '/email', '/userId']],
  ['has a column without a name', 'email,userId,', ['/']],
  ['names a column twice', 'email,userId,email', ['/email']],
  ['lacks the userId', 'email,role', ['/userId']],
  ['is separated by semicolons', 'email;userId', ['/email;userId', '/email', '/userId']],
  ['has a __proto__', 'email,userId,__proto__', ['/__proto__']],
  ['has a quote that is not closed', 'email,"userId\na@hamn.example,u-1', ['']],
  ['is UTF-16', Buffer.from('\ufeffemail,userId\n', 'utf16le'), ['']],
  ['is Latin-1', Buffer.from('email,userId,rôle\n', 'latin1'), ['']],
  ['has a name of 10,000 characters', `email,userId,${'x'.repeat(10_000)}`, [`/${'x'.repeat(64)}`]],
];

describe('a CSV file is refused as a whole where its header', () => {
  for (const [rule, text, pointers] of HEADERS)
    it(rule, () => {
      const violations = pointers.map((pointer) => ({ pointer, detail: expect.any(String) }));
      expect(() => csv(text)).toThrow(expect.objectContaining({ code: 'invalid-request', violations }));
      expect(() => csv(text)).toThrow(/email,userId,role,permissions/);
    });
});

const good = (line: number) => ({ line, members: SAID });
const bad = (line: number, error: RegExp) => ({ line, error: expect.stringMatching(error) });
const GOOD = 'a@hamn.example,u-1';
const latin1 = Buffer.from(`email,userId\n${GOOD}\nåsa@hamn.example,u-2\n${GOOD}\n`, 'latin1');

const CSV_LINES: [rule: string, text: string | Uint8Array, read: object[]][] = [
  ['has too few columns', `email,userId\na@hamn.example\n${GOOD}`, [bad(2, /1 columns.* 2\..*comma/), good(3)]],
  ['has too many', `email,userId\n${GOOD},\n${GOOD}`, [bad(2, /3 columns/), good(3)]],
  ['has an open quote', `email,userId\n"a@hamn.example,u-1\n${GOOD}`, [bad(2, /quote/), good(3)]],
  ['swallows others by a quote', `email,userId\n"a\n${GOOD}"\n${GOOD}`, [bad(2, /over 2 lines.*quote/), good(4)]],
  ['is not UTF-8', latin1, [good(2), bad(3, /UTF-8/), good(4)]],
];

const NDJSON_GOOD = JSON.stringify(SAID);
const NDJSON_LINES: [rule: string, text: string | Uint8Array, read: object[]][] = [
  ['is not JSON', `${NDJSON_GOOD}\n{email}\n${NDJSON_GOOD}`, [good(1), bad(2, /JSON/), good(3)]],
  ['is half an object', `${NDJSON_GOOD.slice(0, 9)}\n${NDJSON_GOOD}`, [bad(1, /one object a line/), good(2)]],
  [
    'is not UTF-8',
    Buffer.concat([Buffer.of(0x22, 0xe5, 0x22, 0x0a), Buffer.from(NDJSON_GOOD)]),
    [bad(1, /UTF-8/), good(2)],
  ],
  ['comes after blank ones', `\n\r\n${NDJSON_GOOD}\r\n`, [good(3)]],
];

describe('a line fails alone, and with its own number, where it', () => {
  for (const [rule, text, read] of CSV_LINES) it(`${rule} (CSV)`, () => expect(csv(text)).toEqual(read));
  for (const [rule, text, read] of NDJSON_LINES) it(`${rule} (NDJSON)`, () => expect(ndjson(text)).toEqual(read));
});

describe('a file', () => {
  const files: [type: ImportType, header: string, line: string][] = [
    ['text/csv', 'email,userId\n', `${GOOD}\n`],
    ['application/x-ndjson', '', `${NDJSON_GOOD}\n`],
  ];
  for (const [type, header, line] of files) {
    it(`of ${type} may have 1,000 lines, blank ones and the header not counted, and no more`, () => {
      const of = (count: number) => Buffer.from(`${header}\n${line.repeat(count)}\n`);
      expect(readImport(type, of(1_000))).toHaveLength(1_000);
      expect(() => readImport(type, of(1_001))).toThrow(
        expect.objectContaining({ code: 'invalid-request', message: expect.stringMatching(/npm run import/) }),
      );
    });

    it(`of ${type} must not be empty`, () => {
      expect(() => readImport(type, Buffer.of())).toThrow(expect.objectContaining({ code: 'invalid-request' }));
    });
  }
});
