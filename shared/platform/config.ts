/**
 * The configuration, read from the environment at cold start and nowhere else. A missing or malformed value stops the function there,
 * naming the variable: better not to start than to start wrong.
 */

import { Temporal } from 'temporal-polyfill';

/** Every setting a handler may need (DESIGN §6). */
export interface Config {
  conscentBaseUrl: string;
  conscentRefusesDuplicates: boolean;
  conscentSecretId: string;
  sourcesSecretId: string;
  tokensSecretId: string;
  jobsTable: string;
  peopleTable: string;
  queueUrl: string;
  defaultTimeZone: string;
  /** Lower case; empty allows any. */
  allowedEmailDomains: string[];
  /** `null` is the default schedule. */
  retryScheduleSeconds: number[] | null;
  guardLimit: number;
  guardPercent: number;
  guardWindowSeconds: number;
  conscentMaxConcurrency: number;
  keepFinishedDays: number;
  logLevel: (typeof LOG_LEVELS)[number];
}

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the configuration. An empty variable counts as not set. @throws Error naming every variable that is missing or malformed. */
export function readConfig(env: Environment = process.env): Config {
  const wrong: string[] = [];
  const read = reader(env, wrong);
  const config: Config = {
    conscentBaseUrl: read('CONSCENT_BASE_URL', 'https://api.conscent.in/api/', baseUrl),
    conscentRefusesDuplicates: read('CONSCENT_REFUSES_DUPLICATES', 'false', oneOf('true', 'false')) === 'true',
    conscentSecretId: read('CONSCENT_SECRET_ID', null, text),
    sourcesSecretId: read('SOURCES_SECRET_ID', null, text),
    tokensSecretId: read('TOKENS_SECRET_ID', null, text),
    jobsTable: read('JOBS_TABLE', null, text),
    peopleTable: read('PEOPLE_TABLE', null, text),
    queueUrl: read('QUEUE_URL', null, url),
    defaultTimeZone: read('DEFAULT_TIME_ZONE', 'UTC', timeZone),
    allowedEmailDomains: read('ALLOWED_EMAIL_DOMAINS', '', domains),
    retryScheduleSeconds: read('RETRY_SCHEDULE_SECONDS', '', schedule),
    guardLimit: read('GUARD_LIMIT', '10', number({ least: 0, whole: true })),
    guardPercent: read('GUARD_PERCENT', '20', number({ least: 0, most: 100 })),
    guardWindowSeconds: read('GUARD_WINDOW_SECONDS', '3600', number({ least: 1 })),
    conscentMaxConcurrency: read('CONSCENT_MAX_CONCURRENCY', '5', number({ least: 1, whole: true })),
    keepFinishedDays: read('KEEP_FINISHED_DAYS', '400', number({ least: 1, whole: true })),
    logLevel: read('LOG_LEVEL', 'INFO', oneOf(...LOG_LEVELS)),
  };
  if (wrong.length > 0) throw new Error(`Configuration: ${wrong.join('; ')}`);
  return config;
}

/** A parser answers what it made of a text, or throws what the text must be. */
type Parser<T> = (text: string) => T;

function reader(env: Environment, wrong: string[]) {
  return <T>(name: string, fallback: string | null, parse: Parser<T>): T => {
    try {
      const value = env[name] || fallback;
      if (value === null) throw new Error('is missing');
      return parse(value);
    } catch (error) {
      wrong.push(`${name} ${error instanceof Error ? error.message : 'is malformed'}`);
      // Never used: readConfig throws when anything is wrong.
      return undefined as T;
    }
  };
}

const text: Parser<string> = (value) => value;

const url: Parser<string> = (value) => {
  if (!URL.canParse(value)) throw new Error('must be a URL');
  return value;
};

const baseUrl: Parser<string> = (value) => {
  const { protocol, hostname, username, password } = new URL(url(value));
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
  if (!isSafe || username || password || /[?#]/.test(value))
    throw new Error('must be an https URL, or http on loopback, without credentials or query');
  return value.endsWith('/') ? value : `${value}/`;
};

const timeZone: Parser<string> = (value) => {
  try {
    // An offset cannot say when summer time begins. Asked is the library that will read the dates; `Intl` knows more names.
    if (!/^[A-Za-z]/.test(value)) throw new Error();
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(value);
  } catch {
    throw new Error('must be an IANA time zone such as Asia/Kolkata');
  }
  return value;
};

const domains: Parser<string[]> = (value) => {
  const list = splitList(value).map((domain) => domain.toLowerCase());
  if (!list.every((domain) => DOMAIN.test(domain))) throw new Error('must be a comma list of email domains');
  return list;
};

const schedule: Parser<number[] | null> = (value) => {
  const seconds = splitList(value).map(Number);
  if (!seconds.every((step) => Number.isFinite(step) && step > 0))
    throw new Error('must be a comma list of positive numbers of seconds');
  return seconds.length > 0 ? seconds : null;
};

function splitList(value: string): string[] {
  return value === '' ? [] : value.split(',').map((item) => item.trim());
}

function oneOf<T extends string>(...allowed: T[]): Parser<T> {
  return (value) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw new Error(`must be one of ${allowed.join(', ')}`);
    return found;
  };
}

function number({
  least,
  most = Number.MAX_SAFE_INTEGER,
  whole = false,
}: {
  least: number;
  most?: number;
  whole?: boolean;
}): Parser<number> {
  return (value) => {
    const found = Number(value);
    const isFine = value.trim() !== '' && found >= least && found <= most && (!whole || Number.isInteger(found));
    if (!isFine)
      throw new Error(
        `must be a ${whole ? 'whole ' : ''}number of at least ${least}${most < 1e9 ? ` and at most ${most}` : ''}`,
      );
    return found;
  };
}
