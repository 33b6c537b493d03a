/**
 * Where AWS would be: lets through to the embedded services what the caller's packaged role grants, and refuses the rest as IAM does. Who
 * calls is known, as to AWS, by whose credentials sign; the access key of a function is its name.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { LocalAws } from '../../../infra/local/aws.ts';
import { listenOnLoopback, portOf } from '../../../infra/local/ports.ts';
import type { Grant } from './grants.ts';
import type { FunctionName } from './packaged.ts';

export interface Gate {
  endpoint: string;
  /** The grants that each function has made use of. */
  used: Map<string, Set<Grant>>;
  /** What was refused. */
  refused: string[];
  /** SQS takes no message until it is mended. */
  breakQueue(isBroken: boolean): void;
  close(): Promise<void>;
}

interface GateOptions {
  aws: LocalAws;
  grants: Readonly<Record<FunctionName, Grant[]>>;
  /** The logical ids of what goes by these names, addresses and ARNs. */
  logicalIds: ReadonlyMap<string, string>;
}

interface Asked {
  caller: string;
  target: string;
  body: string;
}

export async function startGate(options: GateOptions): Promise<Gate> {
  const used: Gate['used'] = new Map();
  const refused: string[] = [];
  let isQueueBroken = false;
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = await read(request);
    const allowed = grantFor(options, asked);
    if (!allowed) {
      refused.push(`${asked.caller}: ${asked.target} ${asked.body.slice(0, 200)}`);
      return send(response, 400, { __type: 'AccessDeniedException', message: 'is not authorized to perform' });
    }
    used.set(asked.caller, (used.get(asked.caller) ?? new Set()).add(allowed));
    if (isQueueBroken && allowed.startsWith('sqs:')) return send(response, 503, { __type: 'ServiceUnavailable' });
    const passed = await fetch(options.aws.endpoint, { method: 'POST', body: asked.body, headers: headersOf(request) });
    response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await passed.arrayBuffer()));
  };
  await listenOnLoopback(server);
  return {
    endpoint: `http://127.0.0.1:${portOf(server)}`,
    used,
    refused,
    breakQueue: (isBroken) => {
      isQueueBroken = isBroken;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage): Promise<Asked> {
  const caller = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return { caller, target: String(request.headers['x-amz-target']), body: await text(request) };
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const names = ['content-type', 'x-amz-target', 'x-amz-date', 'authorization'];
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}

const SERVICES: Record<string, string> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  secretsmanager: 'secretsmanager',
};

/** The grant that allows what is asked. */
function grantFor({ grants, logicalIds }: GateOptions, { caller, target, body }: Asked): Grant | undefined {
  const [service = '', operation = ''] = target.split('.');
  const { TableName, IndexName, QueueUrl, SecretId, Item } = JSON.parse(body);
  const resource = logicalIds.get(TableName ?? QueueUrl ?? SecretId) ?? 'unknown';
  const wanted = `${SERVICES[service]}:${operation} → ${resource}${IndexName ? `/index/${IndexName}` : ''}`;
  const key = Item?.id?.S ?? Item?.jobId?.S ?? '';
  return grants[caller as FunctionName]?.find((grant) => {
    const [what, prefix] = grant.split(/ where the key is like |\*$/);
    return what === wanted && (prefix === undefined || key.startsWith(prefix));
  });
}
