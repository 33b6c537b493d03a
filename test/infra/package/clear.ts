/** Before the tests: no package of an earlier run is taken for this one's. After them: it goes. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../../infra/local/parent.ts';
import { ROOT } from '../../../infra/local/settings.ts';

const BUILD = join(ROOT, '.build');

/** Where the package of a run goes, by the process that runs the tests. */
export function packageFolder(pid: number): string {
  return join(BUILD, `package-${pid}`);
}

export function setup(): void {
  mkdirSync(BUILD, { recursive: true });
  for (const name of readdirSync(BUILD)) {
    const pid = Number(/^package-(\d+)$/.exec(name)?.[1]);
    if (pid && (pid === process.pid || !isAlive(pid))) remove(pid);
  }
}

export function teardown(): void {
  remove(process.pid);
}

function remove(pid: number): void {
  rmSync(packageFolder(pid), { recursive: true, force: true });
}
