/** The local stand-in for the three secrets of DESIGN §6: one JSON file with a member for each. */
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';

const secretsSchema = z.looseObject({
  conscent: z.looseObject({ apiKey: z.string(), apiSecret: z.string() }),
  sources: z.record(z.string(), z.unknown()),
  tokens: z.array(z.unknown()),
});

/** Conscent's credentials, the sources' configuration and the bearer tokens. The inner shapes are judged by their readers. */
export type Secrets = z.output<typeof secretsSchema>;

/**
 * Reads the file anew, so that rotation can be tried while the stack runs.
 * @throws Error with one line that names the file, never its content.
 */
export function readSecretsFile(file: string): Secrets {
  const read = secretsSchema.safeParse(jsonOf(file));
  if (read.success) return read.data;
  const members = read.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
  throw new Error(`${file} must be JSON with the members conscent, sources and tokens; wrong or missing: ${members}`);
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
