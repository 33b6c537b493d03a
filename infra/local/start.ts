/** `npm start`: the whole system on loopback until Ctrl-C. */

import { inspect } from 'node:util';
import { onParentGone } from './parent.ts';
import { requireFreePort } from './ports.ts';
import { type RunningStack, runStack } from './run.ts';
import { readSettings } from './settings.ts';
import { StartError } from './start-error.ts';
import { welcome } from './welcome.ts';

const startedAtMs = performance.now();
let stack: RunningStack | undefined;
let stopping = false;

/** Ends what was started, and itself at last. Children end with this process even where this is cut short. */
async function end(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(code), 2500);
  await stack?.stop().catch(() => undefined);
  process.exit(code);
}

async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
  onParentGone(() => void end(0));
  const settings = readSettings(process.env);
  await requireFreePort(settings.port, 'PORT');
  await requireFreePort(settings.sandboxPort, 'SANDBOX_PORT');
  stack = await runStack(settings, process.env);
  const seconds = (performance.now() - startedAtMs) / 1000;
  process.stdout.write(welcome({ ...stack, settings, env: process.env, seconds }));
  process.send?.({ ready: true });
  await stack.gatewayEnded;
  if (!stopping) throw new StartError('The local API Gateway has ended');
}

main().catch(async (error: unknown) => {
  if (stopping) return;
  process.stderr.write(`${error instanceof StartError ? error.message : inspect(error)}\n`);
  await end(1);
});
