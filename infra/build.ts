/**
 * Builds one minified CommonJS bundle a function: `.build/<name>.js`, its source map and `meta.json` beside it.
 * CommonJS, because an ESM bundle that imports `node:http` costs about 20 ms more at each cold start (DESIGN §8).
 */
import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { build, type Metafile, type Plugin, stop } from 'esbuild';
import { readAccessPolicy } from '../shared/lifecycle/access-policy.ts';
import { readYml, ymlInForce } from './yml.ts';

const ROOT = resolve(import.meta.dirname, '..');

export interface BuildOptions {
  /** Where the bundles go; the default is `.build`, which is what deploys. */
  outDir?: string;
  /** The access policy to bundle instead of `access-policy.yml`. */
  policyFile?: string | undefined;
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
    bundle: true,
    minify: true,
    keepNames: true, // the class of an error is its name, in logs too
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    sourcemap: 'external',
    metafile: true,
    logLevel: 'error',
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
        try {
          const value = basename(path) === 'access-policy.yml' ? readPolicy(file) : readYml(file);
          return { contents: JSON.stringify(value), loader: 'json' };
        } catch (error) {
          return { errors: [{ text: `${file}: ${error instanceof Error ? error.message : String(error)}` }] };
        }
      });
    },
  };
}

/** An access policy as parsed YAML. @throws Error saying in one line what is wrong with it. */
export function readPolicy(file: string): unknown {
  try {
    const value = readYml(file);
    readAccessPolicy(value, '');
    return value;
  } catch (error) {
    // A YAML error goes on to draw the place; its first line says it.
    throw new Error(error instanceof Error ? error.message.split('\n')[0] : String(error));
  }
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
