/** The processes that are measured: fresh ones, an event each, and warm ones that take lists of events. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

const RUNNER = join(import.meta.dirname, 'runner.cjs');

type Environment = Readonly<Record<string, string>>;

/** A peer's dependency warns of what Node will no longer have; that is not what is measured. */
const QUIET = { NODE_NO_WARNINGS: '1' };

/** One cold start; milliseconds since the process was started. */
export interface ColdStart {
  /** When Node had started and the bundle began to load. */
  loading: number;
  loaded: number;
  answered: number;
  /** CPU time of all threads from `loading` on. */
  cpu: number;
  answer: unknown;
}

/** A list of events that were handled one after the other. */
export interface WarmRun {
  wall: number;
  cpu: number;
  /** Of the last one. */
  answer: unknown;
}

/** Starts a fresh process, loads the bundle and hands it one event. @param flags Node's. */
export async function startCold(
  bundle: string,
  { event, environment, flags = [] }: { event: object; environment: Environment; flags?: readonly string[] },
): Promise<ColdStart> {
  const env = { ...environment, ...QUIET, BENCH_EVENT: JSON.stringify(event) };
  const child = spawn(process.execPath, [...flags, RUNNER, bundle], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const figures = text(child.stdio[3] as Readable);
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`${bundle} ended with ${code}`);
  return JSON.parse(await figures) as ColdStart;
}

/** A process that stays. */
export interface WarmProcess {
  handle(events: readonly object[]): Promise<WarmRun>;
  /** Answers how many bytes it has printed, where that was asked for. */
  close(): Promise<number>;
}

/** Starts one and waits until its bundle is loaded. @param output whether what it prints is counted; else it goes nowhere. */
export async function startWarm(
  bundle: string,
  environment: Environment,
  output: 'counted' | 'ignored' = 'ignored',
): Promise<WarmProcess> {
  const child = fork(RUNNER, [bundle, '--warm'], {
    env: { ...environment, ...QUIET },
    stdio: ['ignore', output === 'counted' ? 'pipe' : 'ignore', 'ignore', 'ipc'],
  });
  let printed = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.length;
  });
  await messageOf(child);
  return {
    handle: (events) => {
      child.send(events);
      return messageOf<WarmRun>(child);
    },
    close: async () => {
      const ended = [once(child, 'exit'), ...(child.stdout ? [once(child.stdout, 'close')] : [])];
      child.kill();
      await Promise.all(ended);
      return printed;
    },
  };
}

/** @throws Error where the process ends instead. */
async function messageOf<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const end = () => ended.abort(new Error('A measured process ended'));
  child.once('exit', end);
  const [message] = (await once(child, 'message', { signal: ended.signal })) as [T];
  child.off('exit', end);
  return message;
}
