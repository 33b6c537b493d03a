/**
 * Installs the dependencies, and with them the pinned Node, when they are missing or older than the lockfile. Runs before `npm start`
 * and `npm test`, so it is plain JavaScript for whatever Node (≥ 20) is there, and depends on nothing.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.installed-lockfile');
const LOCK = join(ROOT, '.build', 'install.lock');

await install();

async function install() {
  if (isInstalled()) return;
  await withLock(() => {
    // Another run may have installed while this one waited for the lock.
    if (isInstalled()) return;
    if (!matchesLockfile()) runNpm();
    writeFileSync(STAMP, lockfileHash());
  });
}

function isInstalled() {
  return read(STAMP) === lockfileHash() && existsSync(join(MODULES, '.bin', 'node'));
}

function lockfileHash() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
}

/** True where somebody has installed by hand: npm's own record in node_modules holds what the lockfile wants. */
function matchesLockfile() {
  const installed = JSON.parse(read(join(MODULES, '.package-lock.json')) ?? '{"packages":{}}').packages;
  const wanted = Object.entries(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages);
  return (
    existsSync(join(MODULES, '.bin', 'node')) &&
    wanted.every(
      ([path, { version, optional }]) =>
        path === '' || (optional && !installed[path]) || installed[path]?.version === version,
    )
  );
}

function runNpm() {
  process.stdout.write('Installing dependencies and Node 24 (once) …\n');
  // Not `npm ci`: it takes node_modules away from under a stack that runs, and refuses a lockfile that was made where the registry
  // lacks another platform's binaries. The versions are the lockfile's all the same, and it is not written.
  // Errors only: npm warns about the engines of packages that Node 24, which it is about to install, satisfies.
  const flags = ['--no-save', '--loglevel=error', '--no-audit', '--no-fund', '--no-progress', '--include=dev'];
  const { status, error } = spawnSync('npm', ['install', ...flags], {
    cwd: ROOT,
    env: { ...process.env, PATH: pathOutsideModules() },
    // What npm says goes to stderr: the last line on stdout belongs to the tests.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  process.stderr.write(
    `npm install failed${error ? `: ${error.message}` : ''}. It needs the npm registry; its reason is above.\n`,
  );
  process.exit(1);
}

/** npm puts node_modules/.bin first, where an install may replace the very Node that would run it. */
function pathOutsideModules() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.filter((folder) => !folder.startsWith(MODULES + sep)).join(delimiter);
}

/** Two runs at once: the second waits. A lock whose owner has died is taken over. */
async function withLock(work) {
  mkdirSync(join(ROOT, '.build'), { recursive: true });
  while (!tryLock()) {
    const owner = Number(read(LOCK));
    if (owner && !isAlive(owner)) rmSync(LOCK, { force: true });
    else await delay(200);
  }
  process.on('exit', () => rmSync(LOCK, { force: true }));
  work();
}

function tryLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
