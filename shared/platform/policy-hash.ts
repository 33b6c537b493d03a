import { createHash } from 'node:crypto';

/** The hash of an access policy as it was parsed: 16 hex digits. Comments and layout do not count; the order of what is in it does. */
export function policyHash(source: unknown): string {
  return createHash('sha256').update(JSON.stringify(source)).digest('hex').slice(0, 16);
}
