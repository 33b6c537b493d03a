/** Desired access: what policy and grants give a person at an instant. */
import { type AccessPolicy, policyAccess } from './access-policy.ts';
import type { Grant } from './fold.ts';
import { type Access, permissionSet } from './permission.ts';
import type { Snapshot } from './snapshot.ts';

/** Access to hold; `none`: to hold nothing; `unknown`: no employment was ever stated, so nothing is sent. */
export type DesiredAccess = Access | 'none' | 'unknown';

/** What a person should hold. No matching rule and no grant is `none`, never a default. */
export function desiredAccess({ employment, attributes, grants }: Snapshot, policy: AccessPolicy): DesiredAccess {
  if (employment.state === 'unknown') return 'unknown';
  if (employment.state !== 'employed') return 'none';
  const granted = grants.flatMap((grant) => grantAccess(grant, policy));
  const given = [policyAccess(policy, attributes) ?? [], granted].flat();
  const role = given[0]?.role;
  const permissions = permissionSet(given.flatMap((access) => access.permissions));
  return role === undefined || permissions.length === 0 ? 'none' : { role, permissions };
}

/** A grant by profile follows the policy in force; one whose profile is gone gives nothing. */
function grantAccess(grant: Grant, policy: AccessPolicy): Access[] {
  if (grant.profile === undefined) return [{ role: grant.role ?? '', permissions: grant.permissions ?? [] }];
  const profile = Object.hasOwn(policy.profiles, grant.profile) ? policy.profiles[grant.profile] : undefined;
  return profile ? [profile] : [];
}

/** Whether two desired accesses are the same by content. */
export function sameAccess(a: DesiredAccess, b: DesiredAccess): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.role === b.role && a.permissions.join() === b.permissions.join();
}
