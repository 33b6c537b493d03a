/** What the sandbox can be told to do wrong, and how it does it. */
import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Outcome } from './conscent-accounts.ts';

const scope = {
  /** Only requests with this method; default: any. */
  method: z.enum(['POST', 'PATCH']).optional(),
  /** Only requests about this address: the one in the body, or the one the account has. */
  email: z.string().optional(),
  /** How many requests it strikes. */
  count: z.union([z.int().positive(), z.literal('always')]).default(1),
};

/** Whether the request takes effect: not at all, before the answer, or when it lands (after `lateMs`, or on `land()`). */
const effect = z.enum(['none', 'before', 'late']);
const lateMs = z.int().nonnegative().optional();
const without = { ...scope, effect: effect.default('none'), lateMs };
const after = { ...scope, effect: effect.default('before'), lateMs };

/** One fault as it is sent to `POST /_sandbox/faults` or `tell()`. Unknown members are refused. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    /** `Retry-After` in seconds … */
    retryAfterSeconds: z.int().nonnegative().optional(),
    /** … or as an HTTP-date so many seconds from now. */
    retryAfterDateInSeconds: z.int().optional(),
    message: z.string().optional(),
    ...without,
  }),
  z.strictObject({ kind: z.literal('hang'), ...without }),
  z.strictObject({ kind: z.literal('reset'), ...without }),
  z.strictObject({ kind: z.literal('html'), ...without }),
  z.strictObject({ kind: z.literal('error-in-2xx'), ...without }),
  z.strictObject({ kind: z.literal('redirect'), location: z.string().default('/login'), ...without }),
  /** The answer that the documentation shows: a sentence and no id. */
  z.strictObject({ kind: z.literal('plain-text'), contentType: z.string().default('text/plain'), ...after }),
  z.strictObject({ kind: z.literal('drip'), everyMs: z.int().positive().default(20), ...after }),
  z.strictObject({ kind: z.literal('truncated'), how: z.enum(['length', 'json']).default('length'), ...after }),
]);

/** A fault to be told; `kind` and its own members, the rest is optional. */
export type Fault = z.input<typeof faultSchema>;
/** A fault with every default filled in. */
export type ReadFault = z.output<typeof faultSchema>;

export interface FaultQueue {
  add(...faults: ReadFault[]): void;
  /** The first fault that fits, used up by one. */
  next(method: string, email: string | undefined): ReadFault | undefined;
  clear(): void;
}

export function createFaultQueue(): FaultQueue {
  let queue: ReadFault[] = [];
  return {
    add: (...faults) => {
      queue.push(...structuredClone(faults));
    },
    next(method, email) {
      const fault = queue.find(
        (one) => (one.method ?? method) === method && (one.email === undefined || one.email === email),
      );
      if (!fault || fault.count === 'always') return fault;
      fault.count -= 1;
      queue = queue.filter((one) => one.count !== 0);
      return fault;
    },
    clear: () => {
      queue = [];
    },
  };
}

/** Answers with JSON, whole. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

/** Answers, or fails to answer, as the fault says. `outcome` is what an honest answer would have been. */
export function misbehave(response: ServerResponse, fault: ReadFault, outcome: Outcome): void {
  switch (fault.kind) {
    case 'status':
      answerStatus(response, fault);
      break;
    case 'hang':
      break;
    case 'reset':
      response.socket?.resetAndDestroy();
      break;
    case 'html':
      answerText(response, 200, 'text/html', '<!doctype html><title>Just a moment</title>');
      break;
    case 'error-in-2xx':
      answerJson(response, 200, { statusCode: 400, message: 'Something went wrong' });
      break;
    case 'redirect':
      response.writeHead(302, { location: fault.location }).end();
      break;
    case 'plain-text':
      answerPlainText(response, fault.contentType, outcome);
      break;
    case 'drip':
      drip(response, fault.everyMs, outcome);
      break;
    case 'truncated':
      truncate(response, fault.how, outcome);
      break;
  }
}

function answerStatus(response: ServerResponse, fault: Extract<ReadFault, { kind: 'status' }>): void {
  const { status, retryAfterSeconds, retryAfterDateInSeconds, message = 'Told to fail' } = fault;
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  if (retryAfterDateInSeconds !== undefined) {
    response.setHeader('retry-after', new Date(Date.now() + retryAfterDateInSeconds * 1000).toUTCString());
  }
  answerJson(response, status, { statusCode: status, message });
}

function answerPlainText(response: ServerResponse, contentType: string, { status, body }: Outcome): void {
  const sentence = status === 201 ? '201 Created: User created successfully.' : '200 OK: User updated successfully.';
  if (status >= 400) answerJson(response, status, body);
  else answerText(response, status, contentType, sentence);
}

function answerText(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, { 'content-type': contentType }).end(text);
}

/** One character at a time, and never the last. */
function drip(response: ServerResponse, everyMs: number, { status, body }: Outcome): void {
  const characters = JSON.stringify(body).slice(0, -1)[Symbol.iterator]();
  response.writeHead(status, { 'content-type': 'application/json' }).flushHeaders();
  const timer = setInterval(() => response.write(characters.next().value ?? ' '), everyMs);
  response.once('close', () => clearInterval(timer));
}

function truncate(response: ServerResponse, how: 'length' | 'json', { status, body }: Outcome): void {
  const text = JSON.stringify(body);
  const half = text.slice(0, Math.floor(text.length / 2));
  const headers = { 'content-type': 'application/json' };
  if (how === 'json') {
    response.writeHead(status, headers).end(half);
  } else {
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
    response.write(half, () => response.socket?.destroy());
  }
}
