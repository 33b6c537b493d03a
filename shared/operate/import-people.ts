/** Bulk link: the accounts that Conscent already has, from a file. */
import { Problem } from '../lifecycle/errors.ts';
import type { World } from '../lifecycle/ports.ts';
import type { ImportedLineAnswer } from './answers/action.ts';
import { importAccount } from './import-account.ts';
import { type ImportType, type LineRead, readImport } from './import-file.ts';
import { type AccountLine, checkLine } from './import-line.ts';

/** A file and who sent it. */
export interface ImportRequest {
  type: ImportType;
  file: Uint8Array;
  /** The token's name, for the audit. */
  by: string;
  /** Lower-case email domains; empty allows any. */
  allowedDomains: readonly string[];
}

// Fast enough for 1,000 lines within the gateway's 30 seconds; few enough not to be throttled.
const CONCURRENCY = 20;

/**
 * Links what the lines of a file say. Lines succeed or fail by themselves, and importing a file again answers `unchanged` for what it has
 * linked. Of two lines with the same address or userId the first is done before the second begins.
 * @throws Problem `invalid-request` where the file as a whole cannot be read; whatever the ledger throws where it fails.
 */
export async function importPeople(
  world: World,
  { type, file, by, allowedDomains }: ImportRequest,
): Promise<ImportedLineAnswer[]> {
  const takeTurns = turns();
  return atATime(CONCURRENCY, readImport(type, file), async (read) => {
    const account = accountIn(read, allowedDomains);
    if ('error' in account) return { line: read.line, ...failed(account) };
    const keys = [`email ${account.email}`, `userId ${account.userId}`];
    return takeTurns(keys, () => linkLine(world, read.line, account, by));
  });
}

function accountIn(read: LineRead, allowedDomains: readonly string[]) {
  return 'error' in read ? { error: read.error } : checkLine(read.members, allowedDomains);
}

function failed({ error, email }: { error: string; email?: string }): Omit<ImportedLineAnswer, 'line'> {
  return { ...(email !== undefined && { email }), status: 'failed', error };
}

async function linkLine(world: World, line: number, account: AccountLine, by: string): Promise<ImportedLineAnswer> {
  const { email } = account;
  try {
    return { line, email, status: await importAccount(world, account, by) };
  } catch (error) {
    if (error instanceof Problem) return { line, ...failed({ email, error: error.message }) };
    throw error;
  }
}

/** Lets those who share a key go one after the other, in the order in which they asked. */
function turns() {
  const last = new Map<string, Promise<unknown>>();
  return <T>(keys: readonly string[], work: () => Promise<T>): Promise<T> => {
    const done = Promise.all(keys.map((key) => last.get(key))).then(work);
    for (const key of keys) last.set(key, done);
    return done;
  };
}

/** Works on some at a time, begun in order, and answers in order. Where one throws, nothing further is begun. */
async function atATime<T, R>(count: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  // Shared by all: whoever leaves the loop by an error ends it for the others, too.
  const rest = each(items);
  const worker = async () => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: count }, worker));
  return results;
}

function* each<T>(items: readonly T[]): Generator<[number, T]> {
  yield* items.entries();
}
