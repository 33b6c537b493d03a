/** The plan, from rules 1, 5, 6, 7 and 12. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Account, linkedAccount } from '../../shared/lifecycle/account.ts';
import type { DesiredAccess } from '../../shared/lifecycle/desired-access.ts';
import { type Access, PERMISSIONS } from '../../shared/lifecycle/permission.ts';
import { plan } from '../../shared/lifecycle/plan.ts';
import { type Step, stepKey } from '../../shared/lifecycle/step.ts';

const NOW = '2026-06-10T12:00:00.000Z';
const email = 'noor@paper.example';
const EDITOR: Access = { role: 'EDITOR', permissions: ['ignite', 'journey'] };
const TELLER: Access = { role: 'TELLER', permissions: ['payments'] };

const linked = (more: Partial<Account> = {}): Account => ({
  ...linkedAccount('user-9', email),
  state: 'linked',
  access: EDITOR,
  ...more,
});
const unlinked = (more: Partial<Account> = {}): Account =>
  linked({ state: 'unlinked', userId: null, access: null, lostBy: 'account-exists', ...more });
const planFor = (account: Account | null, desired: DesiredAccess, address: string | null = email) =>
  plan({ account, desired, email: address, endedAt: null, now: NOW });

describe('somebody without an account', () => {
  it('who should hold access gets one', () =>
    expect(planFor(null, EDITOR)).toEqual({ kind: 'create', email, access: EDITOR }));
  it('who should hold nothing gets none', () => expect(planFor(null, 'none')).toEqual({ kind: 'nothing' }));
  it('who should hold access but has no address is stuck', () =>
    expect(planFor(null, EDITOR, null)).toEqual({ kind: 'stuck', code: 'no-email' }));
});

describe('somebody whose employment was never stated', () => {
  it.each([
    ['nobody', null],
    ['a linked account', linked()],
    ['an imported one', linkedAccount('user-9', email)],
    ['an unlinked one', unlinked()],
  ])('has nothing sent to Conscent, with %s', (_, account) =>
    expect(planFor(account, 'unknown')).toEqual({ kind: 'nothing' }),
  );
});

describe('a linked account', () => {
  it('that holds exactly this needs nothing', () =>
    expect(planFor(linked(), { ...EDITOR })).toEqual({ kind: 'nothing' }));
  it('of a mover is updated', () => expect(planFor(linked(), TELLER)).toEqual({ kind: 'update', access: TELLER }));
  it('that differs by its role alone is updated', () => {
    expect(planFor(linked(), { ...EDITOR, role: 'ADMIN' })).toEqual({
      kind: 'update',
      access: { ...EDITOR, role: 'ADMIN' },
    });
  });
  it('of a leaver is revoked', () => expect(planFor(linked(), 'none')).toEqual({ kind: 'revoke' }));
  it('of a leaver without any address is revoked', () =>
    expect(planFor(linked({ email: null }), 'none', null)).toEqual({ kind: 'revoke' }));
  it('that was revoked is updated when its person comes back', () => {
    const revocation = { at: NOW, assertedAt: NOW, afterSilence: false };
    expect(planFor(linked({ access: 'none', revocation }), EDITOR)).toEqual({ kind: 'update', access: EDITOR });
  });
  it('is renamed in a call of its own, after its permissions', () => {
    expect(planFor(linked(), TELLER, 'noor.ali@paper.example')).toEqual({ kind: 'update', access: TELLER });
    expect(planFor(linked(), EDITOR, 'noor.ali@paper.example')).toEqual({
      kind: 'rename',
      email: 'noor.ali@paper.example',
    });
  });
  it('of a leaver is never renamed', () => {
    expect(planFor(linked({ access: 'none' }), 'none', 'noor.ali@paper.example')).toEqual({ kind: 'nothing' });
  });
});

describe('a revoked leaver', () => {
  const revoked = (at: string, assertedAt: string, afterSilence = false) =>
    linked({ access: 'none', revocation: { at, assertedAt, afterSilence } });

  it.each([
    ['is left alone within a day', revoked('2026-06-10T00:00:00.000Z', '2026-06-10T00:00:00.000Z'), 'nothing'],
    ['is revoked again after a day', revoked('2026-06-09T12:00:00.000Z', '2026-06-09T12:00:00.000Z'), 'revoke'],
    [
      'is left alone once the day has been done',
      revoked('2026-06-09T12:00:00.000Z', '2026-06-10T12:00:00.000Z'),
      'nothing',
    ],
    ['is revoked on the seventh day', revoked('2026-06-03T12:00:00.000Z', '2026-06-09T12:00:00.000Z'), 'revoke'],
    ['is left alone after the seventh', revoked('2026-06-03T12:00:00.000Z', '2026-06-10T12:00:00.000Z'), 'nothing'],
    [
      'whose revoke followed silence is left alone for a minute',
      revoked('2026-06-10T11:59:00.001Z', '2026-06-10T11:59:00.001Z', true),
      'nothing',
    ],
    [
      'whose revoke followed silence is revoked once more after it',
      revoked('2026-06-10T11:59:00.000Z', '2026-06-10T11:59:00.000Z', true),
      'revoke',
    ],
  ])('%s', (_, account, kind) => expect(planFor(account, 'none')).toEqual({ kind }));
});

describe('an unlinked account', () => {
  it.each(['account-exists', 'account-not-found', 'account-unlinked'] as const)(
    'lost by %s is stuck with it, for joiner and leaver',
    (lostBy) => {
      expect(planFor(unlinked({ lostBy }), EDITOR)).toEqual({ kind: 'stuck', code: lostBy });
      expect(planFor(unlinked({ lostBy }), 'none')).toEqual({ kind: 'stuck', code: lostBy });
    },
  );
  it('that Conscent acknowledged without an id needs nothing until something changes', () => {
    const created = unlinked({ access: EDITOR, lostBy: 'account-unlinked' });
    expect(planFor(created, EDITOR)).toEqual({ kind: 'nothing' });
    for (const [desired, address] of [
      [TELLER, email],
      ['none', email],
      [EDITOR, 'noor.ali@paper.example'],
    ] as const) {
      expect(planFor(created, desired, address)).toEqual({ kind: 'stuck', code: 'account-unlinked' });
    }
  });
});

const access = fc.record({
  role: fc.constantFrom('EDITOR', 'TELLER'),
  permissions: fc.subarray([...PERMISSIONS], { minLength: 1, maxLength: 3 }),
});
const unsure: fc.Arbitrary<Account> = fc.record({
  state: fc.constant('unsure' as const),
  userId: fc.constantFrom('user-9', null),
  email: fc.constantFrom(email, 'noor.ali@paper.example', null),
  access: fc.oneof(access, fc.constantFrom('none' as const, null)),
  intent: fc.option(
    fc.record({
      kind: fc.constantFrom('create' as const, 'update' as const, 'rename' as const, 'revoke' as const),
      before: fc.constantFrom('linked' as const, 'unsure' as const, null),
    }),
  ),
  silent: fc.boolean(),
  revocation: fc.option(fc.record({ at: fc.constant(NOW), assertedAt: fc.constant(NOW), afterSilence: fc.boolean() })),
  lostBy: fc.constant(null),
});

describe('an unsure account', () => {
  it('is never planned nothing for, once employment is known', () => {
    fc.assert(
      fc.property(
        unsure,
        fc.oneof(access, fc.constant('none' as const)),
        fc.constantFrom(email, null),
        (account, desired, address) => {
          expect(planFor(account, desired, address).kind).not.toBe('nothing');
        },
      ),
    );
  });

  it('without an id is stuck, whatever access it was last known to hold', () => {
    const account = unlinked({ state: 'unsure', access: EDITOR, email: null });
    expect(planFor(account, EDITOR, null)).toMatchObject({ kind: 'stuck' });
  });

  it('whose id is known, of somebody who should hold nothing, is always revoked', () => {
    const known = unsure.filter(({ userId }) => userId !== null);
    fc.assert(
      fc.property(known, (account) => {
        expect(planFor(account, 'none')).toEqual({ kind: 'revoke' });
      }),
    );
  });
});

describe('the key of a step', () => {
  const steps: Step[] = [
    { kind: 'create', email, access: EDITOR },
    { kind: 'create', email, access: TELLER },
    { kind: 'update', access: EDITOR },
    { kind: 'update', access: TELLER },
    { kind: 'rename', email },
    { kind: 'rename', email: 'b@paper.example' },
    { kind: 'revoke' },
    { kind: 'nothing' },
    { kind: 'stuck', code: 'no-email' },
    { kind: 'stuck', code: 'account-exists' },
  ];
  it('is another for every other step, and the same for the same content', () => {
    expect(new Set(steps.map(stepKey)).size).toBe(steps.length);
    expect(steps.map((step) => stepKey(structuredClone(step)))).toEqual(steps.map(stepKey));
  });
});
