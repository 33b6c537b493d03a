import { createHash, timingSafeEqual } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { Problem } from '../../shared/lifecycle/errors.ts';
import { authenticate, SCOPES, TokensMisconfigured } from '../../shared/middleware/authenticate.ts';
import { problemOf } from '../../shared/middleware/problem-details.ts';

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) };
});

const NOW = '2026-04-01T12:00:00.000Z';
const TOKEN = 'tok-payroll.4711_~/+abc==';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const entry = (token: string, more: object = {}) => ({
  name: 'payroll',
  sha256: sha256(token),
  scopes: ['jobs:read'],
  ...more,
});
const ask = (
  header: string | undefined,
  secret: unknown = [entry(TOKEN)],
  scope: (typeof SCOPES)[number] = 'jobs:read',
) => authenticate(header, secret, { scope, now: NOW });

function problem(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('Nothing was refused');
}

describe('a caller with a valid token', () => {
  it('is known by the name of the token', () => {
    expect(ask(`Bearer ${TOKEN}`)).toEqual({ name: 'payroll', scopes: ['jobs:read'] });
  });

  it('may spell the scheme as they please', () => {
    expect(ask(`bEARER ${TOKEN}`).name).toBe('payroll');
  });

  it('is let in until the very instant at which the token ends', () => {
    const until = (expiresAt: string) => () => ask(`Bearer ${TOKEN}`, [entry(TOKEN, { expiresAt })]);
    expect(until('2026-04-01T12:00:00.001Z')).not.toThrow();
    expect(problem(until('2026-04-01T12:00:00.000Z')).code).toBe('unauthorized');
    expect(problem(until('2026-04-01T14:00:00+02:00')).code).toBe('unauthorized');
  });

  it('is let in where the same token is listed again with a later end', () => {
    const secret = [
      entry(TOKEN, { name: 'old', expiresAt: '2020-01-01T00:00:00Z' }),
      entry(TOKEN, { name: 'renewed' }),
    ];
    expect(ask(`Bearer ${TOKEN}`, secret).name).toBe('renewed');
  });

  it('is forbidden what the token has no scope for, and told which', () => {
    const refused = problem(() => ask(`Bearer ${TOKEN}`, [entry(TOKEN)], 'people:write'));
    expect(refused).toMatchObject({ code: 'forbidden', status: 403 });
    expect(refused.message).toContain('people:write');
  });

  it('is forbidden everything where the token has no scope at all', () => {
    for (const scope of SCOPES) {
      expect(problem(() => ask(`Bearer ${TOKEN}`, [entry(TOKEN, { scopes: [] })], scope)).code).toBe('forbidden');
    }
  });
});

const REFUSED: [rule: string, header: string | undefined][] = [
  ['no header', undefined],
  ['an empty header', ''],
  ['the scheme alone', 'Bearer'],
  ['the scheme and a space', 'Bearer '],
  ['another token', 'Bearer tok-payroll.4712'],
  ['the beginning of the token', `Bearer ${TOKEN.slice(0, 10)}`],
  ['the token and more', `Bearer ${TOKEN}=`],
  ['the token in capitals', `Bearer ${TOKEN.toUpperCase()}`],
  ['the hash of the token', `Bearer ${sha256(TOKEN)}`],
  ['the token without a scheme', TOKEN],
  ['another scheme', `Basic ${TOKEN}`],
  ['the header sent twice', `Bearer ${TOKEN},Bearer ${TOKEN}`],
  ['something behind the token', `Bearer ${TOKEN} x`],
  ['a line break', `Bearer ${TOKEN}\n`],
];

describe('nobody gets in with', () => {
  for (const [rule, header] of REFUSED) {
    it(`${rule}, and is told how to ask`, () => {
      const refused = problem(() => ask(header));
      expect(refused).toMatchObject({ code: 'unauthorized', status: 401 });
      expect(refused.headers['www-authenticate']).toMatch(/^Bearer /);
    });
  }

  it('an empty token whose hash somebody listed', () => {
    for (const header of [undefined, '', 'Bearer ']) {
      expect(problem(() => ask(header, [entry('')])).code).toBe('unauthorized');
    }
  });

  it('any token where none is listed', () => {
    expect(problem(() => ask(`Bearer ${TOKEN}`, [])).code).toBe('unauthorized');
  });
});

describe('the time an answer takes does not tell how near a token was:', () => {
  const others = ['first', 'second', 'third'].map((token) => entry(token));
  const lists = {
    first: [entry(TOKEN), ...others],
    last: [...others, entry(TOKEN)],
    nowhere: [...others, entry('fourth')],
  };
  for (const [place, secret] of Object.entries(lists)) {
    it(`every listed token is compared where the right one is ${place}`, () => {
      vi.mocked(timingSafeEqual).mockClear();
      if (place === 'nowhere') expect(problem(() => ask(`Bearer ${TOKEN}`, secret)).code).toBe('unauthorized');
      else expect(ask(`Bearer ${TOKEN}`, secret).name).toBe('payroll');
      expect(timingSafeEqual).toHaveBeenCalledTimes(4);
    });
  }
});

const UNUSABLE: [rule: string, secret: unknown][] = [
  ['null', null],
  ['an object', { [TOKEN]: [] }],
  ['a token without scopes', [{ name: 'payroll', sha256: sha256(TOKEN) }]],
  ['a token without a name', [{ sha256: sha256(TOKEN), scopes: [] }]],
  ['an empty hash', [entry(TOKEN, { sha256: '' })]],
  ['a hash of another length', [entry(TOKEN, { sha256: sha256(TOKEN).slice(2) })]],
  ['the token itself instead of its hash', [entry(TOKEN, { sha256: TOKEN })]],
  ['a scope that is not known', [entry(TOKEN, { scopes: ['everything'] })]],
  ['a member that is not known', [entry(TOKEN, { token: TOKEN })]],
  ['an end that is no date', [entry(TOKEN, { expiresAt: 'next year' })]],
];

describe('our own fault, and a 503 that quotes nothing, is a tokens secret with', () => {
  for (const [rule, secret] of UNUSABLE) {
    it(rule, () => {
      expect(() => ask(`Bearer ${TOKEN}`, secret)).toThrow(TokensMisconfigured);
      expect(() => ask(`Bearer ${TOKEN}`, secret)).not.toThrow(/payroll|4711/);
      expect(problemOf(new TokensMisconfigured()).status).toBe(503);
    });
  }
});
