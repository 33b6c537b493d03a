/** The access policy of §6: all rules that match are united, the first match gives the role, no match gives nothing. */
import { describe, expect, it } from 'vitest';
import { policyAccess, readAccessPolicy } from '../../shared/lifecycle/access-policy.ts';
import { RULES } from './saying.ts';

const valid = {
  profiles: { press: { role: 'ADMIN', permissions: ['ignite'] } },
  rules: [{ when: { department: ['Press', 'Print'], 'attributes.level': 'lead' }, profile: 'press' }],
};

describe('a policy', () => {
  it('is read with the hash of its source', () =>
    expect(readAccessPolicy(valid, 'hash-1')).toEqual({ ...valid, hash: 'hash-1' }));

  it.each([
    [
      'a permission that does not exist',
      { ...valid, profiles: { press: { role: 'ADMIN', permissions: ['checkout'] } } },
    ],
    ['a profile without a role', { ...valid, profiles: { press: { permissions: [] } } }],
    ['an empty role', { ...valid, profiles: { press: { role: '', permissions: [] } } }],
    [
      'a rule for a profile that does not exist',
      { ...valid, rules: [{ when: { department: 'Press' }, profile: 'pres' }] },
    ],
    ['a rule for an inherited name', { ...valid, rules: [{ when: { department: 'Press' }, profile: 'constructor' }] }],
    ['a rule that matches everybody', { ...valid, rules: [{ when: {}, profile: 'press' }] }],
    [
      'a condition on an unknown attribute',
      { ...valid, rules: [{ when: { departement: 'Press' }, profile: 'press' }] },
    ],
    ['a condition on no value', { ...valid, rules: [{ when: { department: [] }, profile: 'press' }] }],
    ['a typo', { ...valid, rule: [] }],
    ['nothing', null],
  ])('with %s is refused', (_, value) => {
    expect(() => readAccessPolicy(value, 'hash-1')).toThrow(/access policy/);
  });
});

describe('the rules', () => {
  it('unite all that match; the first gives the role', () => {
    expect(policyAccess(RULES, { department: 'Till', 'attributes.level': 'lead' })).toEqual({
      role: 'TELLER',
      permissions: ['journey', 'payments', 'taxation', 'ga4', 'export'],
    });
  });

  it('give nothing, never a default, where none matches', () => {
    expect(policyAccess(RULES, {})).toBeNull();
    expect(policyAccess(RULES, { department: 'Archive', level: 'lead' })).toBeNull();
  });

  it('match only where every condition does', () => {
    const policy = readAccessPolicy(valid, 'hash-1');
    expect(policyAccess(policy, { department: 'Print' })).toBeNull();
    expect(policyAccess(policy, { department: 'Print', 'attributes.level': 'lead' })).toEqual({
      role: 'ADMIN',
      permissions: ['ignite'],
    });
  });
});
