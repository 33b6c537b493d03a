import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../../infra/local/settings.ts';

interface Package {
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}

// The benchmark's peers have one of their own.
const lockfiles = ['package-lock.json', 'test/bench/package-lock.json'].map((file) => {
  const { packages }: { packages: Record<string, Package> } = JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
  return { file, packages };
});

test.each(lockfiles)(
  '$file names every optional dependency, other platforms too, or `npm ci` refuses it',
  ({ packages }) => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  },
);

test.each(lockfiles)('$file names no registry, so that everybody uses their own', ({ packages }) => {
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});
