import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** The connection was never established, TLS included: not one byte of the request can have been read by anybody. */
export class NeverConnected extends Error {
  override name = 'NeverConnected';
}

/**
 * A `fetch` that opens a connection of its own for every request, never follows a redirect and tells whether it ever connected.
 *
 * The built-in `fetch` does neither: it pools kept-alive sockets, which die unseen in a frozen Lambda, and a time-out while
 * connecting looks the same as one after sending. `agent: false` is Node's one-off agent, which also sends `connection: close`.
 *
 * Throws {@link NeverConnected}, or Node's own error once connected.
 */
export async function fetchOnFreshConnection(request: Request): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer());
  const secure = request.url.startsWith('https:');
  const send = secure ? requestHttps : requestHttp;
  const headers = { ...Object.fromEntries(request.headers), 'content-length': String(body.byteLength) };
  return new Promise((resolve, reject) => {
    let connected = false;
    const outgoing = send(request.url, { method: request.method, headers, agent: false, signal: request.signal });
    outgoing.once('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
    });
    outgoing.once('response', (incoming) => settle(() => responseOf(incoming), resolve, reject));
    outgoing.on('error', (error) => reject(connected ? error : new NeverConnected()));
    outgoing.end(body);
  });
}

/** What `Response` refuses (a status such as 999) must reject the promise, not crash the process from within an event. */
function settle<T>(make: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): void {
  try {
    resolve(make());
  } catch (error) {
    reject(error);
  }
}

function responseOf(incoming: IncomingMessage): Response {
  const status = incoming.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headersDistinct)) {
    headers.set(name, (value ?? []).join(', '));
  }
  const bodyless = [204, 205, 304].includes(status);
  if (bodyless) incoming.resume();
  return new Response(bodyless ? null : ReadableStream.from(incoming), { status, headers });
}
