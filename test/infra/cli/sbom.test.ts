import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it, test } from 'vitest';
import { buildFunctions } from '../../../infra/build.ts';
import { licenceOf, unknownLicences } from '../../../infra/cli/licences.ts';
import { type Component, productionRefs, productionSbom, type Sbom } from '../../../infra/cli/sbom.ts';
import { ROOT } from '../../../infra/local/settings.ts';

let sbom: Sbom;
beforeAll(() => {
  sbom = productionSbom();
}, 60_000);

const names = () => sbom.components.map(({ name }) => name);

it('names every package that is in a bundle', async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'conscent-lifecycle-sbom-'));
  const { outputs } = await buildFunctions({ outDir });
  rmSync(outDir, { recursive: true });
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const bundled = inputs.flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []);
  expect(bundled).toContain('zod');
  expect(names()).toEqual(expect.arrayContaining([...new Set(bundled)]));
});

it('names every dependency, in its version, and none that is for development only', () => {
  const { dependencies, devDependencies, name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const refs = sbom.components.map((component) => component['bom-ref']);
  expect(refs).toEqual(expect.arrayContaining(Object.entries(dependencies).map(([of, version]) => `${of}@${version}`)));
  expect(names().filter((of) => of in devDependencies)).toEqual([]);
  expect(sbom.metadata.component).toMatchObject({ name, type: 'application' });
});

it('is CycloneDX: each component has its package URL and its hash, and what depends on what is among them', () => {
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' });
  for (const { purl, hashes } of sbom.components) {
    expect(purl).toMatch(/^pkg:npm\//);
    expect(hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
  }
  const refs = [sbom.metadata.component, ...sbom.components].map((component) => component['bom-ref']);
  expect(sbom.dependencies.map(({ ref }) => ref).sort()).toEqual([...refs].sort());
  expect(refs).toEqual(expect.arrayContaining(sbom.dependencies.flatMap(({ dependsOn }) => dependsOn)));
});

// The flags of https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json.
test.each([
  ['is a dependency', {}, true],
  ['is an optional dependency', { optional: true }, true],
  ['is for development and, by another, an optional dependency of what ships', { devOptional: true }, true],
  ['is for development only', { dev: true }, false],
  ['is for development only, and optional there', { dev: true, optional: true }, false],
])('whether a package that %s is named: %o → %o', (_, flags, mayShip) => {
  const packages = { '': { version: '0.1.0' }, 'node_modules/a/node_modules/@of/b': { version: '2.0.0', ...flags } };
  expect(productionRefs({ lockfileVersion: 3, packages })).toEqual(mayShip ? ['@of/b@2.0.0'] : []);
});

test('every package that is shipped stands under a permissive licence', () => {
  expect(unknownLicences(sbom.components)).toEqual([]);
});

test.each<[string, Component['licenses'], string | null]>([
  ['by its identifier', [{ license: { id: 'MIT' } }], 'MIT'],
  ['by an expression', [{ expression: '(MIT OR GPL-3.0-only)' }], '(MIT OR GPL-3.0-only)'],
  ['by a name', [{ license: { name: 'SEE LICENSE IN terms.txt' } }], 'SEE LICENSE IN terms.txt'],
  ['by two that both count', [{ license: { id: 'MIT' } }, { license: { id: 'GPL-3.0-only' } }], 'MIT AND GPL-3.0-only'],
  ['not at all', undefined, null],
  ['by an empty word', [{ license: {} }], null],
])('a licence may be said %s; one that is not known to be permissive is for a person', (_, licenses, licence) => {
  const component = { 'bom-ref': 'a@1.0.0', name: 'a', version: '1.0.0', licenses };
  expect(licenceOf(component)).toBe(licence);
  expect(unknownLicences([component])).toEqual(licence === 'MIT' ? [] : [component]);
});
