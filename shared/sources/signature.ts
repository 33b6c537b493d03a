/** The one HMAC verifier. A scheme is a row of parameters; a vendor has no code of its own for signatures. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../lifecycle/ports.ts';
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
  /** What is signed: the texts as they stand, `body`, or a header's value. */
  parts: readonly ({ text: string } | 'body' | { header: string })[];
  /** When it was signed, since 1970, and how far that may be from our clock. */
  timestamp?: { header: string; unit: 's' | 'ms'; toleranceSeconds: number };
}

const SIGNATURE_BYTES = { sha256: 32, sha512: 64, sha1: 20 } as const;
const DIGITS = { s: /^[0-9]{1,12}$/, ms: /^[0-9]{1,15}$/ } as const;

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

function signedContent({ headers, body }: Delivery, { parts }: HmacScheme): Buffer | null {
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    const piece = part === 'body' ? body : 'text' in part ? part.text : headers[part.header];
    if (piece === undefined || (part !== 'body' && piece.length === 0)) return null;
    pieces.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  }
  return Buffer.concat(pieces);
}

function isTimely({ headers, receivedAt }: Delivery, { timestamp }: HmacScheme): boolean {
  if (!timestamp) return true;
  const { header, unit, toleranceSeconds } = timestamp;
  const sent = headers[header] ?? '';
  return DIGITS[unit].test(sent) && isWithin(Number(sent) / (unit === 'ms' ? 1000 : 1), receivedAt, toleranceSeconds);
}

function isWithin(sentSeconds: number, receivedAt: Instant, toleranceSeconds: number): boolean {
  return Math.abs(Math.floor(Date.parse(receivedAt) / 1000) - Math.floor(sentSeconds)) <= toleranceSeconds;
}

/** The signatures of a header, each exactly as long as the algorithm makes it and in the encoding's one spelling. */
function signaturesIn(header: string, { prefix, listEntry, encoding, algorithm }: HmacScheme): Buffer[] {
  const entries = listEntry ? header.split(' ') : [header];
  if (listEntry && !entries.every((entry) => listEntry.test(entry))) return [];
  const encodings = encoding === 'either' ? (['hex', 'base64'] as const) : [encoding];
  return entries
    .filter((entry) => entry.startsWith(prefix))
    .map((entry) => entry.slice(prefix.length))
    .flatMap((text) => encodings.map((one) => [text, Buffer.from(text, one), one] as const))
    .filter(([text, bytes, one]) => bytes.length === SIGNATURE_BYTES[algorithm] && bytes.toString(one) === text)
    .map(([, bytes]) => bytes);
}
