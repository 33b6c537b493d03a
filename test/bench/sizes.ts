/** How large the bundles are, and what is in them. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Metafile } from 'esbuild';

/** Bytes of one bundle, as it is and packed. */
export interface Size {
  raw: number;
  gzip: number;
}

/** An input of a bundle and the bytes that are left of it. */
export interface Input {
  path: string;
  bytes: number;
}

/** The size of a file. */
export function sizeOf(file: string): Size {
  const bytes = readFileSync(file);
  return { raw: bytes.length, gzip: gzipSync(bytes).length };
}

/** Every bundle of a build by its name, with its inputs, the heaviest first. */
export function inputsOf({ outputs }: Metafile): Record<string, Input[]> {
  const bundles = Object.entries(outputs).filter(([file]) => file.endsWith('.js'));
  return Object.fromEntries(bundles.map(([file, { inputs }]) => [basename(file, '.js'), heaviestFirst(inputs)]));
}

function heaviestFirst(inputs: Metafile['outputs'][string]['inputs']): Input[] {
  return Object.entries(inputs)
    .map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput }))
    .sort((a, b) => b.bytes - a.bytes);
}

/** The same, by package; what is in no package is ours. */
export function packagesOf(inputs: readonly Input[]): Input[] {
  const sums = new Map<string, number>();
  for (const { path, bytes } of inputs) sums.set(packageOf(path), (sums.get(packageOf(path)) ?? 0) + bytes);
  return [...sums].map(([path, bytes]) => ({ path, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/** The package that a file is of; what is in no package is ours. */
export function packageOf(path: string): string {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return name ?? 'ours';
}
