/** Who is calling: Standard Webhooks' signature, or a bearer token that is known by its hash. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const TOLERANCE_SECONDS = 300;

export function isSigned(headers, body, { signingSecrets }) {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature = '' } = headers;
  if (Math.abs(Date.now() / 1000 - Number(at)) > TOLERANCE_SECONDS) return false;
  return signingSecrets.some((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
    return isSame(`v1,${expected}`, signature);
  });
}

export function isBearer({ authorization = '' }, tokens) {
  const digest = hash(authorization.replace(/^Bearer /, ''));
  return tokens.some(({ sha256, scopes }) => isSame(sha256, digest) && scopes.includes('events:write'));
}

export function hash(text) {
  return createHash('sha256').update(text).digest('hex');
}

function isSame(a, b) {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
