/** What both of the usual HTTP functions go through: who is calling, the body, the schema, once per delivery, the record. */
import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import validator from '@middy/validator';
import { database } from '../clients.js';
import { record } from '../record.js';
import { eventSchema } from './event-schema.js';

const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: process.env.IDEMPOTENCY_TABLE,
  awsSdkV3Client: database,
});

/** @param isFrom whether a request comes from whom it says. @param idHeader carries the delivery's id. */
export function accept(source, idHeader, isFrom) {
  const config = new IdempotencyConfig({ eventKeyJmesPath: `headers."${idHeader}"` });
  return middy()
    .use(httpErrorHandler({ logger: false }))
    .before(async ({ event }) => ((await isFrom(event)) ? undefined : { statusCode: 401, body: '{}' }))
    .use(httpJsonBodyParser())
    .use(validator({ eventSchema }))
    .use(makeHandlerIdempotent({ persistenceStore, config }))
    .handler(async ({ headers, body }) => {
      const job = await record(body, { source, deliveryId: headers[idHeader] });
      const answerHeaders = { 'content-type': 'application/json' };
      return { statusCode: 202, headers: answerHeaders, body: JSON.stringify({ jobs: [job] }) };
    });
}
