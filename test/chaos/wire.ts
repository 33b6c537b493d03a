/**
 * The network of a run, in this process: whatever Node's HTTP agents connect to is one of our servers, at the other end of a pair of
 * streams. No kernel in between, so nothing depends on when it has time.
 */
import { Agent, type ClientRequest, type Server } from 'node:http';
import { Duplex } from 'node:stream';
import { currentWorker } from './workers.ts';

/** The header that says which worker asks; added on the way, as only the wire knows. */
export const WORKER = 'x-worker-of-the-run';

/** One end of a connection. */
export class End extends Duplex {
  peer: End | null = null;
  /** From now on nothing that is written here arrives. */
  isCut = false;

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    process.nextTick(() => {
      if (!this.isCut && this.peer && !this.peer.destroyed) this.peer.push(chunk);
      done();
    });
  }

  override _final(done: () => void): void {
    process.nextTick(() => {
      if (!this.isCut && this.peer && !this.peer.destroyed) this.peer.push(null);
      done();
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    process.nextTick(() => {
      if (!this.isCut) this.peer?.destroy();
    });
    done(error);
  }

  /** As of a socket: the other end hears that the connection was reset. */
  resetAndDestroy(): this {
    const { peer } = this;
    process.nextTick(() => peer?.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })));
    return this.destroy();
  }

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** Connects every HTTP agent of the process to these servers, by port. */
export function connectInProcess(serverAt: (port: number) => Server | undefined): void {
  const agent = Agent.prototype as unknown as {
    createConnection(options: { port: number | string }): Duplex;
    addRequest(request: ClientRequest, ...more: unknown[]): void;
  };
  const { addRequest } = agent;
  agent.createConnection = ({ port }) => {
    const server = serverAt(Number(port));
    if (!server) throw new Error(`Nothing listens on port ${port} of the run`);
    const [client, far] = [new End(), new End()];
    Object.assign(client, { peer: far });
    Object.assign(far, { peer: client });
    server.emit('connection', far);
    // Not before whoever asked for it listens.
    setImmediate(() => client.emit('connect'));
    return client;
  };
  agent.addRequest = function withWorker(this: unknown, request, ...more) {
    const worker = currentWorker();
    if (worker) request.setHeader(WORKER, String(worker.id));
    addRequest.call(this, request, ...more);
  };
}
