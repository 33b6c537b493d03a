/** The attacked stack: what `npm start` runs, and the same handlers in this process for what the local gateway would answer by itself. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import { type LocalAws, startAws } from '../../../infra/local/aws.ts';
import { freePort, listenOnLoopback, portOf } from '../../../infra/local/ports.ts';
import { startStack } from '../../../infra/local/stack.ts';
import type { RequestLine } from '../../middleware/request.ts';
import type { Answer, LedgerJob } from './attack.ts';
import { record } from './recorder.ts';
import { CONSCENT, sourcesAt, TOKEN_LIST } from './secrets.ts';
import { invoker, rawSender, send } from './sending.ts';

/** What attacks are made with, and what they are judged by. */
export interface Stage {
  /** Sends a request to the running stack. */
  request(method: string, path: string, more?: { body?: string; headers?: Record<string, string> }): Promise<Answer>;
  /** Sends bytes to the running stack as no client would. */
  raw(...lines: string[]): Promise<Answer>;
  /** Hands an event as AWS makes them to a handler in this process. */
  invoke(name: 'events' | 'webhooks' | 'jobs' | 'people' | 'guard' | 'api', line: RequestLine): Promise<Answer>;
  /** The jobs in the ledger. */
  jobs(): Promise<LedgerJob[]>;
  /** The keys of everything in the table of people, whatever points at them included. */
  people(): Promise<string[]>;
  /** The accounts at Conscent. */
  users(): Promise<{ email: string; userId: string; permissions: Record<string, boolean> }[]>;
  /** Every call to Conscent so far. */
  calls(): Promise<{ method: string; path: string }[]>;
  /** Sets, or reads, a record of a vendor's fake. */
  vendor(path: string, record?: object): Promise<Record<string, unknown>>;
  /** How often anybody came where only a redirect, or a received URL, could have led. */
  trapped(): number;
  trapUrl: string;
  /** What was logged and what was ever written, in the ledger or to the queue. */
  everything(): { logs: string; written: string; messages: string[] };
  close(): Promise<void>;
}

/** Stands the stack up, on ports of its own. */
export async function startStage(): Promise<Stage> {
  const trap = await setTrap();
  const services = await startServices(trap.redirectUrl);
  const { aws, recorder, sandboxUrl, env } = services;
  const stack = await startStack(env);
  const ownLogs = hearLogs();
  Object.assign(process.env, env, { CONSCENT_BASE_URL: `${sandboxUrl}/api/` });
  return {
    ...ledgerOf(aws),
    ...sandboxOf(sandboxUrl),
    trapUrl: trap.url,
    trapped: trap.count,
    request: (method, path, more) => send(stack.url, method, path, more),
    raw: rawSender(stack.url),
    invoke: invoker(),
    everything: () => ({
      logs: stack.output() + ownLogs(),
      written: recorder.written(),
      messages: recorder.messages(),
    }),
    close: async () => {
      vi.restoreAllMocks();
      await stack.stop();
      await Promise.all([services.close(), trap.close()]);
    },
  };
}

/** The AWS services behind the recorder, the secrets, and the environment that leads to them. @param elsewhere redirects whoever comes. */
async function startServices(elsewhere: string) {
  const sandboxPort = await freePort();
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const sources = sourcesAt({ sandbox: sandboxUrl, elsewhere });
  const aws = await startAws({ secrets: () => ({ conscent: CONSCENT, sources, tokens: TOKEN_LIST }) });
  const recorder = await record(aws.endpoint);
  const folder = mkdtempSync(join(tmpdir(), 'conscent-lifecycle-attacks-'));
  const file = join(folder, 'secrets.json');
  // The sandbox reads its own credentials here; the handlers are served theirs.
  writeFileSync(file, JSON.stringify({ conscent: CONSCENT, sources: {}, tokens: [] }));
  const queueUrl = aws.queueUrl.replace(aws.endpoint, recorder.url);
  const own = { AWS_ENDPOINT_URL: recorder.url, QUEUE_URL: queueUrl, SECRETS_FILE: file };
  const rest = { SANDBOX_PORT: String(sandboxPort), SWEEP_INTERVAL_SECONDS: '3600', LOG_LEVEL: 'DEBUG' };
  const close = async () => {
    await recorder.close();
    await aws.close();
    rmSync(folder, { recursive: true });
  };
  return { aws, recorder, sandboxUrl, env: { ...aws.environment, ...own, ...rest }, close };
}

/** Keeps what handlers in this process print. */
function hearLogs(): () => string {
  let heard = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      heard += String(chunk);
      return true;
    });
  }
  return () => heard;
}

function ledgerOf({ client, tables }: LocalAws): Pick<Stage, 'jobs' | 'people'> {
  const itemsIn = async (TableName: string) => {
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(client));
    const { Items = [] } = await documents.send(new ScanCommand({ TableName, ConsistentRead: true }));
    documents.destroy();
    return Items;
  };
  return {
    jobs: async () => (await itemsIn(tables.jobs)) as LedgerJob[],
    people: async () => (await itemsIn(tables.people)).map((item) => String(item['id'])),
  };
}

function sandboxOf(url: string): Pick<Stage, 'users' | 'calls' | 'vendor'> {
  return {
    users: () => readJson(`${url}/_sandbox/users`),
    calls: () => readJson(`${url}/_sandbox/calls`),
    vendor: (path, fields) =>
      readJson(`${url}/_vendors/${path}`, fields && { method: 'PUT', body: JSON.stringify(fields) }),
  };
}

async function readJson<T>(url: string, init?: RequestInit): Promise<T> {
  return (await (await fetch(url, init)).json()) as T;
}

/** Whoever asks the one place is led to the other, where nobody has any business. */
async function setTrap() {
  let count = 0;
  const trap = createServer((_, response) => {
    count += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await listenOnLoopback(trap);
  const url = `http://127.0.0.1:${portOf(trap)}`;
  const redirect = createServer((_, response) => void response.writeHead(302, { location: `${url}/latest` }).end());
  await listenOnLoopback(redirect);
  const close = () => [trap, redirect].map((server) => new Promise((resolve) => server.close(resolve)));
  return {
    url,
    redirectUrl: `http://127.0.0.1:${portOf(redirect)}`,
    count: () => count,
    close: () => Promise.all(close()),
  };
}
