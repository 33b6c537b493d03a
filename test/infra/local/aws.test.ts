import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { type AwsOptions, type LocalAws, startAws } from '../../../infra/local/aws.ts';
import type { Secrets } from '../../../infra/local/secrets-file.ts';

const SECRETS: Secrets = { conscent: { apiKey: 'k', apiSecret: 's' }, sources: {}, tokens: [{ name: 'one' }] };
const running: LocalAws[] = [];

async function start(options: Partial<AwsOptions> = {}): Promise<LocalAws> {
  const aws = await startAws({ secrets: () => SECRETS, ...options });
  running.push(aws);
  return aws;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((aws) => aws.close()));
});

async function describe(aws: LocalAws, table: string) {
  const { Table } = await new DynamoDBClient(aws.client).send(new DescribeTableCommand({ TableName: table }));
  return Table;
}

test('the jobs table is there with its key and indexes, and the sparse one holds little more than keys', async () => {
  const aws = await start();
  const table = await describe(aws, aws.tables.jobs);
  expect(table?.TableStatus).toBe('ACTIVE');
  expect(table?.KeySchema).toEqual([{ AttributeName: 'jobId', KeyType: 'HASH' }]);
  const indexes = table?.GlobalSecondaryIndexes?.map((index) => [index.IndexName, index.Projection?.ProjectionType]);
  expect(Object.fromEntries(indexes ?? [])).toEqual({ wake: 'INCLUDE', byEmail: 'ALL', byStatus: 'ALL' });
});

test('the people table is there with its key and its indexes', async () => {
  const aws = await start();
  const table = await describe(aws, aws.tables.people);
  expect(table?.KeySchema).toEqual([{ AttributeName: 'id', KeyType: 'HASH' }]);
  expect(table?.GlobalSecondaryIndexes?.map((index) => index.IndexName)).toEqual(['wake', 'standing', 'leaving']);
});

test('a table that a former run left gets the indexes that have come since, for what is in it already, too', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'former-'));
  const former = await start({ dataDir });
  const database = new DynamoDBClient(former.client);
  const TableName = former.tables.people;
  const leaver = { id: { S: 'person#1' }, leaving: { S: 'leaving-0' }, leavingSince: { S: '2026-01-01' } };
  await database.send(new PutItemCommand({ TableName, Item: leaver }));
  const GlobalSecondaryIndexUpdates = [{ Delete: { IndexName: 'leaving' } }];
  await database.send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates }));
  await running.pop()?.close();
  const aws = await start({ dataDir });
  const indexes = (await describe(aws, TableName))?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName);
  expect(indexes?.sort()).toEqual(['leaving', 'standing', 'wake']);
  const found = await new DynamoDBClient(aws.client).send(
    new QueryCommand({
      TableName,
      IndexName: 'leaving',
      KeyConditionExpression: 'leaving = :shard',
      ExpressionAttributeValues: { ':shard': { S: 'leaving-0' } },
    }),
  );
  expect(found.Count).toBe(1);
  await running.pop()?.close();
  rmSync(dataDir, { recursive: true });
});

test('the wake queue has the visibility time-out and the redrive that deploy', async () => {
  const aws = await start();
  const { Attributes } = await new SQSClient(aws.client).send(
    new GetQueueAttributesCommand({ QueueUrl: aws.queueUrl, AttributeNames: ['All'] }),
  );
  expect(Attributes?.VisibilityTimeout).toBe('360');
  expect(JSON.parse(Attributes?.RedrivePolicy ?? '{}')).toMatchObject({ maxReceiveCount: 5 });
});

test('names that the user has set win', async () => {
  const aws = await start({
    env: { JOBS_TABLE: 'my-jobs', CONSCENT_SECRET_ID: 'my-secret', QUEUE_URL: 'http://127.0.0.1:1/q' },
  });
  expect((await describe(aws, 'my-jobs'))?.TableStatus).toBe('ACTIVE');
  expect(aws.environment).toMatchObject({
    JOBS_TABLE: 'my-jobs',
    CONSCENT_SECRET_ID: 'my-secret',
    QUEUE_URL: 'http://127.0.0.1:1/q',
  });
});

test('a secret is served under its id, and a changed one at once', async () => {
  let secrets = SECRETS;
  const aws = await start({ secrets: () => secrets });
  const client = new SecretsManagerClient(aws.client);
  const read = async () => {
    const { SecretString } = await client.send(
      new GetSecretValueCommand({ SecretId: 'conscent-lifecycle/local/conscent' }),
    );
    return JSON.parse(SecretString ?? '');
  };
  expect(await read()).toEqual({ apiKey: 'k', apiSecret: 's' });
  secrets = { ...SECRETS, conscent: { apiKey: 'k2', apiSecret: 's2' } };
  expect(await read()).toEqual({ apiKey: 'k2', apiSecret: 's2' });
});

test('a secret that nobody has stored is not found', async () => {
  const aws = await start();
  const read = new SecretsManagerClient(aws.client).send(new GetSecretValueCommand({ SecretId: 'other' }));
  await expect(read).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a secret that cannot be read is our fault, not a missing secret', async () => {
  const aws = await start({
    secrets: () => {
      throw new Error('half written');
    },
  });
  const client = new SecretsManagerClient({ ...aws.client, maxAttempts: 1 });
  const read = client.send(new GetSecretValueCommand({ SecretId: 'conscent-lifecycle/local/tokens' }));
  await expect(read).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
});

test('a client that hangs up in the middle of a request ends nothing', async () => {
  const aws = await start();
  const { port } = new URL(aws.endpoint);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: DynamoDB_20120810.GetItem\r\ncontent-length: 99\r\n\r\n{');
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.resetAndDestroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await describe(aws, aws.tables.jobs))?.TableStatus).toBe('ACTIVE');
});

test('what is in DATA_DIR is there again after a restart', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tables-'));
  const first = await startAws({ secrets: () => SECRETS, dataDir });
  const item = { id: { S: 'p1' } };
  await new DynamoDBClient(first.client).send(new PutItemCommand({ TableName: first.tables.people, Item: item }));
  await first.close();
  const second = await start({ dataDir });
  const read = await new DynamoDBClient(second.client).send(
    new GetItemCommand({ TableName: second.tables.people, Key: item }),
  );
  expect(read.Item).toEqual(item);
  await Promise.all(running.splice(0).map((aws) => aws.close()));
  rmSync(dataDir, { recursive: true });
});
