/** The access policy of §6: all rules that match are united, the first match gives the role, no match gives nothing. */
import { describe, expect, it } from 'vitest';
import {
  type AccessPolicy,
  failedConditions,
  matchingRules,
  policyAccess,
  policyWarnings,
} from '../../shared/lifecycle/access-policy.ts';
import { readAccessPolicy } from '../../shared/lifecycle/access-policy-faults.ts';
import { PERMISSIONS } from '../../shared/lifecycle/permission.ts';
import { RULES } from './saying.ts';

const valid = {
  profiles: { press: { role: 'ADMIN', permissions: ['ignite'] } },
  rules: [{ when: { department: ['Press', 'Print'], 'attributes.level': 'lead' }, profile: 'press' }],
};

describe('a policy', () => {
  it('is read with the hash of its source', () =>
    expect(readAccessPolicy(valid, 'hash-1')).toEqual({ ...valid, hash: 'hash-1' }));

  it('may give all 24 flags by a star', () => {
    const profiles = { owners: { role: 'OWNER', permissions: '*' } };
    expect(readAccessPolicy({ profiles, rules: [] }, '').profiles['owners']?.permissions).toEqual([...PERMISSIONS]);
  });

  it('may call a profile by a name that every object inherits', () => {
    const profiles = { constructor: { role: 'ADMIN', permissions: ['ga4'] } };
    const policy = readAccessPolicy({ profiles, rules: [{ when: { location: 'Pune' }, profile: 'constructor' }] }, '');
    expect(policyAccess(policy, { location: 'Pune' })).toEqual({ role: 'ADMIN', permissions: ['ga4'] });
  });

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

describe('a rule', () => {
  const rule = (when: AccessPolicy['rules'][number]['when']) => ({ when, profile: 'press' });

  it('says which of its conditions somebody does not meet', () => {
    const asked = rule({ department: 'Press', jobTitle: '*editor*', 'attributes.level': { not: 'trainee' } });
    expect(
      failedConditions(asked, { department: 'Press', jobTitle: 'Night editor', 'attributes.level': 'lead' }),
    ).toEqual([]);
    expect(failedConditions(asked, { department: 'Print', jobTitle: 'Editor' })).toEqual([
      'department',
      'attributes.level',
    ]);
  });

  it('matches nobody whose attribute it asks for is not known, not even with a not', () => {
    expect(failedConditions(rule({ location: { not: 'Pune' } }), {})).toEqual(['location']);
    expect(failedConditions(rule({ location: '*' }), {})).toEqual(['location']);
  });

  it('is found by its place, counted from 0', () => {
    expect(matchingRules(RULES, { department: 'Till', 'attributes.level': 'lead' })).toEqual([1, 2]);
    expect(matchingRules(RULES, { department: 'Archive' })).toEqual([]);
  });
});

describe('a warning', () => {
  const warningsOf = (when: object, permissions: unknown) =>
    policyWarnings(
      readAccessPolicy({ profiles: { open: { role: 'A', permissions } }, rules: [{ when, profile: 'open' }] }, ''),
    );

  it.each([
    ['a bare star', { department: '*' }],
    ['a not', { department: { not: 'Press' } }],
    ['stars and nots only', { department: '*', location: { not: ['Pune', 'Oslo'] } }],
    ['a list with a star in it', { department: ['Press', '*'] }],
  ])('is given where a rule with %s gives sensitive flags', (_, when) => {
    const [warning, ...others] = warningsOf(when, ['ga4', 'export', 'documentation', 'webhooks', 'internalUser']);
    expect(others).toEqual([]);
    for (const word of ['rule 1', 'open', 'export', 'documentation', 'API secret', 'webhooks', 'internalUser']) {
      expect(warning).toContain(word);
    }
    expect(warning).not.toContain('ga4');
  });

  it('is given for all 24 flags by a star', () => {
    expect(warningsOf({ department: '*' }, '*')).toHaveLength(1);
  });

  it.each([
    ['one condition narrows it', { department: '*', location: 'Pune' }, ['export']],
    ['a glob has letters', { department: 'Press*' }, ['export']],
    ['it matches nobody', { department: { not: '*' } }, ['export']],
    ['the flags are harmless', { department: '*' }, ['ga4', 'journey']],
  ])('is not given where %s', (_, when, permissions) => {
    expect(warningsOf(when, permissions)).toEqual([]);
  });
});
