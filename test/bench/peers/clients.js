/** The AWS clients of every peer, with the settings that ours have (shared/wiring.ts). */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const settings = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
};

export const database = new DynamoDBClient(settings);
export const documents = DynamoDBDocumentClient.from(database, { marshallOptions: { removeUndefinedValues: true } });
export const queue = new SQSClient(settings);
export const secrets = new SecretsManagerClient(settings);
