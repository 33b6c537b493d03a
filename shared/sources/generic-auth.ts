/** How a generic source is known: by exactly one of an HMAC, a text in a header, Basic or a bearer token. Several may be live of each. */
import * as z from 'zod/mini';
import { hmacSchema, verifierOf } from './generic-hmac.ts';
import type { Delivery } from './source.ts';
import { isKnown, staticSettings } from './static-credentials.ts';

const KINDS = ['hmac', 'header', 'basic', 'bearer'] as const;

/** The members of a generic source's settings that say how it is known. */
export const authSettings = { hmac: z.optional(hmacSchema), ...staticSettings };
const authSchema = z.object(authSettings);
type AuthSettings = z.output<typeof authSchema>;

/** Without any, anybody could get in; of two, nobody could say whether one is enough. */
export const knowsOneWay = z.refine<AuthSettings>(
  (settings) => KINDS.filter((kind) => settings[kind] !== undefined).length === 1,
  `must have exactly one of ${KINDS.join(', ')}`,
);

/** What tells whether a delivery is the sender's; constant time. @param name where the settings stand, for the errors. @throws Error naming a secret that cannot be used. */
export function authOf(name: string, settings: AuthSettings): (delivery: Delivery) => boolean {
  const { hmac, ...credentials } = settings;
  return hmac ? verifierOf(name, hmac) : (delivery) => isKnown(delivery, credentials);
}
