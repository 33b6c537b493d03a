/** Real tables for tests: the embedded DynamoDB with the tables of infra/tables.yml, fresh ones for each test. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { type LocalAws, startAws } from '../../infra/local/aws.ts';
import { createResources } from '../../infra/local/resources.ts';
import type { Job } from '../../shared/lifecycle/job.ts';
import type { Pause } from '../../shared/lifecycle/pause.ts';
import { jobStore } from '../../shared/stores/jobs.ts';
import { personStore } from '../../shared/stores/people.ts';
import { register } from '../../shared/stores/registers.ts';

/** Starts DynamoDB for the tests of a file. Answers a function that makes empty tables and the stores on them. */
export function useLedger() {
  let aws: LocalAws;
  let documents: DynamoDBDocumentClient;
  let made = 0;
  beforeAll(async () => {
    aws = await startAws({ secrets: () => ({ conscent: { apiKey: 'k', apiSecret: 's' }, sources: {}, tokens: [] }) });
    documents = DynamoDBDocumentClient.from(new DynamoDBClient(aws.client), {
      marshallOptions: { removeUndefinedValues: true },
    });
  });
  afterAll(async () => {
    documents.destroy();
    await aws.close();
  });
  return async () => {
    made += 1;
    const tables = { jobs: `jobs-${made}`, people: `people-${made}` };
    await createResources(aws.client, { tables, queueUrl: aws.queueUrl });
    return {
      documents,
      tables,
      jobs: jobStore(documents, { table: tables.jobs, keepFinishedDays: 400 }),
      people: personStore(documents, tables.people),
      pause: register<Pause>(documents, tables.people, 'pause'),
      /** Lets the connection break before the next write is answered; what is written stays. */
      loseNextAnswer: () => loseNextAnswer(documents),
    };
  };
}

function loseNextAnswer(documents: DynamoDBDocumentClient): void {
  const { requestHandler } = documents.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = async (...asked) => {
    const answer = await handle(...asked);
    if (!asked[0].headers['x-amz-target']?.endsWith('.PutItem')) return answer;
    requestHandler.handle = handle;
    throw Object.assign(new Error('read ECONNRESET'), { name: 'TimeoutError', code: 'ECONNRESET' });
  };
}

/** A job as intake records it. */
export function sampleJob(jobId: string, more: Partial<Job> = {}): Job {
  return {
    jobId,
    version: 0,
    source: 'api',
    deliveryId: `delivery of ${jobId}`,
    type: 'onboard',
    email: 'solveig@hamn.example',
    reference: null,
    status: 'queued',
    outcome: null,
    attempts: 0,
    receivedAt: '2026-01-10T10:00:00.000Z',
    effectiveAt: '2026-01-10T10:00:00.000Z',
    policyHash: null,
    history: [{ at: '2026-01-10T10:00:00.000Z', status: 'queued', detail: 'accepted' }],
    event: { type: 'onboard', person: { email: 'solveig@hamn.example', attributes: { site: 'Kaj 4' } } },
    position: 0,
    authority: ['employment', 'attributes', 'grants'],
    requestHash: '',
    personId: null,
    ...more,
  };
}
