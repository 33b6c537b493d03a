/** `npm run token`: makes a bearer token, and what the tokens secret must hold of it. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { effectiveInstant, isDate, isInstant } from '../../shared/lifecycle/effective-date.ts';
import { SCOPES, type Token, tokensSchema } from '../../shared/middleware/authenticate.ts';
import { type Call, exitCodeOf, readCommandLine, thisCall, UsageError } from './command-line.ts';

const USAGE = `npm run token -- create it-desk --scopes events:write,jobs:read [--expires 2027-01-31] [--file tokens.json]

Makes a token and shows it, once. Its SHA-256 goes into the tokens secret, which is a list of them; nothing else knows the token.

  it-desk     who will hold it; the name stands in the history of everybody it is used for. A successor keeps the name
  --scopes    ${SCOPES.join(', ')}
  --expires   its last day, in UTC, or an instant; without it it never ends
  --file      the list, to which it is added; else only the new entry is printed
`;

const string = { type: 'string' } as const;
const OPTIONS = { scopes: string, expires: string, file: string, help: { type: 'boolean' } } as const;

/** Makes a token and answers the exit code: 0, or 2 where it was called wrongly. */
export function token({ argv, write, now = new Date() }: Call & { now?: Date }): Promise<number> {
  return exitCodeOf(() => {
    const { values, positionals } = readCommandLine(argv, OPTIONS);
    write(values.help ? USAGE : create(positionals, values, now));
    return 0;
  }, write);
}

type Asked = Partial<Record<'scopes' | 'expires' | 'file', string>>;

function create([command, name = '', ...others]: string[], asked: Asked, now: Date): string {
  if (command !== 'create' || others.length > 0) throw new UsageError(`Name what to do, and whose it is.\n\n${USAGE}`);
  // 256 bits (RFC 6750 §5.2 asks for none that can be guessed); the prefix lets scanners of leaked secrets know it.
  const secret = `clt_${randomBytes(32).toString('base64url')}`;
  const sha256 = createHash('sha256').update(secret).digest('hex');
  const expiresAt = asked.expires === undefined ? {} : { expiresAt: readEnd(asked.expires, now) };
  const entry = valid([{ name, sha256, scopes: readScopes(asked.scopes), ...expiresAt }]);
  if (asked.file !== undefined) addTo(asked.file, entry);
  return `The token of ${name}, which nobody can show again:\n\n  ${secret}\n\n${whereItGoes(asked.file, entry)}`;
}

function whereItGoes(file: string | undefined, entry: Token[]): string {
  if (file !== undefined)
    return `Its entry is in ${file}. Put the file into the tokens secret; within five minutes it is valid.\n`;
  return `Add this to the list in the tokens secret; within five minutes it is valid:\n\n  ${JSON.stringify(entry[0])}\n`;
}

function readScopes(scopes = ''): string[] {
  if (scopes.trim() === '') throw new UsageError(`Say with --scopes what it is for: ${SCOPES.join(', ')}.`);
  return [...new Set(scopes.split(',').map((scope) => scope.trim()))];
}

/** A day is good to its end, as the last day of an employment is. */
function readEnd(text: string, now: Date): string {
  if (!isDate(text) && !isInstant(text))
    throw new UsageError('--expires must be a day (2027-01-31) or an instant (2027-01-31T18:00:00Z).');
  const end = effectiveInstant(text, 'UTC', 'end');
  if (end <= now.toISOString()) throw new UsageError('--expires has passed.');
  return end;
}

/** What the functions would refuse must not be made. */
function valid(tokens: unknown): Token[] {
  const read = tokensSchema.safeParse(tokens);
  if (read.success) return read.data;
  const [{ path = [], message = '' } = {}] = read.error.issues;
  if (path.includes('scopes')) throw new UsageError(`No such scope. There are ${SCOPES.join(', ')}.`);
  if (path.includes('name')) throw new UsageError('A name has up to 64 letters, digits and . _ @ -.');
  throw new UsageError(`This is no list of tokens (${message}).`);
}

function addTo(file: string, entry: Token[]): void {
  const list = [...listIn(file), ...entry];
  writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`);
}

/** A file that is not there is an empty list; one that cannot be read is not, or its tokens would be lost. */
function listIn(file: string): Token[] {
  try {
    return valid(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new UsageError(`${file} is no list of tokens.`);
  }
}

if (import.meta.main) process.exitCode = await token(thisCall());
