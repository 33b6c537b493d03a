/** The whole local stack for end-to-end tests, as a process of its own on free ports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { ROOT } from './settings.ts';
import { DEMO_TOKEN } from './welcome.ts';

export interface Stack {
  url: string;
  sandboxUrl: string;
  pid: number;
  /** Bearer token with every scope, from `infra/local/secrets.json`. */
  token: string;
  /** Everything printed so far, on stdout and stderr: the handlers' logs too. */
  output(): string;
  stop(): Promise<void>;
}

/**
 * Does what `npm start` does and resolves when it says that it is ready.
 * @param env settings of DESIGN §6 on top of this process's environment.
 * @throws Error with what it printed, if it ends before it is ready.
 */
export async function startStack(env: Readonly<Record<string, string>> = {}): Promise<Stack> {
  const ports = { PORT: String(await freePort()), SANDBOX_PORT: String(await freePort()), ...env };
  const child = spawn(process.execPath, [join(ROOT, 'infra/local/start.ts')], {
    cwd: ROOT,
    env: { ...process.env, ...ports },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  const ready = await Promise.race([once(child, 'message').then(() => true), once(child, 'exit').then(() => false)]);
  if (!ready) throw new Error(`The local stack ended before it was ready: ${printed}`);
  return {
    url: `http://127.0.0.1:${ports.PORT}`,
    sandboxUrl: `http://127.0.0.1:${ports.SANDBOX_PORT}`,
    pid: child.pid ?? 0,
    token: DEMO_TOKEN,
    output: () => printed,
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
