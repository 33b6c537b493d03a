/**
 * The AWS parts on loopback, behind one endpoint: `AWS_ENDPOINT_URL` is one address for all services, so one server tells them
 * apart by the `x-amz-target` header that each of their JSON protocols carries.
 */
import { mkdir } from 'node:fs/promises';
import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import { listenOnLoopback, portOf } from './ports.ts';
import { type AwsTarget, createResources } from './resources.ts';
import type { Secrets } from './secrets-file.ts';
import { type SecretIds, secretsManager } from './secrets-manager.ts';

const REGION = 'ap-south-1';
const ACCOUNT = '000000000000'; // the only one that fauxqs knows
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

type Environment = Readonly<Record<string, string | undefined>>;
type AwsVariable = 'AWS_ENDPOINT_URL' | 'AWS_REGION' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | HandlerVariable;
type HandlerVariable =
  | 'JOBS_TABLE'
  | 'PEOPLE_TABLE'
  | 'QUEUE_URL'
  | 'CONSCENT_SECRET_ID'
  | 'SOURCES_SECRET_ID'
  | 'TOKENS_SECRET_ID';
type Names = Pick<LocalAws, 'endpoint' | 'tables' | 'queueUrl'>;

export interface AwsOptions {
  /** Read at each request, so that a rotated secret is served at once. */
  secrets: () => Secrets;
  /** Keeps the tables on disk; without it they live in memory. */
  dataDir?: string | undefined;
  /** Where `JOBS_TABLE`, `PEOPLE_TABLE`, `QUEUE_URL` and `*_SECRET_ID` are set, they win over the local names. */
  env?: Environment;
}

export interface LocalAws {
  endpoint: string;
  tables: { jobs: string; people: string };
  queueUrl: string;
  /** The settings of an SDK client for this. */
  client: AwsTarget;
  /** What a handler needs in its environment to work against this. */
  environment: Readonly<Record<AwsVariable, string>>;
  /** Ends every connection. What is on disk stays. */
  close(): Promise<void>;
}

/** The services in this process. */
export interface EmbeddedAws extends LocalAws {
  /** What listens on the endpoint, for whoever hands requests over without a socket. */
  server: Server;
}

/** Starts DynamoDB, SQS and Secrets Manager with the tables (empty, or those of `dataDir`) and the wake queue. */
export async function startAws({ secrets, dataDir, env = {} }: AwsOptions): Promise<EmbeddedAws> {
  if (dataDir) await mkdir(dataDir, { recursive: true });
  const queues = buildApp({ logger: false, defaultRegion: REGION });
  await queues.ready();
  const server = front(dynalite({ createTableMs: 0, ...(dataDir && { path: join(dataDir, 'tables') }) }), {
    queues: queues.server,
    secrets: secretsManager(secretIds(env), secrets),
  });
  await listenOnLoopback(server);
  const names = localNames(env, `http://127.0.0.1:${portOf(server)}`);
  const client = { endpoint: names.endpoint, region: REGION, credentials: CREDENTIALS };
  await createResources(client, names);
  const close = async () => {
    await closeServer(server);
    await queues.close();
  };
  return { ...names, client, environment: environmentFor(names, env), server, close };
}

/**
 * dynalite's own server is the front, because closing it is the only way to close its store. Requests are handed over in
 * process, so the other services need no port.
 */
function front(server: Server, services: { queues: Server; secrets: RequestListener }): Server {
  const [tables] = server.listeners('request');
  server.removeAllListeners('request');
  return server.on('request', (request, response) => {
    const target = String(request.headers['x-amz-target']);
    if (target.startsWith('secretsmanager.')) services.secrets(request, response);
    else if (target.startsWith('AmazonSQS.')) services.queues.emit('request', request, response);
    else tables?.call(server, request, response);
    // dynalite throws what a request emits: a client that hangs up in the middle of a body would end the whole stack.
    request.removeAllListeners('error').on('error', () => response.destroy());
  });
}

function secretIds(env: Environment): SecretIds {
  const prefix = 'conscent-lifecycle/local';
  return {
    conscent: env['CONSCENT_SECRET_ID'] || `${prefix}/conscent`,
    sources: env['SOURCES_SECRET_ID'] || `${prefix}/sources`,
    tokens: env['TOKENS_SECRET_ID'] || `${prefix}/tokens`,
  };
}

/** The names that are in force for tables and queue. */
export function localNames(env: Environment, endpoint: string): Names {
  const prefix = 'conscent-lifecycle-local';
  return {
    endpoint,
    tables: { jobs: env['JOBS_TABLE'] || `${prefix}-jobs`, people: env['PEOPLE_TABLE'] || `${prefix}-people` },
    queueUrl: env['QUEUE_URL'] || `${endpoint}/${ACCOUNT}/${prefix}-wakes`,
  };
}

/** The AWS part of a handler's environment. */
export function environmentFor({ endpoint, tables, queueUrl }: Names, env: Environment): Record<AwsVariable, string> {
  const ids = secretIds(env);
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    JOBS_TABLE: tables.jobs,
    PEOPLE_TABLE: tables.people,
    QUEUE_URL: queueUrl,
    CONSCENT_SECRET_ID: ids.conscent,
    SOURCES_SECRET_ID: ids.sources,
    TOKENS_SECRET_ID: ids.tokens,
  };
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  server.closeAllConnections();
  await closed;
}
