/** Ends a process with the one that started it, however that ends: npm passes no signal on when it is killed. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const CHECK_EVERY_MS = 300;

/** Calls back once, when the parent is gone. Under npm that is npm itself: between it and us stands a shell that outlives it. */
export function onParentGone(callback: () => void): void {
  const parent = process.ppid;
  const npm = process.env['npm_lifecycle_event'] ? parentOf(parent) : undefined;
  process.once('disconnect', callback);
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || isStillOver(parent, npm))) return;
    clearInterval(timer);
    callback();
  }, CHECK_EVERY_MS);
  timer.unref();
}

/** Where reading is cheap, who the shell's parent is: a killed npm may live on as a zombie. Elsewhere, whether npm lives. */
function isStillOver(shell: number, npm: number): boolean {
  return existsSync(statOf(shell)) ? parentOf(shell) === npm : isAlive(npm);
}

/** Linux says it in /proc (a slim image has no `ps`), other Unixes through `ps`; elsewhere nobody knows. */
function parentOf(pid: number): number | undefined {
  try {
    // "pid (command) state ppid …": the command may hold anything, brackets too.
    const text = existsSync(statOf(pid))
      ? readFileSync(statOf(pid), 'utf8').replace(/^.*\) \S /s, '')
      : execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        });
    const parent = Number.parseInt(text, 10);
    return parent > 1 ? parent : undefined;
  } catch {
    return undefined;
  }
}

function statOf(pid: number): string {
  return `/proc/${pid}/stat`;
}

/** Whether a process with this id exists, be it somebody else's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
