import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildFunctions } from '../../../infra/build.ts';
import { ROOT } from '../../../infra/local/settings.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundles-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('every function becomes one small CommonJS bundle that exports its handler', async () => {
  const meta = await buildFunctions({ outDir: folder });
  const names = readdirSync(join(ROOT, 'functions')).map((file) => file.replace('.ts', '.js'));
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(names));
  for (const name of names) {
    const bundle = readFileSync(join(folder, name), 'utf8');
    expect(bundle).toContain('module.exports=');
    expect(bundle).toContain('{handler}');
    expect(bundle.length).toBeLessThan(1_000_000);
  }
  expect(Object.keys(meta.inputs).filter((input) => /node_modules\/yaml|infra\//.test(input))).toEqual([]);
});

test('the access policy that is named takes the place of the shipped one', async () => {
  const policyFile = join(folder, 'policy.yml');
  writeFileSync(policyFile, 'profiles:\n  canary-profile: { role: ADMIN, permissions: [ga4] }\nrules: []\n');
  await buildFunctions({ outDir: folder, policyFile });
  expect(readFileSync(join(folder, 'reconcile.js'), 'utf8')).toContain('canary-profile');
});

test('the local clock takes the place of the shipped one', async () => {
  await buildFunctions({ outDir: folder, clock: join(ROOT, 'infra/local/clock.ts') });
  expect(readFileSync(join(folder, 'sweep.js'), 'utf8')).toContain('LOCAL_CLOCK_FILE');
});

test('the bundles that deploy know nothing of the local clock', async () => {
  await buildFunctions({ outDir: folder });
  expect(readFileSync(join(folder, 'sweep.js'), 'utf8')).not.toContain('LOCAL_CLOCK_FILE');
});
