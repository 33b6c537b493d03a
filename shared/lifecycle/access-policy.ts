/** The access policy: the rules that turn a person's attributes into a role and a set of permissions. */
import { type Condition, holds, isForEveryone } from './condition.ts';
import { type Access, PERMISSIONS, type Permission, permissionSet } from './permission.ts';

/** Gives a profile to whoever meets every condition. The keys of `when` are those of {@link Attributes}. */
export interface Rule {
  when: Record<string, Condition>;
  profile: string;
}

/**
 * A valid access policy: every rule's profile exists and `"*"` is spelled out. Ask for profiles with `Object.hasOwn`, since a name may
 * be one that every object inherits.
 */
export interface AccessPolicy {
  /** Of the policy's source; written on every job and person it was applied to. */
  hash: string;
  profiles: Record<string, Access>;
  rules: Rule[];
}

/** What is known of a person: `department`, `jobTitle`, `location`, `employmentType` and `attributes.<name>`. */
export type Attributes = Readonly<Record<string, string>>;

/** What a policy is where it stands as it was written: valid, and `"*"` not yet spelled out. */
export interface PolicySource {
  profiles: Record<string, { role: string; permissions: '*' | Permission[] }>;
  rules: Rule[];
}

/** A policy out of its source, which must have been checked (access-policy-faults.ts): the build does, so that no function has to. */
export function accessPolicyOf({ profiles, rules }: PolicySource, hash: string): AccessPolicy {
  const spelledOut = Object.entries(profiles).map(([name, { role, permissions }]) => {
    return [name, { role, permissions: permissions === '*' ? [...PERMISSIONS] : permissions }] as const;
  });
  return { hash, profiles: Object.fromEntries(spelledOut), rules };
}

/** What the rules give somebody: every matching rule's permissions, the first one's role; `null` where none matches. */
export function policyAccess(policy: AccessPolicy, attributes: Attributes): Access | null {
  const given = matchingRules(policy, attributes).flatMap((index) => ruleAccess(policy, policy.rules[index]));
  const first = given[0];
  if (!first) return null;
  return { role: first.role, permissions: permissionSet(given.flatMap(({ permissions }) => permissions)) };
}

/** The places in `policy.rules`, counted from 0, of the rules that match somebody, in order. */
export function matchingRules(policy: AccessPolicy, attributes: Attributes): number[] {
  return [...policy.rules.entries()]
    .filter(([, rule]) => failedConditions(rule, attributes).length === 0)
    .map(([index]) => index);
}

/** The attributes whose condition somebody does not meet; a rule without any matches. */
export function failedConditions({ when }: Rule, attributes: Attributes): string[] {
  return Object.entries(when)
    .filter(([name, condition]) => !holds(condition, Object.hasOwn(attributes, name) ? attributes[name] : undefined))
    .map(([name]) => name);
}

// What a flag gives besides a page of the dashboard.
const SENSITIVE: Partial<Record<Permission, string>> = {
  documentation: 'documentation (shows the API secret)',
  internalUser: 'internalUser',
  webhooks: 'webhooks',
  export: 'export',
};

/** What a valid policy does that is rarely meant: a sensitive flag for everyone. One line a rule. */
export function policyWarnings(policy: AccessPolicy): string[] {
  return policy.rules.flatMap((rule, index) => {
    if (!Object.values(rule.when).every(isForEveryone)) return [];
    const flags = ruleAccess(policy, rule).flatMap(({ permissions }) => permissionSet(permissions));
    const sensitive = flags.flatMap((flag) => SENSITIVE[flag] ?? []);
    if (sensitive.length === 0) return [];
    return [`rule ${index + 1} gives everyone sensitive flags through ${rule.profile}: ${sensitive.join(', ')}`];
  });
}

function ruleAccess({ profiles }: AccessPolicy, rule: Rule | undefined): Access[] {
  const access = rule && Object.hasOwn(profiles, rule.profile) ? profiles[rule.profile] : undefined;
  return access ? [access] : [];
}
