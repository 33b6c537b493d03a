import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutFile } from '../../../infra/cli/import-chunks.ts';
import { type ImportType, readImport } from '../../../shared/operate/import-file.ts';

const MAX_BYTES = 256 * 1024;
const cut = (text: string, type: ImportType = 'text/csv') => cutFile(type, Buffer.from(text));
const bodies = (text: string, type?: ImportType) =>
  cut(text, type).chunks.map(({ body }) => Buffer.from(body).toString());

describe('a file', () => {
  it('of CSV is cut after 1,000 people, with the header before each piece', () => {
    const { chunks } = cut(`email,userId\r\n${'a,b\r\n'.repeat(2_001)}`);
    expect(chunks.map(({ count }) => count)).toEqual([1_000, 1_000, 1]);
    for (const { body } of chunks) expect(Buffer.from(body).toString()).toMatch(/^email,userId\r\na,b\r\n/);
  });

  it('of NDJSON is cut after 1,000 people', () => {
    const { chunks } = cut('{}\n\n'.repeat(1_001), 'application/x-ndjson');
    expect(chunks.map(({ count }) => count)).toEqual([1_000, 1]);
    expect(chunks.map(({ lineOf }) => lineOf(1))).toEqual([1, 2_001]);
  });

  it('is cut before 256 KB, header and line breaks included', () => {
    const row = `${'x'.repeat(1_000)}\n`;
    const { chunks, refused } = cut(`email\n${row.repeat(900)}`);
    expect(refused).toEqual([]);
    // 261 × 1,001 + 6 = 261,267 bytes; one row more would be 262,268 of 262,144.
    expect(chunks.map(({ count }) => count)).toEqual([261, 261, 261, 117]);
    for (const { body } of chunks) expect(body.length).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('keeps its lines’ numbers, through blank lines and quoted line breaks', () => {
    const { chunks } = cut('\ufeff\n"email","user\nId"\n\na,b\n"c\n\nd",e\n\nf,g');
    expect(chunks).toHaveLength(1);
    // In the piece: the header on 1 and 2, a on 3, c on 4 to 6, f on 7.
    expect([1, 3, 4, 7].map((line) => chunks[0]?.lineOf(line))).toEqual([2, 5, 6, 10]);
  });

  it('is never cut within a quoted field', () => {
    const row = `a,"${'1\n'.repeat(30_000)}"\n`;
    for (const body of bodies(`email,note\n${row.repeat(10)}`)) expect(body.split('"').length % 2).toBe(1);
  });

  it('has every line end with a break, so that pieces can be joined', () => {
    expect(bodies('email\na')).toEqual(['email\na\n']);
    expect(bodies('{}', 'application/x-ndjson')).toEqual(['{}\n']);
  });

  it('says which lines no request can hold, and sends the others', () => {
    const { chunks, refused } = cut(`email\na\n${'x'.repeat(MAX_BYTES)}\nb\n`);
    expect(refused).toEqual([{ line: 3, error: expect.stringMatching(/256 KB/) }]);
    expect(chunks.map(({ body }) => Buffer.from(body).toString())).toEqual(['email\na\nb\n']);
  });

  it('does not send a line with a broken quote, which could be read as one with what follows', () => {
    const { chunks, refused } = cut('email\na\n"b\n"c"d"\ne');
    expect(refused.map(({ line }) => line)).toEqual([3, 4]);
    expect(chunks.map(({ body }) => Buffer.from(body).toString())).toEqual(['email\na\ne\n']);
  });

  it('of nothing but a header is one piece; of nothing, none', () => {
    expect(bodies('email,userId')).toEqual(['email,userId\n']);
    expect(bodies('\n\n')).toEqual([]);
  });
});

describe('whatever a file holds', () => {
  const cell = fc.stringMatching(/^[a-c,"\n ]{0,6}$/);
  const rows = fc.array(fc.tuple(cell, cell, fc.boolean()), { maxLength: 12 });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const before = 'a,b\n'.repeat(996);

  it('its pieces say, line by line, what the whole says', () => {
    fc.assert(
      fc.property(rows, (cells) => {
        // Some rows are quoted as they should be, some are broken; the cut falls among them.
        const text = cells.map(([a, b, sound]) => (sound ? `${quoted(a)},${quoted(b)}` : `${a},${b}`)).join('\n');
        const whole = readImport('text/csv', Buffer.from(`email,userId\n${text}`));
        const { chunks, refused } = cut(`email,userId\n${before}${text}`);
        const read = chunks.flatMap(({ body, lineOf }) =>
          readImport('text/csv', body).map((one) => ({ ...one, line: lineOf(one.line) })),
        );
        const all = [...read, ...refused].sort((a, b) => a.line - b.line).slice(996);
        expect(all.map((one) => ({ ...one, line: one.line - 996 }))).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });
});
