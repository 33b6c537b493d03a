/** Stands between the stack and its AWS services, and keeps everything that is ever written to the tables or the queue. */
import { createServer, request, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listenOnLoopback, portOf } from '../../../infra/local/ports.ts';

const WRITES = /\.(PutItem|UpdateItem|BatchWriteItem|TransactWriteItems|SendMessage|SendMessageBatch)$/;

/** A proxy on a port of its own. */
export interface Recorder {
  url: string;
  /** The bodies of all writes so far. */
  written(): string;
  /** The messages sent so far, as they are on the queue. */
  messages(): string[];
  close(): Promise<void>;
}

/** @param endpoint where the services are. */
export async function record(endpoint: string): Promise<Recorder> {
  const { hostname, port } = new URL(endpoint);
  let written = '';
  const messages: string[] = [];
  const server: Server = createServer(async (asked, answer) => {
    const body = await buffer(asked);
    const target = String(asked.headers['x-amz-target']);
    if (WRITES.test(target)) written += body.toString();
    if (target === 'AmazonSQS.SendMessage') messages.push(messageIn(body.toString()));
    const { method, url: path, headers } = asked;
    const passed = request({ hostname, port, method, path, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    passed.end(body);
  });
  await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    written: () => written,
    messages: () => messages,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function messageIn(body: string): string {
  return (JSON.parse(body) as { MessageBody: string }).MessageBody;
}
