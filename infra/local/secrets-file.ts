/** The local stand-in for the three secrets of DESIGN §6: one JSON file with a member for each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const secretsSchema = z.looseObject({
  conscent: z.looseObject({ apiKey: z.string(), apiSecret: z.string() }),
  sources: z.record(z.string(), z.unknown()),
  tokens: z.array(z.unknown()),
});

/** What `npm start` runs with unless `SECRETS_FILE` names another: its vendors are the fakes on the sandbox's port. */
export const DEFAULT_SECRETS_FILE = join(import.meta.dirname, 'secrets.json');
/** The sandbox's port that the default file names. */
export const DEFAULT_SANDBOX_PORT = 3010;

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

/**
 * The secrets as the handlers are served them. Those of the default file name the vendor fakes where they are in this run; a file of
 * one's own is served as it is.
 */
export function servedSecrets({ secretsFile, sandboxPort }: { secretsFile: string; sandboxPort: number }): Secrets {
  const secrets = readSecretsFile(secretsFile);
  if (secretsFile !== DEFAULT_SECRETS_FILE) return secrets;
  const fakesAt = (port: number) => `"http://127.0.0.1:${port}/_vendors/`;
  const sources = JSON.stringify(secrets.sources).replaceAll(fakesAt(DEFAULT_SANDBOX_PORT), fakesAt(sandboxPort));
  return { ...secrets, sources: JSON.parse(sources) as Secrets['sources'] };
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
