/** Policies of any rules: order cannot matter to permissions, a rule can only add, and nothing comes from nowhere. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccessPolicy, policyAccess } from '../../shared/lifecycle/access-policy.ts';
import type { Condition } from '../../shared/lifecycle/condition.ts';
import { PERMISSIONS } from '../../shared/lifecycle/permission.ts';

const NAMES = ['desk', 'till', 'archive'] as const;

const value = fc.constantFrom('Press', 'PRÉSS', 'Print', 'Radio');
const text = fc.oneof(value, fc.constantFrom('*', 'pr*', '*i*'));
const texts = fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 }));
const condition: fc.Arbitrary<Condition> = fc.oneof(texts, fc.record({ not: texts }));
const attribute = fc.constantFrom('department', 'location', 'attributes.level');
const when = fc.dictionary(attribute, condition, { minKeys: 1, maxKeys: 3 });
const rule = fc.record({ when, profile: fc.constantFrom(...NAMES) });
const profile = fc.record({ role: fc.constantFrom('A', 'B'), permissions: fc.subarray([...PERMISSIONS]) });
const profiles = fc.record({ desk: profile, till: profile, archive: profile });
const policies: fc.Arbitrary<AccessPolicy> = fc.record({
  hash: fc.constant('any'),
  profiles,
  rules: fc.array(rule, { maxLength: 6 }),
});
const people = fc.dictionary(attribute, value, { maxKeys: 3 });

const flagsOf = (policy: AccessPolicy, person: Record<string, string>) =>
  policyAccess(policy, person)?.permissions ?? [];

describe('the permissions that a policy gives', () => {
  it('do not depend on the order of its rules', () => {
    const shuffled = policies.chain((policy) =>
      fc.record({
        policy: fc.constant(policy),
        rules: fc.shuffledSubarray(policy.rules, { minLength: policy.rules.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, people, ({ policy, rules }, person) => {
        expect(flagsOf({ ...policy, rules }, person)).toEqual(flagsOf(policy, person));
      }),
    );
  });

  it('only grow with a rule more, wherever it stands', () => {
    fc.assert(
      fc.property(policies, rule, fc.nat(6), people, (policy, more, at, person) => {
        const rules = policy.rules.toSpliced(at, 0, more);
        expect(flagsOf({ ...policy, rules }, person)).toEqual(expect.arrayContaining(flagsOf(policy, person)));
      }),
    );
  });

  it('are exactly those that the profiles of matching rules name', () => {
    fc.assert(
      fc.property(policies, people, (policy, person) => {
        const named = policy.rules
          .filter((one) => doesMatch(one.when, person))
          .map((one) => policy.profiles[one.profile]);
        const flags = new Set(named.flatMap((one) => one?.permissions ?? []));
        expect(new Set(flagsOf(policy, person))).toEqual(flags);
        expect(policyAccess(policy, person)?.role).toBe(named[0]?.role);
      }),
    );
  });
});

/** DESIGN §6 and the words, with the five texts above spelled out by hand. */
function doesMatch(conditions: Record<string, Condition>, person: Record<string, string>): boolean {
  return Object.entries(conditions).every(([name, wanted]) => {
    const held = person[name];
    if (held === undefined) return false;
    if (typeof wanted === 'object' && 'not' in wanted) return ![wanted.not].flat().some((one) => stands(one, held));
    return [wanted].flat().some((one) => stands(one, held));
  });
}

function stands(wanted: string, held: string): boolean {
  const matched: Record<string, string[]> = {
    '*': ['Press', 'PRÉSS', 'Print', 'Radio'],
    'pr*': ['Press', 'PRÉSS', 'Print'],
    '*i*': ['Print', 'Radio'],
    Press: ['Press', 'PRÉSS'],
    PRÉSS: ['Press', 'PRÉSS'],
  };
  return (matched[wanted] ?? [wanted]).includes(held);
}
