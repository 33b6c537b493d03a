/**
 * The 24 dashboard permission flags of Conscent's IAM System API, spelled exactly and in the documentation's order
 * (note the capital C of `Checkout`).
 * Source: docs.conscent.ai, version 2.0, "IAM System API".
 */
export const PERMISSIONS = [
  'ignite',
  'paywallBuilder',
  'popUpBuilder',
  'newsLetterBuilder',
  'meterBannerBuilder',
  'loginSetting',
  'manageSubscription',
  'audienceSegment',
  'journey',
  'payments',
  'taxation',
  'subscriptionPlan',
  'manualSubscriptions',
  'Checkout',
  'micropayments',
  'paymentGateway',
  'notifications',
  'billing',
  'documentation',
  'ga4',
  'export',
  'webhooks',
  'internalUser',
  'pdfManager',
] as const;

/** One permission flag's name. */
export type Permission = (typeof PERMISSIONS)[number];

/** All 24 flags, each present. What Conscent is sent and what people are shown. */
export type PermissionFlags = Record<Permission, boolean>;

/** Spells a set of permissions out as all 24 flags; an empty set is 24 times `false`. */
export function permissionFlags(granted: readonly Permission[]): PermissionFlags {
  return Object.fromEntries(PERMISSIONS.map((name) => [name, granted.includes(name)])) as PermissionFlags;
}

/** Sorts a set of permissions into the documentation's order and drops repetitions, so that two sets compare by content. */
export function permissionSet(granted: Iterable<Permission>): Permission[] {
  const wanted = new Set(granted);
  return PERMISSIONS.filter((name) => wanted.has(name));
}

/** A role and the permissions held with it. */
export interface Access {
  role: string;
  permissions: Permission[];
}
