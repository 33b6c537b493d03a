/** `npm run import`: links the accounts of a file of any size, in as many requests as it takes. */
import ky, { HTTPError } from 'ky';
import { z } from 'zod';
import { type Call, exitCodeOf, thisCall, UsageError } from './command-line.ts';
import { type Chunk, cutFile } from './import-chunks.ts';
import { type Progress, progressOf } from './import-progress.ts';
import { type ImportSettings, readSettings, USAGE } from './import-settings.ts';
import { problemLines } from './problem.ts';

/** What an import is run with. */
export interface ImportOptions extends Call {
  /** Whether `write` writes to a terminal. */
  isTerminal: boolean;
}

const TIMEOUT_MS = 35_000;
const MAX_WAIT_MS = 120_000;

// An import may be sent again whatever became of it, so silence may be, too.
const RETRY = {
  limit: 4,
  methods: ['post'],
  statusCodes: [429, 502, 503, 504],
  afterStatusCodes: [429, 503],
  maxRetryAfter: MAX_WAIT_MS,
  retryOnTimeout: true,
};

const STATUSES = ['linked', 'unchanged', 'failed'] as const;

const answerSchema = z.object({
  lines: z.array(
    z.object({
      line: z.number(),
      email: z.string().optional(),
      status: z.enum(STATUSES),
      error: z.string().optional(),
    }),
  ),
});

type Line = z.output<typeof answerSchema>['lines'][number];

/** Runs an import and answers the exit code: 0 where every line is linked, 1 where one failed or was not sent, 2 where it was called wrongly. */
export function importFile({ argv, env, write, isTerminal }: ImportOptions): Promise<number> {
  return exitCodeOf(() => {
    const settings = readSettings(argv, env);
    if (settings) return sendAll(settings, write, isTerminal);
    write(USAGE);
    return 0;
  }, write);
}

async function sendAll(settings: ImportSettings, write: (text: string) => void, isTerminal: boolean): Promise<number> {
  const { chunks, refused } = cutFile(settings.type, settings.file);
  if (chunks.length === 0 && refused.length === 0) throw new UsageError('The file is empty.');
  const total = chunks.reduce((sum, { count }) => sum + count, refused.length);
  const progress = progressOf(total, write, isTerminal);
  const lines: Line[] = refused.map((line) => ({ ...line, status: 'failed' }));
  for (const line of lines) printFailed(progress, line);
  const problem = await sendInTurn(chunks, settings, { lines, progress });
  progress.end();
  if (problem !== null) write(`${problem}\n`);
  const counts = STATUSES.map((status) => `${lines.filter((line) => line.status === status).length} ${status}`);
  const unsent = total - lines.length;
  write(`${total} lines: ${[...counts, ...(unsent > 0 ? [`${unsent} not sent`] : [])].join(', ')}\n`);
  return problem === null && lines.every(({ status }) => status !== 'failed') ? 0 : 1;
}

/** Sends chunk after chunk. What stops one would stop the others, so its reason is answered; else `null`. */
async function sendInTurn(
  chunks: readonly Chunk[],
  settings: ImportSettings,
  { lines, progress }: { lines: Line[]; progress: Progress },
): Promise<string | null> {
  progress.show(lines.length);
  for (const chunk of chunks) {
    const answer = await send(chunk, settings);
    if (typeof answer === 'string') return answer;
    const own = answer.map((line) => ({ ...line, line: chunk.lineOf(line.line) }));
    lines.push(...own);
    for (const line of own) if (line.status === 'failed') printFailed(progress, line);
    progress.show(lines.length);
  }
  return null;
}

function printFailed(progress: Progress, { line, email, error }: Line): void {
  progress.print(`line ${line}: ${email === undefined ? '' : `${email}: `}${error ?? 'failed'}`);
}

/** The lines as the server answers them, or why it did not. Nothing that an HTTP client says is passed on: it may quote the token. */
async function send(chunk: Chunk, { baseUrl, type, token }: ImportSettings): Promise<Line[] | string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  const options = { body: Buffer.from(chunk.body), headers, redirect: 'manual', timeout: TIMEOUT_MS } as const;
  try {
    const answer = await ky.post(new URL('people/import', baseUrl), { ...options, retry: RETRY }).json();
    const read = answerSchema.safeParse(answer);
    return read.success ? read.data.lines : 'The answer is not that of an import. Is --url right?';
  } catch (error) {
    return error instanceof HTTPError
      ? refusal(error)
      : `${baseUrl.origin} does not answer. Nothing is lost: run it again.`;
  }
}

function refusal({ response, data }: HTTPError): string {
  const lines = problemLines(data);
  return lines
    ? `${response.status}: ${lines.join('\n  ')}`
    : `The server answered ${response.status}. Is --url right?`;
}

if (import.meta.main) {
  process.exitCode = await importFile({ ...thisCall(), isTerminal: process.stdout.isTTY === true });
}
