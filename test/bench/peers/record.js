/** Records an event as a job and wakes the queue: one write and one message, as ours. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { documents, queue } from './clients.js';
import { hash } from './credentials.js';

export async function record(event, { source, deliveryId }) {
  const at = new Date().toISOString();
  const jobId = hash(`${source}\n${deliveryId}`).slice(0, 32);
  const { firstName, lastName, ...person } = event.person;
  const Item = {
    jobId,
    version: 1,
    source,
    deliveryId,
    type: event.type,
    email: person.email,
    reference: event.reference ?? null,
    status: 'queued',
    outcome: null,
    attempts: 0,
    receivedAt: at,
    receivedKey: `${at}#${jobId}`,
    effectiveAt: event.effectiveAt ?? at,
    history: [{ at, status: 'queued', detail: 'accepted' }],
    event: { ...event, person },
    wakeShard: 'other-0',
    wakeAt: at,
  };
  const condition = { ConditionExpression: 'attribute_not_exists(jobId)' };
  await documents.send(new PutCommand({ TableName: process.env.JOBS_TABLE, Item, ...condition }));
  const message = { QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify({ jobId }) };
  await queue.send(new SendMessageCommand(message));
  return { jobId, type: event.type, email: person.email, status: 'queued', duplicate: false };
}
