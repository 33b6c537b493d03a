/** What the commands have in common: how they are called, what they say to who called them wrongly, and where the API is. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** A mistake of the person who called; its message is all they need to see. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The environment, as the process has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command is run with. */
export interface Call {
  argv: readonly string[];
  env: Environment;
  write(text: string): void;
}

/** This process's own. */
export function thisCall(): Call {
  return { argv: process.argv.slice(2), env: process.env, write: (text) => process.stdout.write(text) };
}

/** Reads options, and words beside them. Throws {@link UsageError} for an option that does not exist. */
export function readCommandLine<Options extends ParseArgsOptionsConfig>(argv: readonly string[], options: Options) {
  return orUsageError(() => parseArgs({ args: [...argv], options, allowPositionals: true }));
}

/** Reads options. Throws {@link UsageError} for one that does not exist, and for a word that is none. */
export function readOptions<Options extends ParseArgsOptionsConfig>(argv: readonly string[], options: Options) {
  return orUsageError(() => parseArgs({ args: [...argv], options })).values;
}

function orUsageError<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'Unknown option.');
  }
}

/** Answers the command's exit code, and 2 where it was called wrongly, having said how. */
export async function exitCodeOf(work: () => number | Promise<number>, write: Call['write']): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    write(`${error.message}\n`);
    return 2;
  }
}

/** Whether an address is this machine's own, where nothing needs a secret to be kept. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Where the API is; ends in a slash. Throws {@link UsageError} unless it is https, or http to this machine. */
export function readApiUrl(value: string | undefined): URL {
  const url = value !== undefined && URL.canParse(value) ? new URL(value) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !isSafe || url.username || url.password || url.search || url.hash)
    throw new UsageError('--url must be an https URL, or http to this machine, without credentials or query.');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** A bearer token (RFC 6750 §2.1). Throws {@link UsageError}, which never quotes it; an HTTP client that was given anything else would. */
export function readToken(value: string | undefined, env: Environment): string {
  const token = value ?? env['CONSCENT_LIFECYCLE_TOKEN'] ?? '';
  if (/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) return token;
  throw new UsageError(token === '' ? 'Set CONSCENT_LIFECYCLE_TOKEN, or --token.' : 'The token is not a bearer token.');
}
