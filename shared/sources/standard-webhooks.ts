/**
 * Standard Webhooks 1.0, for any sender that can sign: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64>`, or Svix's
 * `svix-*` spelling of the three. The body is the canonical event, or an array of 1–100 of them.
 * Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md; the five minutes are its reference libraries'.
 */
import * as z from 'zod/mini';
import { Problem } from '../lifecycle/errors.ts';
import { readEvents } from '../lifecycle/event.ts';
import { type HmacScheme, verifyHmac } from './signature.ts';
import {
  authoritySchema,
  type Delivery,
  type Reading,
  readSettings,
  type Source,
  type SourceContext,
} from './source.ts';

const TOLERANCE_SECONDS = 300;
const MIN_KEY_BYTES = 16;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const FAMILIES = ['webhook', 'svix'] as const;
const HEADERS = ['id', 'timestamp', 'signature'] as const;
// `version,base64`; anything else, two headers joined by a comma among them, is no list of signatures.
const ENTRY = /^v[0-9]+[a-z]*,[A-Za-z0-9+/]*={0,2}$/;

/** Its member of the sources secret: `whsec_` and base64; every secret listed is valid, so that rotation needs no downtime. */
const settingsSchema = z.strictObject({
  signingSecrets: z.array(z.string()).check(z.minLength(1, 'must hold at least one secret')),
  authority: authoritySchema,
});

/** @throws Error naming the setting that is missing, unknown or wrong: without a usable secret anybody could get in. */
export function standardWebhooks(value: unknown, { allowedDomains }: SourceContext): Source {
  const settings = readSettings('standard-webhooks', settingsSchema, value);
  const keys = settings.signingSecrets.map((secret) => standardKey(secret, 'standard-webhooks.signingSecrets'));
  return {
    name: 'standard-webhooks',
    authority: settings.authority ?? ['employment', 'attributes'],
    mediaTypes: ['application/json'],
    unreadableStatus: 400,
    acceptedStatus: 202,
    verify: (delivery) => verifyStandard(delivery, keys),
    read: (delivery) => read(delivery, allowedDomains),
  };
}

/** The key of a secret as Standard Webhooks writes it. @throws Error naming the setting where it is none. */
export function standardKey(secret: string, setting: string): Uint8Array {
  const text = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret;
  const key = Buffer.from(text, 'base64');
  if (!BASE64.test(text) || key.length < MIN_KEY_BYTES) {
    throw new Error(`${setting} must be "whsec_" and the base64 of at least 16 random bytes`);
  }
  return key;
}

/**
 * Whether a delivery is signed as Standard Webhooks, in either spelling, by any of the keys. The two are never mixed: a header of the other
 * could be one that a proxy did not know to remove.
 */
export function verifyStandard(delivery: Delivery, keys: readonly Uint8Array[]): boolean {
  const present = FAMILIES.filter((family) =>
    HEADERS.some((name) => delivery.headers[`${family}-${name}`] !== undefined),
  );
  const [family] = present;
  return family !== undefined && present.length === 1 && verifyHmac(delivery, schemeOf(family), keys);
}

/** How Standard Webhooks are signed, in either spelling of the headers. */
export function schemeOf(family: (typeof FAMILIES)[number]): HmacScheme {
  const dot = { text: '.' };
  return {
    algorithm: 'sha256',
    encoding: 'base64',
    signatureHeader: `${family}-signature`,
    prefix: 'v1,',
    listEntry: ENTRY,
    parts: [{ header: `${family}-id` }, dot, { header: `${family}-timestamp` }, dot, 'body'],
    timestamp: { header: `${family}-timestamp`, unit: 's', toleranceSeconds: TOLERANCE_SECONDS },
  };
}

function read({ headers, body }: Delivery, allowedDomains: readonly string[]): Reading {
  const deliveryId = headers['webhook-id'] ?? headers['svix-id'] ?? '';
  try {
    const { events } = readEvents(body, allowedDomains);
    return { kind: 'notices', notices: events.map((event) => ({ kind: 'event', event })), deliveryId };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { kind: 'unreadable', violations: error.violations, deliveryId };
  }
}
