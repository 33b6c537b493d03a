import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { importFile } from '../../../infra/cli/import.ts';

const TOKEN = 'import-test-token-5d1c';

interface Request {
  path: string;
  token: string | undefined;
  type: string | undefined;
  body: string;
}
interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}
type Line = { line: number; status: string; email?: string; error?: string };

/** Links every line of a CSV body. */
const linkAll = ({ body }: Request): Answer => {
  const lines = body.trimEnd().split('\n').slice(1);
  return { status: 200, body: { lines: lines.map((_, index): Line => ({ line: index + 2, status: 'linked' })) } };
};

/** A server that answers as told, the last answer to all further requests. */
async function serve(...answers: ((request: Request) => Answer)[]) {
  const requests: Request[] = [];
  const server = createServer(async (request, response) => {
    const { authorization: token, 'content-type': type } = request.headers;
    requests.push({ path: request.url ?? '', token, type, body: (await buffer(request)).toString() });
    const answer = answers[requests.length - 1] ?? answers.at(-1) ?? linkAll;
    const { status, body = {}, headers } = answer(requests.at(-1) as Request);
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  return { requests, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

function fileOf(content: string, name = 'people.csv'): string {
  const folder = mkdtempSync(join(tmpdir(), 'conscent-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const csvOf = (count: number) =>
  `email,userId\n${Array.from({ length: count }, (_, n) => `p-${n}@hamn.example,u-${n}\n`).join('')}`;

/** The command, as a process. */
async function run(argv: string[], env: Record<string, string> = { CONSCENT_LIFECYCLE_TOKEN: TOKEN }) {
  const child = spawn(process.execPath, ['infra/cli/import.ts', ...argv], {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  expect(stdout + stderr).not.toContain(TOKEN);
  return { code, stdout, stderr };
}

describe('an import', () => {
  it('sends a file in pieces of 1,000, and says how far it is and what came of it', async () => {
    const { url, requests } = await serve(linkAll);
    const { code, stdout, stderr } = await run([fileOf(csvOf(1_200)), '--url', url]);
    expect(stdout).toBe('0 of 1200\n1000 of 1200\n1200 of 1200\n1200 lines: 1200 linked, 0 unchanged, 0 failed\n');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(requests).toMatchObject(
      [1, 2].map(() => ({ path: '/people/import', token: `Bearer ${TOKEN}`, type: 'text/csv' })),
    );
    for (const { body } of requests) expect(body).toMatch(/^email,userId\np-/);
  });

  it('prints the lines that failed by their number in the whole file, and exits with 1', async () => {
    const failed: Line = { line: 3, email: 'p-1001@hamn.example', status: 'failed', error: 'Look again.' };
    const second = { status: 200, body: { lines: [{ line: 2, status: 'unchanged' }, failed] } };
    const { url } = await serve(linkAll, () => second);
    const { code, stdout } = await run([fileOf(csvOf(1_002)), '--url', url]);
    expect(stdout).toContain('line 1003: p-1001@hamn.example: Look again.\n');
    expect(stdout).toMatch(/\n1002 lines: 1000 linked, 1 unchanged, 1 failed\n$/);
    expect(code).toBe(1);
  });

  it('takes the token as an option, the base with a path, and NDJSON', async () => {
    const { url, requests } = await serve(() => ({ status: 200, body: { lines: [{ line: 1, status: 'linked' }] } }));
    const file = fileOf('{"email":"a@hamn.example","userId":"u-1"}', 'people.ndjson');
    expect(await run(['--url', `${url}/prod`, '--token', TOKEN, file], {})).toMatchObject({ code: 0, stderr: '' });
    expect(requests).toMatchObject([
      { path: '/prod/people/import', token: `Bearer ${TOKEN}`, type: 'application/x-ndjson' },
    ]);
  });

  it('waits as long as a 503 asks, and sends the same piece again', async () => {
    const busy = () => ({ status: 503, headers: { 'retry-after': '1' } });
    const { url, requests } = await serve(busy, busy, linkAll);
    const startedAt = performance.now();
    expect(await run([fileOf(csvOf(1)), '--url', url])).toMatchObject({ code: 0 });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2_000);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    expect(requests).toHaveLength(3);
  });

  it('gives up after a few, says how many were not sent, and exits with 1', async () => {
    const busy = () => ({ status: 503, headers: { 'retry-after': '0' }, body: { detail: 'Send it again.' } });
    const { url, requests } = await serve(linkAll, busy);
    const { code, stdout } = await run([fileOf(csvOf(1_500)), '--url', url]);
    expect(requests.length).toBeLessThan(10);
    expect(stdout).toMatch(/503: Send it again\.\n1500 lines: 1000 linked, 0 unchanged, 0 failed, 500 not sent\n$/);
    expect(code).toBe(1);
  });

  it('says what the server says to a file, or a token, that it refuses, and does not ask again', async () => {
    const errors = [{ pointer: '/name', detail: 'is not a known column' }];
    const { url, requests } = await serve(() => ({ status: 400, body: { detail: 'Correct it.', errors } }));
    const { code, stdout } = await run([fileOf(csvOf(2)), '--url', url]);
    expect(stdout).toContain('400: Correct it.\n  /name is not a known column\n2 lines: ');
    expect([code, requests.length]).toEqual([1, 1]);
  });

  it('follows no redirect, which would carry the token away', async () => {
    const { url: elsewhere, requests } = await serve(linkAll);
    const { url } = await serve(() => ({ status: 307, headers: { location: `${elsewhere}/people/import` } }));
    expect(await run([fileOf(csvOf(1)), '--url', url])).toMatchObject({ code: 1 });
    expect(requests).toEqual([]);
  });
});

describe('an import is refused in one line, with 2,', () => {
  const url = 'http://127.0.0.1:9';
  it.each<[string, () => string[], Record<string, string>, RegExp]>([
    ['without a file', () => ['--url', url], {}, /Name one file/],
    ['with two', () => ['a.csv', 'b.csv', '--url', url], {}, /Name one file/],
    ['for a file that is not there', () => ['nowhere.csv', '--url', url], {}, /nowhere\.csv cannot be read/],
    ['for a spreadsheet', () => ['people.xlsx', '--url', url], {}, /\.csv, \.ndjson/],
    ['for an empty file', () => [fileOf('\n'), '--url', url], {}, /empty/],
    ['without a URL', () => [fileOf(csvOf(1))], {}, /--url/],
    ['with http to elsewhere', () => [fileOf(csvOf(1)), '--url', 'http://api.example.org'], {}, /--url/],
    [
      'without a token',
      () => [fileOf(csvOf(1)), '--url', url],
      { CONSCENT_LIFECYCLE_TOKEN: '' },
      /CONSCENT_LIFECYCLE_TOKEN/,
    ],
    [
      'with a token that is none',
      () => [fileOf(csvOf(1)), '--url', url],
      { CONSCENT_LIFECYCLE_TOKEN: `${TOKEN}\n${TOKEN}` },
      /not a bearer token/,
    ],
    ['with an unknown option', () => ['--urls', url], {}, /--urls/],
  ])('%s', async (_, argv, env, message) => {
    const { code, stdout, stderr } = await run(argv(), { CONSCENT_LIFECYCLE_TOKEN: TOKEN, ...env });
    expect(stdout).toMatch(message);
    expect(stdout.trimEnd()).not.toContain('\n');
    expect([code, stderr]).toEqual([2, '']);
  });
});

describe('on a terminal', () => {
  it('a bar is drawn over itself, failures stay, and the bar is gone at the end', async () => {
    const { url } = await serve(() => ({
      status: 200,
      body: { lines: [{ line: 2, status: 'failed', error: 'Look.' }] },
    }));
    let output = '';
    const write = (more: string) => {
      output += more;
    };
    const argv = [fileOf(csvOf(1)), '--url', url];
    expect(await importFile({ argv, env: { CONSCENT_LIFECYCLE_TOKEN: TOKEN }, write, isTerminal: true })).toBe(1);
    const clear = '\r\u001b[K';
    const [, first, failure, full, end] = output.split(clear);
    expect(first).toMatch(/^\[░+\] 0 of 1$/);
    expect(failure).toBe(`line 2: Look.\n${first}`);
    expect(full).toMatch(/^\[█+\] 1 of 1$/);
    expect(end).toBe('1 lines: 0 linked, 0 unchanged, 1 failed\n');
  });
});
