import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { freePort, listenOnLoopback, portOf } from '../../../infra/local/ports.ts';
import { ROOT } from '../../../infra/local/settings.ts';
import { type Stack, startStack } from '../../../infra/local/stack.ts';

let stack: Stack | undefined;

afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

/** Runs `npm start`'s command to its end. */
async function startToEnd(env: Record<string, string>) {
  const child = spawn(process.execPath, [join(ROOT, 'infra/local/start.ts')], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });
  const [printed, , [code]] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'exit')]);
  return { printed, code };
}

test('ready means that /health answers ok, through the gateway and the real handlers', async () => {
  stack = await startStack();
  const answer = await fetch(`${stack.url}/health`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: 'ok' });
  expect(stack.output()).toContain(`curl ${stack.url}/events`);
}, 60_000);

test('handlers get what was sent: the bytes of a body, no type that nobody said, and both of two headers', async () => {
  stack = await startStack();
  const post = (
    body: Uint8Array | string,
    headers: Record<string, string | string[]> = { 'content-type': 'application/json' },
  ) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const authorization = `Bearer ${stack?.token}`;
      const sent = request(`${stack?.url}/events`, { method: 'POST', headers: { authorization, ...headers } });
      sent.once('error', reject).once('response', (answer) => {
        text(answer).then((got) => resolve({ status: answer.statusCode, body: got }), reject);
      });
      sent.end(body);
    });
  const event = JSON.stringify({ type: 'onboard', person: { email: 'ana@example.com', department: 'Fi\u00fc' } });
  expect(await post(event)).toMatchObject({ status: 202 });
  expect(await post(Buffer.from(event, 'latin1'))).toMatchObject({ status: 400 });
  expect(await post(JSON.stringify(event))).toMatchObject({ status: 400 });
  expect((await post('null')).body).toContain('must be an object');
  expect(await post(event, {})).toMatchObject({ status: 415 });
  const json = { 'content-type': 'application/json' };
  const twice = [`Bearer ${stack.token}`, 'Bearer another'];
  expect(await post(event, { ...json, authorization: twice })).toMatchObject({ status: 401 });
  expect(await post(event, { ...json, authorization: twice.toReversed() })).toMatchObject({ status: 401 });
}, 60_000);

test('moving the clock moves the handlers and sweeps before it answers', async () => {
  stack = await startStack({ SWEEP_INTERVAL_SECONDS: '3600' });
  const authorization = `Bearer ${stack.token}`;
  const due = new Date(Date.now() + 86_400_000).toISOString();
  const posted = await fetch(`${stack.url}/events`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', prefer: 'wait=10' },
    body: JSON.stringify({
      type: 'onboard',
      person: { email: 'ana@example.com', department: 'Finance' },
      effectiveAt: due,
    }),
  });
  const { jobs } = (await posted.json()) as { jobs: { jobId: string; status: string }[] };
  expect(jobs).toMatchObject([{ status: 'scheduled' }]);
  await fetch(`${stack.sandboxUrl}/_sandbox/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advanceSeconds: 86_401 }),
  });
  const seen = await vi.waitFor(
    async () => {
      const answer = await fetch(`${stack?.url}/jobs/${jobs[0]?.jobId}`, { headers: { authorization } });
      const job = (await answer.json()) as { status: string; outcome: string; finishedAt: string };
      expect(job).toMatchObject({ status: 'succeeded', outcome: 'created' });
      return job;
    },
    { timeout: 10_000 },
  );
  expect(seen.finishedAt > due).toBe(true);
}, 60_000);

test('it ends within three seconds, and nothing listens any more', async () => {
  const ports = { PORT: String(await freePort()), SANDBOX_PORT: String(await freePort()) };
  const started = await startStack(ports);
  const stoppedAtMs = performance.now();
  await started.stop();
  expect(performance.now() - stoppedAtMs).toBeLessThan(3000);
  await expect(fetch(`${started.url}/health`)).rejects.toThrow();
  await expect(fetch(`${started.sandboxUrl}/_sandbox/users`)).rejects.toThrow();
}, 60_000);

test('killed, it leaves no process behind', async () => {
  const started = await startStack();
  process.kill(started.pid, 'SIGKILL');
  await vi.waitFor(() => expect(fetch(`${started.url}/health`)).rejects.toThrow(), { timeout: 3000 });
}, 60_000);

test.each(['PORT', 'SANDBOX_PORT'])(
  'a taken %s is said in one line that names the port and the variable',
  async (variable) => {
    const taken = createServer();
    await listenOnLoopback(taken);
    const ports = {
      PORT: String(await freePort()),
      SANDBOX_PORT: String(await freePort()),
      [variable]: String(portOf(taken)),
    };
    expect(await startToEnd(ports)).toEqual({
      code: 1,
      printed: `Port ${portOf(taken)} is in use; set ${variable} to another one\n`,
    });
    taken.close();
  },
  30_000,
);

test('a setting that the handlers would refuse is said in one line before they start', async () => {
  const ports = { PORT: String(await freePort()), SANDBOX_PORT: String(await freePort()) };
  const { code, printed } = await startToEnd({ ...ports, DEFAULT_TIME_ZONE: 'Mars/Olympus' });
  expect(code).toBe(1);
  expect(printed).toMatch(/^.*DEFAULT_TIME_ZONE.*\n$/);
}, 30_000);
