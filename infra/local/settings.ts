/** The settings of `npm start` (DESIGN §6, "Local run"). Those of the handlers pass through untouched and are judged by `config.ts`. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { checkPolicy } from '../build.ts';
import { DEFAULT_SANDBOX_PORT, DEFAULT_SECRETS_FILE, readSecretsFile } from './secrets-file.ts';
import { StartError } from './start-error.ts';

/** The project's folder; relative paths in settings are meant from here, as npm runs scripts here. */
export const ROOT = resolve(import.meta.dirname, '../..');

export interface Settings {
  port: number;
  sandboxPort: number;
  sweepIntervalSeconds: number;
  maxConcurrency: number;
  secretsFile: string;
  policyFile: string;
  /** `undefined`: tables live in memory and end with the run. */
  dataDir: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings; an empty variable counts as not set.
 * @throws StartError naming the variable.
 */
export function readSettings(env: Environment): Settings {
  const settings = {
    port: numberFrom(env, 'PORT', { fallback: 3000, ...PORT_RANGE }),
    sandboxPort: numberFrom(env, 'SANDBOX_PORT', { fallback: DEFAULT_SANDBOX_PORT, ...PORT_RANGE }),
    sweepIntervalSeconds: numberFrom(env, 'SWEEP_INTERVAL_SECONDS', { fallback: 60, least: 0.05, most: 86_400 }),
    maxConcurrency: numberFrom(env, 'CONSCENT_MAX_CONCURRENCY', { fallback: 5, least: 1, most: 1000, whole: true }),
    secretsFile: fileFrom(env, 'SECRETS_FILE', DEFAULT_SECRETS_FILE),
    policyFile: fileFrom(env, 'ACCESS_POLICY_FILE', 'access-policy.yml'),
    dataDir: env['DATA_DIR'] ? fromRoot(env['DATA_DIR']) : undefined,
  };
  if (settings.port === settings.sandboxPort) throw new StartError(`PORT and SANDBOX_PORT are both ${settings.port}`);
  check('SECRETS_FILE', () => readSecretsFile(settings.secretsFile));
  check('ACCESS_POLICY_FILE', () => checkPolicy(settings.policyFile));
  return settings;
}

interface Range {
  fallback: number;
  least: number;
  most: number;
  whole?: boolean;
}

const PORT_RANGE = { least: 1, most: 65_535, whole: true };

function numberFrom(env: Environment, name: string, range: Range): number {
  const text = env[name];
  if (!text) return range.fallback;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= range.least && value <= range.most && (!range.whole || Number.isInteger(value))) return value;
  const kind = range.whole ? 'a whole number' : 'a number';
  throw new StartError(`${name} must be ${kind} from ${range.least} to ${range.most}, not ${JSON.stringify(text)}`);
}

function fileFrom(env: Environment, name: string, fallback: string): string {
  const file = fromRoot(env[name] || fallback);
  if (existsSync(file)) return file;
  throw new StartError(`${name}: ${file} does not exist`);
}

function fromRoot(path: string): string {
  return isAbsolute(path) ? path : join(ROOT, path);
}

function check(variable: string, attempt: () => unknown): void {
  try {
    attempt();
  } catch (error) {
    throw new StartError(`${variable}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
