/** The secrets of a run, and how its senders sign with them. */
import { createHash, createHmac } from 'node:crypto';
import type { Secrets } from '../../infra/local/secrets-file.ts';

export const API_KEY = 'bamboo-key-of-the-run';
const TOKEN = 'token-of-the-run';
const BAMBOO_SECRET = 'bamboo-signing-key-of-the-run';
const WEBHOOK_KEY = 'a signing key of the chaos run !!';

/** Dates of the HR system are read there. */
export const HR_ZONE = 'Asia/Kolkata';

/** @param conscent read at each use, for it rotates. */
export function secretsOf(conscent: Secrets['conscent']): Secrets {
  const bamboohr = {
    ...{ signingSecrets: [BAMBOO_SECRET], companyDomain: 'run', apiKey: API_KEY, timeZone: HR_ZONE },
    baseUrl: 'http://127.0.0.1:9/_vendors/bamboohr',
  };
  const webhooks = { signingSecrets: [`whsec_${Buffer.from(WEBHOOK_KEY).toString('base64')}`] };
  const scopes = ['events:write', 'access:direct', 'jobs:read', 'jobs:write', 'people:read', 'people:write'];
  const sha256 = createHash('sha256').update(TOKEN).digest('hex');
  return {
    conscent,
    sources: { bamboohr, 'standard-webhooks': webhooks },
    tokens: [{ name: 'run', sha256, scopes }],
  };
}

/** What the holder of the run's token sends. */
export const BEARER = { authorization: `Bearer ${TOKEN}` };

/** A delivery of Standard Webhooks, signed at this instant. */
export function signedWebhook(body: string, id: string, atMs: number): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1000));
  const signature = createHmac('sha256', WEBHOOK_KEY).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** A delivery of BambooHR's, signed at this instant. */
export function signedByBamboo(body: string, atMs: number): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1000));
  const signature = createHmac('sha256', BAMBOO_SECRET).update(`${body}${timestamp}`).digest('hex');
  return { 'x-bamboohr-timestamp': timestamp, 'x-bamboohr-signature': signature };
}
