/**
 * AWS and Conscent at the wire, for everybody who is measured alike: one server in the bench's own process, which answers at once and notes every
 * call. What is measured runs in processes of its own, so nothing of this is in its figures but the waiting.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback, portOf } from '../../../infra/local/ports.ts';
import { createLedger, type Item, type Ledger } from './ledger.ts';

/** One call as it came. */
export interface Call {
  /** `DynamoDB.PutItem`, `SQS.SendMessage`, `SecretsManager.GetSecretValue`, `Conscent.POST`, … */
  operation: string;
  path: string;
  input: Record<string, unknown>;
  headers: Readonly<Record<string, string>>;
  /** The item that it read, or that was there before it was written. */
  stored?: Item | undefined;
}

/** A running wire. */
export interface Wire {
  environment: Readonly<Record<string, string>>;
  ledger: Ledger;
  /** The calls since it was last forgotten. */
  calls: Call[];
  forget(): void;
  close(): Promise<void>;
}

type Input = Record<string, unknown>;
type Answer = { status?: number; body: unknown };

/** Starts it. @param secrets by their ids. */
export async function startWire(secrets: Readonly<Record<string, unknown>>): Promise<Wire> {
  const state: State = { ledger: createLedger(), secrets, calls: [] };
  const server = createServer((request, response) => {
    serve(state, request, response).catch(() => response.destroy());
  });
  await listenOnLoopback(server);
  return {
    environment: environmentOf(`http://127.0.0.1:${portOf(server)}`),
    ledger: state.ledger,
    calls: state.calls,
    forget: () => {
      state.calls.length = 0;
    },
    close: () => close(server),
  };
}

interface State {
  ledger: Ledger;
  secrets: Readonly<Record<string, unknown>>;
  calls: Call[];
}

function environmentOf(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'ap-south-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    CONSCENT_BASE_URL: `${url}/api/`,
    QUEUE_URL: `${url}/000000000000/wakes`,
    JOBS_TABLE: 'jobs',
    PEOPLE_TABLE: 'people',
    IDEMPOTENCY_TABLE: 'idempotency',
    CONSCENT_SECRET_ID: 'conscent',
    SOURCES_SECRET_ID: 'sources',
    TOKENS_SECRET_ID: 'tokens',
  };
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const input = body === '' ? {} : (JSON.parse(body) as Input);
  const call: Call = { operation: operationOf(request), path: request.url ?? '', input, headers: headersOf(request) };
  state.calls.push(call);
  const { status = 200, body: answer } = answerTo(state, call);
  response.writeHead(status, { 'content-type': isAws(request) ? 'application/x-amz-json-1.0' : 'application/json' });
  response.end(JSON.stringify(answer));
}

function isAws({ headers }: IncomingMessage): boolean {
  return headers['x-amz-target'] !== undefined;
}

function operationOf({ headers, method }: IncomingMessage): string {
  const [service = '', operation = ''] = String(headers['x-amz-target'] ?? `Conscent.${method}`).split('.');
  const names: Record<string, string> = {
    DynamoDB_20120810: 'DynamoDB',
    AmazonSQS: 'SQS',
    secretsmanager: 'SecretsManager',
  };
  return `${names[service] ?? service}.${operation}`;
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function answerTo({ ledger, secrets }: State, call: Call): Answer {
  const { operation, input } = call;
  switch (operation) {
    case 'DynamoDB.GetItem': {
      call.stored = ledger.get(String(input['TableName']), input['Key'] as Item);
      return { body: call.stored ? { Item: call.stored } : {} };
    }
    case 'DynamoDB.PutItem':
      call.stored = ledger.put(String(input['TableName']), input['Item'] as Item);
      return { body: {} };
    case 'DynamoDB.UpdateItem': // only a peer's own bookkeeping
      return { body: {} };
    case 'DynamoDB.Query':
    case 'DynamoDB.Scan':
      return { body: { Items: [], Count: 0, ScannedCount: 0 } };
    case 'SQS.SendMessage':
      return { body: { MessageId: 'message', MD5OfMessageBody: md5(String(input['MessageBody'])) } };
    case 'SecretsManager.GetSecretValue':
      return { body: { Name: input['SecretId'], SecretString: JSON.stringify(secrets[String(input['SecretId'])]) } };
    case 'Conscent.POST':
      return { status: 201, body: { userId: `user-${md5(String(input['email']))}` } };
    case 'Conscent.PATCH':
      return { body: { message: 'Done' } };
    default:
      throw new Error(`Nobody was expected to call ${operation}`);
  }
}

function md5(message: string): string {
  return createHash('md5').update(message).digest('hex'); // what SQS answers, and the SDK checks
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
}
