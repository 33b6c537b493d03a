import { describe, expect, it } from 'vitest';
import { cursorsFrom } from '../../shared/operate/cursor.ts';

const SECRET = [{ name: 'it-desk', sha256: 'ab'.repeat(32), scopes: ['jobs:read'] }];
const QUERY = '{"status":"queued"}';
const POSITION = '2026-01-10T10:00:00.000Z#0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const { seal, open } = cursorsFrom(SECRET);
const REFUSED = expect.objectContaining({ code: 'invalid-cursor', status: 400 });

describe('a cursor', () => {
  it('leads back to where the page ended, in another process too', () => {
    expect(open(QUERY, seal(QUERY, POSITION))).toBe(POSITION);
    expect(cursorsFrom(structuredClone(SECRET)).open(QUERY, seal(QUERY, POSITION))).toBe(POSITION);
  });

  it('is safe in a URL as it is', () => {
    expect(seal(QUERY, POSITION)).toMatch(/^[\w.-]+$/);
  });

  it('with any one character changed, taken away or added is refused', () => {
    const cursor = seal(QUERY, POSITION);
    for (let at = 0; at < cursor.length; at += 1) {
      const [before, after] = [cursor.slice(0, at), cursor.slice(at + 1)];
      const other = cursor[at] === 'A' ? 'B' : 'A';
      for (const altered of [before + other + after, before + after, `${before}A${cursor.slice(at)}`])
        expect(() => open(QUERY, altered)).toThrow(REFUSED);
    }
  });

  it('in another spelling of the same bytes is refused', () => {
    const cursor = seal(QUERY, POSITION);
    const last = cursor.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // 32 bytes leave two bits of the last character unused.
    const twin = cursor.slice(0, -1) + alphabet[alphabet.indexOf(last) + 1];
    expect(Buffer.from(twin.split('.')[1] ?? '', 'base64url')).toEqual(
      Buffer.from(cursor.split('.')[1] ?? '', 'base64url'),
    );
    for (const spelling of [twin, `${cursor}=`, cursor.replace('.', '=.'), ` ${cursor}`, `${cursor}\n`])
      expect(() => open(QUERY, spelling)).toThrow(REFUSED);
  });

  it('of another query is refused', () => {
    expect(() => open('{"status":"held"}', seal(QUERY, POSITION))).toThrow(REFUSED);
  });

  it('sealed with another secret is refused', () => {
    expect(() => open(QUERY, cursorsFrom([]).seal(QUERY, POSITION))).toThrow(REFUSED);
  });

  for (const cursor of [
    '',
    '.',
    '..',
    'null',
    'ünïcode',
    'A'.repeat(9_000),
    `${Buffer.from(POSITION).toString('hex')}.`,
  ])
    it(`that is ${JSON.stringify(cursor.slice(0, 12))} is refused, and the answer says what to do`, () => {
      expect(() => open(QUERY, cursor)).toThrow(REFUSED);
      expect(() => open(QUERY, cursor)).toThrow(/without the cursor/);
    });
});
