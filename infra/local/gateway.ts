/**
 * The local API Gateway and Lambda: `osls offline` with the real `serverless.yml`, as a child process. What is known of it
 * (serverless-offline 14): it answers 200 with a stack trace where a handler throws or does not load, so "ready" is judged by
 * the body of `/health`; it prints a table of routes whatever the log level is, so its output is read line by line.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './settings.ts';
import { StartError } from './start-error.ts';

const LOOPBACK = '127.0.0.1';

export interface GatewayOptions {
  port: number;
  lambdaPort: number;
  env: NodeJS.ProcessEnv;
}

export interface Gateway {
  /**
   * Resolves once `GET /health` says `{"status":"ok"}`; rejects in one line when a handler cannot start or the process ends.
   * Handlers are loaded at their first request, so the bundles must exist by now, not before.
   */
  ready(): Promise<void>;
  /** Resolves when the process has ended, wanted or not. */
  ended: Promise<unknown>;
  /** Invokes a function by its name in `serverless.yml`. Rejects when the function throws or times out. */
  invoke(name: string, event: unknown, signal?: AbortSignal): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts the gateway on loopback. Handlers run in its process with `env`, and their lines on stdout pass through. */
export function startGateway(options: GatewayOptions): Gateway {
  const child = spawn(process.execPath, gatewayArguments(options), {
    cwd: ROOT,
    env: { ...options.env, SLS_LOG_LEVEL: 'warning', SLS_SCHEMA_CACHE_BASE_DIR: join(ROOT, 'node_modules/.cache') },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  passLines(child);
  const ended = once(child, 'exit');
  const endedEarly = async () => {
    await ended;
    throw new StartError('The local API Gateway ended before it was ready');
  };
  return {
    ready: () => Promise.race([health(options.port), endedEarly()]),
    ended,
    invoke: (name, event, signal) => invoke(`http://${LOOPBACK}:${options.lambdaPort}`, { name, event, signal }),
    stop: () => stop(child, ended),
  };
}

function gatewayArguments({ port, lambdaPort }: GatewayOptions): string[] {
  return [
    '--import',
    join(ROOT, 'infra/local/end-with-parent.ts'),
    '--import',
    join(ROOT, 'infra/local/raw-requests.ts'),
    join(ROOT, 'node_modules/osls/bin/serverless.js'),
    ...['offline', 'start', '--stage', 'local', '--host', LOOPBACK],
    ...['--httpPort', String(port), '--lambdaPort', String(lambdaPort)],
    ...['--noPrependStageInUrl', '--useInProcess', '--noSponsor', '--disableCookieValidation'],
  ];
}

/** The table of routes has lines that are blank or drawn; everything else is a handler's log. */
function passLines(child: ChildProcess): void {
  if (!child.stdout) return;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!/^\s*($|[┌│└])/.test(line)) process.stdout.write(`${line}\n`);
  });
}

async function health(port: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://${LOOPBACK}:${port}/health`).then(
      (response) => response.text(),
      () => null,
    );
    if (answer !== null) return requireOk(answer);
    await delay(50);
  }
}

function requireOk(body: string): void {
  const answer: unknown = JSON.parse(body);
  if (typeof answer !== 'object' || answer === null) throw new StartError('GET /health answered no object');
  if ('status' in answer && answer.status === 'ok') return;
  const reason = 'errorMessage' in answer ? String(answer.errorMessage) : body;
  throw new StartError(`The handlers do not start: ${reason.split('\n')[0]}`);
}

interface Invocation {
  name: string;
  event: unknown;
  signal: AbortSignal | undefined;
}

async function invoke(url: string, { name, event, signal }: Invocation): Promise<unknown> {
  const response = await fetch(`${url}/2015-03-31/functions/conscent-lifecycle-local-${name}/invocations`, {
    method: 'POST',
    body: JSON.stringify(event),
    ...(signal && { signal }),
  });
  const body = await response.text();
  if (!response.ok || response.headers.has('x-amz-function-error'))
    throw new Error(`${name} failed: ${body.slice(0, 200)}`);
  return body ? JSON.parse(body) : undefined;
}

/** The process closes its listeners on SIGTERM; one that hangs is ended a second later. */
async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 1000);
  await ended;
  clearTimeout(timer);
}
