/** Desired access: policy and grants at an instant. */
import { describe, expect, it } from 'vitest';
import { desiredAccess, sameAccess } from '../../shared/lifecycle/desired-access.ts';
import type { Grant } from '../../shared/lifecycle/fold.ts';
import type { Employment, Snapshot } from '../../shared/lifecycle/snapshot.ts';
import { RULES } from './saying.ts';

const grant = (more: Partial<Grant>): Grant => ({ key: 'k', source: 'api', until: null, period: 1, ...more });

function desired(state: Employment['state'], attributes: Snapshot['attributes'] = {}, grants: Grant[] = []) {
  return desiredAccess({ employment: { state, start: null, end: null }, email: null, attributes, grants }, RULES);
}

describe('desired access', () => {
  it.each(['future', 'ended'] as const)(
    'is none for somebody whose employment is %s, whatever they match or were given',
    (state) => {
      expect(desired(state, { department: 'Desk' }, [grant({ profile: 'tellers' })])).toBe('none');
    },
  );

  it('is unknown where employment is', () => expect(desired('unknown', { department: 'Desk' })).toBe('unknown'));

  it('is none for somebody employed whom no rule matches', () =>
    expect(desired('employed', { department: 'Archive' })).toBe('none'));

  it('is what the rules give', () => {
    expect(desired('employed', { department: 'Desk' })).toEqual({
      role: 'EDITOR',
      permissions: ['ignite', 'journey', 'notifications'],
    });
  });

  it('adds what grants give; their role counts only where no rule matches', () => {
    const given = [grant({ profile: 'tellers' })];
    expect(desired('employed', { department: 'Desk' }, given)).toEqual({
      role: 'EDITOR',
      permissions: ['ignite', 'journey', 'payments', 'taxation', 'notifications'],
    });
    expect(desired('employed', {}, given)).toEqual({
      role: 'TELLER',
      permissions: ['journey', 'payments', 'taxation'],
    });
  });

  it('takes a direct grant as it is', () => {
    expect(desired('employed', {}, [grant({ role: 'GUEST', permissions: ['webhooks'] })])).toEqual({
      role: 'GUEST',
      permissions: ['webhooks'],
    });
  });

  it('is none where all that is given is a role without a permission', () => {
    expect(desired('employed', {}, [grant({ role: 'ADMIN', permissions: [] })])).toBe('none');
  });

  it.each(['gone', 'constructor', '__proto__'])(
    'ignores a grant of the profile %s, which the policy does not have',
    (profile) => {
      expect(desired('employed', {}, [grant({ profile })])).toBe('none');
    },
  );
});

describe('two accesses', () => {
  it('are the same by role and permissions', () => {
    const one = { role: 'A', permissions: ['ignite' as const, 'ga4' as const] };
    expect(sameAccess(one, structuredClone(one))).toBe(true);
    expect(sameAccess(one, { ...one, role: 'B' })).toBe(false);
    expect(sameAccess(one, { ...one, permissions: ['ignite'] })).toBe(false);
    expect(sameAccess(one, 'none')).toBe(false);
    expect(sameAccess('none', 'none')).toBe(true);
    expect(sameAccess('none', 'unknown')).toBe(false);
  });
});
