import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { ImportType } from '../../shared/operate/import-file.ts';
import { type Environment, readApiUrl, readCommandLine, readToken, UsageError } from './command-line.ts';

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

const string = { type: 'string' } as const;
const OPTIONS = { url: string, token: string, help: { type: 'boolean' } } as const;

const TYPES: Readonly<Record<string, ImportType>> = {
  '.csv': 'text/csv',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
};

/** Reads the command line and the file; `null` where only help is asked for. Throws {@link UsageError}, which never quotes the token. */
export function readSettings(argv: readonly string[], env: Environment): ImportSettings | null {
  const { values, positionals } = readCommandLine(argv, OPTIONS);
  if (values.help) return null;
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0)
    throw new UsageError('Name one file: npm run import -- people.csv --url …');
  const type = TYPES[extname(path).toLowerCase()];
  if (!type) throw new UsageError('The file must be named .csv, .ndjson or .jsonl.');
  const baseUrl = readApiUrl(values.url);
  return { type, file: readFile(path), baseUrl, token: readToken(values.token, env) };
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new UsageError(`${path} cannot be read.`);
  }
}
