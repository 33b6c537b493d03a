/** Reads a vendor's JSON body by its schema: notices, or what is wrong where, and nothing of the body itself. */
import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import { Problem, type Violation } from '../lifecycle/errors.ts';
import { violations } from '../lifecycle/event.ts';
import { parseJson } from '../lifecycle/json.ts';
import type { Notice, Reading } from './source.ts';

/** How many wrong members are told; of a long list every item may be wrong. */
const MAX_VIOLATIONS = 50;

/** A verified body, how it is read, and the delivery's id: the vendor's own, or made of what was read. */
export interface JsonBody<T extends z.ZodMiniType> {
  body: Uint8Array;
  schema: T;
  deliveryId: string | ((read: z.output<T>) => string);
}

/**
 * Reads a verified body. Never throws for what it holds: what is no JSON or not of the schema is unreadable, and known by its hash unless
 * the vendor gave it an id. So is what `noticesOf` cannot understand, which then throws the Problem of `conform` or `unreadable`.
 */
export function readBody<T extends z.ZodMiniType>(
  { body, schema, deliveryId: idOf }: JsonBody<T>,
  noticesOf: (read: z.output<T>) => Notice[],
): Reading {
  let deliveryId = typeof idOf === 'string' ? idOf : sha256(body);
  try {
    const read = conform(schema, parseJson(body));
    if (typeof idOf !== 'string') deliveryId = idOf(read);
    return { kind: 'notices', notices: noticesOf(read), deliveryId };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: 'unreadable', violations: error.violations, deliveryId };
  }
}

/** A body as JSON; `undefined` where it is none. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

/** What a schema makes of a parsed body, or of a part of it. @throws Problem with a pointer to every member that is wrong. */
export function conform<T extends z.ZodMiniType>(schema: T, value: unknown): z.output<T> {
  const read = schema.safeParse(value, { reportInput: true });
  if (read.success) return read.data;
  throw unreadable(...violations(read.error.issues.slice(0, MAX_VIOLATIONS)).slice(0, MAX_VIOLATIONS));
}

/** Why a body cannot be understood although it is of the schema; throw it. */
export function unreadable(...found: Violation[]): Problem {
  return new Problem('invalid-request', 'The body is not what the vendor documents.', { violations: found });
}

/** SHA-256 in hex of all parts in a row: the id of a delivery whose vendor gives it none. */
export function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
