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
  url: string;
  sandboxUrl: string;
  /** Sends a request to the running stack. */
  request(method: string, path: string, more?: { body?: string; headers?: Record<string, string> }): Promise<Answer>;
  /** Sends bytes to the running stack as no client would. */
  raw(...lines: string[]): Promise<Answer>;
  /** Hands an event as AWS makes them to a handler in this process. */
  invoke(name: 'events' | 'webhooks' | 'jobs' | 'people' | 'guard' | 'api', line: RequestLine): Promise<Answer>;
  /** The jobs in the ledger. */
  jobs(): Promise<LedgerJob[]>;
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
  everything(): { logs: string; written: string };
  close(): Promise<void>;
}

/** Stands the stack up, on ports of its own. */
export async function startStage(): Promise<Stage> {
  const sandboxPort = await freePort();
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const trap = await setTrap();
  const places = { sandbox: sandboxUrl, elsewhere: trap.redirectUrl };
  const secrets = { conscent: CONSCENT, sources: sourcesAt(places), tokens: TOKEN_LIST };
  const aws = await startAws({ secrets: () => secrets });
  const recorder = await record(aws.endpoint);
  const folder = mkdtempSync(join(tmpdir(), 'conscent-lifecycle-attacks-'));
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify({ conscent: CONSCENT, sources: {}, tokens: [] }));
  const env = {
    ...aws.environment,
    AWS_ENDPOINT_URL: recorder.url,
    QUEUE_URL: aws.queueUrl.replace(aws.endpoint, recorder.url),
    SECRETS_FILE: join(folder, 'secrets.json'),
    SANDBOX_PORT: String(sandboxPort),
    SWEEP_INTERVAL_SECONDS: '3600',
    LOG_LEVEL: 'DEBUG',
  };
  const stack = await startStack(env);
  const logs = { own: '' };
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      logs.own += String(chunk);
      return true;
    });
  }
  Object.assign(process.env, env, { CONSCENT_BASE_URL: `${sandboxUrl}/api/` });
  return {
    url: stack.url,
    sandboxUrl,
    trapUrl: trap.url,
    trapped: trap.count,
    request: (method, path, more) => send(stack.url, method, path, more),
    raw: rawSender(stack.url),
    invoke: invoker(),
    jobs: () => jobsIn(aws),
    users: () => readJson(`${sandboxUrl}/_sandbox/users`),
    calls: () => readJson(`${sandboxUrl}/_sandbox/calls`),
    vendor: (path, fields) =>
      readJson(`${sandboxUrl}/_vendors/${path}`, fields && { method: 'PUT', body: JSON.stringify(fields) }),
    everything: () => ({ logs: stack.output() + logs.own, written: recorder.written() }),
    close: async () => {
      vi.restoreAllMocks();
      await stack.stop();
      await recorder.close();
      await Promise.all([aws.close(), trap.close()]);
      rmSync(folder, { recursive: true });
    },
  };
}

async function readJson<T>(url: string, init?: RequestInit): Promise<T> {
  return (await (await fetch(url, init)).json()) as T;
}

async function jobsIn(aws: LocalAws): Promise<LedgerJob[]> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(aws.client));
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: aws.tables.jobs, ConsistentRead: true }));
  documents.destroy();
  return Items as LedgerJob[];
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
