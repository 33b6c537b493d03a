/** Bearer tokens: known by their SHA-256 alone, compared in constant time, with scopes and an end. */
import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { Problem } from '../lifecycle/errors.ts';

/** What a token may be for. */
export const SCOPES = [
  'events:write',
  'access:direct',
  'jobs:read',
  'jobs:write',
  'people:read',
  'people:write',
  'passwords:set',
] as const;

/** One of them. */
export type Scope = (typeof SCOPES)[number];

/** The tokens secret. */
export const tokensSchema = z.array(
  z.strictObject({
    name: z.string().check(z.regex(/^[\w.@-]{1,64}$/)),
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/i)),
    scopes: z.array(z.enum(SCOPES)),
    expiresAt: z.optional(z.string().check(z.refine((at) => !Number.isNaN(Date.parse(at))))),
  }),
);

/** One of them, as the secret holds it. */
export type Token = z.output<typeof tokensSchema>[number];

/** Who is calling. The name is for the audit. */
export interface Caller {
  name: string;
  scopes: readonly Scope[];
}

// RFC 6750 §2.1; the scheme's name is case-insensitive (RFC 9110 §11.1).
const BEARER = /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * Finds out who is calling.
 * @param secret the tokens secret, parsed.
 * @throws Problem `unauthorized` or `forbidden`; Error where the secret is not usable.
 */
export function authenticate(
  header: string | undefined,
  secret: unknown,
  { scope, now }: { scope: Scope; now: string },
): Caller {
  const tokens = tokensSchema.safeParse(secret);
  if (!tokens.success) throw new TokensMisconfigured();
  const presented = BEARER.exec(header ?? '')?.[1];
  const digest = createHash('sha256')
    .update(presented ?? '')
    .digest();
  // Every token is compared, so that the time taken does not tell which one was near.
  const found = tokens.data.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), digest));
  const valid = found.find(({ expiresAt }) => !expiresAt || Date.parse(expiresAt) > Date.parse(now));
  if (!presented || !valid) throw unauthorized();
  if (!valid.scopes.includes(scope)) throw new Problem('forbidden', `The token needs the scope ${scope}.`);
  return { name: valid.name, scopes: valid.scopes };
}

function unauthorized(): Problem {
  return new Problem('unauthorized', 'Send a valid token: "Authorization: Bearer …".', {
    headers: { 'www-authenticate': 'Bearer realm="conscent-lifecycle"' },
  });
}

/** The tokens secret is not a list of `{name, sha256, scopes, expiresAt?}`: our fault, so a 503. */
export class TokensMisconfigured extends Error {
  constructor() {
    super('The tokens secret is not a list of {name, sha256, scopes, expiresAt?}');
    this.name = 'SecretUnreadable';
  }
}
