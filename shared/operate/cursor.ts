/**
 * Cursors of lists: where a page ended, sealed. A cursor is for the one query it was made for, and nobody else can make or alter one.
 *
 *   base64url(position) "." base64url(HMAC-SHA256(key, [query, position]))
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Problem } from '../lifecycle/errors.ts';

/** Makes and reads cursors. */
export interface Cursors {
  /** @param query what the list is of; a page's size is no part of it. */
  seal(query: string, position: string): string;
  /** The position. @throws Problem `invalid-cursor` for what was not sealed here for this very query. */
  open(query: string, cursor: string): string;
}

/**
 * @param secret any secret that the reader of cursors has and those who send them do not. A key is derived from it; when it changes, the
 * cursors that are about end, which costs whoever holds one a fresh start.
 */
export function cursorsFrom(secret: unknown): Cursors {
  const key = new Uint8Array(hkdfSync('sha256', JSON.stringify(secret), '', 'conscent-lifecycle/cursor', 32));
  const seal = (query: string, position: string) => {
    const code = createHmac('sha256', key)
      .update(JSON.stringify([query, position]))
      .digest('base64url');
    return `${Buffer.from(position).toString('base64url')}.${code}`;
  };
  const open = (query: string, cursor: string) => {
    const position = Buffer.from(cursor.split('.', 1)[0] ?? '', 'base64url').toString();
    // The whole text is compared: base64url has several spellings of the same bytes, and only ours is one of ours.
    if (!isEqual(Buffer.from(seal(query, position)), Buffer.from(cursor))) throw invalidCursor();
    return position;
  };
  return { seal, open };
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function invalidCursor(): Problem {
  return new Problem('invalid-cursor', 'Ask again without the cursor, then follow the cursors of those answers.', {
    violations: [{ pointer: '?cursor', detail: 'was altered, has ended, or belongs to another query' }],
  });
}
