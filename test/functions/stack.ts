/** The real handlers in this process, on embedded AWS services and a clock that stands still. */
import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { type LocalAws, startAws } from '../../infra/local/aws.ts';
import type { Secrets } from '../../infra/local/secrets-file.ts';
import { gatewayEvent, lambdaContext, type RequestLine, read } from '../middleware/request.ts';
import { SECRET } from '../sources/signed.ts';
import { undocumented } from './documented.ts';

export const NOW = '2026-09-09T09:09:09.000Z';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const token = (name: string, scopes: string[], more: object = {}) => ({
  name,
  sha256: sha256(`${name}-token`),
  scopes,
  ...more,
});

/** `<name>-token` is each token's text. */
const TOKENS = [
  token('writer', ['events:write']),
  token('master', ['events:write', 'access:direct']),
  token('auditor', ['jobs:read', 'people:read']),
  token('desk', ['people:read', 'people:write']),
  token('operator', ['jobs:read', 'jobs:write', 'people:write', 'passwords:set']),
  token('expired', ['events:write', 'jobs:read', 'people:read', 'people:write'], { expiresAt: NOW }),
];

/** The header that a token's holder sends. */
export const as = (name: string) => ({ authorization: `Bearer ${name}-token` });

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Handlers read their environment when they load, so they are loaded after it was set. */
export function useHandler(load: () => Promise<{ handler: Handler }>, secrets: Partial<Secrets> = {}) {
  let aws: LocalAws;
  let handler: Handler;
  const held: Secrets = {
    conscent: { apiKey: 'functions-test-key', apiSecret: 'functions-test-secret' },
    sources: { 'standard-webhooks': { signingSecrets: [SECRET] } },
    tokens: TOKENS,
    ...secrets,
  };
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(NOW) });
    aws = await startAws({ secrets: () => held });
    Object.assign(process.env, aws.environment, { CONSCENT_BASE_URL: 'http://127.0.0.1:9/', LOG_LEVEL: 'ERROR' });
    ({ handler } = await load());
  });
  afterAll(async () => {
    vi.useRealTimers();
    await aws.close();
  });
  return {
    held,
    close: () => aws.close(),
    /** Whatever a test is about, an answer that the document of the API does not know fails it. */
    send: async (line: RequestLine) => {
      const answer = read(await handler(gatewayEvent(line), lambdaContext()));
      expect(undocumented(line.route, answer)).toEqual([]);
      return answer;
    },
    /** What is on the queue; who reads it takes it away. */
    queued: () => drain(aws),
    /** What the ledger holds of a delivery, by its id, or by its vendor’s where its bytes are part of it. */
    recorded: async (deliveryId: string) => {
      const documents = DynamoDBDocumentClient.from(new DynamoDBClient(aws.client));
      const { Items = [] } = await documents.send(new ScanCommand({ TableName: aws.tables.jobs }));
      documents.destroy();
      return Items.filter((item) => `${item['deliveryId']}:`.startsWith(`${deliveryId}:`));
    },
  };
}

async function drain(aws: LocalAws): Promise<unknown[]> {
  const queue = new SQSClient(aws.client);
  const bodies: unknown[] = [];
  for (let isEmpty = false; !isEmpty; ) {
    const { Messages = [] } = await queue.send(
      new ReceiveMessageCommand({ QueueUrl: aws.queueUrl, MaxNumberOfMessages: 10 }),
    );
    bodies.push(...Messages.map(({ Body = '' }): unknown => JSON.parse(Body)));
    isEmpty = Messages.length === 0;
  }
  queue.destroy();
  return bodies;
}

/** Everything that must hold for an answer that is no success. */
export function problemOf({ headers, text }: ReturnType<typeof read>) {
  return { contentType: headers['content-type'], hasInternals: /stack|node_modules|\.ts:\d|AWS|Dynamo/i.test(text) };
}

/** What `problemOf` finds in a good one. */
export const SOUND = { contentType: 'application/problem+json', hasInternals: false };
