/** The command against the handler that deploys. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { useHandler } from '../../functions/stack.ts';

const { send } = useHandler(() => import('../../../functions/people.ts'));

/** What API Gateway does: hands the bytes over encoded, and passes the answer on. */
async function gateway(): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString('base64');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const answer = await send({ route: `${request.method} ${request.url}`, headers, body, isBase64Encoded: true });
    const own = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    response.writeHead(answer.status ?? 500, Object.fromEntries(own)).end(answer.text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

const run = (file: string, url: string, token: string) =>
  new Promise<{ code: unknown; stdout: string }>((resolve) => {
    const env = { CONSCENT_LIFECYCLE_TOKEN: token };
    execFile(process.execPath, ['infra/cli/import.ts', file, '--url', url], { env }, (error, stdout) =>
      resolve({ code: error?.code ?? 0, stdout }),
    );
  });

it('a file of 1,100 people is linked, what is wrong in it is named, and a second run changes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'conscent-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'people.csv');
  const rows = Array.from(
    { length: 1_100 },
    (_, n) => `"p-${n}@hamn.example",u-${n},${n === 1_050 ? 'ga5' : '"ga4\nexport"'}`,
  );
  writeFileSync(file, ['email,userId,permissions', ...rows].join('\r\n'));
  const url = await gateway();
  expect(await run(file, url, 'auditor-token')).toMatchObject({ code: 1, stdout: expect.stringContaining('403: ') });
  for (const counts of ['1099 linked, 0 unchanged', '0 linked, 1099 unchanged']) {
    const { code, stdout } = await run(file, url, 'desk-token');
    // The header, and 1,050 rows of two lines each before it.
    expect(stdout).toContain('line 2102: p-1050@hamn.example: permissions: no such flag "ga5"; did you mean "ga4"?');
    expect(stdout).toContain(`1100 lines: ${counts}, 1 failed\n`);
    expect(code).toBe(1);
  }
});
