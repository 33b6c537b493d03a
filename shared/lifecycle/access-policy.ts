/** The access policy: the rules that turn a person's attributes into a role and a set of permissions. */
import { accessPolicySchema, type PolicyFault, schemaFaults } from './access-policy-schema.ts';
import { type Condition, holds, isForEveryone } from './condition.ts';
import { unknownName } from './nearest-spelling.ts';
import { PERMISSIONS, type Permission, permissionSet } from './permission.ts';
import type { Access } from './ports.ts';

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

/**
 * Reads an access policy out of parsed YAML.
 * @param hash of the policy's source; the caller's, because hashing is not the domain's.
 * @throws Error of one line that says everything that is wrong, each with its place.
 */
export function readAccessPolicy(value: unknown, hash: string): AccessPolicy {
  const faults = policyFaults(value);
  if (faults.length > 0) throw new Error(`The access policy is not valid: ${faults.map(faultInWords).join('; ')}`);
  const { profiles, rules } = accessPolicySchema.parse(value);
  const spelledOut = Object.entries(profiles).map(([name, { role, permissions }]) => {
    return [name, { role, permissions: permissions === '*' ? [...PERMISSIONS] : permissions }] as const;
  });
  return { hash, profiles: Object.fromEntries(spelledOut), rules };
}

/** Everything that is wrong with an access policy; empty where it is valid. */
export function policyFaults(value: unknown): PolicyFault[] {
  const read = accessPolicySchema.safeParse(value, { reportInput: true });
  return [...prototypeNames(value), ...schemaFaults(read.error?.issues ?? []), ...unknownProfiles(value)];
}

/** A fault with its place in words: `profiles.press.permissions: no such flag …`, `rule 1, when.departement: …`, counted from 1. */
export function faultInWords({ path, message }: PolicyFault): string {
  const isRule = path[0] === 'rules' && typeof path[1] === 'number';
  // Of a list inside a profile or rule the name in the message says more than a number.
  const names = path.slice(isRule ? 2 : 0).filter((step) => typeof step === 'string');
  const place = [...(isRule ? [`rule ${Number(path[1]) + 1}`] : []), ...(names.length > 0 ? [names.join('.')] : [])];
  return place.length > 0 ? `${place.join(', ')}: ${message}` : message;
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

function unknownProfiles(value: unknown): PolicyFault[] {
  const { profiles, rules } = membersOf(value);
  const names = Object.keys(membersOf(profiles));
  return (Array.isArray(rules) ? rules : []).flatMap((rule, index) => {
    const { profile } = membersOf(rule);
    if (typeof profile !== 'string' || names.includes(profile)) return [];
    return [{ path: ['rules', index, 'profile'], message: unknownName('profile', profile, names) }];
  });
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** zod's `record()` drops `__proto__` silently; nothing may pass silently. All other objects of a policy refuse what they do not know. */
function prototypeNames(value: unknown): PolicyFault[] {
  const { profiles, rules } = membersOf(value);
  const whens = (Array.isArray(rules) ? rules : []).map((rule, index) => {
    return { path: ['rules', index, 'when'], record: membersOf(rule)['when'] };
  });
  return [{ path: ['profiles'], record: profiles }, ...whens]
    .filter(({ record }) => Object.hasOwn(membersOf(record), '__proto__'))
    .map(({ path }) => ({ path: [...path, '__proto__'], message: 'is not a possible name' }));
}
