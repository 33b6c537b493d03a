import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { conscentRequest } from '../../shared/conscent/client.ts';

/** Nothing in Node makes certificates, and a private key does not belong into a repository. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

function certificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'conscent-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  spawnSync('openssl', ['req', '-x509', '-days', '2', ...curve, ...files, ...names]);
  return { key: readFileSync(join(folder, 'key.pem'), 'utf8'), cert: readFileSync(join(folder, 'cert.pem'), 'utf8') };
}

async function tlsServer(respond: (socket: TLSSocket) => void, trusted: boolean) {
  const { key, cert } = certificate();
  const before = getCACertificates('default');
  if (trusted) setDefaultCACertificates([...before, cert]);
  const sockets: TLSSocket[] = [];
  const server = createServer({ key, cert }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).once('data', () => respond(socket));
  }).on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    setDefaultCACertificates(before);
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { sockets, call: (timeoutMs = 5_000) => createAt(`https://127.0.0.1:${port}/api/`, timeoutMs) };
}

function createAt(baseUrl: string, timeoutMs: number) {
  return conscentRequest({ baseUrl, timeoutMs }, { apiKey: 'k', apiSecret: 's' }, { method: 'POST', body: {} });
}

describe.runIf(hasOpenssl)('over TLS', () => {
  it('an answer arrives, each on a connection of its own', async () => {
    const server = await tlsServer((socket) => socket.write('HTTP/1.1 201 X\r\ncontent-length: 2\r\n\r\n{}'), true);
    expect(await server.call()).toMatchObject({ kind: 'answer', status: 201, body: '{}' });
    expect(await server.call()).toMatchObject({ kind: 'answer', status: 201 });
    expect(server.sockets).toHaveLength(2);
  });

  it('a time-out after the handshake may have worked', async () => {
    const server = await tlsServer(() => undefined, true);
    expect(await server.call(250)).toEqual({ kind: 'lost', reason: 'timeout' });
  });

  it('a reset after the handshake may have worked', async () => {
    const server = await tlsServer((socket) => socket.destroy(), true);
    expect(await server.call()).toEqual({ kind: 'lost', reason: 'connection-lost' });
  });

  it('nothing is sent to a server whose certificate is not trusted', async () => {
    const server = await tlsServer((socket) => socket.end('HTTP/1.1 201 X\r\ncontent-length: 0\r\n\r\n'), false);
    expect(await server.call()).toEqual({ kind: 'never-connected' });
  });
});
