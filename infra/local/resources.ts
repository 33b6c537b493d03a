/** Creates the local tables and queues from the very CloudFormation that deploys, so that there is no second copy to forget. */
import { join } from 'node:path';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, type QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { readYml } from '../yml.ts';
import { ROOT } from './settings.ts';

const resourcesSchema = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Properties: z.record(z.string(), z.unknown()) })),
});
const redriveSchema = z.looseObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() });

/** The names that the local tables and the queue get. */
interface ResourceNames {
  tables: { jobs: string; people: string };
  /** Its last segment is the queue's name. */
  queueUrl: string;
}

/** Where the embedded services answer, and as whom to call them. */
export interface AwsTarget {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

// In seconds.
const PATIENCE = { maxWaitTime: 30, minDelay: 0.01, maxDelay: 0.1 };

/** Creates what does not exist yet; what a former run left in `DATA_DIR` stays, and gets the indexes that it lacks. */
export async function createResources(target: AwsTarget, names: ResourceNames): Promise<void> {
  const database = new DynamoDBClient(target);
  const queues = new SQSClient(target);
  try {
    await Promise.all([
      createTable(database, 'JobsTable', names.tables.jobs),
      createTable(database, 'PeopleTable', names.tables.people),
      createQueues(queues, { name: queueName(names.queueUrl), region: target.region }),
    ]);
  } finally {
    database.destroy();
    queues.destroy();
  }
}

async function createTable(database: DynamoDBClient, resource: string, name: string): Promise<void> {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = propertiesOf('tables', resource);
  // The shapes of AWS::DynamoDB::Table and CreateTable are the same here; the embedded DynamoDB validates them.
  const table = { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } as CreateTableCommandInput;
  try {
    await database.send(new CreateTableCommand({ ...table, TableName: name }));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    await addIndexes(database, { ...table, TableName: name });
  }
  // A table is answered for before it can be used.
  await waitUntilTableExists({ client: database, ...PATIENCE }, { TableName: name });
}

/** One at a time, as AWS takes them too. */
async function addIndexes(database: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  const { TableName, AttributeDefinitions, GlobalSecondaryIndexes = [] } = table;
  const { Table } = await database.send(new DescribeTableCommand({ TableName }));
  const known = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);
  for (const Create of GlobalSecondaryIndexes.filter(({ IndexName }) => !known.includes(IndexName))) {
    const GlobalSecondaryIndexUpdates = [{ Create }];
    await database.send(new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates }));
    await waitUntilTableExists({ client: database, ...PATIENCE }, { TableName });
  }
}

async function createQueues(queues: SQSClient, { name, region }: { name: string; region: string }): Promise<void> {
  const deadLetters = `${name}-dead-letters`;
  const wakes = propertiesOf('queues', 'WakeQueue');
  const { maxReceiveCount } = redriveSchema.parse(wakes['RedrivePolicy']);
  const deadLetterTargetArn = `arn:aws:sqs:${region}:000000000000:${deadLetters}`;
  const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) };
  await queues.send(
    new CreateQueueCommand({ QueueName: deadLetters, Attributes: plain(propertiesOf('queues', 'WakeDeadLetters')) }),
  );
  await queues.send(new CreateQueueCommand({ QueueName: name, Attributes: { ...plain(wakes), ...redrive } }));
}

/** A `QUEUE_URL` of the user's may name no queue of ours at all; then wake-ups are lost and the sweep does the work. */
function queueName(url: string): string {
  const name = url.split('/').at(-1) ?? '';
  return /^[\w-]{1,60}$/.test(name) ? name : 'conscent-lifecycle-local-wakes';
}

const QUEUE_ATTRIBUTES: QueueAttributeName[] = ['VisibilityTimeout', 'MessageRetentionPeriod', 'DelaySeconds'];

function plain(properties: Record<string, unknown>): Partial<Record<QueueAttributeName, string>> {
  const set = QUEUE_ATTRIBUTES.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(set.map((name) => [name, String(properties[name])]));
}

function propertiesOf(file: 'tables' | 'queues', resource: string): Record<string, unknown> {
  const { Resources } = resourcesSchema.parse(readYml(join(ROOT, `infra/${file}.yml`)));
  const found = Resources[resource];
  if (!found) throw new Error(`infra/${file}.yml has no ${resource}`);
  return found.Properties;
}
