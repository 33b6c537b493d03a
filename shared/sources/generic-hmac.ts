/**
 * The signatures of generic sources: a sender's scheme by its name, or by the parameters of the one verifier.
 * Sources: docs.github.com, webhooks/using-webhooks/validating-webhook-deliveries; docs.slack.dev, authentication/verifying-requests-from-slack;
 * linear.app/developers/webhooks; docs.stripe.com/webhooks. Linear's own timestamp stands in its body (`bodyTimestamp`).
 */
import * as z from 'zod/mini';
import { parseJson } from '../lifecycle/json.ts';
import { pointerSchema, valueAt } from './json-pointer.ts';
import { type HmacScheme, isFresh, verifyHmac } from './signature.ts';
import { type Delivery, secretsSchema } from './source.ts';
import { schemeOf, standardKey } from './standard-webhooks.ts';
import { headerName } from './static-credentials.ts';

const PRESETS = {
  github: {
    algorithm: 'sha256',
    encoding: 'hex',
    signatureHeader: 'x-hub-signature-256',
    prefix: 'sha256=',
    parts: ['body'],
  },
  linear: { algorithm: 'sha256', encoding: 'hex', signatureHeader: 'linear-signature', prefix: '', parts: ['body'] },
  slack: {
    algorithm: 'sha256',
    encoding: 'hex',
    signatureHeader: 'x-slack-signature',
    prefix: 'v0=',
    parts: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
    timestamp: { header: 'x-slack-request-timestamp', unit: 's', toleranceSeconds: 300 },
  },
  stripe: {
    algorithm: 'sha256',
    encoding: 'hex',
    signatureHeader: 'stripe-signature',
    prefix: '',
    field: 'v1',
    parts: ['timestamp', { text: '.' }, 'body'],
    timestamp: { field: 't', unit: 's', toleranceSeconds: 300 },
  },
  'standard-webhooks': schemeOf('webhook'),
  svix: schemeOf('svix'),
} as const satisfies Readonly<Record<string, HmacScheme>>;

type Preset = keyof typeof PRESETS;
const PRESET_NAMES = Object.keys(PRESETS) as Preset[];
/** Those whose secrets are `whsec_` and base64. */
const STANDARD: readonly (Preset | undefined)[] = ['standard-webhooks', 'svix'];

const fieldName = z.string().check(z.regex(/^[A-Za-z0-9_]{1,32}$/, 'must be a name such as v1'));
const freshness = {
  unit: z.enum(['s', 'ms', 'rfc3339'], 'must be s, ms or rfc3339'),
  toleranceSeconds: z._default(z.int().check(z.positive(), z.maximum(86_400)), 300),
};
const someText = z.string().check(z.minLength(1, 'must not be empty'));

const partSchema = z.union(
  [z.enum(['body', 'timestamp']), z.strictObject({ text: someText }), z.strictObject({ header: headerName })],
  'must be "body", "timestamp", { "text": … } or { "header": … }',
);
const timestampSchema = z.union(
  [z.strictObject({ ...freshness, header: headerName }), z.strictObject({ ...freshness, field: fieldName })],
  'must have a unit (s, ms or rfc3339), and either a header or a field of the signature header',
);
const schemeSchema = z
  .strictObject({
    algorithm: z.enum(['sha256', 'sha512', 'sha1'], 'must be sha256, sha512 or sha1'),
    encoding: z.enum(['hex', 'base64'], 'must be hex or base64'),
    header: headerName,
    prefix: z._default(z.string(), ''),
    field: z.optional(fieldName),
    parts: z.array(partSchema).check(z.refine((parts) => parts.includes('body'), 'must have the body among them')),
    timestamp: z.optional(timestampSchema),
  })
  .check(
    z.refine(({ parts, timestamp }) => (timestamp !== undefined) === parts.includes('timestamp'), {
      path: ['timestamp'],
      message: 'must be there if it is one of the parts, and only then: unsigned it would say nothing',
    }),
    z.refine(({ field, timestamp }) => field !== undefined || timestamp === undefined || 'header' in timestamp, {
      path: ['field'],
      message: 'must say where the signature is, beside the timestamp',
    }),
  );

/** A generic source's `hmac`: a scheme or the name of one, and the secrets. */
export const hmacSchema = z
  .strictObject({
    signingSecrets: secretsSchema,
    preset: z.optional(z.enum(PRESET_NAMES, `must be one of ${PRESET_NAMES.join(', ')}`)),
    /** Of a preset whose sender has a name of its own for the header. */
    header: z.optional(headerName),
    scheme: z.optional(schemeSchema),
    bodyTimestamp: z.optional(z.strictObject({ ...freshness, pointer: pointerSchema })),
  })
  .check(
    z.refine(({ preset, scheme }) => (preset === undefined) !== (scheme === undefined), {
      message: 'must have either preset or scheme',
    }),
    z.refine(({ header, scheme }) => header === undefined || scheme === undefined, {
      path: ['header'],
      message: 'goes with a preset; a scheme has a header of its own',
    }),
  );
type Hmac = z.output<typeof hmacSchema>;

/** What tells whether a delivery is signed by any of the secrets, and in time. @throws Error naming a secret that cannot be used. */
export function verifierOf(name: string, hmac: Hmac): (delivery: Delivery) => boolean {
  const { signingSecrets, preset, bodyTimestamp } = hmac;
  const keys = STANDARD.includes(preset)
    ? signingSecrets.map((secret) => standardKey(secret, `${name}.hmac.signingSecrets`))
    : signingSecrets;
  const scheme = schemeFrom(hmac);
  return (delivery) => verifyHmac(delivery, scheme, keys) && isTimelyBody(delivery, bodyTimestamp);
}

function schemeFrom({ preset, scheme, header }: Hmac): HmacScheme {
  if (preset) return { ...PRESETS[preset], ...(header && { signatureHeader: header }) };
  if (!scheme) throw new Error('checked by the schema');
  const { algorithm, encoding, prefix, field, parts, timestamp, header: signatureHeader } = scheme;
  const row = { algorithm, encoding, prefix, parts, signatureHeader };
  return { ...row, ...(field !== undefined && { field }), ...(timestamp && { timestamp }) };
}

/** Looked at after the signature, so that nothing is parsed that was not signed. */
function isTimelyBody({ body, receivedAt }: Delivery, wanted: Hmac['bodyTimestamp']): boolean {
  if (!wanted) return true;
  try {
    const sent = valueAt(parseJson(body), wanted.pointer);
    return ['string', 'number'].includes(typeof sent) && isFresh(String(sent), wanted, receivedAt);
  } catch {
    return false;
  }
}
