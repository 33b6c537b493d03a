import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImportType } from '../../shared/operate/import-file.ts';
import { type Environment, UsageError } from './probe-settings.ts';

/** What is imported, where and as whom. */
export interface ImportSettings {
  type: ImportType;
  file: Uint8Array;
  /** Ends in a slash. */
  baseUrl: URL;
  /** Never printed. */
  token: string;
}

/** What may be written on the command line, for people. */
export const USAGE = `npm run import -- people.csv --url https://… [--token …]

Links the accounts that Conscent already has. The file has a line a person: email, userId, and where they are known role and permissions.

  people.csv        with a header line; or people.ndjson (.jsonl), an object a line; of any size
  --url             where the API is: https, or http to this machine
  --token           with the scope people:write; else CONSCENT_LIFECYCLE_TOKEN, which other users of this machine cannot see

Importing a file again changes nothing.
`;

const TYPES: Readonly<Record<string, ImportType>> = {
  '.csv': 'text/csv',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
};

/** Reads the command line and the file; `null` where only help is asked for. Throws {@link UsageError}, which never quotes the token. */
export function readSettings(argv: readonly string[], env: Environment): ImportSettings | null {
  const { values, positionals } = parsed(argv);
  if (values.help) return null;
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0)
    throw new UsageError('Name one file: npm run import -- people.csv --url …');
  const type = TYPES[extname(path).toLowerCase()];
  if (!type) throw new UsageError('The file must be named .csv, .ndjson or .jsonl.');
  const baseUrl = readUrl(values.url);
  return { type, file: readFile(path), baseUrl, token: readToken(values.token ?? env['CONSCENT_LIFECYCLE_TOKEN']) };
}

function parsed(argv: readonly string[]) {
  const string = { type: 'string' } as const;
  const options = { url: string, token: string, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'Unknown option.');
  }
}

function readUrl(value: string | undefined): URL {
  const url = value !== undefined && URL.canParse(value) ? new URL(value) : null;
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  if (!url || !isSafe || url.username || url.password || url.search || url.hash)
    throw new UsageError('--url must be an https URL, or http to this machine, without credentials or query.');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** RFC 6750 §2.1. Anything else the HTTP client would refuse, quoting it. */
function readToken(token = ''): string {
  if (/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) return token;
  throw new UsageError(token === '' ? 'Set CONSCENT_LIFECYCLE_TOKEN, or --token.' : 'The token is not a bearer token.');
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new UsageError(`${path} cannot be read.`);
  }
}
