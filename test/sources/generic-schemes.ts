/** The schemes of senders as rows of parameters. What is signed is computed here, by node:crypto, from what each of them documents. */
import { createHmac } from 'node:crypto';
import { hmacHex } from './generic-stage.ts';

const STANDARD_KEY = Buffer.alloc(24, 0x51);
export const STANDARD = `whsec_${STANDARD_KEY.toString('base64')}`;

/** A scheme, as it is configured and as its sender documents it. */
export interface Row {
  scheme: string;
  hmac: object;
  secret?: string;
  /** What a sender sends who signs at a second with a key. */
  signs(key: string, body: string, seconds: string): Record<string, string>;
  /** The header that carries the signature. */
  signature: string;
  isTimed: boolean;
}

const base64 = (signed: string, key: string | Buffer) => createHmac('sha256', key).update(signed).digest('base64');
export const ROWS: Row[] = [
  {
    scheme: 'GitHub, by name',
    hmac: { preset: 'github' },
    signs: (key, body) => ({ 'x-hub-signature-256': `sha256=${hmacHex(body, key)}` }),
    signature: 'x-hub-signature-256',
    isTimed: false,
  },
  {
    scheme: 'GitHub, by parameters',
    hmac: {
      scheme: {
        algorithm: 'sha256',
        encoding: 'hex',
        header: 'X-Hub-Signature-256',
        prefix: 'sha256=',
        parts: ['body'],
      },
    },
    signs: (key, body) => ({ 'x-hub-signature-256': `sha256=${hmacHex(body, key)}` }),
    signature: 'x-hub-signature-256',
    isTimed: false,
  },
  {
    scheme: 'Slack, by name',
    hmac: { preset: 'slack' },
    signs: (key, body, seconds) => ({
      'x-slack-request-timestamp': seconds,
      'x-slack-signature': `v0=${hmacHex(`v0:${seconds}:${body}`, key)}`,
    }),
    signature: 'x-slack-signature',
    isTimed: true,
  },
  {
    scheme: 'Slack, by parameters',
    hmac: {
      scheme: {
        algorithm: 'sha256',
        encoding: 'hex',
        header: 'X-Slack-Signature',
        prefix: 'v0=',
        parts: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
        timestamp: { header: 'X-Slack-Request-Timestamp', unit: 's', toleranceSeconds: 300 },
      },
    },
    signs: (key, body, seconds) => ({
      'x-slack-request-timestamp': seconds,
      'x-slack-signature': `v0=${hmacHex(`v0:${seconds}:${body}`, key)}`,
    }),
    signature: 'x-slack-signature',
    isTimed: true,
  },
  {
    scheme: 'Linear, by name',
    hmac: { preset: 'linear' },
    signs: (key, body) => ({ 'linear-signature': hmacHex(body, key) }),
    signature: 'linear-signature',
    isTimed: false,
  },
  {
    scheme: 't=,v1= in a header of its own name',
    hmac: { preset: 'stripe', header: 'Portal-Signature' },
    signs: (key, body, seconds) => ({ 'portal-signature': `t=${seconds},v1=${hmacHex(`${seconds}.${body}`, key)}` }),
    signature: 'portal-signature',
    isTimed: true,
  },
  {
    scheme: 't=,v1= by parameters',
    hmac: {
      scheme: {
        algorithm: 'sha256',
        encoding: 'hex',
        header: 'portal-signature',
        field: 'v1',
        parts: ['timestamp', { text: '.' }, 'body'],
        timestamp: { field: 't', unit: 's' },
      },
    },
    signs: (key, body, seconds) => ({ 'portal-signature': `t=${seconds},v1=${hmacHex(`${seconds}.${body}`, key)}` }),
    signature: 'portal-signature',
    isTimed: true,
  },
  {
    scheme: 'a header among what is signed, SHA-512 in base64, milliseconds',
    hmac: {
      scheme: {
        algorithm: 'sha512',
        encoding: 'base64',
        header: 'x-sum',
        parts: [{ header: 'x-tenant' }, 'timestamp', 'body'],
        timestamp: { header: 'x-at', unit: 'ms', toleranceSeconds: 300 },
      },
    },
    signs: (key, body, seconds) => ({
      'x-tenant': 'hamn',
      'x-at': `${seconds}000`,
      'x-sum': createHmac('sha512', key).update(`hamn${seconds}000${body}`).digest('base64'),
    }),
    signature: 'x-sum',
    isTimed: true,
  },
  {
    scheme: 'Standard Webhooks, by name',
    hmac: { preset: 'standard-webhooks' },
    secret: STANDARD,
    signs: (key, body, seconds) => ({
      'webhook-id': 'd-1',
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,${base64(`d-1.${seconds}.${body}`, key === STANDARD ? STANDARD_KEY : key)}`,
    }),
    signature: 'webhook-signature',
    isTimed: true,
  },
];
