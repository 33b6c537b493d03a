/** Bodies that are shaped to break whoever reads them: each is unreadable, known by its hash, and nothing is thrown. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { readBody } from '../../shared/sources/json-body.ts';

const schema = z.object({ said: z.optional(z.unknown()), items: z.optional(z.array(z.object({ id: z.string() }))) });

function read(text: string) {
  const body = Buffer.from(text);
  return readBody({ body, schema, deliveryId: ({ said }) => JSON.stringify(said) }, () => []);
}

describe('a body is unreadable', () => {
  it('that is nested so deep that its id could not be made of it', () => {
    const text = `{"said":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    const violations = [{ pointer: '', detail: 'must not be nested deeper than 100' }];
    const deliveryId = createHash('sha256').update(text).digest('hex');
    expect(read(text)).toEqual({ kind: 'unreadable', violations, deliveryId });
  });

  it('of which so much is wrong that it cannot be said: the first fifty are named', () => {
    const reading = read(`{"items":[${Array(50_000).fill('0').join()}]}`);
    expect(reading.kind).toBe('unreadable');
    expect(reading).toMatchObject({ violations: { length: 50 } });
  });

  it('that holds more than can be looked through', () => {
    const violations = [{ pointer: '', detail: 'must hold at most 50000 values' }];
    expect(read(`{"items":[${Array(125_000).fill('0').join()}]}`)).toMatchObject({ kind: 'unreadable', violations });
  });
});
