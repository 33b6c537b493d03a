/** Ports on loopback: nothing of the local stack listens anywhere else. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { StartError } from './start-error.ts';

const LOOPBACK = '127.0.0.1';

/** Listens on this port, or on any free one. */
export async function listenOnLoopback(server: Server, port = 0): Promise<void> {
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
}

/** The port that a listening server got. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port');
  return address.port;
}

/** Says in one line which port is taken and which variable changes it. */
export async function requireFreePort(port: number, variable: string): Promise<void> {
  try {
    await tryPort(port);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EACCES')
      throw new StartError(`Port ${port} needs more rights than we have; set ${variable} to another one`);
    throw new StartError(`Port ${port} is in use; set ${variable} to another one`);
  }
}

/**
 * A port that was free a moment ago. Below the ephemeral range (32768 on Linux), so that no outgoing connection can take it
 * before it is listened on.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await tryPort(port).then(
      () => true,
      () => false,
    );
    if (free) return port;
  }
}

async function tryPort(port: number): Promise<void> {
  const server = createServer();
  await listenOnLoopback(server, port);
  server.close();
  await once(server, 'close');
}
