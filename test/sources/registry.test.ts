import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SECRETS_FILE, readSecretsFile } from '../../infra/local/secrets-file.ts';
import { configuredSources, findSource } from '../../shared/sources/registry.ts';
import { SAMPLES } from '../fixtures/samples.ts';
import { SECRET, SETTING } from './signed.ts';

const CONTEXT = { ...SETTING, allowedDomains: [] };
const CONFIGURED = { 'standard-webhooks': { signingSecrets: [SECRET] } };

describe('a silence', () => {
  const settings = { signingSecrets: [SECRET] };

  it('is of every configured source, and of seven days where its settings do not say', () => {
    const secret = {
      'standard-webhooks': settings,
      hibob: { silentAfterDays: 30 },
      generic: { intranet: {}, lift: { silentAfterDays: 1.5 } },
      'fax-machine': settings,
    };
    expect(configuredSources(secret)).toEqual([
      { name: 'hibob', silentAfterDays: 30 },
      { name: 'standard-webhooks', silentAfterDays: 7 },
      { name: 'generic/intranet', silentAfterDays: 7 },
      { name: 'generic/lift', silentAfterDays: 1.5 },
    ]);
  });

  it('is of nobody where there is no secret', () => {
    expect(configuredSources(null)).toEqual([]);
  });

  for (const silentAfterDays of ['a week', 0.04, 0.99, 0, -7, 3_651, 1e300, null])
    it(`of ${silentAfterDays} is our fault, and the error names the member and what it may be`, async () => {
      const secret = { 'standard-webhooks': { ...settings, silentAfterDays } };
      const found = findSource('standard-webhooks', secret, CONTEXT);
      await expect(found).rejects.toThrow('silentAfterDays must be a number of days from 1 to 3650');
      expect(configuredSources(secret)).toEqual([{ name: 'standard-webhooks', silentAfterDays: 7 }]);
    });

  it('is nothing that the source itself hears of', async () => {
    for (const silentAfterDays of [1, 90, 3_650]) {
      const secret = { 'standard-webhooks': { ...settings, silentAfterDays } };
      expect((await findSource('standard-webhooks', secret, CONTEXT))?.name).toBe('standard-webhooks');
    }
  });
});

describe('a source', () => {
  it('that is known and configured is found', async () => {
    expect((await findSource('standard-webhooks', CONFIGURED, CONTEXT))?.name).toBe('standard-webhooks');
  });

  it('that is known and not configured does not exist', async () => {
    expect(await findSource('standard-webhooks', {}, CONTEXT)).toBeNull();
    expect(await findSource('standard-webhooks', { 'standard-webhooks': undefined }, CONTEXT)).toBeNull();
  });

  it('that is configured and not known does not exist', async () => {
    expect(await findSource('fax-machine', { 'fax-machine': { signingSecrets: [SECRET] } }, CONTEXT)).toBeNull();
  });

  it('that is configured wrongly is our fault, and the error names the member', async () => {
    await expect(findSource('standard-webhooks', { 'standard-webhooks': null }, CONTEXT)).rejects.toThrow(
      /standard-webhooks/,
    );
    await expect(findSource('standard-webhooks', { 'standard-webhooks': {} }, CONTEXT)).rejects.toThrow(
      /signingSecrets/,
    );
  });

  for (const name of [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'Standard-Webhooks',
    'standard-webhooks ',
    '',
  ]) {
    it(`named ${JSON.stringify(name)} does not exist, even where the secret has such a member`, async () => {
      const secret: unknown = JSON.parse(`{${JSON.stringify(name)}: {"signingSecrets": ["${SECRET}"]}}`);
      expect(await findSource(name, CONFIGURED, CONTEXT)).toBeNull();
      expect(await findSource(name, secret, CONTEXT)).toBeNull();
    });
  }

  it('is not found through what the secret inherits', async () => {
    expect(await findSource('standard-webhooks', Object.create(CONFIGURED), CONTEXT)).toBeNull();
  });
});

const ROOT = join(import.meta.dirname, '../..');
const vendorsIn = (folder: string) =>
  globSync(`shared/sources/${folder}/*.ts`, { cwd: ROOT }).map((file) => basename(file, '.ts'));

describe.each([...vendorsIn('hr'), ...vendorsIn('ticketing')])('the vendor %s', (name) => {
  it('has a line in the registry and a full sample, whose settings fit it', async () => {
    const settings = SAMPLES.find(({ source }) => source === name)?.settings('http://127.0.0.1:9');
    expect((await findSource(name, { [name]: settings }, CONTEXT))?.name).toBe(name);
  });

  it('is configured for npm start', async () => {
    expect((await findSource(name, readSecretsFile(DEFAULT_SECRETS_FILE).sources, CONTEXT))?.name).toBe(name);
  });

  it('has a page, to which the README leads', () => {
    const page = `docs/sources/${name}.md`;
    expect(existsSync(join(ROOT, page))).toBe(true);
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8').includes(`](${page})`)).toBe(true);
  });

  it('may be told an authority, and refuses a setting that it does not know', async () => {
    const settings = SAMPLES.find(({ source }) => source === name)?.settings('http://127.0.0.1:9');
    const make = (more: object) => findSource(name, { [name]: { ...settings, ...more } }, CONTEXT);
    expect((await make({ authority: ['employment'] }))?.authority).toEqual(['employment']);
    await expect(make({ timezone: 'Asia/Kolkata' })).rejects.toThrow(`${name}.timezone is not a known setting`);
  });
});

describe.each(vendorsIn('hr'))('the HR system %s', (name) => {
  it('may be told a time zone', async () => {
    const settings = SAMPLES.find(({ source }) => source === name)?.settings('http://127.0.0.1:9');
    const make = (more: object) => findSource(name, { [name]: { ...settings, ...more } }, CONTEXT);
    expect((await make({ timeZone: 'Asia/Kolkata' }))?.name).toBe(name);
    await expect(make({ timeZone: '+05:30' })).rejects.toThrow(`${name}.timeZone`);
  });
});

describe('a sender of one’s own', () => {
  it('is configured for npm start as its page shows it, but for the key, and the README leads to the page', async () => {
    const { sources } = readSecretsFile(DEFAULT_SECRETS_FILE);
    expect((await findSource('generic/intranet', sources, CONTEXT))?.name).toBe('generic/intranet');
    const page = readFileSync(join(ROOT, 'docs/sources/generic.md'), 'utf8');
    const [, shown = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
    const configured: unknown = JSON.parse(shown.replace('<signing key>', 'local-intranet-signing-key'));
    expect(sources).toMatchObject(configured as object);
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('](docs/sources/generic.md)');
  });
});
