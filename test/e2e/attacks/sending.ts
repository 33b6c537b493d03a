/** The ways in which attacks are sent: as any client does, as no client does, and as API Gateway hands requests on. */
import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { gatewayEvent, lambdaContext, type RequestLine } from '../../middleware/request.ts';
import type { Answer } from './attack.ts';
import { KEYS, TOKENS } from './secrets.ts';

const PATIENCE_MS = 5_000;
const JSON_TYPE = { 'content-type': 'application/json' };

/** The header of a token's holder. */
export const as = (name: string): Record<string, string> => ({ authorization: `Bearer ${TOKENS[name]}` });

/** Headers of a JSON body from a token's holder. */
export const from = (name: string): Record<string, string> => ({ ...JSON_TYPE, ...as(name) });

interface Letter {
  id?: string;
  /** Seconds from now at which it says that it was signed. */
  ageSeconds?: number;
  key?: string | Buffer;
  algorithm?: string;
}

/** The headers of a body that is signed as Standard Webhooks has it. */
export function signed(body: string, letter: Letter = {}): Record<string, string> {
  const {
    id = `msg-${randomUUID()}`,
    ageSeconds = 0,
    key = Buffer.from(KEYS.standard, 'base64'),
    algorithm = 'sha256',
  } = letter;
  const at = String(Math.floor(Date.now() / 1000) - ageSeconds);
  const signature = createHmac(algorithm, key).update(`${id}.${at}.${body}`).digest('base64');
  return { ...JSON_TYPE, 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` };
}

/** The HMAC of a text in hex, as most vendors have it. */
export function hex(key: string, body: string, algorithm = 'sha256'): string {
  return createHmac(algorithm, key).update(body).digest('hex');
}

/** Sends a request to the running stack. */
export async function send(
  url: string,
  method: string,
  path: string,
  { body, headers = {} }: { body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers,
    redirect: 'manual',
    ...(body !== undefined && { body }),
  });
  return seen(answer.status, Object.fromEntries(answer.headers), await answer.text());
}

/** A header. */
export type Field = [name: string, value: string];

/** The lines of a request, with its headers as they are given, one after the other. */
export function lines(target: string, fields: readonly Field[], body = ''): string[] {
  const own: Field[] = [
    ['Host', 'localhost'],
    ['Connection', 'close'],
    ['Content-Length', String(Buffer.byteLength(body))],
  ];
  return [`${target} HTTP/1.1`, ...[...own, ...fields].map(([name, value]) => `${name}: ${value}`), '', body];
}

/** Sends lines over a socket, and answers the first answer that comes. */
export function rawSender(url: string): (...lines: string[]) => Promise<Answer> {
  const { hostname, port } = new URL(url);
  return async (...lines) => {
    const socket = connect(Number(port), hostname);
    // Not ended from here: whoever hangs up early is not answered.
    socket.write(lines.join('\r\n'));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    const [head = '', ...rest] = (await text(socket)).split('\r\n\r\n');
    const [line = '', ...fields] = head.split('\r\n');
    const headers = fields.map((field) => [field.split(':', 1)[0]?.toLowerCase() ?? '', field]);
    return seen(Number(line.split(' ')[1]), Object.fromEntries(headers), rest.join('\r\n\r\n'));
  };
}

/** What our handlers answer is never to be kept; what the gateway answers by itself does not say so. */
function seen(status: number, headers: Record<string, unknown>, body: string): Answer {
  const isGateways = !String(headers['cache-control']).includes('no-store');
  return { status, headers, text: body, ...(isGateways && { isGateways }) };
}

type Handler = (event: unknown, context: unknown) => Promise<APIGatewayProxyStructuredResultV2>;

/** Hands events to handlers in this process; they are loaded at their first one, when the environment is set. */
export function invoker(): (name: string, line: RequestLine) => Promise<Answer> {
  return async (name, line) => {
    const { handler } = (await import(`../../../functions/${name}.ts`)) as { handler: Handler };
    const { statusCode = 0, headers = {}, body = '' } = await handler(gatewayEvent(line), lambdaContext());
    return { status: statusCode, headers, text: body };
  };
}
