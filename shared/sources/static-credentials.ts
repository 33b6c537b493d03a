/**
 * How a sender is known that does not sign: by a text in a header, by Basic or by a bearer token. Several may be live of each. It proves who
 * sends and not what: whoever learns the credential can say anything (`trust`).
 */
import * as z from 'zod/mini';
import { basic, hasHeader } from './credentials.ts';
import { type Delivery, secretsSchema } from './source.ts';

/** The name of a header, in lower case as deliveries have it. */
export const headerName = z
  .string()
  .check(z.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be the name of a header'), z.toLowerCase());
const user = z.string().check(z.regex(/^[^:]+$/, 'must not be empty or hold a colon'));

/** The settings of each way; a source takes those that its sender knows. */
export const staticSettings = {
  header: z.optional(z.strictObject({ name: headerName, secrets: secretsSchema })),
  basic: z.optional(z.strictObject({ user, passwords: secretsSchema })),
  bearer: z.optional(z.strictObject({ tokens: secretsSchema })),
};
const staticSchema = z.object(staticSettings);

/** What a sender is known by that does not sign. */
export type StaticCredentials = z.output<typeof staticSchema>;

/** Whether the publisher trusts the static credential of a sender who cannot be asked back; else what it says needs a person. */
export const trustSchema = z.optional(z.literal('static', 'must be "static", or left out'));

/** Whether a delivery carries one of the credentials; constant time. Without any credential nobody is known. */
export function isKnown(delivery: Delivery, { header, basic: pair, bearer }: StaticCredentials): boolean {
  if (header && hasHeader(delivery, header.name, header.secrets)) return true;
  const accepted = [
    ...(pair?.passwords ?? []).map((password) => basic(pair?.user ?? '', password)),
    ...(bearer?.tokens ?? []).map((token) => `Bearer ${token}`),
  ];
  return hasHeader(delivery, 'authorization', accepted);
}
