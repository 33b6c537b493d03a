/** The import table of the architecture, executed: what may import what, and that the folders are the field's nouns. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SCHEMA_AND_DATES = ['zod/mini', 'temporal-polyfill'];

interface Rule {
  /** The folder (or file) the rule is about. */
  of: string;
  /** Folders and files of ours that may be imported. */
  ours: string[];
  /** Packages and built-ins that may be imported; `null` allows any. */
  packages: string[] | null;
}

const RULES: Rule[] = [
  { of: 'shared/lifecycle', ours: ['shared/lifecycle'], packages: SCHEMA_AND_DATES },
  { of: 'shared/sources', ours: ['shared/lifecycle', 'shared/sources'], packages: null },
  { of: 'shared/conscent', ours: ['shared/lifecycle', 'shared/conscent'], packages: null },
  { of: 'shared/stores', ours: ['shared/lifecycle', 'shared/stores'], packages: null },
  {
    of: 'shared/intake',
    ours: ['shared/lifecycle', 'shared/sources/source.ts', 'shared/intake'],
    packages: ['node:crypto'],
  },
  { of: 'shared/reconcile', ours: ['shared/lifecycle', 'shared/sources/source.ts', 'shared/reconcile'], packages: [] },
  {
    of: 'shared/operate',
    ours: ['shared/lifecycle', 'shared/sources/source.ts', 'shared/operate'],
    packages: ['zod/mini', 'node:crypto', 'csv-parse/sync'],
  },
  {
    of: 'shared/middleware',
    ours: [
      'shared/lifecycle/errors.ts',
      'shared/sources/source.ts',
      'shared/sources/registry.ts',
      'shared/platform',
      'shared/middleware',
    ],
    packages: null,
  },
  // Its clock is the domain's port, as a type.
  { of: 'shared/platform', ours: ['shared/platform'], packages: null },
  { of: 'shared/wiring.ts', ours: ['shared', 'access-policy.yml'], packages: null },
  {
    of: 'functions',
    ours: [
      'shared/wiring.ts',
      'shared/middleware',
      'shared/lifecycle',
      'shared/intake',
      'shared/reconcile',
      'shared/operate',
    ],
    packages: ['@middy/core'],
  },
];

interface Import {
  from: string;
  to: string;
  isType: boolean;
}

const IMPORT = /^(?:import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\('([^']+)'\)/gm;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(IMPORT)]
    .map(([, type, named, asked]) => ({ type, to: named ?? asked ?? '' }))
    .map(({ type, to }) => ({
      from: file,
      to: to.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), to)) : to,
      isType: type !== undefined,
    }));
}

function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

const files = globSync(['shared/**/*.ts', 'functions/**/*.ts', 'infra/**/*.ts'], { cwd: ROOT });
const imports = files.flatMap(importsOf);
const isOurs = ({ to }: Import) => /^(shared|functions|infra|test)\/|\.yml$/.test(to);

describe.each(RULES)('$of imports only what it may', ({ of, ours, packages }) => {
  const own = imports.filter(({ from }) => isIn(from, of));

  test('of ours', () => {
    expect(own.length).toBeGreaterThan(0);
    const portTypes = ({ to, isType }: Import) =>
      isType && isIn(of, 'shared/platform') && to === 'shared/lifecycle/ports.ts';
    const wrong = own.filter((one) => isOurs(one) && !ours.some((place) => isIn(one.to, place)) && !portTypes(one));
    expect(wrong).toEqual([]);
  });

  test('of others', () => {
    const wrong = own.filter((one) => !isOurs(one) && packages !== null && !packages.includes(one.to));
    expect(wrong).toEqual([]);
  });
});

test('only functions, infra and test import the composition root', () => {
  const wrong = imports.filter(({ from, to }) => to === 'shared/wiring.ts' && !/^(functions|infra)\//.test(from));
  expect(wrong).toEqual([]);
});

test('what judges a chaos run shares no code with what it judges', () => {
  const judges = globSync(['test/chaos/*.ts', 'test/lifecycle/oracle*.ts'], { cwd: ROOT }).flatMap(importsOf);
  const wrong = judges.filter(({ to, isType }) => isIn(to, 'shared') && !isType);
  // The list of the flags is Conscent's.
  expect(wrong.map(({ to }) => to)).toEqual(['shared/lifecycle/permission.ts']);
});

test('one vendor never imports another', () => {
  const isVendor = (path: string) => /^shared\/sources\/(hr|ticketing)\//.test(path);
  expect(imports.filter(({ from, to }) => isVendor(from) && isVendor(to))).toEqual([]);
});

test('the environment is read in one place', () => {
  const readers = files.filter(
    (file) => !file.startsWith('infra/') && /process\.env/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  expect(readers).toEqual(['shared/platform/config.ts']);
});

test('no folder is named for what nobody could name', () => {
  expect(files.filter((file) => /\/(utils|helpers|common|types)\//.test(file))).toEqual([]);
});
