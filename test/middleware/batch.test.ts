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

/** As strict as the reader of the real wake-ups. */
function readJobId(body: string) {
  if (body === 'no wake-up') throw new Error(CANARY);
  return { jobId: `job-of-${body}` };
}

async function run(event: SQSEvent, each: (record: SQSRecord) => Promise<void>) {
  const lines: unknown[] = [];
  const log = {
    info: (message: string, fields: object) => void lines.push({ message, ...fields }),
    failed: (code: string, _error: unknown, about: object) => void lines.push({ message: 'failed', code, ...about }),
    flush: () => {},
  };
  const work = { read: readJobId, each: (_about: object, record: SQSRecord) => each(record) };
  const answer = await batch(log, work)(event, lambdaContext('request-18'));
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
    const failure = { message: 'failed', code: 'internal', requestId: 'request-18' };
    expect(lines).toMatchObject([
      { message: 'in', requestId: 'request-18', count: 2 },
      { ...failure, messageId: 'message-0', jobId: 'job-of-a' },
      { ...failure, messageId: 'message-1', jobId: 'job-of-b' },
      { message: 'out', requestId: 'request-18' },
    ]);
  });

  it('a single message is named before it is worked on, for a worker that is stopped in the middle of it', async () => {
    const { lines } = await run(records('a'), async () => {});
    expect(lines[0]).toEqual({ message: 'in', requestId: 'request-18', messageId: 'message-0', jobId: 'job-of-a' });
  });

  it('one that is no wake-up comes back, and is known by the id of its message', async () => {
    const { answer, lines } = await run(records('no wake-up'), async () => {});
    expect(answer).toEqual(failed('message-0'));
    expect(lines[1]).toEqual({
      message: 'failed',
      code: 'internal',
      requestId: 'request-18',
      messageId: 'message-0',
    });
  });
});
