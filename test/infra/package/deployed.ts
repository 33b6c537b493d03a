/** The packaged functions as Lambda runs them: what is in each zip, with exactly the environment of the template, under the packaged role. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type LocalAws, startAws } from '../../../infra/local/aws.ts';
import type { Secrets } from '../../../infra/local/secrets-file.ts';
import { type Gate, startGate } from './gate.ts';
import type { Grant } from './grants.ts';
import { FUNCTIONS, type FunctionName, idOf, type Json, type Packaged } from './packaged.ts';
import { grantsOf } from './policies.ts';
import { readZip } from './zip.ts';

export interface Deployed {
  aws: LocalAws;
  gate: Gate;
  /** What a function's environment holds, resolved. */
  environmentOf(name: FunctionName): Record<string, string>;
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

const REGION = 'ap-south-1';
const RUNTIME = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { handler } = require(workerData);
  const context = { awsRequestId: 'an-invocation', getRemainingTimeInMillis: () => 59000 };
  parentPort.on('message', async ({ id, event }) => {
    const answer = await handler(event, context).then((value) => ({ value }), (error) => ({ error: String(error?.stack) }));
    parentPort.postMessage({ id, ...answer });
  });
`;

/** @param conscentUrl takes the place of Conscent's own address, the one thing in the environment that is not as deployed. */
export async function deploy({ template, folder }: Packaged, secrets: Secrets, conscentUrl: string): Promise<Deployed> {
  const names = {
    JOBS_TABLE: 'conscent-lifecycle-prod-JobsTable-1ABC',
    PEOPLE_TABLE: 'conscent-lifecycle-prod-PeopleTable-2DEF',
    CONSCENT_SECRET_ID: secretArn('conscent'),
    SOURCES_SECRET_ID: secretArn('sources'),
    TOKENS_SECRET_ID: secretArn('tokens'),
  };
  const aws = await startAws({ secrets: () => secrets, env: names });
  const refs: Record<string, string> = {
    JobsTable: names.JOBS_TABLE,
    PeopleTable: names.PEOPLE_TABLE,
    ConscentSecret: names.CONSCENT_SECRET_ID,
    SourcesSecret: names.SOURCES_SECRET_ID,
    TokensSecret: names.TOKENS_SECRET_ID,
  };
  const grants = Object.fromEntries(FUNCTIONS.map((name) => [name, grantsOf(template, name)]));
  const logicalIds = new Map(Object.entries(refs).map(([id, value]) => [value, id]));
  const gate = await startGate({ aws, grants: grants as Record<FunctionName, Grant[]>, logicalIds });
  // The SDK sends to where a queue's URL says; what serves at AWS_ENDPOINT_URL names itself there.
  refs['WakeQueue'] = aws.queueUrl.replace(aws.endpoint, gate.endpoint);
  logicalIds.set(refs['WakeQueue'], 'WakeQueue');
  const environmentOf = (name: FunctionName) => {
    const { Variables } = (template.Resources[idOf(name, 'LambdaFunction')]?.Properties['Environment'] ?? {}) as {
      Variables?: Record<string, Json>;
    };
    return Object.fromEntries(Object.entries(Variables ?? {}).map(([key, value]) => [key, resolved(value, refs)]));
  };
  const root = mkdtempSync(join(tmpdir(), 'deployed-'));
  const workers = new Map<FunctionName, Running>();
  const running = (name: FunctionName): Running => {
    const started =
      workers.get(name) ??
      start(unpack(join(folder, `${name}.zip`), join(root, name)), {
        ...environmentOf(name),
        CONSCENT_BASE_URL: conscentUrl,
        // What Lambda itself sets, and where AWS is.
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: name,
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_LAMBDA_FUNCTION_NAME: `conscent-lifecycle-prod-${name}`,
        AWS_ENDPOINT_URL: gate.endpoint,
      });
    workers.set(name, started);
    return started;
  };
  return {
    aws,
    gate,
    environmentOf,
    invoke: (name, event) => running(name).invoke(event),
    close: async () => {
      await Promise.all([...workers.values()].map(({ stop }) => stop()));
      await Promise.all([gate.close(), aws.close()]);
      rmSync(root, { recursive: true });
    },
  };
}

function secretArn(name: string): string {
  return `arn:aws:secretsmanager:${REGION}:000000000000:secret:conscent-lifecycle/prod/${name}-AbCdEf`;
}

/** @throws for anything in an environment but texts and references to what is deployed. */
function resolved(value: Json, refs: Record<string, string>): string {
  if (typeof value === 'string') return value;
  const { Ref } = (value ?? {}) as { Ref?: string };
  const found = Ref === undefined ? undefined : refs[Ref];
  if (found === undefined) throw new Error(`${JSON.stringify(value)} is not known before it is deployed`);
  return found;
}

/** Unpacks a zip and answers its bundle. */
function unpack(zip: string, to: string): string {
  let bundle = '';
  for (const [name, content] of readZip(zip)) {
    bundle = join(to, name);
    mkdirSync(dirname(bundle), { recursive: true });
    writeFileSync(bundle, content);
  }
  return bundle;
}

interface Running {
  invoke(event: unknown): Promise<unknown>;
  stop(): Promise<unknown>;
}

/** A thread with an environment of its own; its lines on stdout are nobody's. */
function start(bundle: string, env: Record<string, string>): Running {
  const worker = new Worker(RUNTIME, { eval: true, workerData: bundle, env, stdout: true, stderr: true });
  let invocations = 0;
  const invoke = (event: unknown) => {
    invocations += 1;
    const id = invocations;
    return new Promise<unknown>((resolve, reject) => {
      const onMessage = (message: { id: number; value?: unknown; error?: string }) => {
        if (message.id !== id) return;
        worker.off('message', onMessage).off('error', reject);
        if (message.error) reject(new Error(message.error));
        else resolve(message.value);
      };
      worker.on('message', onMessage).once('error', reject);
      worker.postMessage({ id, event });
    });
  };
  return { invoke, stop: () => worker.terminate() };
}
