/**
 * The bare handler of the warm path: the credential, `JSON.parse`, the write and the wake-up. What is written is what ours wrote, with the ids of
 * this event; the bundler puts it here.
 */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { documents, queue } from './clients.js';
import { hash, isBearer, isSigned } from './credentials.js';
import { readSecret } from './read-secret.js';

const [put, send] = __CALLS__;

export async function handler({ headers, body }) {
  if (!(await isFromTheSender(headers, body))) return { statusCode: 401 };
  const event = JSON.parse(body);
  const { email } = event.person;
  const jobId = hash(headers['webhook-id'] ?? headers['idempotency-key']).slice(0, 32);
  await documents.send(new PutCommand({ ...put.input, Item: { ...put.input.Item, jobId, email, event } }));
  await queue.send(new SendMessageCommand({ ...send.input, MessageBody: JSON.stringify({ jobId }) }));
  const jobs = [{ jobId, type: event.type, email, status: 'queued', duplicate: false }];
  return { statusCode: 202, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jobs }) };
}

async function isFromTheSender(headers, body) {
  if (headers.authorization) return isBearer(headers, await readSecret(process.env.TOKENS_SECRET_ID));
  const sources = await readSecret(process.env.SOURCES_SECRET_ID);
  return isSigned(headers, body, sources['standard-webhooks']);
}
