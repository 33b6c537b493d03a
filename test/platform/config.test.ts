import { describe, expect, it } from 'vitest';
import { type Config, readConfig } from '../../shared/platform/config.ts';

const NEEDED = {
  CONSCENT_SECRET_ID: 'vault/conscent',
  SOURCES_SECRET_ID: 'vault/sources',
  TOKENS_SECRET_ID: 'vault/tokens',
  JOBS_TABLE: 'jobs-of-the-tests',
  PEOPLE_TABLE: 'people-of-the-tests',
  QUEUE_URL: 'https://queues.example/1/wakes',
};
const DEFAULTS: Config = {
  conscentBaseUrl: 'https://api.conscent.in/api/',
  conscentRefusesDuplicates: false,
  conscentSecretId: 'vault/conscent',
  sourcesSecretId: 'vault/sources',
  tokensSecretId: 'vault/tokens',
  jobsTable: 'jobs-of-the-tests',
  peopleTable: 'people-of-the-tests',
  queueUrl: 'https://queues.example/1/wakes',
  defaultTimeZone: 'UTC',
  allowedEmailDomains: [],
  retryScheduleSeconds: null,
  guardLimit: 10,
  guardPercent: 20,
  guardWindowSeconds: 3600,
  conscentMaxConcurrency: 5,
  keepFinishedDays: 400,
  logLevel: 'INFO',
};
const OPTIONAL = [
  'CONSCENT_BASE_URL',
  'CONSCENT_REFUSES_DUPLICATES',
  'DEFAULT_TIME_ZONE',
  'ALLOWED_EMAIL_DOMAINS',
  'RETRY_SCHEDULE_SECONDS',
  'GUARD_LIMIT',
  'GUARD_PERCENT',
  'GUARD_WINDOW_SECONDS',
  'CONSCENT_MAX_CONCURRENCY',
  'KEEP_FINISHED_DAYS',
  'LOG_LEVEL',
];

const withValue = (name: string, value: string | undefined) => () => readConfig({ ...NEEDED, [name]: value });

describe('the configuration', () => {
  it('has the defaults of DESIGN §6 where only what is needed is set', () => {
    expect(readConfig(NEEDED)).toEqual(DEFAULTS);
  });

  for (const name of OPTIONAL) {
    it(`counts an empty ${name} as not set`, () => {
      expect(withValue(name, '')()).toEqual(DEFAULTS);
    });
  }

  for (const name of Object.keys(NEEDED)) {
    for (const value of [undefined, '']) {
      it(`is refused ${value === '' ? 'with an empty' : 'without'} ${name}, by its name`, () => {
        expect(withValue(name, value)).toThrow(new RegExp(`${name} is missing`));
      });
    }
  }

  it('names everything that is wrong at once', () => {
    const wrong = () => readConfig({ ...NEEDED, JOBS_TABLE: '', LOG_LEVEL: 'LOUD' });
    expect(wrong).toThrow(/JOBS_TABLE.*LOG_LEVEL/);
    expect(wrong).not.toThrow(/PEOPLE_TABLE/);
  });
});

const READ: [name: string, value: string, member: keyof Config, is: unknown][] = [
  ['CONSCENT_BASE_URL', 'https://conscent.example/api', 'conscentBaseUrl', 'https://conscent.example/api/'],
  ['CONSCENT_BASE_URL', 'https://conscent.example/api/', 'conscentBaseUrl', 'https://conscent.example/api/'],
  ['CONSCENT_BASE_URL', 'http://127.0.0.1:4010', 'conscentBaseUrl', 'http://127.0.0.1:4010/'],
  ['CONSCENT_BASE_URL', 'http://localhost:4010/x/', 'conscentBaseUrl', 'http://localhost:4010/x/'],
  ['CONSCENT_BASE_URL', 'http://[::1]:4010/', 'conscentBaseUrl', 'http://[::1]:4010/'],
  ['CONSCENT_REFUSES_DUPLICATES', 'true', 'conscentRefusesDuplicates', true],
  ['DEFAULT_TIME_ZONE', 'Pacific/Apia', 'defaultTimeZone', 'Pacific/Apia'],
  ['ALLOWED_EMAIL_DOMAINS', 'Kontor.example, hamn.example', 'allowedEmailDomains', ['kontor.example', 'hamn.example']],
  ['RETRY_SCHEDULE_SECONDS', '1, 2.5,60', 'retryScheduleSeconds', [1, 2.5, 60]],
  ['GUARD_LIMIT', '0', 'guardLimit', 0],
  ['GUARD_PERCENT', '12.5', 'guardPercent', 12.5],
  ['GUARD_WINDOW_SECONDS', '60', 'guardWindowSeconds', 60],
  ['CONSCENT_MAX_CONCURRENCY', '2', 'conscentMaxConcurrency', 2],
  ['KEEP_FINISHED_DAYS', '30', 'keepFinishedDays', 30],
  ['LOG_LEVEL', 'ERROR', 'logLevel', 'ERROR'],
];

describe('a value is read:', () => {
  for (const [name, value, member, is] of READ) {
    it(`${name}=${value}`, () => {
      expect(withValue(name, value)()).toEqual({ ...DEFAULTS, [member]: is });
    });
  }
});

const MALFORMED: Record<string, string[]> = {
  CONSCENT_BASE_URL: [
    'conscent.example',
    '/api',
    'ftp://conscent.example/',
    'http://conscent.example/api/',
    'http://127.0.0.1.conscent.example/',
    'http://10.0.0.1/',
    'https://key:value@conscent.example/',
    'https://key@conscent.example/',
    'https://:value@conscent.example/',
    'https://conscent.example/api?x=1',
    'https://conscent.example/api?',
    'https://conscent.example/api#x',
  ],
  CONSCENT_REFUSES_DUPLICATES: ['yes', 'TRUE', '1', ' true'],
  QUEUE_URL: ['wakes', '/1/wakes'],
  DEFAULT_TIME_ZONE: ['Mars/Olympus', 'Europe', '5', '+05:30'],
  ALLOWED_EMAIL_DOMAINS: [
    'kontor',
    '@kontor.example',
    'kontor.example,',
    'kontor.example;hamn.example',
    '*.kontor.example',
    'kön.example',
  ],
  RETRY_SCHEDULE_SECONDS: ['0', '5,,60', '5,-1', 'soon', '5,60,', 'Infinity'],
  GUARD_LIMIT: ['-1', '1.5', 'ten', ' '],
  GUARD_PERCENT: ['-1', '101', '20%', 'NaN'],
  GUARD_WINDOW_SECONDS: ['0', '-5', '1h'],
  CONSCENT_MAX_CONCURRENCY: ['0', '1.5', '-2', 'many'],
  KEEP_FINISHED_DAYS: ['0', '-1', '1.5', 'a year'],
  LOG_LEVEL: ['info', 'TRACE', 'INFO '],
};

describe('a malformed value stops the function at its start, naming the variable and not the value:', () => {
  for (const [name, value] of Object.entries(MALFORMED).flatMap(([one, values]) =>
    values.map((text) => [one, text] as const),
  )) {
    it(`${name}=${value}`, () => {
      expect(withValue(name, value)).toThrow(new RegExp(`^Configuration: ${name} must be [^;]+$`));
    });
  }
});
