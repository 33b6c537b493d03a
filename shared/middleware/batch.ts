/** SQS batches: each message by itself; those that fail, and only those, come back. */
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type RequestLog, requestLog } from './request-log.ts';

/** Makes a Lambda handler of a function for one message. What it throws fails its message alone. */
export function batch(log: RequestLog, each: (record: SQSRecord) => Promise<void>) {
  return middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 0 })
    .use(requestLog(log))
    .handler(async (event: SQSEvent): Promise<SQSBatchResponse> => {
      const failed: string[] = [];
      for (const record of event.Records) {
        try {
          await each(record);
        } catch (error) {
          failed.push(record.messageId);
          // Somebody else was faster every time: it comes again, and nothing is wrong.
          log.failed(error instanceof Error && error.name === 'Conflict' ? 'conflict' : 'internal', error);
        }
      }
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    });
}
