import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { sqsQueue } from '../../shared/platform/queue.ts';

const URL = 'https://queues.example/1/wakes';

function watchedQueue(failure?: Error) {
  const sent: unknown[] = [];
  const client = new SQSClient({ region: 'eu-north-1' });
  client.send = async (command: object) => {
    if (failure) throw failure;
    sent.push(command instanceof SendMessageCommand ? command.input : command);
  };
  return { queue: sqsQueue(client, URL), sent };
}

describe('a wake-up', () => {
  it('is sent to the queue as an id and nothing else, at once', async () => {
    const { queue, sent } = watchedQueue();
    await queue.send({ jobId: 'job-1' });
    expect(sent).toEqual([{ QueueUrl: URL, MessageBody: '{"jobId":"job-1"}', DelaySeconds: 0 }]);
  });

  it('is never early: SQS takes whole seconds', async () => {
    const { queue, sent } = watchedQueue();
    await queue.send({ personId: 'p-1' }, 29.2);
    expect(sent).toMatchObject([{ DelaySeconds: 30 }]);
  });

  it('that is lost is said, so that the caller can count it', async () => {
    await expect(watchedQueue(new Error('the queue is down')).queue.send({ jobId: 'job-1' })).rejects.toThrow(
      'the queue is down',
    );
  });
});
