/** The access policy: the rules that turn a person's attributes into a role and a set of permissions. */
import * as z from 'zod/mini';
import { PERMISSIONS, type Permission, permissionSet } from './permission.ts';
import type { Access } from './ports.ts';

const name = z.string().check(z.minLength(1));
const values = z.union([name, z.array(name).check(z.minLength(1))]);
const conditions = z
  .record(z.string().check(z.regex(/^(department|jobTitle|location|employmentType|attributes\..+)$/)), values)
  .check(z.refine((when) => Object.keys(when).length > 0, 'must name at least one attribute'));

/** The schema of `access-policy.yml`. */
const policySchema = z.strictObject({
  profiles: z.record(name, z.strictObject({ role: name, permissions: z.array(z.enum(PERMISSIONS)) })),
  rules: z.array(z.strictObject({ when: conditions, profile: name })),
});

/** A valid access policy and the hash that is written on every job and person it was applied to. */
export interface AccessPolicy extends z.output<typeof policySchema> {
  hash: string;
}

/**
 * Reads an access policy out of parsed YAML.
 * @param hash of the policy's source; the caller's, because hashing is not the domain's.
 * @throws Error naming the member that is wrong, or the rule whose profile does not exist.
 */
export function readAccessPolicy(value: unknown, hash: string): AccessPolicy {
  const read = policySchema.safeParse(value);
  if (!read.success) {
    const at = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new Error(`The access policy is not valid: ${at}`);
  }
  const missing = read.data.rules.find(({ profile }) => !Object.hasOwn(read.data.profiles, profile));
  if (missing) throw new Error(`The access policy has a rule for the profile ${missing.profile}, which does not exist`);
  return { ...read.data, hash };
}

/** What the rules give somebody: every matching rule's permissions, the first one's role; `null` where none matches. */
export function policyAccess(policy: AccessPolicy, attributes: Readonly<Record<string, string>>): Access | null {
  const profiles = policy.rules
    .filter(({ when }) => Object.entries(when).every(([attribute, wanted]) => matches(attributes[attribute], wanted)))
    .map(({ profile }) => profileOf(policy, profile));
  const first = profiles[0];
  if (!first) return null;
  return { role: first.role, permissions: permissionSet(profiles.flatMap((profile) => profile.permissions)) };
}

function profileOf(policy: AccessPolicy, profile: string): Access {
  // readAccessPolicy has checked that every rule's profile exists.
  return policy.profiles[profile] as { role: string; permissions: Permission[] };
}

function matches(value: string | undefined, wanted: string | string[]): boolean {
  return value !== undefined && [wanted].flat().some((one) => plain(one) === plain(value));
}

/** Without case and accents: HR systems spell departments as they please. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
