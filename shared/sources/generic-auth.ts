/** How a generic source is known: by exactly one of an HMAC, a text in a header, Basic or a bearer token. Several may be live of each. */
import * as z from 'zod/mini';
import { basic, hasHeader } from './credentials.ts';
import { headerName, hmacSchema, verifierOf } from './generic-hmac.ts';
import { type Delivery, secretsSchema } from './source.ts';

const KINDS = ['hmac', 'header', 'basic', 'bearer'] as const;

const user = z.string().check(z.regex(/^[^:]+$/, 'must not be empty or hold a colon'));

/** The members of a generic source's settings that say how it is known. */
export const authSettings = {
  hmac: z.optional(hmacSchema),
  header: z.optional(z.strictObject({ name: headerName, secrets: secretsSchema })),
  basic: z.optional(z.strictObject({ user, passwords: secretsSchema })),
  bearer: z.optional(z.strictObject({ tokens: secretsSchema })),
};
const authSchema = z.object(authSettings);
type AuthSettings = z.output<typeof authSchema>;

/** Without any, anybody could get in; of two, nobody could say whether one is enough. */
export const knowsOneWay = z.refine<AuthSettings>(
  (settings) => KINDS.filter((kind) => settings[kind] !== undefined).length === 1,
  `must have exactly one of ${KINDS.join(', ')}`,
);

/** What tells whether a delivery is the sender's; constant time. @param name where the settings stand, for the errors. @throws Error naming a secret that cannot be used. */
export function authOf(name: string, settings: AuthSettings): (delivery: Delivery) => boolean {
  const { hmac, header, basic: pair, bearer } = settings;
  if (hmac) return verifierOf(name, hmac);
  if (header) return (delivery) => hasHeader(delivery, header.name, header.secrets);
  const accepted = pair
    ? pair.passwords.map((password) => basic(pair.user, password))
    : (bearer?.tokens ?? []).map((token) => `Bearer ${token}`);
  return (delivery) => hasHeader(delivery, 'authorization', accepted);
}
