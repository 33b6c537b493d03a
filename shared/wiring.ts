/** The composition root: the only place that knows which adapter is behind which port. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import policySource, { builtAt } from '../access-policy.yml';
import { freshPassword } from './conscent/password.ts';
import { conscentUsers } from './conscent/users.ts';
import { accessPolicyOf, type PolicySource } from './lifecycle/access-policy.ts';
import { conscentStatus } from './lifecycle/metric.ts';
import type { ConscentUsers, Monitor, World } from './lifecycle/ports.ts';
import { DEFAULT_RETRY_SCHEDULE_SECONDS } from './lifecycle/retry.ts';
import type { HttpWorld } from './middleware/http.ts';
import { createRequestLog, type RequestLog } from './middleware/request-log.ts';
import { systemClock } from './platform/clock.ts';
import { type Config, readConfig } from './platform/config.ts';
import { createLog, type Log } from './platform/logger.ts';
import { type Counter, createCounter } from './platform/metrics.ts';
import { policyHash } from './platform/policy-hash.ts';
import { sqsQueue } from './platform/queue.ts';
import { type Secrets, secretsFrom } from './platform/secrets.ts';
import { configuredSources, findSource } from './sources/registry.ts';
import type { Source } from './sources/source.ts';
import { heardStore } from './stores/heard.ts';
import { jobStore } from './stores/jobs.ts';
import { personStore } from './stores/people.ts';
import { register } from './stores/registers.ts';
import { ticketStore } from './stores/tickets.ts';

// One call takes at most this; a claim outlives the 60 seconds of the worker's function (infra/functions.yml).
const CALL_TIMEOUT_MS = 10_000;
const CALL_SECONDS = 25;
const CLAIM_SECONDS = 75;

// A ledger that does not answer is said to the sender while it still listens; the SDK's own patience is longer than the gateway's.
const AWS_CLIENT = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
};

/** Everything a handler may need. */
export interface App {
  config: Config;
  world: World;
  http: HttpWorld;
  log: RequestLog;
}

/** And for whoever hears from the vendors, or asks them. */
export interface AppWithSources extends App {
  /** A configured source, or `null`. @throws Error named `SourceMisconfigured` where its settings are not usable. */
  source(name: string): Promise<Source | null>;
}

/** The vendors, as the world knows them. */
type Vendors = Pick<World, 'lookUp' | 'reply' | 'configuredSources'>;

/**
 * Wires the system up, without its sources: whoever neither hears from a vendor nor asks one does not carry them all along.
 * @throws Error naming what is missing in the configuration.
 */
export function wire(config: Config = readConfig()): App {
  const eyes = openEyes(config);
  const secrets = readSecrets(eyes.monitor);
  const nobody = async () => NOT_ASKED;
  return assemble(config, secrets, { eyes, lookUp: nobody, reply: nobody, configuredSources: async () => [] });
}

/** Wires the system up with its sources. @throws Error naming what is missing in the configuration. */
export function wireWithSources(config: Config = readConfig()): AppWithSources {
  const eyes = openEyes(config);
  const secrets = readSecrets(eyes.monitor);
  const source = (name: string) =>
    configuredSource(name, config, secrets).catch((error: unknown) => misconfigured(eyes.monitor, name, error));
  const app = assemble(config, secrets, {
    eyes,
    lookUp: (name, id, said) => ask(source(name), (found) => found.lookUp?.(id, said)),
    reply: (name, ticket, message) => ask(source(name), (found) => found.reply?.(ticket, message)),
    configuredSources: async () => configuredSources(await secrets.get(config.sourcesSecretId).catch(() => null)),
  });
  return { ...app, source };
}

function readSecrets(eyes: Monitor): Secrets {
  const client = new SecretsManagerClient(AWS_CLIENT);
  // Whoever reads a secret in vain is told so; the people who run it are told here.
  const onUnreadable = (id: string) => eyes.alarm('secret-unreadable', { reason: id });
  return secretsFrom(client, () => Date.parse(systemClock.now()), onUnreadable);
}

interface Eyes {
  monitor: Monitor;
  requests: RequestLog;
}

function openEyes({ logLevel, jobsTable }: Config): Eyes {
  const log = createLog(logLevel);
  const counter = createCounter(jobsTable);
  return { monitor: monitor(log, counter), requests: createRequestLog(log, counter) };
}

function assemble(config: Config, secrets: Secrets, { eyes, ...vendors }: Vendors & { eyes: Eyes }): App {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(AWS_CLIENT), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const world: World = {
    clock: systemClock,
    jobs: jobStore(documents, { table: config.jobsTable, keepFinishedDays: config.keepFinishedDays }),
    people: personStore(documents, config.peopleTable),
    tickets: ticketStore(documents, config.peopleTable),
    pause: register(documents, config.peopleTable, 'pause'),
    guard: register(documents, config.peopleTable, 'guard'),
    rollout: register(documents, config.peopleTable, 'rollout'),
    queue: sqsQueue(new SQSClient(AWS_CLIENT), config.queueUrl),
    conscent: conscent(config, secrets, eyes.monitor),
    heard: heardStore(documents, config.peopleTable),
    ...vendors,
    monitor: eyes.monitor,
    policy: accessPolicyOf(policySource as PolicySource, policyHash(policySource)),
    policyBuiltAt: builtAt,
    settings: {
      defaultZone: config.defaultTimeZone,
      retrySchedule: config.retryScheduleSeconds ?? DEFAULT_RETRY_SCHEDULE_SECONDS,
      refusesDuplicates: config.conscentRefusesDuplicates,
      claimSeconds: CLAIM_SECONDS,
      callSeconds: CALL_SECONDS,
      guard: { limit: config.guardLimit, percent: config.guardPercent, windowSeconds: config.guardWindowSeconds },
    },
    newId: randomUUID,
    newPassword: freshPassword,
    random: Math.random,
  };
  return {
    config,
    world,
    log: eyes.requests,
    http: {
      tokens: () => secrets.get(config.tokensSecretId),
      onTokensUnusable: () => eyes.monitor.alarm('secret-unreadable', { reason: config.tokensSecretId }),
      now: systemClock.now,
      log: eyes.requests,
    },
  };
}

function conscent({ conscentBaseUrl, conscentSecretId }: Config, secrets: Secrets, eyes: Monitor): ConscentUsers {
  const credentials = (read: Secrets['get']) => async () => {
    const found = credentialsOf(await read(conscentSecretId));
    if (found) return found;
    eyes.alarm('secret-unreadable', { reason: conscentSecretId });
    throw new Error('The Conscent secret must be {"apiKey": "…", "apiSecret": "…"}');
  };
  return conscentUsers({
    baseUrl: conscentBaseUrl,
    credentials: credentials(secrets.get),
    refreshCredentials: credentials(secrets.refresh),
    onStatus: (status) => eyes.count(`conscent.status.${conscentStatus(status)}`),
    timeoutMs: CALL_TIMEOUT_MS,
    now: () => new Date(systemClock.now()),
  });
}

function credentialsOf(secret: unknown): { apiKey: string; apiSecret: string } | null {
  const { apiKey, apiSecret } = (secret ?? {}) as Record<string, unknown>;
  const isUsable = typeof apiKey === 'string' && typeof apiSecret === 'string' && apiKey && apiSecret;
  return isUsable ? { apiKey, apiSecret } : null;
}

async function configuredSource(name: string, config: Config, secrets: Secrets): Promise<Source | null> {
  const secret = await secrets.get(config.sourcesSecretId);
  try {
    return await findSource(name, secret, {
      allowedDomains: config.allowedEmailDomains,
      defaultZone: config.defaultTimeZone,
      now: systemClock.now,
    });
  } catch (cause) {
    // The names of members only; a settings error never quotes a value.
    throw Object.assign(new Error(cause instanceof Error ? cause.message : 'unknown'), { name: 'SourceMisconfigured' });
  }
}

const NOT_ASKED = { kind: 'failed', reason: 'vendor-unavailable' } as const;

/** What is wrong with a source's settings is said in its members' names, which only the log may hold. */
function misconfigured(eyes: Monitor, source: string, error: unknown): never {
  if (error instanceof Error && error.name === 'SourceMisconfigured')
    eyes.alarm('source-misconfigured', { source, reason: error.message });
  throw error;
}

/** A source that cannot be asked now, for whatever reason of ours, is asked again. */
async function ask<T>(
  finding: Promise<Source | null>,
  asking: (source: Source) => Promise<T> | undefined,
): Promise<T | typeof NOT_ASKED> {
  try {
    const source = await finding;
    return (await (source && asking(source))) ?? NOT_ASKED;
  } catch {
    return NOT_ASKED;
  }
}

function monitor(log: Log, counter: Counter): Monitor {
  const alarm: Monitor['alarm'] = (code, fields) => {
    counter.count(`alarm.${code}`);
    log.error('alarm', { ...fields, code });
  };
  return { info: log.info, count: counter.count, time: counter.time, alarm };
}
