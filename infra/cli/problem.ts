import { z } from 'zod';

const problemSchema = z.object({
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

/** What a problem document says (RFC 9457), and behind it each member that is wrong; `null` where it is none. */
export function problemLines(body: unknown): string[] | null {
  const problem = problemSchema.safeParse(body);
  if (!problem.success) return null;
  const { detail, errors = [] } = problem.data;
  return [detail, ...errors.map((error) => `${error.pointer} ${error.detail}`)];
}
