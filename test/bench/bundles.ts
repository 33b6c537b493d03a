/** The bundles that are measured: ours as it deploys, and its peers. */
import { join } from 'node:path';
import { build, type Metafile, stop } from 'esbuild';
import { BUNDLING, buildFunctions } from '../../infra/build.ts';
import { FUNCTIONS, type FunctionName, perFunction } from './contract.ts';
import type { Trace } from './trace.ts';

const PEERS = join(import.meta.dirname, 'peers');

/** Everybody who is measured from a cold start. */
export const CONTENDERS = ['ours', 'floor', 'usual', 'express'] as const;
/** One of them, or the bare handler of the warm path. */
export type Contender = (typeof CONTENDERS)[number] | 'bare';

/** A file for Node to load. */
export type Bundles = Record<FunctionName, Record<Contender, string>>;

/** Our bundles, as they deploy. */
export interface Ours {
  metafile: Metafile;
  /** The bundle of a function. */
  fileOf(name: string): string;
}

/** Bundles our functions. */
export async function buildOurs(folder: string): Promise<Ours> {
  const outDir = join(folder, 'ours');
  return { metafile: await buildFunctions({ outDir }), fileOf: (name) => join(outDir, `${name}.js`) };
}

/** Bundles the peers; the floor and the bare handler make the calls of these traces. */
export async function buildPeers(folder: string, traces: Record<FunctionName, { cold: Trace; warm: Trace }>) {
  for (const name of FUNCTIONS) {
    const { cold, warm } = traces[name];
    await bundle('floor', join(folder, `floor/${name}.cjs`), cold);
    // Where the queue wakes it nothing is verified: the bare loop is the floor of an event that is not the first.
    await bundle(name === 'reconcile' ? 'floor' : 'bare', join(folder, `bare/${name}.cjs`), warm);
    await bundle(`express/${name}`, join(folder, `express/${name}.cjs`));
    await bundleModule(`usual/${name}`, join(folder, `usual/${name}.mjs`));
  }
  await stop();
  const extension = (contender: Contender) => (contender === 'usual' ? 'mjs' : 'cjs');
  const fileOf = (name: FunctionName, contender: Contender) =>
    join(folder, contender, `${name}.${extension(contender)}`);
  return perFunction((name) => ({
    floor: fileOf(name, 'floor'),
    bare: fileOf(name, 'bare'),
    express: fileOf(name, 'express'),
    usual: fileOf(name, 'usual'),
  }));
}

/** Bundles ours and the floor with the lines as they are written, for a profile to tell whose they are. */
export async function buildReadable(folder: string, cold: Record<FunctionName, Trace>) {
  await buildFunctions({ outDir: join(folder, 'readable'), minify: false });
  for (const name of FUNCTIONS) await bundle('floor', join(folder, `readable/floor-${name}.cjs`), cold[name], false);
  await stop();
  return perFunction((name) => ({
    ours: join(folder, `readable/${name}.js`),
    floor: join(folder, `readable/floor-${name}.cjs`),
  }));
}

async function bundle(peer: string, outfile: string, trace?: Trace, minify = true): Promise<void> {
  const define = trace && { __CALLS__: JSON.stringify(trace.calls), __ANSWER__: JSON.stringify(trace.answer) };
  await build({ ...BUNDLING, minify, entryPoints: [join(PEERS, `${peer}.js`)], outfile, ...(define && { define }) });
}

/** An ES module, with what its CommonJS dependencies ask for. */
async function bundleModule(peer: string, outfile: string): Promise<void> {
  const banner = {
    js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`,
  };
  await build({ ...BUNDLING, entryPoints: [join(PEERS, `${peer}.js`)], outfile, format: 'esm', banner });
}
