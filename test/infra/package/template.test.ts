/** The template that deploys: AWS's own schemas and rules first, then what a reviewer would look for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../infra/local/settings.ts';
import { FUNCTIONS, idOf, type Json, ofType, PARAMETERS, usePackaged } from './packaged.ts';

const service = usePackaged();

/** Of the framework: a dependency that is said twice, and a number of the command line's that is a text, which CloudFormation reads. */
const OF_THE_FRAMEWORK = ['W3005', 'W9003'];

test('satisfies AWS’s resource schemas and every rule of theirs that is more than advice', () => {
  const engine = new CelEngine();
  const { status, diagnostics } = engine.validateStandard(new TemplateFile(service().templateFile), {
    severityLevel: 'WARN',
    exclude: { ids: OF_THE_FRAMEWORK },
    pseudoParameterOverrides: { region: 'ap-south-1' },
  });
  engine.free();
  expect(diagnostics.map(({ ruleId, message, entity }) => `${ruleId} ${entity?.logicalId}: ${message}`)).toEqual([]);
  expect(status).toBe('OK');
}, 120_000);

describe('the ledger', () => {
  test.each(['JobsTable', 'PeopleTable'])(
    '%s is encrypted, can be restored to any second, and is never deleted',
    (id) => {
      expect(service().template.Resources[id]).toMatchObject({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          SSESpecification: { SSEEnabled: true },
        },
      });
    },
  );

  test('lets finished jobs expire, and no person ever', () => {
    const { JobsTable, PeopleTable } = service().template.Resources;
    const expiry = { AttributeName: 'expiresAt', Enabled: true };
    expect(JobsTable?.Properties['TimeToLiveSpecification']).toEqual(expiry);
    expect(PeopleTable?.Properties).not.toHaveProperty('TimeToLiveSpecification');
  });
});

describe('the queue', () => {
  test.each(['WakeQueue', 'WakeDeadLetters'])('%s is encrypted', (id) => {
    expect(service().template.Resources[id]?.Properties).toMatchObject({ SqsManagedSseEnabled: true });
  });

  test('hides a message for six times as long as its function may take, and keeps what fails for two weeks', () => {
    const { WakeQueue, WakeDeadLetters, ReconcileLambdaFunction } = service().template.Resources;
    const timeout = Number(ReconcileLambdaFunction?.Properties['Timeout']);
    expect(WakeQueue?.Properties['VisibilityTimeout']).toBe(6 * timeout);
    expect(WakeDeadLetters?.Properties['MessageRetentionPeriod']).toBe(14 * 86_400);
  });

  test('is taken from by so many workers at most, and a message that fails comes back alone', () => {
    const [[, mapping] = []] = ofType(service().template, 'AWS::Lambda::EventSourceMapping');
    expect(mapping?.Properties).toMatchObject({
      ScalingConfig: { MaximumConcurrency: PARAMETERS.conscentMaxConcurrency },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

describe('every function', () => {
  test('is traced, runs on arm64 under Node 24, and ends before the gateway gives up', () => {
    for (const name of FUNCTIONS) {
      const { Properties } = service().template.Resources[idOf(name, 'LambdaFunction')] ?? {};
      expect(Properties, name).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        Timeout: name === 'reconcile' || name === 'sweep' ? 60 : 29,
      });
    }
  });

  test('keeps no version of itself, and none is open to the internet by an address of its own', () => {
    expect(ofType(service().template, 'AWS::Lambda::Version')).toEqual([]);
    expect(ofType(service().template, 'AWS::Lambda::Url')).toEqual([]);
    const callers = ofType(service().template, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
    expect(new Set(callers.map(({ Principal }) => Principal))).toEqual(
      new Set(['apigateway.amazonaws.com', 'events.amazonaws.com']),
    );
    expect(callers.filter(({ SourceArn }) => SourceArn === undefined)).toEqual([]);
  });
});

describe('of the account’s concurrent executions', () => {
  const reserved = (id: string) => service().template.Resources[id]?.Properties['ReservedConcurrentExecutions'];
  const whereReserved = (count: number | string) => ({
    'Fn::If': ['ReservesConcurrency', count, { Ref: 'AWS::NoValue' }],
  });

  test('as many can be kept for reconcile as its queue asks for at once, and two for the sweep', () => {
    const [[, mapping] = []] = ofType(service().template, 'AWS::Lambda::EventSourceMapping');
    expect(mapping?.Properties).toMatchObject({
      ScalingConfig: { MaximumConcurrency: PARAMETERS.conscentMaxConcurrency },
    });
    expect(reserved('ReconcileLambdaFunction')).toEqual(whereReserved(String(PARAMETERS.conscentMaxConcurrency)));
    expect(reserved('SweepLambdaFunction')).toEqual(whereReserved(2));
  });

  test('none are kept unless the parameter says so: an account that may reserve none could not be deployed to', () => {
    expect(service().template).toHaveProperty('Parameters.ReserveConcurrency.Default', 'false');
    expect(service().template).toHaveProperty('Conditions.ReservesConcurrency', {
      'Fn::Equals': [{ Ref: 'ReserveConcurrency' }, 'true'],
    });
  });
});

describe('the API', () => {
  const stage = () => service().template.Resources['HttpApiStage']?.Properties;

  test('is throttled on every route', () => {
    expect(stage()?.['DefaultRouteSettings']).toMatchObject({
      ThrottlingRateLimit: String(PARAMETERS.throttleRate),
      ThrottlingBurstLimit: String(PARAMETERS.throttleBurst),
    });
  });

  test('logs each request by its id and route; no path, which holds addresses, no query, no header', () => {
    const { Format } = (stage()?.['AccessLogSettings'] ?? {}) as { Format: string };
    const variables = [...Format.matchAll(/\$context\.([\w.]+)/g)].map(([, name]) => name);
    expect(variables).toEqual(expect.arrayContaining(['requestId', 'integration.requestId', 'routeKey', 'status']));
    expect(variables.filter((name = '') => /path|query|protocol|authorizer|userAgent|caller/i.test(name))).toEqual([]);
    expect(Object.keys(JSON.parse(Format))).toHaveLength(variables.length);
  });
});

test('every log is kept for so many days and no longer', () => {
  const logs = ofType(service().template, 'AWS::Logs::LogGroup');
  expect(logs).toHaveLength(FUNCTIONS.length + 1);
  expect(logs.filter(([, { Properties }]) => Properties['RetentionInDays'] !== PARAMETERS.logRetentionInDays)).toEqual(
    [],
  );
});

test('the sweep is woken every minute, and a failed one is left to the next', () => {
  const { SweepEventsRuleSchedule1, SweepLambdaEvConf } = service().template.Resources;
  expect(SweepEventsRuleSchedule1?.Properties).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    State: 'ENABLED',
  });
  expect(SweepLambdaEvConf?.Properties).toMatchObject({ MaximumRetryAttempts: 0 });
});

test('the secrets are made as placeholders that every reader refuses, and outlive the stack, but for one that was never made', () => {
  const secrets = ofType(service().template, 'AWS::SecretsManager::Secret');
  expect(secrets.map(([, { Properties }]) => JSON.parse(String(Properties['SecretString'])))).toEqual([
    { apiKey: '', apiSecret: '' },
    {},
    [],
  ]);
  const policies = secrets.map(([, { DeletionPolicy, UpdateReplacePolicy }]) => [DeletionPolicy, UpdateReplacePolicy]);
  expect(policies).toEqual(secrets.map(() => ['RetainExceptOnCreate', 'Retain']));
});

/** Every statement of every policy document, wherever in a resource it stands. */
function statements(value: Json): { Effect?: Json; Principal?: Json; NotPrincipal?: Json }[] {
  if (Array.isArray(value)) return value.flatMap(statements);
  if (value === null || typeof value !== 'object') return [];
  const own = 'Effect' in value ? [value] : [];
  return [...own, ...Object.values(value).flatMap(statements)];
}

test('no policy of a resource’s own lets anybody in: what may be done stands in the roles', () => {
  const { Resources } = service().template;
  const found = Object.values(Resources).flatMap(({ Properties }) => statements(Properties));
  const allowed = found.filter(({ Effect }) => Effect !== 'Deny');
  expect(allowed.length).toBeGreaterThan(FUNCTIONS.length);
  expect(allowed.filter(({ NotPrincipal }) => NotPrincipal !== undefined)).toEqual([]);
  expect(allowed.filter(({ Principal }) => JSON.stringify(Principal)?.includes('*'))).toEqual([]);
  const types = Object.values(Resources).map(({ Type }) => Type);
  const policies = types.filter((type) => /Policy$/.test(type));
  // The framework's own: its bucket takes and gives nothing without TLS.
  expect(new Set(policies)).toEqual(new Set(['AWS::S3::BucketPolicy']));
  const tables = ['JobsTable', 'PeopleTable'].map((id) => Resources[id]?.Properties);
  expect(tables.filter((table) => table?.['ResourcePolicy'] !== undefined)).toEqual([]);
});

test('nobody outside can read what is deployed', () => {
  const { ServerlessDeploymentBucket } = service().template.Resources;
  expect(ServerlessDeploymentBucket?.Properties).toMatchObject({
    BucketEncryption: {},
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  });
});

test('every resource is tagged, by way of the stack', () => {
  expect(service().provider['stackTags']).toEqual({ service: 'conscent-lifecycle', stage: 'prod' });
});

test('the alarms are mailed to whom the parameter names', () => {
  expect(service().template.Resources['AlarmSubscription']).toMatchObject({
    Condition: 'HasAlarmEmail',
    Properties: { Protocol: 'email', Endpoint: { Ref: 'AlarmEmail' } },
  });
  expect(service().template).toHaveProperty('Parameters.AlarmEmail.Default', PARAMETERS.alarmEmail);
});

test('what an operator needs first is an output, and the page says of each what it is', () => {
  const outputs = Object.keys(service().template.Outputs);
  const needed = ['HttpApiUrl', 'DashboardUrl', 'WakeQueueUrl', 'WakeDeadLettersUrl', 'AlarmTopicArn'];
  expect(outputs).toEqual(expect.arrayContaining(needed));
  const page = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(outputs.filter((output) => !rows.some((row) => row.includes(`\`${output}\``)))).toEqual([]);
});
