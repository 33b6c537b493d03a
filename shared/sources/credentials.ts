/** The one comparison of static credentials: a header's whole value, or Basic. For vendors who do not sign. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Delivery } from './source.ts';

/**
 * Whether a header's whole value is one of the secrets. A header sent twice is joined by a comma, and so is none of them.
 * Constant time: what is compared are digests, so that not even a length can be found out, and every secret is compared.
 */
export function hasHeader({ headers }: Delivery, name: string, secrets: readonly string[]): boolean {
  return isSecret(headers[name], secrets);
}

/** Whether a text is one of the secrets; constant time, as above. An empty text never is. */
export function isSecret(text: string | undefined, secrets: readonly string[]): boolean {
  const digest = sha256(text ?? '');
  const matching = secrets.filter((secret) => timingSafeEqual(sha256(secret), digest));
  return text !== undefined && matching.some((secret) => secret !== '');
}

/** Basic credentials, for a vendor's API. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
