/** `*.yml` as a module, in plain Node: what the bundler and the tests load is the same text. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);

async function imported(yml: string): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'yml-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'some.yml');
  writeFileSync(file, yml);
  const script = `import value, { builtAt } from ${JSON.stringify(pathToFileURL(file).href)};
    console.log(JSON.stringify({ value, builtAt }));`;
  const args = ['--import', './infra/yml-hook.ts', '--input-type=module', '--eval', script];
  const { stdout } = await run(process.execPath, args);
  return JSON.parse(stdout);
}

test('a yml module is its value and the instant at which it was read', async () => {
  const before = new Date().toISOString();
  const { value, builtAt } = (await imported('a: [1, "two"]\nb: !Ref Table\n')) as { value: unknown; builtAt: string };
  expect(value).toEqual({ a: [1, 'two'], b: 'Table' });
  expect(builtAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(builtAt >= before && builtAt <= new Date().toISOString()).toBe(true);
});

test('a yml module keeps whatever a text or a name may hold', async () => {
  const { value } = (await imported('"__proto__": {x: 1}\n"`$a`": "\\"\\u2028</script>\\n"\n')) as { value: object };
  expect(Object.entries(value)).toEqual([
    ['__proto__', { x: 1 }],
    ['`$a`', '"\u2028</script>\n'],
  ]);
});

test('an empty file is null', async () => {
  expect(await imported('')).toMatchObject({ value: null });
});
