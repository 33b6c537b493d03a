/** `npm run probe`: finds out, against a real Conscent or the sandbox, what the documentation leaves open. */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { startConscentSandbox } from '../local/conscent-sandbox.ts';
import { type Call, exitCodeOf, thisCall, UsageError } from './command-line.ts';
import { askAll, type Finding } from './probe-questions.ts';
import { ProbeSession, type SessionSettings } from './probe-session.ts';
import { type ProbeArguments, readArguments, readBaseUrl, readCredentials, USAGE } from './probe-settings.ts';

const TIMEOUT_MS = 10_000;

/** What a probe is run with. */
export interface ProbeOptions extends Call {
  /** Asks the person at the terminal; missing where there is none. */
  ask?: ((question: string) => Promise<string>) | undefined;
  /** Interrupts it: no further question is asked, cleaning up is not skipped. */
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
}

/**
 * Runs a probe and answers the exit code: 0 where nothing is left to do, 1 where the account could not be made, the probe
 * was interrupted or something has to be removed by hand, 2 where it was called wrongly or not allowed to write.
 */
export function probe(options: ProbeOptions): Promise<number> {
  return exitCodeOf(() => {
    const asked = readArguments(options.argv);
    if (!asked.help) return runProbe(asked, options);
    options.write(USAGE);
    return 0;
  }, options.write);
}

async function runProbe(asked: ProbeArguments, options: ProbeOptions): Promise<number> {
  await using target = await findTarget(asked, options);
  const { endpoint } = target.settings;
  if (!(await mayWrite(asked, endpoint.baseUrl, options))) throw new UsageError('Nothing was sent.');
  const findings: Finding[] = [];
  const session = new ProbeSession(target.settings);
  const finished = await askUntilStopped(session, target.settings, findings);
  const byHand = await session.cleanUp();
  options.write(report(findings, endings(session, byHand)));
  return finished && byHand.length === 0 ? 0 : 1;
}

async function mayWrite({ yes }: ProbeArguments, baseUrl: string, { ask }: ProbeOptions): Promise<boolean> {
  if (yes) return true;
  if (!ask) throw new UsageError('This writes to Conscent: confirm with --yes where there is no terminal to ask.');
  const answer = await ask(
    `This makes an account at ${baseUrl}, changes it a few times and takes its access away again. Conscent documents no way to delete it. Go on? [y/N] `,
  );
  return /^y(es)?$/i.test(answer.trim());
}

/** Whatever goes wrong on the way, cleaning up comes next and what was found by then is worth printing. */
async function askUntilStopped(
  session: ProbeSession,
  settings: SessionSettings,
  findings: Finding[],
): Promise<boolean> {
  try {
    return await askAll(session, settings.credentials, findings);
  } catch {
    const why = settings.signal?.aborted ? 'interrupted' : 'the probe failed';
    findings.push({ question: 'Everything else', answer: `could not find out: ${why}`, set: '' });
    return false;
  }
}

async function findTarget(asked: ProbeArguments, options: ProbeOptions) {
  const { emailDomain } = asked;
  const { env, signal, timeoutMs = TIMEOUT_MS } = options;
  const sandbox = asked.sandbox ? await startOwnSandbox() : undefined;
  const { baseUrl, credentials } = sandbox ?? { baseUrl: readBaseUrl(env), credentials: readCredentials(env) };
  const settings: SessionSettings = { endpoint: { baseUrl, timeoutMs }, credentials, emailDomain, signal };
  return { settings, [Symbol.asyncDispose]: async () => sandbox?.close() };
}

async function startOwnSandbox() {
  const credentials = { apiKey: 'sandbox', apiSecret: randomBytes(16).toString('hex') };
  const { url, close } = await startConscentSandbox({ port: 0, credentials });
  return { baseUrl: url, credentials, close };
}

function endings(session: ProbeSession, byHand: readonly string[]): string[] {
  if (byHand.length > 0) return ['TO DO BY HAND', ...byHand];
  return [session.hasMade ? 'What was made has no access any more.' : 'Nothing was made.'];
}

function report(findings: readonly Finding[], ending: readonly string[]): string {
  const rows = [
    ['question', 'answer', 'set this'],
    ...findings.map(({ question, answer, set }) => [question, answer, set]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
  const ruler = widths.map((width) => '-'.repeat(width)).join('-+-');
  const [header = '', ...rest] = lines;
  return `${[header, `${ruler}-+---------`, ...rest, '', ...ending].join('\n')}\n`;
}

/** Ctrl-C and Ctrl-D are a no. */
async function askAtTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    return await Promise.race([terminal.question(question).catch(() => ''), closed]);
  } finally {
    terminal.close();
  }
}

if (import.meta.main) {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const ask = process.stdin.isTTY ? askAtTerminal : undefined;
  process.exitCode = await probe({ ...thisCall(), ask, signal: interrupt.signal });
}
