/** OAuth 2.0 client credentials (RFC 6749 §4.4) for a vendor's API. A token is kept in memory and nowhere else. */
import * as z from 'zod/mini';
import { type Instant, plusSeconds } from '../lifecycle/effective-date.ts';
import type { Lookup } from '../lifecycle/lookup.ts';
import { sha256 } from './json-body.ts';
import { askVendor, type VendorAnswer, type VendorRequest } from './vendor-api.ts';

/** Who asks, and where tokens are to be had. */
export interface Client {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  now(): Instant;
}

/** How long before its end a token is given up, so that none ends on its way. */
const MARGIN_SECONDS = 60;

// Sources are made anew for every delivery; the token outlives them. By a hash, so that no secret is a key.
const kept = new Map<string, { token: string; until: Instant }>();

const tokenSchema = z.object({
  access_token: z.string().check(z.minLength(1)),
  expires_in: z._default(z.number(), 0),
});

/** Asks with a bearer token, a kept one where there is one. A kept one that is refused may have been revoked: a new one is tried, once. */
export async function askAsClient(client: Client, request: Omit<VendorRequest, 'headers'>): Promise<VendorAnswer> {
  const key = sha256(JSON.stringify([client.tokenUrl, client.clientId, client.clientSecret]));
  const held = kept.get(key);
  const isKept = held !== undefined && held.until > client.now();
  const token = isKept ? held.token : await freshToken(client, key);
  if (typeof token !== 'string') return token;
  const answer = await askVendor({ ...request, headers: { authorization: `Bearer ${token}` } });
  if (!isKept || answer.kind !== 'failed' || answer.reason !== 'vendor-unauthorized') return answer;
  kept.delete(key);
  return askAsClient(client, request);
}

async function freshToken(client: Client, key: string): Promise<string | Extract<Lookup, { kind: 'failed' }>> {
  const { tokenUrl: url, clientId: client_id, clientSecret: client_secret } = client;
  const form = { grant_type: 'client_credentials', client_id, client_secret };
  const answer = await askVendor({ method: 'POST', url, headers: {}, form });
  if (answer.kind === 'failed') return answer;
  const read = answer.kind === 'json' ? tokenSchema.safeParse(answer.value) : null;
  // No tokens to be had there says nothing about any employee.
  if (!read?.success) return { kind: 'failed', reason: 'vendor-unavailable' };
  const { access_token: token, expires_in } = read.data;
  kept.set(key, { token, until: plusSeconds(client.now(), expires_in - MARGIN_SECONDS) });
  return token;
}
