/** SQS batches: each message by itself; those that fail, and only those, come back. */
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { LogLine } from '../platform/logger.ts';
import { type RequestLog, requestLog } from './request-log.ts';

/** What is done with one message. */
interface Work<About extends LogLine> {
  /** Reads what a message is about, which its log lines say too. @throws Error for one that is not ours. */
  read(body: string): About;
  /** What it throws fails its message alone. */
  each(about: About, record: SQSRecord): Promise<void>;
}

/** Makes a Lambda handler of the work on one message. */
export function batch<About extends LogLine>(log: RequestLog, { read, each }: Work<About>) {
  const identify = ({ messageId, body }: SQSRecord): LogLine => ({ messageId, ...readable(read, body) });
  return middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 0 })
    .use(requestLog(log, ({ Records }: SQSEvent) => about(Records, identify)))
    .handler(async ({ Records }: SQSEvent, { awsRequestId }: Context): Promise<SQSBatchResponse> => {
      const failed: string[] = [];
      for (const record of Records) {
        try {
          await each(read(record.body), record);
        } catch (error) {
          failed.push(record.messageId);
          // Somebody else was faster every time: it comes again, and nothing is wrong.
          const code = error instanceof Error && error.name === 'Conflict' ? 'conflict' : 'internal';
          log.failed(code, error, { requestId: awsRequestId, ...identify(record) });
        }
      }
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    });
}

/** Said before the work begins: a worker that is stopped in the middle of it says nothing afterwards. */
function about([first, ...others]: readonly SQSRecord[], identify: (record: SQSRecord) => LogLine): LogLine {
  return first && others.length === 0 ? identify(first) : { count: others.length + (first ? 1 : 0) };
}

function readable(read: (body: string) => LogLine, body: string): LogLine {
  try {
    return read(body);
  } catch {
    return {};
  }
}
