/** What is wrong with an access policy, each fault with its place. For the build and the commands: it costs every cold start 4 ms. */
import { type AccessPolicy, accessPolicyOf } from './access-policy.ts';
import { accessPolicySchema, type PolicyFault, schemaFaults } from './access-policy-schema.ts';
import { unknownName } from './nearest-spelling.ts';

/**
 * Reads an access policy out of parsed YAML.
 * @param hash of the policy's source; the caller's, because hashing is not the domain's.
 * @throws Error of one line that says everything that is wrong, each with its place.
 */
export function readAccessPolicy(value: unknown, hash: string): AccessPolicy {
  const faults = policyFaults(value);
  if (faults.length > 0) throw new Error(`The access policy is not valid: ${faults.map(faultInWords).join('; ')}`);
  return accessPolicyOf(accessPolicySchema.parse(value), hash);
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
