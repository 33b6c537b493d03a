import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Credentials } from '../../shared/conscent/client.ts';
import { type Environment, isLoopback, readOptions, UsageError } from './command-line.ts';

/** What was asked for on the command line. */
export interface ProbeArguments {
  sandbox: boolean;
  yes: boolean;
  help: boolean;
  emailDomain: string;
}

/** What may be written on the command line, for people. */
export const USAGE = `npm run probe -- [--sandbox] [--yes] [--email-domain example.com]

Finds out what Conscent's documentation leaves open. It makes an account with a throw-away address and takes its access away again.

  CONSCENT_BASE_URL                         where; required, except with --sandbox
  CONSCENT_API_KEY and CONSCENT_API_SECRET  with what; or "conscent" in SECRETS_FILE (infra/local/secrets.json)
  --sandbox                                 probe an embedded sandbox instead
  --yes                                     do not ask before writing
  --email-domain                            of the throw-away address; default example.com
`;

const boolean = { type: 'boolean' } as const;
const OPTIONS = { sandbox: boolean, yes: boolean, help: boolean, 'email-domain': { type: 'string' } } as const;

/** Throws {@link UsageError} for an option that does not exist or a domain that is none. */
export function readArguments(argv: readonly string[]): ProbeArguments {
  const values = readOptions(argv, OPTIONS);
  const emailDomain = values['email-domain'] ?? 'example.com';
  if (!/^([a-z0-9-]+\.)+[a-z]{2,}$/i.test(emailDomain)) throw new UsageError('--email-domain must be a domain.');
  return { sandbox: values.sandbox === true, yes: values.yes === true, help: values.help === true, emailDomain };
}

/** Throws {@link UsageError}, naming the variable, unless it is https, or http to this machine. */
export function readBaseUrl(env: Environment): string {
  const value = env['CONSCENT_BASE_URL'] ?? '';
  if (value === '') throw new UsageError('CONSCENT_BASE_URL is not set; or use --sandbox.');
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return value;
  throw new UsageError('CONSCENT_BASE_URL must be an https URL, or http to this machine.');
}

const secretsSchema = z.object({ conscent: z.object({ apiKey: z.string().min(1), apiSecret: z.string().min(1) }) });

/** From the environment, else from the secrets file. Throws {@link UsageError} where neither has both; no value is in its message. */
export function readCredentials(env: Environment): Credentials {
  const { CONSCENT_API_KEY: apiKey = '', CONSCENT_API_SECRET: apiSecret = '' } = env;
  if (apiKey !== '' && apiSecret !== '') return { apiKey, apiSecret };
  if (apiKey !== '' || apiSecret !== '') {
    throw new UsageError('CONSCENT_API_KEY and CONSCENT_API_SECRET must be set together.');
  }
  const file = env['SECRETS_FILE'] || 'infra/local/secrets.json';
  const secrets = secretsSchema.safeParse(readJson(file));
  if (secrets.success) return secrets.data.conscent;
  throw new UsageError(`Set CONSCENT_API_KEY and CONSCENT_API_SECRET, or "conscent" in ${file}.`);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
