/** Signs deliveries as a sender would, written from the Standard Webhooks specification and from nothing of ours. */
import { createHmac } from 'node:crypto';
import type { Delivery, SourceContext } from '../../shared/sources/source.ts';

/** What every source is made with. */
export const SETTING: SourceContext = {
  allowedDomains: [],
  defaultZone: 'UTC',
  now: () => '2026-05-05T05:05:05.000Z',
};

/** A secret of these tests, as a sender would be given it. */
export const SECRET = `whsec_${Buffer.from('a key of the source tests, 32 B!').toString('base64')}`;

interface Letter {
  body: string;
  at: string;
  id?: string;
  secret?: string;
}

type SignedHeaders = Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>;

/** The three headers of a delivery that was signed at an instant. */
export function signedHeaders({ body, at, id = 'dlv_source-tests-1', secret = SECRET }: Letter): SignedHeaders {
  const timestamp = String(Math.floor(Date.parse(at) / 1000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** A delivery that arrives in the second in which it was signed. */
export function signedDelivery(letter: Letter): Delivery {
  return { headers: signedHeaders(letter), body: Buffer.from(letter.body), receivedAt: letter.at };
}
