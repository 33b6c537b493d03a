/** How a verified JSON body becomes notices: whatever is wrong with it is told by pointers, and nothing of it. */
import type * as z from 'zod/mini';
import { Problem } from '../lifecycle/errors.ts';
import { parseJson, violations } from '../lifecycle/event.ts';
import type { Notice, Reading } from './source.ts';

/** Reads a body. Never throws for what it holds. @param noticesOf may throw the `Problem` of `conform`. */
export function readNotices(body: Uint8Array, deliveryId: string, noticesOf: (value: unknown) => Notice[]): Reading {
  try {
    return { kind: 'notices', notices: noticesOf(parseJson(body)), deliveryId };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: 'unreadable', violations: error.violations, deliveryId };
  }
}

/** What a schema makes of a parsed body. @throws Problem with a pointer to every member that is wrong. */
export function conform<T extends z.ZodMiniType>(schema: T, value: unknown): z.output<T> {
  const read = schema.safeParse(value, { reportInput: true });
  if (read.success) return read.data;
  throw new Problem('invalid-request', 'The body is not what the vendor documents.', {
    violations: violations(read.error.issues),
  });
}
