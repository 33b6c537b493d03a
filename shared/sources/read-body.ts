/** Reads what an HR system sent: JSON of a schema, or what is wrong with it, without a word of the body. */
import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import { Problem, type Violation } from '../lifecycle/errors.ts';
import { parseJson, violations } from '../lifecycle/event.ts';
import type { Delivery, Reading } from './source.ts';

/** Reads a verified body and lets `say` tell what it says. A body that is not of the schema is unreadable, and known by its hash. */
export function readBody<T extends z.ZodMiniType>(
  schema: T,
  { body }: Delivery,
  say: (data: z.output<T>) => Reading,
): Reading {
  try {
    const read = schema.safeParse(parseJson(body), { reportInput: true });
    return read.success ? say(read.data) : unreadable(body, violations(read.error.issues));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return unreadable(body, error.violations);
  }
}

/** A body that says nothing usable, and where. */
export function unreadable(body: Uint8Array, violations: readonly Violation[]): Reading {
  return { kind: 'unreadable', violations, deliveryId: hashOf(body) };
}

/** A delivery's id where the vendor sends none: the same content is the same delivery. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
