/** A sender of one's own for the tests of generic sources: its settings, with any change, and its deliveries. */
import { createHmac } from 'node:crypto';
import { generic } from '../../shared/sources/generic.ts';
import type { Delivery, Source, SourceContext } from '../../shared/sources/source.ts';
import { SETTING } from './signed.ts';

export const KEY = 'portal signing key';
export const AT = '2026-05-05T05:05:05.000Z';
export const SECONDS = String(Date.parse(AT) / 1000);

/** The least that a source needs besides how it is known. */
export const READS = {
  deliveryId: { pointer: '/id' },
  mapping: { type: '/kind', person: { email: '/mail', externalId: '/number' } },
};
const HMAC = { hmac: { preset: 'github', signingSecrets: [KEY] } };
export const SETTINGS = { ...HMAC, ...READS };

/** A body that the settings read, and the person in it. */
export const GOOD = { id: 'd-1', kind: 'change', mail: 'Tove@Hamn.example', number: 7 };
export const PERSON = { email: 'tove@hamn.example', externalId: '7' };

/** Settings with more in the mapping. */
export const mapped = (more: object) => ({ mapping: { ...READS.mapping, ...more } });

/** The source `generic/portal` of its settings. */
export function portal(settings: object = SETTINGS, context: Partial<SourceContext> = {}): Source {
  return generic('generic/portal', settings, { ...SETTING, ...context });
}

/** The digest by node:crypto, of the bytes that the sender's documentation says are signed. */
export function hmacHex(signed: string, key = KEY, algorithm = 'sha256'): string {
  return createHmac(algorithm, key).update(signed).digest('hex');
}

/** A body on its way, an object as compact JSON. */
export function arriving(body: unknown, headers: Delivery['headers'] = {}): Delivery {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { headers, body: Buffer.from(text), receivedAt: AT };
}

/** What a body is read into; nothing is verified. */
export function readAs(settings: object, body: unknown, headers: Delivery['headers'] = {}) {
  return portal({ ...SETTINGS, ...settings }).read(arriving(body, headers));
}
