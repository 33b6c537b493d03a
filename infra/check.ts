/** `npm test`: types, lint, unused code and the tests with their coverage gate. Everything runs, and the last line counts it all. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';

const ROOT = resolve(import.meta.dirname, '..');

interface Count {
  passed: number;
  failed: number;
}

const CHECKS = {
  types: ['tsc', '--noEmit'],
  lint: ['biome', 'ci', '--colors=off'],
  'unused code': ['knip', '--no-progress'],
} as const;

/** One command; it is quiet unless it fails. */
async function check(name: string, [command, ...args]: readonly [string, ...string[]]): Promise<Count> {
  const child = spawn(bin(command), args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  process.stdout.write(code === 0 ? ` ✓ ${name}\n` : ` ✗ ${name}\n${stdout}${stderr}\n`);
  return count(code === 0);
}

/** The tests, and as one more check the run itself: it also fails for coverage below the gate and for errors outside of tests. */
async function runTests(): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'conscent-lifecycle-'));
  const report = join(folder, 'tests.json');
  const args = ['run', '--coverage', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const [code] = await once(spawn(bin('vitest'), args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] }), 'exit');
  const tests = readReport(report);
  rmSync(folder, { recursive: true });
  const run = count(code === 0 || tests.failed > 0);
  return { passed: tests.passed + run.passed, failed: tests.failed + run.failed };
}

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

/** A file that does not even load has no tests in the report; it counts as one that failed. */
function readReport(file: string): Count {
  try {
    const { numPassedTests, numFailedTests, testResults } = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const unloaded = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function count(ok: boolean): Count {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

function bin(name: string): string {
  return join(ROOT, 'node_modules/.bin', name);
}

const checks = await Promise.all(Object.entries(CHECKS).map(([name, command]) => check(name, command)));
const counts = [...checks, await runTests()];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
