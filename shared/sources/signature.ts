/** The one HMAC verifier. A scheme is a row of parameters; a vendor has no code of its own for signatures. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, isInstant } from '../lifecycle/effective-date.ts';
import type { Delivery } from './source.ts';

/** How one sender signs. */
export interface HmacScheme {
  algorithm: 'sha256' | 'sha512' | 'sha1';
  /** `either`: hex or base64, told apart by their length, for a vendor who does not say. */
  encoding: 'base64' | 'hex' | 'either';
  /** The header that carries the signature, in lower case; of several spellings exactly one may be there. */
  signatureHeader: string | readonly string[];
  /** What stands before the signature, such as `v1,` or `sha256=`. */
  prefix: string;
  /** Set where the header is a list, separated by spaces, of entries that all look like this. Any with the prefix may match. */
  listEntry?: RegExp;
  /** Set where the header is a list, separated by commas, of `name=value`: the name of its signatures. Any of them may match. */
  field?: string;
  /** What is signed: the texts as they stand, `body`, a header's value, or the `timestamp`, wherever it stands. */
  parts: readonly ({ text: string } | 'body' | { header: string } | 'timestamp')[];
  /** Where it says when it was signed, and how far that may be from our clock. */
  timestamp?: Freshness & ({ header: string } | { header?: undefined; field: string });
}

/** The unit of a timestamp, since 1970 or as RFC 3339 writes it, and how far it may be from our clock, to either side. */
export interface Freshness {
  unit: 's' | 'ms' | 'rfc3339';
  toleranceSeconds: number;
}

const SIGNATURE_BYTES = { sha256: 32, sha512: 64, sha1: 20 } as const;
const DIGITS = { s: /^[0-9]{1,12}$/, ms: /^[0-9]{1,15}$/ } as const;
const FIELD = /^[A-Za-z0-9_]{1,32}=[A-Za-z0-9+/=_-]+$/;

/**
 * Whether a delivery carries a valid signature by any of the keys; a text is its UTF-8 bytes. Constant time in the signature.
 * The raw header texts and the raw bytes are signed; nothing is parsed and written again.
 */
export function verifyHmac(delivery: Delivery, scheme: HmacScheme, keys: readonly (Uint8Array | string)[]): boolean {
  const header = signatureIn(delivery, scheme);
  const signed = signedContent(delivery, scheme);
  if (!header || !signed || !isTimely(delivery, scheme)) return false;
  const candidates = signaturesIn(header, scheme);
  return keys.some((key) => {
    const expected = createHmac(scheme.algorithm, key).update(signed).digest();
    return candidates.some((candidate) => timingSafeEqual(candidate, expected));
  });
}

function signatureIn({ headers }: Delivery, { signatureHeader }: HmacScheme): string | undefined {
  const present = [signatureHeader].flat().filter((name) => headers[name] !== undefined);
  return present.length === 1 ? headers[present[0] ?? ''] : undefined;
}

function signedContent(delivery: Delivery, scheme: HmacScheme): Buffer | null {
  const pieces: Uint8Array[] = [];
  for (const part of scheme.parts) {
    const piece = part === 'body' ? delivery.body : textOf(part, delivery, scheme);
    if (piece === undefined || (part !== 'body' && piece.length === 0)) return null;
    pieces.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  }
  return Buffer.concat(pieces);
}

function textOf(part: Exclude<HmacScheme['parts'][number], 'body'>, delivery: Delivery, scheme: HmacScheme) {
  if (part === 'timestamp') return timestampIn(delivery, scheme);
  return 'text' in part ? part.text : delivery.headers[part.header];
}

function timestampIn(delivery: Delivery, scheme: HmacScheme): string | undefined {
  const { timestamp } = scheme;
  if (!timestamp) return undefined;
  if (timestamp.header !== undefined) return delivery.headers[timestamp.header];
  const found = fieldsIn(signatureIn(delivery, scheme) ?? '', timestamp.field);
  // Of two nobody could say which one counts; two headers joined by a comma have two.
  return found.length === 1 ? found[0] : undefined;
}

function isTimely(delivery: Delivery, scheme: HmacScheme): boolean {
  return !scheme.timestamp || isFresh(timestampIn(delivery, scheme) ?? '', scheme.timestamp, delivery.receivedAt);
}

/** Whether a text is a timestamp near enough to the instant. */
export function isFresh(sent: string, { unit, toleranceSeconds }: Freshness, receivedAt: Instant): boolean {
  if (unit === 'rfc3339') return isInstant(sent) && isWithin(Date.parse(sent) / 1000, receivedAt, toleranceSeconds);
  return DIGITS[unit].test(sent) && isWithin(Number(sent) / (unit === 'ms' ? 1000 : 1), receivedAt, toleranceSeconds);
}

function isWithin(sentSeconds: number, receivedAt: Instant, toleranceSeconds: number): boolean {
  return Math.abs(Math.floor(Date.parse(receivedAt) / 1000) - Math.floor(sentSeconds)) <= toleranceSeconds;
}

/** The signatures of a header, each exactly as long as the algorithm makes it and in the encoding's one spelling. */
function signaturesIn(header: string, scheme: HmacScheme): Buffer[] {
  const { prefix, encoding, algorithm } = scheme;
  const encodings = encoding === 'either' ? (['hex', 'base64'] as const) : [encoding];
  return entriesOf(header, scheme)
    .filter((entry) => entry.startsWith(prefix))
    .map((entry) => entry.slice(prefix.length))
    .flatMap((text) => encodings.map((one) => [text, Buffer.from(text, one), one] as const))
    .filter(([text, bytes, one]) => bytes.length === SIGNATURE_BYTES[algorithm] && bytes.toString(one) === text)
    .map(([, bytes]) => bytes);
}

function entriesOf(header: string, { listEntry, field }: HmacScheme): string[] {
  if (field !== undefined) return fieldsIn(header, field);
  if (!listEntry) return [header];
  const entries = header.split(' ');
  return entries.every((entry) => listEntry.test(entry)) ? entries : [];
}

/** The values of a name in a list of `name=value`; none where anything in it is of another form. */
function fieldsIn(header: string, name: string): string[] {
  const entries = header.split(',');
  if (!entries.every((entry) => FIELD.test(entry))) return [];
  return entries.filter((entry) => entry.startsWith(`${name}=`)).map((entry) => entry.slice(name.length + 1));
}
