import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildFunctions } from '../../../infra/build.ts';
import { ROOT } from '../../../infra/local/settings.ts';

/** Of a module of which nothing is carried the bundler may leave a declaration. */
const A_WORD = 40;

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
    expect(bundle.length).toBeLessThan(800_000);
  }
  expect(Object.keys(meta.inputs).filter((input) => /node_modules\/yaml|infra\//.test(input))).toEqual([]);
});

test('the document of the API is carried by the one function that answers it', async () => {
  const { outputs } = await buildFunctions({ outDir: folder });
  const carriers = Object.entries(outputs).filter(([file, { inputs }]) =>
    Object.entries(inputs).some(
      ([input, { bytesInOutput }]) =>
        file.endsWith('.js') && bytesInOutput > A_WORD && /operate\/(openapi|answers)|to-json-schema/.test(input),
    ),
  );
  expect(carriers.map(([file]) => file.slice(file.lastIndexOf('/') + 1))).toEqual(['api.js']);
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

test('the bundles that deploy hold the policy as it was parsed, and when', async () => {
  const before = new Date().toISOString();
  await buildFunctions({ outDir: folder });
  const bundle = readFileSync(join(folder, 'sweep.js'), 'utf8');
  expect(bundle).toContain('subscriptionPlan');
  const instants = bundle.match(/"2\d{3}-\d\d-\d\dT[\d:.]+Z"/g)?.map((text) => text.slice(1, -1)) ?? [];
  expect(instants.filter((at) => at >= before && at <= new Date().toISOString())).toHaveLength(1);
});

describe('a build', () => {
  const built = async (policy: string) => {
    const policyFile = join(folder, 'policy.yml');
    writeFileSync(policyFile, policy);
    const script = `import { buildFunctions } from './infra/build.ts';
      await buildFunctions(${JSON.stringify({ outDir: folder, policyFile })}).catch(() => { process.exitCode = 1; });`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { cwd: ROOT });
    return run.then(
      ({ stderr }) => ({ code: 0, stderr }),
      ({ code, stderr }) => ({ code, stderr }),
    );
  };

  test('warns of sensitive flags for everyone, and goes on', async () => {
    const { code, stderr } = await built(
      'profiles:\n  open: { role: ADMIN, permissions: [export] }\nrules:\n  - { when: { department: "*" }, profile: open }\n',
    );
    expect(stderr).toMatch(/^\S*policy\.yml: warning: rule 1 .*export\n$/);
    expect(code).toBe(0);
  });

  test('is refused for a policy that is not valid, saying every fault and its line', async () => {
    const { code, stderr } = await built(
      'profiles:\n  open: { role: ADMIN, permissions: [exports] }\nrules:\n  - { when: {}, profile: opne }\n',
    );
    expect(stderr).toMatch(/policy\.yml:2:\d+: .*"exports".*"export"/);
    expect(stderr).toMatch(/policy\.yml:4:\d+: rule 1, when: /);
    expect(stderr).toMatch(/policy\.yml:4:\d+: rule 1, profile: .*"opne".*"open"/);
    expect(code).toBe(1);
  });
});

test('no function carries the search for credentials: they are in its environment', async () => {
  const { outputs } = await buildFunctions({ outDir: folder });
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const providers = inputs.flatMap((input) => /credential-provider-[a-z-]+|nested-clients/.exec(input)?.[0] ?? []);
  expect([...new Set(providers)]).toEqual(['credential-provider-env']);
});

test('no bundle imports at run time what would make a namespace of all of `node:http`', async () => {
  await buildFunctions({ outDir: folder });
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js')))
    expect(readFileSync(join(folder, name), 'utf8')).not.toMatch(/\bimport\("/);
});
