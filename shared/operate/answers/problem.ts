/** The one form of all errors. */
import * as z from 'zod/mini';
import { PROBLEMS, type ProblemCode } from '../../lifecycle/errors.ts';
import { keysOf, text } from './members.ts';

/** The type of a problem. */
export function problemType(code: ProblemCode): `urn:conscent-lifecycle:problem:${ProblemCode}` {
  return `urn:conscent-lifecycle:problem:${code}`;
}

/** What every error is answered with (RFC 9457). */
export const problemAnswer = z.strictObject({
  type: z.enum(keysOf<ProblemCode>(PROBLEMS).map(problemType)),
  title: z.string(),
  status: z.int(),
  detail: text('What is wrong and what to do about it.'),
  instance: text('The id of the request, under which it is logged.'),
  errors: z.optional(
    z
      .array(
        z.strictObject({
          pointer: text('A JSON pointer (RFC 6901) into the body; ?name for a query parameter; a header by its name.'),
          detail: z.string(),
        }),
      )
      .check(z.describe('Every member that is wrong.')),
  ),
});
