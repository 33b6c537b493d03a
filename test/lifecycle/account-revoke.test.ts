/** A worker that died in a call, and rule 12: revokes are asserted again. */
import { describe, expect, it } from 'vitest';
import {
  type Account,
  acknowledge,
  intend,
  linkedAccount,
  nextReassertion,
  unansweredIntent,
} from '../../shared/lifecycle/account.ts';
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
const call = (
  account: Account | null,
  step: typeof CREATE | typeof UPDATE | typeof RENAME | typeof REVOKE,
  answer: ConscentAnswer,
  repeatsCreate = false,
  now = NOW,
) => acknowledge(intend(account, step), step, answer, { now, repeatsCreate });

describe('a worker that died in a call', () => {
  it('leaves a create unlinked, or unsure where it may be repeated', () => {
    expect(unansweredIntent(intend(null, { kind: 'create' }), false)).toMatchObject({
      state: 'unlinked',
      userId: null,
    });
    expect(unansweredIntent(intend(null, { kind: 'create' }), true)).toMatchObject({
      state: 'unsure',
      intent: { kind: 'create' },
    });
  });
  it('leaves any other call unsure, as silence does', () => {
    expect(unansweredIntent(intend(LINKED, { kind: 'revoke' }), false)).toMatchObject({
      state: 'unsure',
      userId: 'user-9',
      silent: true,
    });
  });
});

describe('a revoke', () => {
  const revoke = (account: Account | null, now: string) =>
    call(account, REVOKE, { kind: 'updated' }, false, now).account;

  it('is asserted again on each of seven days and then no more', () => {
    let account = revoke(LINKED, NOW);
    const days: (string | null)[] = [];
    for (let day = 0; day < 8; day += 1) {
      const at = nextReassertion(account, null);
      days.push(at);
      if (at !== null) account = revoke(account, at);
    }
    expect(days).toEqual(
      [11, 12, 13, 14, 15, 16, 17].map((day) => `2026-06-${day}T12:00:00.000Z`).concat([null as never]),
    );
  });

  it('that followed silence is sent once more after 60 seconds, and then daily', () => {
    const silent = call(LINKED, REVOKE, { kind: 'silence', reason: 'timeout' }).account;
    const acknowledged = revoke(silent, NOW);
    expect(nextReassertion(acknowledged, null)).toBe('2026-06-10T12:01:00.000Z');
    expect(nextReassertion(revoke(acknowledged, '2026-06-10T12:01:00.000Z'), null)).toBe('2026-06-11T12:00:00.000Z');
  });

  it('that was late by days is not made up for one day at a time', () => {
    const account = revoke(revoke(LINKED, NOW), '2026-06-14T18:00:00.000Z');
    expect(nextReassertion(account, null)).toBe('2026-06-15T12:00:00.000Z');
  });

  it('from before the employment ended is asserted again on each of seven days after the end', () => {
    let account = revoke(LINKED, NOW);
    const days: (string | null)[] = [];
    for (let day = 0; day < 8; day += 1) {
      const at = nextReassertion(account, '2026-06-25T18:00:00.000Z');
      days.push(at);
      if (at !== null) account = revoke(account, at);
    }
    expect(days).toEqual(
      [26, 27, 28, 29, 30]
        .map((day): string | null => `2026-06-${day}T18:00:00.000Z`)
        .concat(['2026-07-01T18:00:00.000Z', '2026-07-02T18:00:00.000Z', null]),
    );
  });

  it('after which an update was never answered no longer stands', () => {
    const again = call(revoke(LINKED, NOW), UPDATE, { kind: 'silence', reason: 'timeout' }).account;
    expect(revoke(again, '2026-07-20T12:00:00.000Z')).toMatchObject({
      revocation: { at: '2026-07-20T12:00:00.000Z', afterSilence: true },
    });
  });

  it('is forgotten when its person holds access again', () => {
    expect(nextReassertion(call(revoke(LINKED, NOW), UPDATE, { kind: 'updated' }).account, null)).toBeNull();
  });

  it('is not asserted on nobody, nor on an account without an id', () => {
    expect(nextReassertion(null, null)).toBeNull();
    expect(nextReassertion(call(revoke(LINKED, NOW), REVOKE, { kind: 'not-found' }).account, null)).toBeNull();
  });
});
