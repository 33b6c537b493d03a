/**
 * `npm run bench`: how long an event takes to be accepted by the warm handler, and until Conscent has changed. Everything runs in this process
 * against the embedded services, so the figures are the code's and the emulators', not AWS's.
 */
import { createHash } from 'node:crypto';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startAws } from '../../infra/local/aws.ts';
import { startConscentSandbox } from '../../infra/local/conscent-sandbox.ts';

const WARM_UP = 50;
const SAMPLES = 500;
const TOKEN = 'token-of-the-bench';

type Handler = (event: unknown, context: unknown) => Promise<{ statusCode?: number }>;

const credentials = { apiKey: 'bench-key', apiSecret: 'bench-secret' };
const sandbox = await startConscentSandbox({ port: 0, credentials });
const sha256 = createHash('sha256').update(TOKEN).digest('hex');
const secrets = { conscent: credentials, sources: {}, tokens: [{ name: 'bench', sha256, scopes: ['events:write'] }] };
const aws = await startAws({ secrets: () => secrets });
Object.assign(process.env, aws.environment, {
  CONSCENT_BASE_URL: sandbox.url,
  POWERTOOLS_DEV: 'false',
  LOG_LEVEL: 'ERROR',
  POWERTOOLS_METRICS_DISABLED: 'true',
});
const { handler: events } = (await import('../../functions/events.ts')) as { handler: Handler };
const { handler: reconcile } = (await import('../../functions/reconcile.ts')) as { handler: Handler };
const queue = new SQSClient(aws.client);
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 60_000 };

const accepts: number[] = [];
const changes: number[] = [];
for (let index = 0; index < WARM_UP + SAMPLES; index += 1) {
  const startedAt = performance.now();
  await accept(index);
  const acceptedAt = performance.now();
  await work();
  if (index < WARM_UP) continue;
  accepts.push(acceptedAt - startedAt);
  changes.push(performance.now() - startedAt);
}
if (sandbox.users().length !== WARM_UP + SAMPLES)
  throw new Error('Not every event became an account: the figures mean nothing');

process.stdout.write(
  `${line('accept: POST /events, warm handler', accepts)}\n${line('accept → Conscent changed', changes)}\n`,
);
await aws.close();
await sandbox.close();

async function accept(index: number): Promise<void> {
  const person = { email: `bench-${index}@pub.example`, department: 'Finance' };
  const { statusCode } = await events(
    {
      routeKey: 'POST /events',
      rawPath: '/events',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      requestContext: { http: { method: 'POST' } },
      body: JSON.stringify({ type: 'onboard', person }),
    },
    context,
  );
  if (statusCode !== 202) throw new Error(`An event was answered ${statusCode}`);
}

async function work(): Promise<void> {
  const { Messages = [] } = await queue.send(new ReceiveMessageCommand({ QueueUrl: aws.queueUrl, WaitTimeSeconds: 5 }));
  for (const { Body, MessageId, ReceiptHandle } of Messages) {
    await reconcile({ Records: [{ body: Body, messageId: MessageId }] }, context);
    await queue.send(new DeleteMessageCommand({ QueueUrl: aws.queueUrl, ReceiptHandle }));
  }
}

function line(name: string, samples: number[]): string {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0).toFixed(1);
  return `${name.padEnd(38)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   ${sorted.length} samples`;
}
