/** `npm run sbom`: what the functions are made of, as a CycloneDX document. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '../..');
const FILE = join(ROOT, '.build', 'sbom.cdx.json');

const componentSchema = z.looseObject({
  'bom-ref': z.string(),
  name: z.string(),
  version: z.string(),
  licenses: z
    .array(
      z.object({
        license: z.object({ id: z.string().optional(), name: z.string().optional() }).optional(),
        expression: z.string().optional(),
      }),
    )
    .optional(),
});

const sbomSchema = z.looseObject({
  metadata: z.looseObject({ component: componentSchema }),
  components: z.array(componentSchema),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

/** A CycloneDX document, as npm writes it. */
export type Sbom = z.output<typeof sbomSchema>;

/** One package of it. */
export type Component = z.output<typeof componentSchema>;

const packageSchema = z.looseObject({ name: z.string() });
const lockfileSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), dev: z.boolean().optional() })),
});

/**
 * Every package that a function may hold: those that the lockfile has not for development only.
 * @throws Error where npm makes no SBOM; in its words.
 */
export function productionSbom(): Sbom {
  const all = sbomSchema.parse(JSON.parse(npmSbom()));
  const root = all.metadata.component;
  const shipped = new Set([root['bom-ref'], ...productionRefs(readJson('package-lock.json'))]);
  const dependencies = all.dependencies.filter(({ ref }) => shipped.has(ref));
  return {
    ...all,
    // npm says the folder's name.
    metadata: { ...all.metadata, component: { ...root, name: packageSchema.parse(readJson('package.json')).name } },
    components: all.components.filter((component) => shipped.has(component['bom-ref'])),
    dependencies: dependencies.map(({ ref, dependsOn }) => ({
      ref,
      dependsOn: dependsOn.filter((on) => shipped.has(on)),
    })),
  };
}

/** Not with its `--omit dev`, which leaves out (npm 11.19) whatever a development dependency needs as well: `zod`, half of the AWS SDK. */
function npmSbom(): string {
  const flags = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const { status, stdout, stderr, error } = spawnSync('npm', ['sbom', ...flags], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (status === 0) return stdout;
  throw new Error(`npm makes no SBOM (npm 10 or newer can): ${error?.message ?? stderr.trim()}`);
}

/**
 * The packages of a lockfile that are not for development only, as npm's SBOM calls them: `name@version`, wherever they lie. `devOptional` are
 * those that an optional dependency of production needs as well as a development dependency (docs.npmjs.com, package-lock.json), so they may ship.
 */
export function productionRefs(lockfile: unknown): string[] {
  const { packages } = lockfileSchema.parse(lockfile);
  const production = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  return production.map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
}

if (import.meta.main) {
  const sbom = productionSbom();
  mkdirSync(join(ROOT, '.build'), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(sbom, null, 2)}\n`);
  process.stdout.write(`${relative(process.cwd(), FILE)} names ${sbom.components.length} packages.\n`);
}
