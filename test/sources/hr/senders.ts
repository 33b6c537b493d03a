/** Signs deliveries as the HR systems do, written from their documentation and from nothing of ours. */
import { createHmac } from 'node:crypto';
import type { Delivery } from '../../../shared/sources/source.ts';

export const BAMBOO_KEY = 'bamboo-key-of-these-tests';
export const BOB_KEY = 'bob-key-of-these-tests';

const asText = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

/** A delivery of BambooHR's; an object is sent as compact JSON. It arrives when it was signed, unless told otherwise. */
export function fromBamboo(body: unknown, at: string, receivedAt = at): Delivery {
  const text = asText(body);
  const timestamp = String(Math.floor(Date.parse(at) / 1000));
  const signature = createHmac('sha256', BAMBOO_KEY).update(`${text}${timestamp}`).digest('hex');
  return {
    headers: {
      'content-type': 'application/json',
      'x-bamboohr-timestamp': timestamp,
      'x-bamboohr-signature': signature,
    },
    body: Buffer.from(text),
    receivedAt,
  };
}

/** A delivery of HiBob's. */
export function fromBob(body: unknown, receivedAt: string): Delivery {
  const text = asText(body);
  const signature = createHmac('sha512', BOB_KEY).update(text).digest('base64');
  return {
    headers: { 'content-type': 'application/json', 'bob-signature': signature },
    body: Buffer.from(text),
    receivedAt,
  };
}
