/**
 * Builds one minified CommonJS bundle a function: `.build/<name>.js`, its source map and `meta.json` beside it.
 * CommonJS, because an ESM bundle that imports `node:http` costs about 20 ms more at each cold start (DESIGN §8).
 */
import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { build, type BuildOptions as EsbuildOptions, type Metafile, type Plugin, stop } from 'esbuild';
import { findingLine, type PolicyFile, readPolicyFile, warningLines } from './policy-file.ts';
import { ymlInForce, ymlModule } from './yml.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** How a bundle is made; those of the benchmark's peers are made alike. */
export const BUNDLING = {
  bundle: true,
  minify: true,
  keepNames: true, // the class of an error is its name, in logs too
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // Of the SDK's CommonJS files nothing can be left out; of their ES modules a quarter of each bundle can, and 25 ms of loading it.
  mainFields: ['module', 'main'] as string[],
  metafile: true,
  logLevel: 'error',
} as const satisfies EsbuildOptions;

/** What our own bundles leave out besides; docs/performance.md has what it comes to. */
const LEAN = {
  alias: { '@aws-sdk/credential-provider-node': join(ROOT, 'shared/platform/function-credentials.ts') },
  // A real `import('node:http')`, as in the SDK, makes a namespace of it with all that it can load, undici too; `require` does not.
  supported: { 'dynamic-import': false },
} as const satisfies EsbuildOptions;

export interface BuildOptions {
  /** Where the bundles go; the default is `.build`, which is what deploys. */
  outDir?: string;
  /** The access policy to bundle instead of `access-policy.yml`. */
  policyFile?: string | undefined;
  /** `false` leaves the code as it is written, for a profile to name. */
  minify?: boolean;
  /** A module to take the place of `shared/platform/clock.ts`. */
  clock?: string;
}

/**
 * Bundles every file of `functions/`.
 * @throws if the source does not bundle or the access policy is not valid, so that no run-time check is needed for it.
 */
export async function buildFunctions(options: BuildOptions = {}): Promise<Metafile> {
  const outDir = options.outDir ?? join(ROOT, '.build');
  await mkdir(outDir, { recursive: true });
  // package.json says "module"; Node must still take these files for what they are.
  await writeFile(join(outDir, 'package.json'), '{"type":"commonjs"}\n');
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: globSync('functions/*.ts', { cwd: ROOT }),
    outdir: outDir,
    ...BUNDLING,
    ...LEAN,
    minify: options.minify ?? true,
    sourcemap: 'external',
    plugins: [ymlModules(options.policyFile), ...(options.clock ? [clockFrom(options.clock)] : [])],
  });
  await stop(); // esbuild's own process, which would otherwise stay until ours ends
  await writeFile(join(outDir, 'meta.json'), JSON.stringify(metafile));
  return metafile;
}

function ymlModules(policyFile: string | undefined): Plugin {
  return {
    name: 'yml-modules',
    setup({ onLoad }) {
      onLoad({ filter: /\.yml$/ }, ({ path }) => {
        const file = ymlInForce(path, policyFile);
        if (basename(path) !== 'access-policy.yml') return { contents: ymlModule(file), loader: 'js' };
        const policy = readPolicyFile(file);
        for (const line of warningLines(shown(file), policy)) process.stderr.write(`${line}\n`);
        if (!policy.policy) return { errors: faultLines(file, policy).map((text) => ({ text })) };
        return { contents: ymlModule(file), loader: 'js' };
      });
    },
  };
}

/** Checks an access policy. @throws Error saying in one line what is wrong with it. */
export function checkPolicy(file: string): void {
  const policy = readPolicyFile(file);
  if (!policy.policy) throw new Error(faultLines(file, policy).join('; '));
}

function faultLines(file: string, { faults }: PolicyFile): string[] {
  return faults.map((fault) => findingLine(shown(file), fault));
}

/** A file's name as people know it: within the project, or in full. */
function shown(file: string): string {
  const within = relative(ROOT, file);
  return within.startsWith('..') ? file : within;
}

function clockFrom(module: string): Plugin {
  const shipped = join(ROOT, 'shared/platform/clock.ts');
  return {
    name: 'clock',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]shared[\\/]platform[\\/]clock\.ts$/ }, ({ path }) =>
        path === shipped
          ? { contents: `export * from ${JSON.stringify(module)};`, loader: 'ts', resolveDir: ROOT }
          : null,
      );
    },
  };
}

if (import.meta.main) {
  await buildFunctions().catch(() => {
    process.exitCode = 1; // esbuild has said why
  });
}
