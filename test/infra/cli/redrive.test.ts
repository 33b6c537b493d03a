import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redrive } from '../../../infra/cli/redrive.ts';
import { type LocalAws, startAws } from '../../../infra/local/aws.ts';
import { listenOnLoopback, portOf } from '../../../infra/local/ports.ts';

const WAKE_UPS = Array.from({ length: 23 }, (_, index) => JSON.stringify({ jobId: `job-${index}` }));

async function run(argv: string[], env: Record<string, string> = {}) {
  let said = '';
  const code = await redrive({ argv, env, write: (more) => (said += more), pollMs: 1 });
  return { code, said };
}

describe('on an endpoint that cannot move messages by itself', () => {
  let aws: LocalAws;
  let queue: SQSClient;
  beforeAll(async () => {
    aws = await startAws({ secrets: () => ({ conscent: { apiKey: '', apiSecret: '' }, sources: {}, tokens: [] }) });
    queue = new SQSClient(aws.client);
  });
  afterAll(async () => {
    queue.destroy();
    await aws.close();
  });

  beforeEach(async () => {
    for (const QueueUrl of [aws.queueUrl, deadLetters()]) await queue.send(new PurgeQueueCommand({ QueueUrl }));
  });

  const deadLetters = () => `${aws.queueUrl}-dead-letters`;
  const send = (QueueUrl: string, MessageBody: string) => queue.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const waiting = async (QueueUrl: string) => {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] });
    return Number((await queue.send(command)).Attributes?.['ApproximateNumberOfMessages']);
  };
  const bodies = async (QueueUrl: string): Promise<string[]> => {
    const { Messages = [] } = await queue.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.length === 0 ? [] : [...Messages.map(({ Body = '' }) => Body), ...(await bodies(QueueUrl))];
  };

  it('nothing there is nothing to do', async () => {
    expect(await run(['--queue-url', aws.queueUrl])).toEqual({
      code: 0,
      said: '0 on conscent-lifecycle-local-wakes-dead-letters\n',
    });
  });

  it('a dry run counts, and leaves everything where it is; then every message goes back as it was', async () => {
    for (const body of WAKE_UPS) await send(deadLetters(), body);
    const dry = await run(['--dry-run'], { QUEUE_URL: aws.queueUrl });
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.said).toContain('23 on conscent-lifecycle-local-wakes-dead-letters\nNothing was done');
    expect([await waiting(aws.queueUrl), await waiting(deadLetters())]).toEqual([0, 23]);

    const { code, said } = await run(['--queue-url', aws.queueUrl]);
    expect(code).toBe(0);
    expect(said).toContain('23 brought back to conscent-lifecycle-local-wakes.');
    expect((await bodies(aws.queueUrl)).sort()).toEqual([...WAKE_UPS].sort());
    expect(await waiting(deadLetters())).toBe(0);
  });

  it('what somebody else holds in their hands is named, and is no success', async () => {
    await send(deadLetters(), WAKE_UPS[0] ?? '');
    await queue.send(new ReceiveMessageCommand({ QueueUrl: deadLetters(), VisibilityTimeout: 600 }));
    const { code, said } = await run(['--queue-url', aws.queueUrl]);
    expect(code).toBe(1);
    expect(said).toContain('1 still there');
  });

  it('a queue without a dead-letter queue is the wrong one', async () => {
    expect(await run(['--queue-url', deadLetters()])).toEqual({
      code: 2,
      said: 'This queue has no dead-letter queue. Is it the queue of wake-ups?\n',
    });
  });

  it('a queue that does not exist is said in AWS’s words', async () => {
    const { code, said } = await run(['--queue-url', `${aws.queueUrl}-of-nobody`]);
    expect(code).toBe(1);
    expect(said).toMatch(/queue does not exist/i);
  });
});

describe('where SQS moves messages by itself', () => {
  let server: Server;
  const asked: { action: string; body: unknown }[] = [];
  afterEach(() => {
    server.close();
    server.closeAllConnections();
    asked.length = 0;
  });

  /** SQS as far as it is asked. @param looks what it answers of the move, one look after the other. */
  async function sqs(...looks: object[]): Promise<Record<string, string>> {
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:1:wakes-dead',
      maxReceiveCount: 5,
    });
    const Attributes = { QueueArn: 'arn:aws:sqs:eu-west-1:1:wakes', RedrivePolicy, ApproximateNumberOfMessages: '7' };
    const answers: Record<string, () => object> = {
      GetQueueAttributes: () => ({ Attributes }),
      StartMessageMoveTask: () => ({ TaskHandle: 'handle' }),
      ListMessageMoveTasks: () => ({ Results: [looks.shift()] }),
    };
    server = createServer(async (request, response) => {
      const action = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
      asked.push({ action, body: JSON.parse(await text(request)) });
      response.setHeader('content-type', 'application/x-amz-json-1.0').end(JSON.stringify(answers[action]?.()));
    });
    await listenOnLoopback(server);
    return { QUEUE_URL: `http://127.0.0.1:${portOf(server)}/1/wakes` };
  }

  it('it is told from where to where, and waited for', async () => {
    const running = { Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 3 };
    const env = await sqs(running, running, { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 7 });
    const { code, said } = await run([], env);
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('7 brought back to wakes.') });
    expect(asked.find(({ action }) => action === 'StartMessageMoveTask')?.body).toEqual({
      SourceArn: 'arn:aws:sqs:eu-west-1:1:wakes-dead',
      DestinationArn: 'arn:aws:sqs:eu-west-1:1:wakes',
    });
    expect(asked.filter(({ action }) => action === 'ListMessageMoveTasks')).toHaveLength(3);
  });

  it('a dry run starts nothing', async () => {
    expect(await run(['--dry-run'], await sqs())).toMatchObject({ code: 0 });
    expect(new Set(asked.map(({ action }) => action))).toEqual(new Set(['GetQueueAttributes']));
  });

  it('a move that fails says why, and is no success', async () => {
    const { code, said } = await run([], await sqs({ Status: 'FAILED', FailureReason: 'AccessDenied' }));
    expect({ code, said }).toMatchObject({ code: 1, said: expect.stringContaining('AccessDenied') });
  });
});

describe('the command line', () => {
  it.each([
    [[], /Set QUEUE_URL/],
    [['--queue-url', 'wakes'], /Set QUEUE_URL/],
    [['--all'], /--all/],
    [['wakes'], /wakes/],
  ])('%j is refused, and nobody is asked', async (argv, says) => {
    expect(await run(argv)).toMatchObject({ code: 2, said: expect.stringMatching(says) });
  });

  it('explains itself', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, said: expect.stringContaining('npm run redrive') });
  });
});
