/** What is known of an account after every answer Conscent may give, from rules 6, 7 and 10. */
import { describe, expect, it } from 'vitest';
import { type Account, acknowledge, intend, linkedAccount } from '../../shared/lifecycle/account.ts';
import type { ConscentAnswer } from '../../shared/lifecycle/conscent-answer.ts';
import type { Access } from '../../shared/lifecycle/permission.ts';

const NOW = '2026-06-10T12:00:00.000Z';
const email = 'noor@paper.example';
const EDITOR: Access = { role: 'EDITOR', permissions: ['ignite', 'journey'] };
const TELLER: Access = { role: 'TELLER', permissions: ['payments'] };
const LINKED: Account = { ...linkedAccount('user-9', email), state: 'linked', access: EDITOR };

const CREATE = { kind: 'create' as const, email, access: EDITOR };
const UPDATE = { kind: 'update' as const, access: TELLER };
const RENAME = { kind: 'rename' as const, email: 'noor.ali@paper.example' };
const REVOKE = { kind: 'revoke' as const };
const PATCHES = [UPDATE, RENAME, REVOKE];
const SILENCES: ConscentAnswer[] = [
  ...(['timeout', 'connection-lost', 'bad-gateway', 'truncated', 'redirect', 'html', 'error-in-2xx'] as const).map(
    (reason) => ({ kind: 'silence' as const, reason }),
  ),
  { kind: 'unknown-answer', status: 418 },
];

const call = (
  account: Account | null,
  step: typeof CREATE | typeof UPDATE | typeof RENAME | typeof REVOKE,
  answer: ConscentAnswer,
  repeatsCreate = false,
  now = NOW,
) => acknowledge(intend(account, step), step, answer, { now, repeatsCreate });

describe('before a call', () => {
  it('the account is marked unsure, with the intent', () => {
    expect(intend(LINKED, { kind: 'revoke' })).toMatchObject({
      state: 'unsure',
      userId: 'user-9',
      access: EDITOR,
      intent: { kind: 'revoke' },
    });
    expect(intend(null, { kind: 'create' })).toMatchObject({
      state: 'unsure',
      userId: null,
      access: null,
      intent: { kind: 'create' },
    });
  });
});

describe('a create', () => {
  it('answered with an id links the account', () => {
    const { account, result } = call(null, CREATE, { kind: 'created', userId: 'user-1' });
    expect(account).toMatchObject({
      state: 'linked',
      userId: 'user-1',
      email,
      access: EDITOR,
      intent: null,
      lostBy: null,
    });
    expect(result).toEqual({ done: 'created' });
  });

  it.each([{ kind: 'created' as const }, { kind: 'updated' as const }])(
    'answered %o, without an id, is done and leaves the account unlinked',
    (answer) => {
      const { account, result } = call(null, CREATE, answer);
      expect(account).toMatchObject({ state: 'unlinked', userId: null, email, access: EDITOR });
      expect(result).toEqual({ done: 'created' });
    },
  );

  it('refused because the address has an account leaves it unlinked', () => {
    const { account, result } = call(null, CREATE, { kind: 'already-exists' });
    expect(account).toMatchObject({ state: 'unlinked', userId: null, access: null, lostBy: 'account-exists' });
    expect(result).toMatchObject({ failed: 'account-exists', next: 'stop' });
  });

  it.each(SILENCES)('met by %o is not repeated: the account is unlinked', (answer) => {
    const { account, result } = call(null, CREATE, answer);
    expect(account).toMatchObject({ state: 'unlinked', userId: null, lostBy: 'account-unlinked' });
    expect(result).toMatchObject({ failed: 'account-unlinked', next: 'stop' });
  });

  it.each(SILENCES)('met by %o is repeated where Conscent refuses duplicates', (answer) => {
    const { account, result } = call(null, CREATE, answer, true);
    expect(account).toMatchObject({ state: 'unsure', intent: { kind: 'create' } });
    expect(result).toMatchObject({ next: 'retry' });
  });

  it.each([
    [{ kind: 'rejected' as const, status: 422 }, 'conscent-rejected', 'stop'],
    [{ kind: 'not-found' as const }, 'conscent-rejected', 'stop'],
    [{ kind: 'unauthorized' as const, status: 401 }, 'conscent-unauthorized', 'pause'],
    [{ kind: 'throttled' as const, retryAfterSeconds: 7 }, 'conscent-throttled', 'pause'],
    [{ kind: 'unavailable' as const, retryAfterSeconds: 9 }, 'conscent-unavailable', 'retry'],
    [{ kind: 'unavailable' as const, because: 'secret-unreadable' as const }, 'secret-unreadable', 'retry'],
  ])('answered %o is known not to have worked: there is still no account', (answer, failed, next) => {
    const { account, result } = call(null, CREATE, answer);
    expect(account).toBeNull();
    expect(result).toMatchObject({
      failed,
      next,
      ...('retryAfterSeconds' in answer && { retryAfterSeconds: answer.retryAfterSeconds }),
    });
  });

  it('repeated after silence and then refused stays unsure: the first may still have worked', () => {
    const silent = call(null, CREATE, { kind: 'silence', reason: 'timeout' }, true).account;
    for (const answer of [
      { kind: 'unavailable' as const },
      { kind: 'throttled' as const },
      { kind: 'rejected' as const, status: 400 },
    ]) {
      expect(call(silent, CREATE, answer, true).account).toMatchObject({ state: 'unsure', intent: { kind: 'create' } });
    }
    expect(call(silent, CREATE, { kind: 'already-exists' }, true).account).toMatchObject({
      state: 'unlinked',
      lostBy: 'account-exists',
    });
  });
});

describe('a call to a known account', () => {
  it('that is acknowledged changes exactly what it said', () => {
    expect(call(LINKED, UPDATE, { kind: 'updated' })).toMatchObject({
      account: { ...LINKED, access: TELLER },
      result: { done: 'updated' },
    });
    expect(call(LINKED, RENAME, { kind: 'updated' })).toMatchObject({
      account: { ...LINKED, email: RENAME.email },
      result: { done: 'updated' },
    });
    expect(call(LINKED, REVOKE, { kind: 'updated' })).toMatchObject({
      account: { state: 'linked', email, access: 'none', intent: null },
      result: { done: 'revoked' },
    });
  });

  it.each(PATCHES)('%o, met by silence, is sent again, and nothing is taken as done', (step) => {
    for (const answer of SILENCES) {
      const { account, result } = call(LINKED, step, answer);
      expect(account).toMatchObject({
        state: 'unsure',
        userId: 'user-9',
        // Of an address that may have been changed nothing is known.
        email: step.kind === 'rename' ? null : email,
        access: EDITOR,
        intent: { kind: step.kind },
      });
      expect(result).toMatchObject({ next: 'retry' });
    }
  });

  it.each(PATCHES)('%o, answered 404, is never taken as gone: the account is unlinked', (step) => {
    const { account, result } = call(LINKED, step, { kind: 'not-found' });
    expect(account).toMatchObject({ state: 'unlinked', userId: null, access: null, lostBy: 'account-not-found' });
    expect(result).toMatchObject({ failed: 'account-not-found', next: 'stop' });
  });

  it.each(PATCHES)('%o, known not to have worked, leaves the account as it was', (step) => {
    for (const answer of [
      { kind: 'unavailable' as const },
      { kind: 'throttled' as const },
      { kind: 'unauthorized' as const, status: 403 },
      { kind: 'rejected' as const, status: 400 },
      { kind: 'already-exists' as const },
    ]) {
      expect(call(LINKED, step, answer).account).toEqual(LINKED);
    }
  });

  it('known not to have worked does not make sure what an earlier silence left unsure', () => {
    const silent = call(LINKED, UPDATE, { kind: 'silence', reason: 'timeout' }).account;
    expect(call(silent, UPDATE, { kind: 'unavailable' }).account).toMatchObject({ state: 'unsure' });
  });
});
