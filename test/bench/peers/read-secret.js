/** Secrets by their id, kept for five minutes. */
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { secrets } from './clients.js';

const KEEP_MS = 5 * 60_000;
const kept = new Map();

export async function readSecret(id) {
  const held = kept.get(id);
  if (held && Date.now() - held.at < KEEP_MS) return held.value;
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: id }));
  const value = JSON.parse(SecretString);
  kept.set(id, { at: Date.now(), value });
  return value;
}
