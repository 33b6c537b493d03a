import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import middy from '@middy/core';
import validator from '@middy/validator';
import { transpileSchema } from '@middy/validator/transpile';
import ky from 'ky';
import { database } from '../clients.js';
import { onboard } from '../onboard.js';

const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: process.env.IDEMPOTENCY_TABLE,
  awsSdkV3Client: database,
});
const config = new IdempotencyConfig({ eventKeyJmesPath: 'jobId' });

const record = { type: 'object', required: ['messageId', 'body'], properties: { body: { type: 'string' } } };
const eventSchema = transpileSchema(
  { type: 'object', required: ['Records'], properties: { Records: { type: 'array', items: record } } },
  { strictRequired: false },
);

async function create(account, { apiKey, apiSecret }) {
  const authorization = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
  const url = new URL('v2/client/multi-user', process.env.CONSCENT_BASE_URL);
  const { userId } = await ky
    .post(url, { json: account, headers: { authorization }, retry: 0, timeout: 10_000 })
    .json();
  return userId;
}

const once = makeIdempotent(
  async ({ jobId }) => {
    await onboard(jobId, create);
    return { jobId };
  },
  { persistenceStore, config },
);

export const handler = middy()
  .use(validator({ eventSchema }))
  .handler(async ({ Records }, context) => {
    config.registerLambdaContext(context);
    const batchItemFailures = [];
    for (const { messageId, body } of Records) {
      await once(JSON.parse(body)).catch(() => batchItemFailures.push({ itemIdentifier: messageId }));
    }
    return { batchItemFailures };
  });
