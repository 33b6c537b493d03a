/** What `npm run package` makes, made once a run of the tests: the template that deploys to prod, and the zips. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeAll } from 'vitest';
import { ROOT } from '../../../infra/local/settings.ts';
import { packageFolder } from './clear.ts';

/** A resource, an intrinsic function, or a part of either. */
export type Json = string | number | boolean | null | Json[] | { [member: string]: Json };
interface Resource {
  Type: string;
  Properties: Record<string, Json>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}
export interface Template {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: Json }>;
}
export interface Packaged {
  /** Where the zips are, and the template as `templateFile`. */
  folder: string;
  templateFile: string;
  template: Template;
  /** The service as it was resolved. */
  provider: Record<string, Json>;
}

/**
 * What the tests deploy with: values of their own, and not those that whoever runs it has written under `params.prod`.
 * `deletionProtection` is left to prod itself.
 */
export const PARAMETERS = {
  alarmEmail: 'ops@example.com',
  conscentBaseUrl: 'https://api.conscent.example/api/',
  conscentMaxConcurrency: 7,
  conscentRefusesDuplicates: 'false',
  defaultTimeZone: 'Asia/Kolkata',
  allowedEmailDomains: 'pub.example',
  retryScheduleSeconds: '5,30,120,600,3600',
  guardLimit: 10,
  guardPercent: 20,
  guardWindowSeconds: 3600,
  keepFinishedDays: 500,
  logLevel: 'INFO',
  logRetentionInDays: 365,
  tracing: 'Active',
  throttleRate: 70,
  throttleBurst: 90,
  reserveConcurrency: 'false',
} as const;

// Files of tests run in processes of their own, under one parent: the first makes it, the others wait.
const FOLDER = packageFolder(process.ppid);

// Long, because two cores may be busy.
const PATIENCE_MS = 180_000;

/** Packages before the tests of a file, unless another file of tests has. */
export function usePackaged(): () => Packaged {
  let found: Packaged | undefined;
  beforeAll(async () => {
    found = await packaged();
  }, PATIENCE_MS);
  return () => {
    if (!found) throw new Error('nothing was packaged');
    return found;
  };
}

async function packaged(): Promise<Packaged> {
  const done = join(FOLDER, 'done');
  if (claims()) await makePackage().finally(() => writeFileSync(done, ''));
  while (!existsSync(done)) await delay(50);
  const templateFile = join(FOLDER, 'cloudformation-template-update-stack.json');
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
  const { service } = read(join(FOLDER, 'serverless-state.json'));
  return { folder: FOLDER, templateFile, template: read(templateFile), provider: service.provider };
}

async function makePackage(): Promise<void> {
  await run(['infra/build.ts']);
  const parameters = Object.entries(PARAMETERS).map(([name, value]) => `--param=${name}=${value}`);
  await run([
    'node_modules/osls/bin/serverless.js',
    ...['package', '--stage', 'prod', '--package', FOLDER],
    ...parameters,
  ]);
}

function claims(): boolean {
  try {
    mkdirSync(FOLDER);
    return true;
  } catch {
    return false;
  }
}

async function run(args: string[]): Promise<void> {
  const env = { ...process.env, SLS_SCHEMA_CACHE_BASE_DIR: join(ROOT, 'node_modules/.cache') };
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
}

/** Resources of a type, by their logical id. */
export function ofType({ Resources }: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(Resources).filter(([, resource]) => resource.Type === type);
}

export const FUNCTIONS = ['webhooks', 'events', 'jobs', 'people', 'guard', 'reconcile', 'sweep', 'api'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** The logical id of something of a function's, as osls forms it. */
export function idOf(name: FunctionName, what: 'LambdaFunction' | 'Role' | 'LogGroup'): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}${what}`;
}
