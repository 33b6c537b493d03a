/** What an operator's action is answered with. */
import * as z from 'zod/mini';
import { count, instant, text } from './members.ts';

/** What a release came to. */
export const releasedAnswer = z.strictObject({
  released: count('How many were let go by this request.'),
  revoked: count('How many have lost their access within the guard’s window. What is done stays done.'),
});

/** What a release came to. */
export type ReleasedAnswer = z.output<typeof releasedAnswer>;

/** Writes are stopped. */
export const pausedAnswer = z.strictObject({
  paused: z.literal(true),
  since: instant('Since when.'),
  waiting: count('How many people have something due now, which has to wait.'),
});

/** Writes are stopped. */
export type PausedAnswer = z.output<typeof pausedAnswer>;

/** Writes go on. */
export const resumedAnswer = z.strictObject({
  paused: z.literal(false),
  resumed: count('How many waited, and have been woken.'),
});

/** Writes go on. */
export type ResumedAnswer = z.output<typeof resumedAnswer>;

/** A fresh password, once. */
export const passwordAnswer = z.strictObject({ password: text('It is kept nowhere and shown this once.') });

/** What became of a line of an import. */
export const importedLineAnswer = z.strictObject({
  line: z.int().check(z.positive(), z.describe('Its number in the file; a header of CSV is line 1.')),
  email: z.optional(text('Its address, where that can be read.')),
  status: z.enum(['linked', 'unchanged', 'failed']),
  error: z.optional(text('What to do about a line that failed.')),
});

/** What became of a line of an import. */
export type ImportedLineAnswer = z.output<typeof importedLineAnswer>;

/** What became of each line of an import. */
export const importedAnswer = z.strictObject({ lines: z.array(importedLineAnswer) });

/** A handshake is answered with its challenge. */
export const handshakeAnswer = z.strictObject({ verification: text('The challenge that came with the request.') });

/** It answers. */
export const healthAnswer = z.strictObject({ status: z.literal('ok') });
