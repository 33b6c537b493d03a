/** The folder of one run: its own bundles, so that two stacks with different policies do not overwrite each other's. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './parent.ts';
import { ROOT } from './settings.ts';

/**
 * The folder's path, relative to the project, as `serverless.yml` wants it. It goes when this process exits; what runs that were
 * killed left behind goes now.
 */
export function createRunFolder(): string {
  const build = join(ROOT, '.build');
  mkdirSync(build, { recursive: true });
  for (const name of readdirSync(build)) {
    const pid = /^run-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(build, name), { recursive: true, force: true });
  }
  const folder = join(build, `run-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return `.build/run-${process.pid}`;
}
