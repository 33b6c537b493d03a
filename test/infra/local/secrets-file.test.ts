/** The secrets of `npm start`: the vendors of the default file are the fakes, wherever they are. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_SECRETS_FILE, readSecretsFile, servedSecrets } from '../../../infra/local/secrets-file.ts';
import { readSettings } from '../../../infra/local/settings.ts';
import { FAKES } from '../../fakes/vendors/index.ts';

const baseUrls = ({ sources }: ReturnType<typeof servedSecrets>) =>
  Object.fromEntries(
    Object.entries(sources as Record<string, { baseUrl?: string; api?: { baseUrl?: string } }>)
      .map(([name, { baseUrl, api }]) => [name, baseUrl ?? api?.baseUrl])
      .filter(([, baseUrl]) => baseUrl !== undefined),
  );
const fakesAt = (port: number) =>
  Object.fromEntries(Object.keys(FAKES).map((name) => [name, `http://127.0.0.1:${port}/_vendors/${name}`]));

test('without any setting every vendor with an API is the fake at 3010', () => {
  expect(baseUrls(servedSecrets(readSettings({})))).toEqual(fakesAt(3010));
});

test('where the sandbox has another port the vendors are the fakes on that one', () => {
  expect(baseUrls(servedSecrets(readSettings({ SANDBOX_PORT: '4567' })))).toEqual(fakesAt(4567));
  expect(baseUrls(servedSecrets(readSettings({ SANDBOX_PORT: '30' })))).toEqual(fakesAt(30));
});

test('the default file is the default one whichever way it is named', () => {
  const settings = readSettings({ SANDBOX_PORT: '4567', SECRETS_FILE: 'infra/local/secrets.json' });
  expect(baseUrls(servedSecrets(settings))).toEqual(fakesAt(4567));
});

test('nothing else of the default file is another', () => {
  const { sources, ...rest } = servedSecrets({ secretsFile: DEFAULT_SECRETS_FILE, sandboxPort: 4567 });
  const written = readSecretsFile(DEFAULT_SECRETS_FILE);
  expect({ ...written, ...rest, sources: written.sources }).toEqual(written);
  expect(JSON.parse(JSON.stringify(sources).replaceAll(':4567/', ':3010/'))).toEqual(written.sources);
});

test('a file of one’s own is served as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const secretsFile = join(folder, 'secrets.json');
  copyFileSync(DEFAULT_SECRETS_FILE, secretsFile);
  expect(servedSecrets({ secretsFile, sandboxPort: 4567 })).toEqual(readSecretsFile(secretsFile));
});
