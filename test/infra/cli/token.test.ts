import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { token } from '../../../infra/cli/token.ts';
import { authenticate } from '../../../shared/middleware/authenticate.ts';

const NOW = new Date('2026-05-04T09:00:00Z');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conscent-lifecycle-token-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...argv: string[]) {
  let said = '';
  const code = await token({ argv, env: {}, write: (more) => (said += more), now: NOW });
  return { code, said, secret: /clt_\S+/.exec(said)?.[0] ?? '', entry: /\{.*\}/.exec(said)?.[0] ?? '' };
}

const create = (...more: string[]) => run('create', 'it-desk', '--scopes', 'events:write, jobs:read', ...more);

describe('a token that was made', () => {
  it('opens what its scopes say, with the entry that was printed', async () => {
    const { code, secret, entry } = await create();
    expect(code).toBe(0);
    const caller = authenticate(`Bearer ${secret}`, [JSON.parse(entry)], {
      scope: 'jobs:read',
      now: NOW.toISOString(),
    });
    expect(caller).toEqual({ name: 'it-desk', scopes: ['events:write', 'jobs:read'] });
  });

  it('is not in what is stored, whose hash is the SHA-256 that other tools make of it', async () => {
    const { secret, entry } = await create();
    expect(entry).not.toContain(secret);
    const [sha256] = execFileSync('openssl', ['dgst', '-sha256', '-r'], { input: secret, encoding: 'utf8' }).split(' ');
    expect(JSON.parse(entry)).toEqual({ name: 'it-desk', sha256, scopes: ['events:write', 'jobs:read'] });
  });

  it('is another one each time, of 256 random bits', async () => {
    const [first, second] = [await create(), await create()];
    expect(first.secret).not.toBe(second.secret);
    expect(Buffer.from(first.secret.slice(4), 'base64url')).toHaveLength(32);
  });

  it.each([
    ['2027-01-31', '2027-02-01T00:00:00.000Z'],
    ['2027-01-31T18:00:00+05:30', '2027-01-31T12:30:00.000Z'],
    ['2026-05-04', '2026-05-05T00:00:00.000Z'],
  ])('that expires %s ends at %s: a day is good to its end, in UTC', async (day, end) => {
    const { entry } = await create('--expires', day);
    expect(JSON.parse(entry)).toMatchObject({ expiresAt: end });
  });
});

describe('a list', () => {
  const old = { name: 'it-desk', sha256: 'a'.repeat(64), scopes: ['jobs:read'] };

  it('gets the new one behind those it has, one of the same name too, for that is how one is replaced', async () => {
    const file = join(folder, 'tokens.json');
    writeFileSync(file, JSON.stringify([old]));
    const { code, secret, entry } = await create('--file', file);
    expect([code, entry]).toEqual([0, '']);
    const list = JSON.parse(readFileSync(file, 'utf8'));
    expect(list).toEqual([old, expect.objectContaining({ name: 'it-desk' })]);
    expect(authenticate(`Bearer ${secret}`, list, { scope: 'jobs:read', now: NOW.toISOString() }).name).toBe('it-desk');
  });

  it('that is not there begins', async () => {
    const file = join(folder, 'new.json');
    await create('--file', file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(1);
  });

  it.each(['{"name":"it-desk"}', '[{"name":"it-desk"}]', 'no JSON', ''])(
    'that is none (%s) stays as it is',
    async (text) => {
      const file = join(folder, 'tokens.json');
      writeFileSync(file, text);
      expect(await create('--file', file)).toMatchObject({ code: 2, said: `${file} is no list of tokens.\n` });
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );
});

it.each([
  [['create', 'it-desk'], 'Say with --scopes what it is for: events:write, '],
  [['create', 'it-desk', '--scopes', 'events:read'], 'No such scope. There are events:write, '],
  [['create', 'it desk', '--scopes', 'jobs:read'], 'A name has up to 64 letters'],
  [['create', '--scopes', 'jobs:read'], 'A name has up to 64 letters'],
  [['create', 'it-desk', 'hr', '--scopes', 'jobs:read'], 'Name what to do, and whose it is.'],
  [['revoke', 'it-desk'], 'Name what to do, and whose it is.'],
  [['create', 'it-desk', '--scopes', 'jobs:read', '--expires', '2026-05-03'], '--expires has passed.'],
  [['create', 'it-desk', '--scopes', 'jobs:read', '--expires', '2027-02-30'], '--expires must be a day'],
  [['create', 'it-desk', '--scopes', 'jobs:read', '--expires', '2027-02-01T09:00'], '--expires must be a day'],
  [['create', 'it-desk', '--scopes', 'jobs:read', '--expires', 'soon'], '--expires must be a day'],
  [['create', 'it-desk', '--scope', 'jobs:read'], "Unknown option '--scope'"],
])('%j makes none, and says why', async (argv, why) => {
  const { code, said, secret } = await run(...argv);
  expect([code, secret]).toEqual([2, '']);
  expect(said).toContain(why);
});

it('help is no mistake', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, said: expect.stringContaining('npm run token -- create') });
});
