/** The people of a load run: what is said of each, and what each must hold in the end, from access-policy.yml as it ships. */

/** What access-policy.yml gives, written out once more. */
const FINANCE = ['billing', 'export', 'payments', 'subscriptionPlan', 'taxation'];
const MARKETING = [
  'audienceSegment',
  'journey',
  'meterBannerBuilder',
  'newsLetterBuilder',
  'paywallBuilder',
  'popUpBuilder',
];

/** One in so many webhooks is a leaver's. */
const LEAVERS_AMONG = 20;

/** One delivery of the burst: about whom, what, and what they must hold after it. */
export interface Said {
  email: string;
  event: object;
  flags: string[];
}

/** Somebody's address. */
export function emailOf(index: number): string {
  return `person-${index}@pub.example`;
}

/** Somebody joins Finance. */
export function joining(index: number): Said {
  return about(emailOf(index), 'onboard', 'Finance', FINANCE);
}

/**
 * What the burst says: in turn somebody new joins and somebody who is there already moves, and now and then one of those leaves instead.
 * @param people how many are there already; no two deliveries are about the same one.
 */
export function burstOf(count: number, people: number): Said[] {
  return Array.from({ length: count }, (_, index) => {
    if (index % 2 === 0) return joining(people + index);
    if (index % LEAVERS_AMONG === 1) return about(emailOf(index >> 1), 'offboard', undefined, []);
    return about(emailOf(index >> 1), 'change', 'Marketing', MARKETING);
  });
}

function about(email: string, type: string, department: string | undefined, flags: string[]): Said {
  return { email, flags, event: { type, person: { email, ...(department && { department }) } } };
}
