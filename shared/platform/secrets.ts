/** Secrets from AWS Secrets Manager: JSON, kept for five minutes, re-read on use. No timers: a frozen Lambda's clock jumps. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

const KEEP_MS = 5 * 60_000;

/** Reads secrets by id. */
export interface Secrets {
  /** The parsed secret, at most five minutes old. @throws Error naming the id, never the content. */
  get(id: string): Promise<unknown>;
  /** The parsed secret, read now: for when the kept one has just been refused. */
  refresh(id: string): Promise<unknown>;
}

interface Kept {
  readAtMs: number;
  value: Promise<unknown>;
}

/** @param nowMs milliseconds since 1970. @param onUnreadable told the id of each secret that could not be read. */
export function secretsFrom(
  client: SecretsManagerClient,
  nowMs: () => number,
  onUnreadable: (id: string) => void = () => {},
): Secrets {
  const kept = new Map<string, Kept>();
  const refresh = (id: string): Promise<unknown> => {
    const value = readSecret(client, id);
    kept.set(id, { readAtMs: nowMs(), value });
    // A failure is not kept: the next use tries again.
    value.catch(() => {
      kept.delete(id);
      onUnreadable(id);
    });
    return value;
  };
  const get = (id: string): Promise<unknown> => {
    const held = kept.get(id);
    const ageMs = held ? nowMs() - held.readAtMs : Number.POSITIVE_INFINITY;
    return held && ageMs >= 0 && ageMs < KEEP_MS ? held.value : refresh(id);
  };
  return { get, refresh };
}

async function readSecret(client: SecretsManagerClient, id: string): Promise<unknown> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    return JSON.parse(SecretString ?? '');
  } catch (error) {
    // A parse error quotes what it could not parse, so only its kind goes on.
    throw new SecretUnreadable(id, error instanceof Error ? error.name : 'unknown');
  }
}

/** A secret that could not be read or is not JSON: always our fault, never the caller's. */
export class SecretUnreadable extends Error {
  constructor(id: string, reason: string) {
    super(`The secret ${id} could not be read: ${reason}`);
    this.name = 'SecretUnreadable';
  }
}
