/** The AWS services of a run: the ledger is dynalite, the queue is the run's, and any of them fails as it is dealt. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Deck } from './deck.ts';
import type { Gate } from './gate.ts';
import { type End, WORKER } from './wire.ts';
import { type Worker, workerOf } from './workers.ts';

export const LEDGER_FAULTS = ['throttled', 'throttled for long', 'conflict', 'unavailable', 'answer lost'] as const;
export const SECRET_FAULTS = ['unreadable'] as const;
export const QUEUE_FAULTS = ['unavailable', 'lost', 'doubled', 'late'] as const;

const CLAIM = 'claim the person';

/** How often the SDK asks before it gives up. */
const TRIES = 3;

/** What answers behind the gate. */
export interface Services {
  gate: Gate;
  /** Dynalite, and the secrets. */
  aws: Server;
  decks: {
    ledger: Deck<(typeof LEDGER_FAULTS)[number]>;
    secrets: Deck<(typeof SECRET_FAULTS)[number]>;
    queue: Deck<(typeof QUEUE_FAULTS)[number]>;
  };
  /** Conflicts that were dealt where there can be none. */
  conflictsOwed: number;
  /** Called while a claim is written. */
  onClaim(): void;
  /** Takes a message, to be delivered so many seconds later at the earliest. */
  enqueue(body: string, delaySeconds: number): void;
}

interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  target: string;
  body: Buffer;
}

/** The endpoint of all services. */
export function awsServer(services: Services): Server {
  return createServer(async (request, response) => {
    const asked = { request, response, target: String(request.headers['x-amz-target']), body: await buffer(request) };
    const worker = workerOf(Number(request.headers[WORKER]));
    if (!request.headers[WORKER]) return forward(services.aws, asked);
    // Whoever asks after their end was a worker that died.
    if (!worker) return;
    services.gate.arrive({
      worker,
      what: wordsFor(asked),
      serve: () => serve(services, worker, asked),
      mute: () => {
        (request.socket as unknown as End).isCut = true;
      },
    });
  });
}

async function serve(services: Services, worker: Worker, asked: Asked): Promise<void> {
  if (asked.target.startsWith('AmazonSQS.')) return send(services, asked);
  if (wordsFor(asked) === CLAIM) services.onClaim();
  const isSecret = asked.target.startsWith('secretsmanager.');
  if (worker.curse > 0) {
    worker.curse -= 1;
    return refuse(asked, isSecret ? 'InternalServiceError' : 'ThrottlingException', 400);
  }
  await strike(services, worker, asked, isSecret ? services.decks.secrets.deal() : ledgerFault(services, asked));
}

/** A conflict is only where somebody else may have been faster, at a write over what was read: it waits for one. */
function ledgerFault(services: Services, asked: Asked): string | null {
  const dealt = services.decks.ledger.deal();
  if (dealt === 'conflict') services.conflictsOwed += 1;
  else if (dealt !== null) return dealt;
  if (services.conflictsOwed === 0 || !isOverwrite(asked)) return null;
  services.conflictsOwed -= 1;
  return 'conflict';
}

async function strike(services: Services, worker: Worker, asked: Asked, fault: string | null): Promise<void> {
  switch (fault) {
    case 'unreadable':
      worker.curse = TRIES - 1;
      return refuse(asked, 'InternalServiceError', 500);
    case 'throttled for long':
      worker.curse = TRIES - 1;
      return refuse(asked, 'ThrottlingException', 400);
    case 'throttled':
      return refuse(asked, 'ProvisionedThroughputExceededException', 400);
    case 'unavailable':
      return refuse(asked, 'InternalServerError', 500);
    case 'conflict':
      return refuse(asked, 'ConditionalCheckFailedException', 400);
    case 'answer lost':
      return loseAnswer(services, asked);
    default:
      return forward(services.aws, asked);
  }
}

function isOverwrite({ target, body }: Asked): boolean {
  return target.endsWith('.PutItem') && body.includes('"ExpressionAttributeValues"');
}

function refuse({ response }: Asked, type: string, status: number): Promise<void> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', date: new Date().toUTCString() };
  response.writeHead(status, headers).end(JSON.stringify({ __type: `com.amazonaws#${type}`, message: 'dealt' }));
  return Promise.resolve();
}

/** The work is done, and the connection breaks before that is said. */
async function loseAnswer(services: Services, asked: Asked): Promise<void> {
  const socket = asked.request.socket as unknown as End;
  socket.isCut = true;
  await forward(services.aws, asked);
  socket.isCut = false;
  socket.resetAndDestroy();
}

/** Hands a request on, its body in hand already. */
function forward(aws: Server, { request, response, body }: Asked): Promise<void> {
  // Whoever asked has given up meanwhile.
  if (response.closed || response.destroyed) return Promise.resolve();
  const { method, url, headers, httpVersion } = request;
  const again = Object.assign(Readable.from([body], { objectMode: false }), { method, url, headers, httpVersion });
  response.setHeader('date', new Date().toUTCString());
  return new Promise((resolve) => {
    response.once('finish', resolve).once('close', resolve);
    aws.emit('request', again, response);
  });
}

/** Takes a wake-up for the queue, which is the run's. */
function send({ decks, enqueue }: Services, asked: Asked): Promise<void> {
  const { MessageBody = '', DelaySeconds = 0 } = JSON.parse(asked.body.toString()) as Record<string, never>;
  const fault = decks.queue.deal();
  if (fault === 'unavailable') return refuse(asked, 'ServiceUnavailable', 503);
  const late = fault === 'late' ? 600 : 0;
  if (fault !== 'lost') enqueue(MessageBody, DelaySeconds + late);
  if (fault === 'doubled') enqueue(MessageBody, DelaySeconds + 30);
  const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
  const headers = { 'content-type': 'application/x-amz-json-1.0', date: new Date().toUTCString() };
  asked.response.writeHead(200, headers).end(JSON.stringify({ MessageId: 'message-of-the-run', MD5OfMessageBody }));
  return Promise.resolve();
}

interface Asking {
  TableName?: string;
  IndexName?: string;
  Key?: { id?: { S?: string } };
  Item?: { id?: { S?: string }; person?: { M?: { claim?: { M?: object } } } };
}

const OPERATIONS: Record<string, string> = { GetItem: 'read', PutItem: 'write', Query: 'look for', Scan: 'page of' };
const KINDS: Record<string, string> = {
  person: 'the person',
  email: 'the address',
  external: 'the employee id',
  user: 'the userId',
};

/** What a request is, in a few words and without anybody's data: `write the person`. */
function wordsFor({ target, body }: Pick<Asked, 'target' | 'body'>): string {
  if (target.startsWith('AmazonSQS.')) return 'wake the queue';
  if (target.startsWith('secretsmanager.')) return 'read a secret';
  const { TableName = '', Key, Item, IndexName = '' } = JSON.parse(body.toString()) as Asking;
  const doing = OPERATIONS[target.split('.')[1] ?? ''] ?? target;
  if (IndexName) return `${doing} ${TableName.endsWith('jobs') ? 'jobs' : 'people'} by ${IndexName}`;
  const id = (Key ?? Item)?.id?.S ?? '';
  const [kind = '', name = ''] = id.split('#');
  if (Item?.person?.M?.claim?.M) return CLAIM;
  return `${doing} ${kind === 'control' ? `the ${name}` : (KINDS[kind] ?? 'the job')}`;
}
