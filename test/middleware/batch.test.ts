import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { batch } from '../../shared/middleware/batch.ts';
import { lambdaContext } from './request.ts';

const CANARY = 'canary-of-the-batch-tests';

function records(...bodies: string[]): SQSEvent {
  const Records = bodies.map((body, index): SQSRecord => {
    const attributes = {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '0',
    };
    const from = { eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:none', awsRegion: 'none' };
    return {
      messageId: `message-${index}`,
      receiptHandle: '',
      body,
      attributes,
      messageAttributes: {},
      md5OfBody: '',
      ...from,
    };
  });
  return { Records };
}

async function run(event: SQSEvent, each: (record: SQSRecord) => Promise<void>) {
  const lines: unknown[] = [];
  const log = {
    info: (message: string) => void lines.push(message),
    failed: (code: string) => void lines.push(`failed ${code}`),
    flush: () => {},
  };
  const answer = await batch(log, each)(event, lambdaContext());
  return { answer, lines };
}

const failed = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('of a batch', () => {
  it('nothing comes back where everything went well', async () => {
    const seen: string[] = [];
    const { answer } = await run(records('a', 'b', 'c'), async ({ body }) => void seen.push(body));
    expect(answer).toEqual(failed());
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('only the messages that failed come back, and the others are worked on all the same', async () => {
    const seen: string[] = [];
    const { answer } = await run(records('a', 'bad', 'c', 'bad'), async ({ body }) => {
      if (body === 'bad') throw new Error(CANARY);
      seen.push(body);
    });
    expect(answer).toEqual(failed('message-1', 'message-3'));
    expect(seen).toEqual(['a', 'c']);
  });

  it('a message that fails before anything is awaited comes back alone too', async () => {
    const { answer } = await run(records('bad', 'b'), ({ body }) => {
      if (body === 'bad') throw new Error(CANARY);
      return Promise.resolve();
    });
    expect(answer).toEqual(failed('message-0'));
  });

  it('without messages nothing comes back', async () => {
    expect((await run(records(), () => Promise.reject(new Error(CANARY)))).answer).toEqual(failed());
  });

  it('each failure is logged as a code, between one line in and one line out', async () => {
    const { lines } = await run(records('a', 'b'), () => Promise.reject(new Error(CANARY)));
    expect(lines).toEqual(['in', 'failed internal', 'failed internal', 'out']);
  });
});
