/**
 * Where the CPU time of a cold start goes: V8's sampling profiler on bundles that are not minified, each sample put down to the package whose line
 * was running. What runs lines of no package is Node's own, and V8's: compiling, collecting garbage.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildReadable } from './bundles.ts';
import { eventFor, FUNCTIONS, type FunctionName, perFunction } from './contract.ts';
import { startCold } from './process.ts';
import { packageOf } from './sizes.ts';
import type { Stage } from './stage.ts';
import { traceOf } from './trace.ts';

const INTERVAL_US = 100;

interface CpuProfile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    positionTicks?: { line: number; ticks: number }[];
  }[];
  samples: number[];
}

/** Milliseconds of one cold start, by who ran. */
export type Shares = Map<string, number>;

/** What one cold start of each function takes, of ours and of the floor. */
export type Profiles = Record<FunctionName, Record<'ours' | 'floor', Shares>>;

/** Profiles so many cold starts of each. @param folder where the bundles go. */
export async function measureProfiles(stage: Stage, folder: string, times: number): Promise<Profiles> {
  const bundles = await buildReadable(
    folder,
    perFunction((name) => traceOf(stage.calls[name].cold)),
  );
  const profiles = {} as Profiles;
  for (const name of FUNCTIONS) {
    const { ours, floor } = bundles[name];
    profiles[name] = { ours: await profile(stage, name, ours, times), floor: await profile(stage, name, floor, times) };
  }
  return profiles;
}

async function profile(stage: Stage, name: FunctionName, bundle: string, times: number): Promise<Shares> {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${INTERVAL_US}`];
  for (let time = 0; time < times; time += 1) {
    stage.reset(name, [1]);
    await startCold(bundle, { event: eventFor(name, 1), environment: stage.wire.environment, flags });
  }
  const owners = ownersOf(readFileSync(bundle, 'utf8'));
  const shares: Shares = new Map();
  for (const file of readdirSync(folder)) addShares(shares, readProfile(join(folder, file)), { bundle, owners, times });
  rmSync(folder, { recursive: true });
  return shares;
}

function readProfile(file: string): CpuProfile {
  return JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
}

/** Whose each line of a bundle is: esbuild writes the file's name above what came from it. */
function ownersOf(code: string): string[] {
  let owner = 'the bundler’s helpers (__name)';
  return code.split('\n').map((line) => {
    const [, file] =
      /^\s*\/\/ ((?:\.\.\/|node_modules\/|shared\/|functions\/|test\/|yml-modules:|access-policy)\S*)$/.exec(line) ??
      [];
    if (file) owner = packageOf(file);
    return owner;
  });
}

function addShares(
  shares: Shares,
  { nodes, samples }: CpuProfile,
  { bundle, owners, times }: { bundle: string; owners: readonly string[]; times: number },
): void {
  const add = (owner: string, ticks: number) => {
    shares.set(owner, (shares.get(owner) ?? 0) + (ticks * INTERVAL_US) / 1000 / times);
  };
  const ticksOf = new Map<number, number>();
  for (const id of samples) ticksOf.set(id, (ticksOf.get(id) ?? 0) + 1);
  for (const { id, callFrame, positionTicks = [] } of nodes) {
    const { url, functionName } = callFrame;
    if (url.endsWith(bundle)) for (const { line, ticks } of positionTicks) add(owners[line - 1] ?? '', ticks);
    else if (functionName !== '(idle)') add(placeOf(url, functionName), ticksOf.get(id) ?? 0);
  }
}

function placeOf(url: string, functionName: string): string {
  // The function of Node's module loader in which V8 parses a whole bundle.
  if (functionName === 'wrapSafe') return 'V8: parsing the bundle';
  if (functionName === '(garbage collector)') return 'V8: collecting garbage';
  return url === '' || url.startsWith('node:') ? 'Node' : 'the runner';
}
