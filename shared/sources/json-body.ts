/** Reads a vendor's JSON body by its schema: notices, or what is wrong where. */
import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import { Problem, type Violation } from '../lifecycle/errors.ts';
import { parseJson, violations } from '../lifecycle/event.ts';
import type { Notice, Reading } from './source.ts';

/** A verified body, how it is read, and the delivery's id: the vendor's own, or made of what was read. */
export interface JsonBody<T extends z.ZodMiniType> {
  body: Uint8Array;
  schema: T;
  deliveryId: string | ((read: z.output<T>) => string);
}

/**
 * Reads a verified body. What is no JSON, not of the schema, or not to be understood by `noticesOf`, which then says where, is unreadable.
 * Nothing of the body is in the reading but what `noticesOf` takes out of it.
 */
export function readBody<T extends z.ZodMiniType>(
  { body, schema, deliveryId }: JsonBody<T>,
  noticesOf: (read: z.output<T>) => Notice[] | Violation,
): Reading {
  const json = jsonOf(body);
  const read = json.kind === 'json' ? schema.safeParse(json.value, { reportInput: true }) : null;
  if (!read?.success) {
    const found = json.kind === 'json' ? violations(read?.error.issues ?? []) : json.violations;
    return {
      kind: 'unreadable',
      violations: found,
      deliveryId: typeof deliveryId === 'string' ? deliveryId : sha256(body),
    };
  }
  const id = typeof deliveryId === 'string' ? deliveryId : deliveryId(read.data);
  const notices = noticesOf(read.data);
  if (!Array.isArray(notices)) return { kind: 'unreadable', violations: [notices], deliveryId: id };
  return { kind: 'notices', notices, deliveryId: id };
}

function jsonOf(
  body: Uint8Array,
): { kind: 'json'; value: unknown } | { kind: 'none'; violations: readonly Violation[] } {
  try {
    return { kind: 'json', value: parseJson(body) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: 'none', violations: error.violations };
  }
}

/** SHA-256 in hex of all parts in a row: the id of a delivery whose vendor gives it none. */
export function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
